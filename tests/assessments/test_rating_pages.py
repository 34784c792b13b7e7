"""The rating pages as a representative without scripts meets them."""

import json
import re
from functools import partial
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments import promises
from assessments.models import Assessment, Mode
from assessments.models.private import AnswerEvent, PrivateAgreement, Rater, Rating
from assessments.promises import promise
from assessments.results.release import make_release
from assessments.services.rating import private_answers
from partnerships.models import ActivityLogEntry, Membership, Notification, Role
from partnerships.services import device_key
from tests.assessments.making import answer_all, in_mode, make_assessment, mutation, rating, step
from tests.assessments.pages import words
from tests.factories import PartnerFactory, membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client, cast):
    client.force_login(cast.south_representative)
    return client


def at(name, assessment, *args):
    return reverse(f"assessments:{name}", args=[assessment.code, *args])


def fields(response) -> dict:
    """Return what a browser would send of the answers' form without touching it."""
    page = response.content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    checked = dict(re.findall(r'<input type="radio" name="(\w+)" value="([^"]*)" checked>', page))
    reason = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1]
    del hidden["csrfmiddlewaretoken"]
    return {name: unescape(value) for name, value in (hidden | checked | {"reason": reason}).items()}


# The promise


@pytest.mark.parametrize("mode", [Mode.BY_SIDE, Mode.ALL_TOGETHER, Mode.NAMED])
def test_the_promise_of_the_mode_stands_first(client, assessment, mode, settings):
    settings.OPERATOR_NAME = "Blue Server Trust"
    in_mode(assessment, mode)
    said = words(client.get(at("rate", assessment)))
    promised = " ".join(promise(mode, "south"))
    first = str(promises.FIRST_LINES[mode])
    assert said.index("Your private answers") < said.index(first) < said.index(promised) < said.index(" Begin ")
    assert said.index(promise(mode, "south")[0]) < said.index("Begin")
    assert "This website is run by Blue Server Trust." in said
    assert "Reports that someone has downloaded cannot be withdrawn." in said


@pytest.mark.parametrize(
    ("mode", "sample"),
    [
        (Mode.BY_SIDE, "As seen by South Choosing the auditor North +2.0 North +3 or more"),
        (Mode.ALL_TOGETHER, "Choosing the auditor 3–4 3–4 3–4 0–1 0–1 0–1"),
        (Mode.NAMED, "Organisation D A B C D E F Choosing the auditor 4 4 3 1 0 0"),
    ],
)
def test_a_sample_says_what_others_will_see(client, assessment, mode, sample):
    in_mode(assessment, mode)
    said = words(client.get(at("rate", assessment)))
    assert said.index("Example") < said.index(sample)
    assert "invented" in said


def test_whoever_imported_answers_is_named_after_closing(cast, client, assessment):
    Assessment.objects.update(imported_by=cast.north_facilitator, imported_at=timezone.now())
    for name in ("rate", "overview"):
        assert "imported" not in words(client.get(at(name, assessment)))
    step(cast, Assessment.objects.get(pk=assessment.pk), "close_rating")
    assert "Freek North imported the private ratings and has therefore seen them" in words(
        client.get(at("overview", assessment))
    )


def test_the_first_page_says_for_whom_one_answers_and_confirms_nothing(client, assessment, own):
    assert "You are answering for South 1" in words(client.get(at("rate", assessment)))
    assert client.get(at("rate-decision", assessment, 1)).status_code == 200
    own.refresh_from_db()
    assert own.confirmed_at is None


def test_starting_again_leads_to_the_first_decision_that_is_not_complete(client, assessment, own):
    answer_all(assessment, own)
    assert f'href="{at("rate-review", assessment)}"' in client.get(at("rate", assessment)).content.decode()
    Rating.objects.filter(decision__number=2).first().delete()
    assert f'href="{at("rate-decision", assessment, 2)}"' in client.get(at("rate", assessment)).content.decode()


def test_practice_reaches_no_storage(client, assessment, own):
    assert "nothing is stored" in words(client.get(at("rate-practice", assessment)))
    with CaptureQueriesContext(connection) as queries:
        response = client.post(at("rate-practice", assessment), {"try1": "4", "p1": "4", "agree": "no"})
    assert "That is how you answer" in words(response)
    written = [one["sql"] for one in queries if not one["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    assert written == []
    assert not Rater.objects.exists()


# One decision


def test_a_decision_asks_about_every_partner_in_the_fixed_order(client, assessment):
    response = client.get(at("rate-decision", assessment, 1))
    said = words(response)
    assert "Decision 1 of 2, about 2 minutes left" in said
    names = re.findall(r'<fieldset class="circles" id="p\d+"[^>]*>\s*<legend>(.*?)</legend>', response.content.decode())
    assert names == ["North 1", "North 2", "South 1", "South 2", "South 3", "Other 1"]
    assert "South 1 0 South 1: Excluded and not informed" in said
    assert said.count(": Consulted beforehand") == 6
    assert said.index("2 Consulted beforehand") < said.index("North 1")
    assert "no-store" in response["Cache-Control"]


def test_a_decision_in_another_language_says_so(client, assessment):
    said = "It has not been translated."
    assert said not in words(client.get(at("rate-decision", assessment, 1)))
    assessment.decisions.update(language="fr")
    page = words(client.get(at("rate-decision", assessment, 1)))
    assert page.index("Dividing the budget") < page.index("This decision is written in French. " + said)
    sheet = client.get(at("rate-sheet", assessment)).json()
    assert {one[3] for one in sheet["decisions"]} == {"French"}
    assessment.decisions.update(translations={"en": "Sharing the budget"})
    assert said not in words(client.get(at("rate-decision", assessment, 1)))


def test_a_submitted_page_saves_what_was_changed_and_leads_on(client, assessment):
    page = at("rate-decision", assessment, 1)
    sent = fields(client.get(page)) | {"p1": "4", "p3": "none", "agree": "no", "use": "me", "reason": "a\r\nb"}
    response = client.post(page, sent)
    assert response.url == at("rate-decision", assessment, 2)
    assert list(Rating.objects.order_by("participant__number").values_list("participant__number", "level")) == [
        (1, 4),
        (3, None),
    ]
    agreement = PrivateAgreement.objects.get()
    assert (agreement.agree, agreement.reason_use, agreement.reason) == (False, "me", "a\nb")
    again = fields(client.get(page))
    assert (again["p1"], again["p3"], again["agree"], again["use"], again["reason"]) == (
        "4",
        "none",
        "no",
        "me",
        "a\nb",
    )
    client.post(page, again)
    assert AnswerEvent.objects.count() == 3  # the untouched page changed nothing


@pytest.mark.parametrize(
    ("number", "go", "target"),
    [
        (1, "next", ("rate-decision", 2)),
        (2, "next", ("rate-review",)),
        (2, "back", ("rate-decision", 1)),
        (1, "all", ("rate-review",)),
        (1, "nonsense", ("rate-decision", 2)),
    ],
)
def test_each_button_saves_and_leads_its_way(client, assessment, number, go, target):
    page = at("rate-decision", assessment, number)
    response = client.post(page, fields(client.get(page)) | {"p2": "1", "go": go})
    assert response.url == at(target[0], assessment, *target[1:])
    assert Rating.objects.get().level == 1


def test_a_page_sent_twice_counts_once(client, assessment):
    page = at("rate-decision", assessment, 1)
    sent = fields(client.get(page)) | {"p1": "4", "agree": "yes"}
    assert client.post(page, sent).url == client.post(page, sent).url == at("rate-decision", assessment, 2)
    assert AnswerEvent.objects.count() == 2
    assert Rating.objects.get().version == 1


def test_another_answer_from_the_same_page_counts(client, assessment):
    page = at("rate-decision", assessment, 1)
    sent = fields(client.get(page))
    client.post(page, sent | {"p1": "4"})
    client.post(page, sent | {"p1": "2"})
    assert Rating.objects.get().level == 2


def test_a_stale_tab_leaves_alone_what_was_not_changed_in_it(client, assessment):
    page = at("rate-decision", assessment, 1)
    client.post(page, fields(client.get(page)) | {"p1": "4", "p2": "4"})
    stale = fields(client.get(page))
    client.post(page, fields(client.get(page)) | {"p1": "0"})
    client.post(page, stale | {"p2": "1"})
    assert dict(Rating.objects.values_list("participant__number", "level")) == {1: 0, 2: 1}


def test_where_a_newer_answer_stands_the_page_says_so_and_shows_it(client, assessment):
    page = at("rate-decision", assessment, 1)
    sent = fields(client.get(page))
    client.post(page, sent | {"p1": "4"})
    client.post(page, sent | {"p1": "2"})
    response = client.post(page, sent | {"p1": "4"}, follow=True)  # a replay of the first
    assert "You gave a newer answer on another device or in another tab." in words(response)
    assert fields(response)["p1"] == "2"


def test_a_reason_without_a_use_is_an_error_at_the_field_and_nothing_typed_is_lost(client, assessment):
    page = at("rate-decision", assessment, 1)
    sent = fields(client.get(page)) | {"p1": "4", "agree": "no", "use": "", "reason": "They <never> ask"}
    response = client.post(page, sent)
    assert response.status_code == 422
    assert "First choose who your reason is for." in words(response)
    assert 'aria-invalid="true"' in response.content.decode()
    kept = fields(response)
    assert (kept["reason"], kept["agree"], kept["p1"]) == ("They <never> ask", "no", "4")
    assert not PrivateAgreement.objects.exists()
    assert client.post(page, kept | {"use": "group"}).status_code == 302
    assert PrivateAgreement.objects.get().reason == "They <never> ask"
    assert Rating.objects.get().version == 1


def test_a_reason_that_is_too_long_is_said_and_kept(client, assessment):
    page = at("rate-decision", assessment, 1)
    response = client.post(page, fields(client.get(page)) | {"use": "me", "reason": "x" * 601})
    assert response.status_code == 422
    assert "longer than 600 characters" in words(response)
    assert fields(response)["reason"] == "x" * 601


@pytest.mark.parametrize("shown", ["", "[]", "{", '{"p1":4}', '{"p1":["x","4"],"a":[1,2]}', '{"p1":[99999999999,""]}'])
def test_hidden_fields_that_somebody_spoiled_do_no_harm(client, assessment, shown):
    page = at("rate-decision", assessment, 1)
    sent = fields(client.get(page)) | {"shown": shown, "form": "?", "sheet": "?", "p1": "3", "p2": "9", "agree": "eh"}
    assert client.post(page, sent).status_code == 302
    assert Rating.objects.get().level == 3


def test_a_page_opened_by_somebody_else_saves_nothing(cast, client, assessment):
    page = at("rate-decision", assessment, 1)
    sent = fields(client.get(page)) | {"p1": "4"}
    client.force_login(cast.guest)
    response = client.post(page, sent)
    assert response.status_code == 409
    assert "Someone else has signed in since this page was opened." in words(response)
    assert not Rater.objects.exists()


def test_a_page_of_before_a_withdrawal_brings_nothing_back(client, assessment, own):
    private_answers.save_level(assessment, own, 1, 2, 1, mutation())
    page = at("rate-decision", assessment, 1)
    sent = fields(client.get(page)) | {"p1": "4"}
    private_answers.withdraw(assessment, own)
    response = client.post(page, sent)
    assert response.status_code == 409
    assert not Rater.objects.exists()


def test_after_the_closing_a_page_is_not_taken_and_its_reason_can_be_copied(cast, client, assessment):
    page = at("rate-decision", assessment, 1)
    sent = fields(client.get(page)) | {"p1": "4", "use": "me", "reason": "Never asked"}
    step(cast, assessment, "close_rating")
    response = client.post(page, sent)
    assert response.status_code == 409
    assert "Never asked" in words(response)
    assert not Rating.objects.exists()


@pytest.mark.parametrize("number", [0, 3, 10**30])
def test_a_decision_that_is_not_there(client, assessment, number):
    page = f"/assessments/{assessment.code}/rate/{number}/"
    assert client.get(page).status_code == 404
    sent = fields(client.get(at("rate-decision", assessment, 1)))
    assert client.post(page, sent | {"p1": "4"}).status_code == 404
    assert client.post(page, sent).status_code == 404


def test_a_partner_that_joined_later_is_told(cast, client, assessment):
    late = membership(cast.partnership, Role.REPRESENTATIVE, PartnerFactory(partnership=cast.partnership))
    client.force_login(late.user)
    response = client.get(at("rate", assessment), follow=True)
    assert "Your organisation was not part of this assessment" in words(response)


def test_a_guest_answers_like_everybody(cast, client, assessment):
    client.force_login(cast.guest)
    page = at("rate-decision", assessment, 1)
    assert client.post(page, fields(client.get(page)) | {"p1": "4"}).status_code == 302
    assert Rating.objects.get().rater.membership.user == cast.guest


# Review, handing in, withdrawing


def test_the_review_shows_own_answers_and_what_is_missing(cast, client, assessment, own):
    answer_all(assessment, cast.membership(cast.north_representative), lambda d, p: 4)
    private_answers.save_level(assessment, own, 1, 1, 3, mutation())
    private_answers.save_level(assessment, own, 1, 2, None, mutation())
    assert "Your reasons" not in words(client.get(at("rate-review", assessment)))
    private_answers.save_agreement(assessment, own, 2, False, mutation(), "me", "Never asked")
    response = client.get(at("rate-review", assessment))
    assert "Hiring the coordinator for me only Never asked" in words(response)
    assert "You have answered 3 of 14 questions." in words(response)
    assert re.findall(r'<td class="lv-\w+">', response.content.decode()) == [
        '<td class="lv-3">',
        '<td class="lv-none">',
    ]
    assert f'class="number" href="{at("rate-decision", assessment, 1)}"' in response.content.decode()
    partners = assessment.participants.all()
    assert all(f"<b>{one.acronym}</b> <bdi>{one.name}</bdi>" in response.content.decode() for one in partners)


def test_handing_in_keeps_the_choice_and_says_thank_you(client, assessment, own):
    private_answers.save_level(assessment, own, 1, 1, 3, mutation())
    assert not Rater.objects.get().submitted_at
    response = client.post(at("rate-hand-in", assessment), {"tick": "yes"}, follow=True)
    assert "Thank you. You have submitted your answers. You can change your answers until rating closes." in words(
        response
    )
    assert Rater.objects.get().show_small_side
    client.post(at("rate-hand-in", assessment), {})
    assert not Rater.objects.get().show_small_side


def test_an_empty_sheet_is_not_handed_in(client, assessment):
    assert "You have not answered any questions yet." in words(client.post(at("rate-hand-in", assessment), follow=True))


def test_withdrawing_asks_first_then_deletes(client, assessment, own):
    answer_all(assessment, own)
    assert "Withdraw your answers?" in words(client.get(at("rate-withdraw", assessment)))
    assert Rating.objects.exists()
    response = client.post(at("rate-withdraw", assessment), follow=True)
    assert "Your answers have been deleted. No one has been told." in words(response)
    assert not Rater.objects.exists()


def test_nobody_else_sees_whether_she_answered(cast, client, assessment, own):
    def seen():
        client.force_login(cast.north_facilitator)
        pages = [at("overview", assessment), reverse("partnerships:activity_log", args=[cast.partnership.code])]
        texts = [words(client.get(page)) for page in pages]
        return texts, Notification.objects.count(), ActivityLogEntry.objects.count()

    private_answers.save_level(
        assessment, cast.membership(cast.guest), 1, 2, 1, mutation()
    )  # somebody else has begun as well
    before = seen()
    client.force_login(own.user)
    page = at("rate-decision", assessment, 1)
    client.post(page, fields(client.get(page)) | {"p1": "4", "agree": "no", "use": "me", "reason": "Never asked"})
    client.post(at("rate-withdraw", assessment), follow=True)
    after = seen()
    assert after == before


# Who, and when


PAGES = ("rate", "rate-practice", "rate-review", "rate-withdraw")


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_for_representatives(cast, client, assessment, name):
    def status(person):
        client.force_login(person)
        return client.get(at(name, assessment)).status_code

    refused = [cast.north_facilitator, cast.observer]
    outside = [cast.outsider, cast.other_facilitator, cast.staff]
    assert {status(person) for person in refused} == {403}
    assert {status(person) for person in outside} == {404}
    assert {status(person) for person in (cast.north_representative, cast.guest)} == {200}
    assert "no-store" in client.get(at(name, assessment))["Cache-Control"]  # phones are shared
    client.logout()
    assert client.get(at(name, assessment)).url.startswith("/accounts/login/")


@pytest.mark.parametrize("name", PAGES)
def test_before_opening_there_is_nothing_to_rate(cast, client, name):
    assessment = make_assessment(cast)
    response = client.get(at(name, assessment), follow=True)
    assert "You cannot do this now because the" in words(response)
    assert response.redirect_chain[-1][0] == assessment.get_absolute_url()


@pytest.mark.parametrize("name", PAGES)
def test_after_the_closing_pages_lead_to_ones_own_answers(cast, client, assessment, name):
    step(cast, assessment, "close_rating")
    response = client.get(at(name, assessment), follow=True)
    assert "Rating is closed. You can no longer change your answers." in words(response)


@pytest.mark.parametrize("name", ["rate-practice", "rate-hand-in", "rate-withdraw"])
def test_after_the_closing_nothing_is_taken(cast, client, assessment, own, name):
    answer_all(assessment, own)
    step(cast, assessment, "close_rating")
    response = client.post(at(name, assessment), headers={"Accept": "application/json"})
    assert response.status_code == 409
    assert Rating.objects.count() == 12


# Afterwards


@pytest.fixture
def released(cast, assessment):
    """All five answered; the release shows the South, which has three organisations."""
    for partner in ("n1", "s1", "s2", "s3", "o1"):
        one = Membership.objects.filter(partner=cast.partners[partner], role=Role.REPRESENTATIVE).first()
        one = one or membership(cast.partnership, Role.REPRESENTATIVE, cast.partners[partner])
        answer_all(assessment, one, lambda d, p: 4 if p.side == "north" else d)
    assessment = step(cast, assessment, "close_rating")
    make_release(assessment)
    return assessment


def test_own_answers_stand_beside_the_release(client, released):
    said = words(client.get(at("my-answers", released)))
    assert "Dividing the budget 4 4 1 1 1 1 yes – North +3 or more" in said
    assert "– Not shown, to protect answers." in said


def test_own_answers_all_together(cast, client):
    assessment = rating(cast, mode_wanted=Mode.ALL_TOGETHER)
    answer_all(assessment, cast.membership(cast.south_representative), lambda d, p: 3)
    make_release(step(cast, assessment, "close_rating"))
    said = words(client.get(at("my-answers", assessment)))
    assert "Dividing the budget 3 – 3 –" in said
    assert "– Not shown, to protect answers." in said


def test_before_the_release_is_made_own_answers_stand_alone(cast, client, assessment, own):
    answer_all(assessment, own)
    step(cast, assessment, "close_rating")
    assert "The overall results are not ready yet." in words(client.get(at("my-answers", assessment)))


def test_while_rating_is_open_own_answers_are_the_review(client, assessment):
    assert client.get(at("my-answers", assessment)).url == at("rate-review", assessment)
    assert client.get(at("erase-answers", assessment)).url == assessment.get_absolute_url()


def test_erasing_asks_first_then_deletes_and_says_so_to_nobody(client, released):
    before = ActivityLogEntry.objects.count()
    assert "Delete your answers?" in words(client.get(at("erase-answers", released)))
    assert Rater.objects.count() == 5
    response = client.post(at("erase-answers", released), follow=True)
    assert "You have no answers in this assessment." in words(response)
    assert Rater.objects.count() == 4
    assert ActivityLogEntry.objects.count() == before


# Reminders and progress


def remind(client, cast, assessment):
    client.force_login(cast.north_facilitator)
    return words(client.post(at("remind", assessment), follow=True))


def reminded():
    return set(Notification.objects.filter(kind="assessments.reminder").values_list("recipient__name", flat=True))


def test_a_reminder_goes_to_all_representatives_with_the_same_words(cast, client, assessment, own):
    answer_all(assessment, own)
    assert "We are sending the reminder to all representatives." in remind(client, cast, assessment)
    assert reminded() == {"Nora North", "Sara South", "Guest Gathoni"}
    sent = Notification.objects.filter(kind="assessments.reminder")
    assert len({(one.url, str(one.context), one.mailed_at) for one in sent}) == 1


def test_at_most_one_reminder_a_day(cast, client, assessment):
    remind(client, cast, assessment)
    Notification.objects.filter(kind="assessments.reminder").delete()
    assert "less than a day ago" in remind(client, cast, assessment)
    assert not reminded()
    Notification.objects.update(created_at=timezone.now() - timezone.timedelta(hours=25))
    assert "We are sending the reminder to all representatives." in remind(client, cast, assessment)
    assert reminded()


def test_a_reminder_looks_the_same_whoever_gets_it(cast, client, assessment):
    everybody = (cast.north_representative, cast.south_representative, cast.guest)
    for person in everybody:
        answer_all(assessment, cast.membership(person))
    none_left = [remind(client, cast, assessment) for _again in range(2)]
    Notification.objects.filter(kind__startswith="assessments.reminder").delete()
    Rater.objects.filter(membership__user=cast.guest).update(show_small_side=True)  # as handed in as before
    private_answers.withdraw(assessment, cast.membership(cast.south_representative))
    answer_all(assessment, cast.membership(cast.south_representative))
    assert [remind(client, cast, assessment) for _again in range(2)] == none_left
    assert Notification.objects.filter(kind="assessments.reminder_sent").count() == 2  # one for each facilitator


@pytest.mark.parametrize(("kind", "said"), [("reminder", "the same reminder"), ("reminder_sent", "the same text")])
def test_a_reminder_reads_well(cast, client, assessment, kind, said):
    from partnerships.notifications import render_notification

    remind(client, cast, assessment)
    subject, text = render_notification(Notification.objects.filter(kind=f"assessments.{kind}").first())
    assert "How we decide" in subject
    assert said in text
    assert not any(name in subject + text for name in ("Nora", "Sara", "Guest"))


@pytest.mark.parametrize("person", ["south_representative", "observer"])
def test_only_facilitators_remind(cast, client, assessment, person):
    client.force_login(getattr(cast, person))
    assert client.post(at("remind", assessment)).status_code == 403
    assert not reminded()


def test_reminders_end_with_rating(cast, client, assessment):
    step(cast, assessment, "close_rating")
    client.force_login(cast.north_facilitator)
    response = client.post(at("remind", assessment), headers={"Accept": "application/json"})
    assert response.status_code == 409


# Numbers that must not grow


@pytest.fixture
def large(cast):
    for n in range(34):
        PartnerFactory(partnership=cast.partnership, name=f"Partner {n}", acronym=f"P{n}")
    return rating(cast, wordings=[f"Decision {n}" for n in range(1, 61)])


def statements(act) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert act().status_code in (200, 302)
    return len(queries)


@pytest.mark.parametrize(
    ("name", "args", "most"),
    [("rate", (), 11), ("rate-practice", (), 9), ("rate-decision", (1,), 12), ("rate-review", (), 13)],
)
def test_no_page_asks_more_of_the_database_for_more_partners_and_decisions(cast, client, own, large, name, args, most):
    small = rating(cast)
    device_key(own)
    for assessment in (small, large):
        private_answers.save_level(assessment, own, 1, 1, 3, mutation())
        private_answers.save_agreement(assessment, own, 1, True, mutation())
    counts = [statements(partial(client.get, at(name, assessment, *args))) for assessment in (small, large)]
    assert counts[0] == counts[1] <= most


def test_saving_a_page_of_forty_partners_takes_as_many_statements_as_one_of_six(cast, client, own, large):
    small, counts = rating(cast), []
    for assessment, partners in ((small, 6), (large, 40)):
        private_answers.save_level(assessment, own, 2, 1, 3, mutation())
        page = at("rate-decision", assessment, 1)
        sent = fields(client.get(page)) | {f"p{n}": "3" for n in range(1, partners + 1)} | {"agree": "yes"}
        counts.append(statements(partial(client.post, page, sent)))
    assert counts[0] == counts[1] == 22
    assert Rating.objects.filter(decision__assessment=large, decision__number=1).count() == 40


def test_what_the_page_showed_travels_with_it(client, assessment, own):
    private_answers.save_level(assessment, own, 1, 1, 3, mutation())
    shown = json.loads(fields(client.get(at("rate-decision", assessment, 1)))["shown"])
    assert shown["p1"] == [1, "3"]
    assert shown["p2"] == [0, ""]
    assert shown["a"] == [0, "", "", ""]


def test_whoever_comes_to_answer_begins_with_the_promise(client, cast, assessment):
    page = reverse("assessments:begin", args=[cast.partnership.code])
    response = client.get(page)
    assert response.context["promise"]
    assert f'href="{at("rate-decision", assessment, 1)}"' in response.content.decode()
    rating(cast, title="Another one")
    assert client.get(page).headers["Location"] == reverse("assessments:workspace", args=[cast.partnership.code])
