"""Consent by both sides: when the clock starts, who counts, who sees what when, who resolves what."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from community import tasks
from community.access import reader_of
from community.models import (
    Choice,
    ConsentAnswer,
    ConsentRound,
    Outcome,
    PaperStatus,
    PolicyPaper,
    Recommendation,
    RoundText,
    Translation,
)
from community.services.groups.memberships import writer_of
from community.services.papers import consent_rounds, editing
from community.services.todo import needs
from community.services.writing import Content
from partnerships.models import Notification, Side, User
from partnerships.notifications import render_notification
from partnerships.services import Refused
from tests.community.making import mutation, told
from tests.community.papermaking import (
    after,
    agree_on_languages,
    call,
    closed,
    leader,
    make_paper,
    make_recommendation,
    people,
    say,
    someone,
    text_of,
)
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def standing(ask) -> str:
    return Recommendation.objects.get(pk=ask.pk).standing


@pytest.mark.parametrize(
    ("north", "south", "outcome"),
    [(3, 3, Outcome.ADOPTED), (2, 3, Outcome.TOO_FEW), (3, 2, Outcome.TOO_FEW), (0, 0, Outcome.TOO_FEW)],
)
def test_silence_is_not_consent(asked, ask, north, south, outcome):
    say(asked, people("north", north))
    say(asked, people("south", south))
    say(asked, people("other", 4))
    closed(asked)
    assert text_of(asked).outcome == outcome
    assert standing(ask) == ("adopted" if outcome == "adopted" else "not_adopted")


def test_a_person_counts_once_and_may_change_the_answer(asked):
    [ama] = people("south", 1)
    say(asked, [ama])
    say(asked, [ama], Choice.ASIDE)
    [answer] = ConsentAnswer.objects.all()
    assert (answer.side, answer.choice) == ("south", "aside")


def test_the_clock_starts_when_the_words_are_there_in_all_languages(wanda):
    paper = make_paper(wanda, languages=["fr", "es"])
    ask = make_recommendation(paper, wanda)
    asked = call(paper, ask, by=wanda)
    assert (asked.state, asked.closes_at) == ("waiting", None)
    with pytest.raises(Refused):
        consent_rounds.save_answer(text_of(asked), wanda, Choice.CONSENT)
    consent_rounds.translate(ask, writer_of(wanda), "fr", "Payer d'avance", "La moitié.")
    asked.refresh_from_db()
    assert [language for _one, language in consent_rounds.missing(asked)] == ["es"]
    editing.save(ask, writer_of(wanda), Content(ask.title, "Other words."), 1, mutation())
    consent_rounds.translate(ask, writer_of(wanda), "es", "Pagar por adelantado", "Otras.")
    asked.refresh_from_db()
    assert asked.state == "waiting"  # the French is of the words before
    assert told("round") == set()
    consent_rounds.translate(ask, writer_of(wanda), "fr", "Payer d'avance", "Autres mots.")
    asked.refresh_from_db()
    assert asked.state == "open"
    assert asked.closes_at - asked.opened_at == timedelta(days=14)
    assert text_of(asked).version == 2
    assert told("round") == {"Wanda Writer"}


def test_the_languages_of_a_round_come_from_its_group(wanda):
    paper = make_paper(wanda, languages=["es"])
    ask, other = make_recommendation(paper, wanda), make_recommendation(paper, wanda, "Listen")
    assert paper.needed_languages() == ["es", "en"], "the group has not chosen yet: the paper's own"
    agree_on_languages("fr", "ar")
    asked = call(PolicyPaper.objects.get(pk=paper.pk), ask, by=wanda)
    assert [language for _one, language in consent_rounds.missing(asked)] == ["fr", "ar"]
    consent_rounds.translate(ask, writer_of(wanda), "fr", "Payer d'avance", "La moitié.")
    asked.refresh_from_db()
    assert asked.state == "waiting"
    consent_rounds.translate(ask, writer_of(wanda), "ar", "الدفع مقدمًا", "النصف.")
    asked.refresh_from_db()
    assert asked.state == "open"
    waiting = call(PolicyPaper.objects.get(pk=paper.pk), other, by=wanda)
    assert waiting.state == "waiting"
    agree_on_languages()
    assert {language for _one, language in consent_rounds.missing(waiting)} == {"es"}, "as before"
    agree_on_languages("en")
    waiting.refresh_from_db()
    assert waiting.state == "open", "nothing is missing any more"


def test_the_database_opens_no_round_without_the_words(wanda):
    agree_on_languages("fr")
    paper = make_paper(wanda)
    ask = make_recommendation(paper, wanda)
    asked, now = call(paper, ask, by=wanda), timezone.now()
    opened = {"opened_at": now, "closes_at": now + timedelta(days=14)}
    with refused("in all languages of the group"), transaction.atomic():
        ConsentRound.objects.filter(pk=asked.pk).update(**opened)
    Translation.objects.create(
        item=ask, language="fr", version=ask.version, title="Payer", text="La moitié.", side="south"
    )
    assert ConsentRound.objects.filter(pk=asked.pk).update(**opened) == 1


def test_the_words_stay_while_a_round_is_open(client, asked, ask, wanda):
    for change in (
        lambda: editing.save(ask, writer_of(wanda), Content(ask.title, "Other."), 1, mutation()),
        lambda: consent_rounds.translate(ask, writer_of(wanda), "fr", "Titre", "Autre."),
    ):
        with pytest.raises(Refused):
            change()
    client.force_login(wanda.user)
    assert client.get(reverse("community:edit", args=[ask.code])).status_code == 403
    closed(asked)
    assert client.get(reverse("community:edit", args=[ask.code])).status_code == 200
    editing.save(ask, writer_of(wanda), Content(ask.title, "Other."), 1, mutation())


def test_other_words_need_other_consent(asked, ask, wanda):
    say(asked, people("north") + people("south"))
    closed(asked)
    assert Recommendation.objects.get(pk=ask.pk).is_adopted
    editing.save(ask, writer_of(wanda), Content(ask.title, "Other."), 1, mutation())
    now = Recommendation.objects.get(pk=ask.pk)
    assert (now.is_adopted, now.has_changed) == (False, True)


def test_objections_that_stand_do_not_block_while_they_are_few(asked, ask):
    say(asked, people("north"))
    say(asked, people("south", 2))
    say(asked, [someone("Olga Objects")], Choice.OBJECTION)
    closed(asked)
    result = consent_rounds.latest([ask])[ask.pk]
    assert text_of(asked).outcome == Outcome.ADOPTED
    assert [one.by.name for one in result.minority] == ["Olga Objects"]


def test_a_side_that_objects_does_not_consent_until_the_objectors_say_so(asked, ask):
    say(asked, people("north"))
    [one, two] = people("south", 2)
    say(asked, [one, two], Choice.OBJECTION)
    say(asked, [someone("Carla")])
    closed(asked)
    assert (text_of(asked).outcome, standing(ask)) == ("objected", "not_adopted")
    objection = ConsentAnswer.objects.get(by=one.user)
    for other in (two.user, leader().user, asked.called_by):
        with pytest.raises(Refused):
            consent_rounds.withdraw(objection, other, "It is fine.")
    assert ConsentAnswer.objects.get(pk=objection.pk).stands
    consent_rounds.withdraw(objection, one.user, "The words about years were explained.")
    assert (text_of(asked).outcome, standing(ask)) == ("adopted", "adopted")
    with pytest.raises(Refused):
        consent_rounds.withdraw(objection, one.user, "Again.")


def test_an_objection_carries_a_reason_and_a_proposal(client, asked):
    mina = someone()
    for reason, proposal in (("", "This."), ("Because.", " ")):
        with pytest.raises(Refused):
            consent_rounds.save_answer(text_of(asked), mina, Choice.OBJECTION, reason, proposal)
    client.force_login(mina.user)
    address = reverse("community:round-answer", args=[asked.code, text_of(asked).recommendation.code])
    assert client.post(address, {"choice": "objection", "reason": "No."}).status_code == 422
    assert client.post(address, {"choice": "reservation"}).status_code == 422
    assert not ConsentAnswer.objects.exists()
    assert client.post(address, {"choice": "objection", "reason": "No.", "proposal": "Yes."}).status_code == 302
    assert ConsentAnswer.objects.get().proposal == "Yes."


def test_nobody_sees_anything_of_answers_before_the_round_is_closed(client, asked, ask, paper, wanda):
    mina, leads = someone("Mina Answers"), leader()
    say(asked, [mina], Choice.OBJECTION)
    ConsentAnswer.objects.update(reason="SECRET-REASON", proposal="SECRET-PROPOSAL")
    assert consent_rounds.results([text_of(asked)]) == {}
    assert consent_rounds.latest([ask]) == {}
    staff = User.objects.create_superuser(email="root@example.org", password="x", name="Root")
    pages = [asked.get_absolute_url(), ask.get_absolute_url(), paper.get_absolute_url(), "/", "/community/"]
    before = {}
    for who in (leads.user, wanda.user, staff, someone("Nina North", Side.NORTH).user):
        client.force_login(who)
        for page in pages:
            body = client.get(page).content.decode()
            assert "SECRET" not in body, (who, page)
            before[who.pk, page] = body
    notifications = " ".join(str(notification.context) for notification in Notification.objects.all())
    assert "Mina Answers" not in notifications
    client.force_login(mina.user)
    assert "SECRET-REASON" in client.get(asked.get_absolute_url()).content.decode()  # her own
    closed(asked)
    client.force_login(leads.user)
    assert "SECRET-REASON" in client.get(asked.get_absolute_url()).content.decode()


def test_a_round_page_says_the_same_however_many_have_answered(client, asked):
    leads = leader()
    client.force_login(leads.user)

    def body() -> str:
        page = client.get(asked.get_absolute_url())
        return page.content.decode().replace(str(page.context["csrf_token"]), "")

    few = body()
    say(asked, people("south", 3))
    say(asked, people("north", 3), Choice.OBJECTION)
    assert body() == few


def test_answers_come_in_time(paper, ask, wanda):
    asked = call(paper, ask, by=wanda, since=timedelta(days=15))
    assert asked.state == "open"
    with pytest.raises(Refused):
        consent_rounds.save_answer(text_of(asked), wanda, Choice.CONSENT)
    with pytest.raises(IntegrityError, match="answers are given"), transaction.atomic():
        ConsentAnswer.objects.create(text=text_of(asked), by=wanda.user, side="south", choice="consent")
    assert tasks.close_rounds() == 1
    assert tasks.close_rounds() == 0
    asked.refresh_from_db()
    assert asked.state == "closed"
    assert told("round_closed") == {"Wanda Writer"}


def test_no_round_closes_before_its_deadline(asked):
    assert not consent_rounds.close(asked.pk)
    assert tasks.close_rounds() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentRound.objects.filter(pk=asked.pk).update(closed_at=timezone.now())


def test_the_database_keeps_the_rules(asked, ask, wanda):
    for change in (
        lambda: ConsentRound.objects.filter(pk=asked.pk).update(quorum_south=1),
        lambda: ConsentRound.objects.filter(pk=asked.pk).update(organisations=1),
        lambda: ConsentRound.objects.filter(pk=asked.pk).update(closes_at=timezone.now() + timedelta(days=1)),
        lambda: ConsentRound.objects.filter(pk=asked.pk).update(called_off_at=timezone.now()),
        lambda: RoundText.objects.filter(round=asked).update(version=7),
        lambda: RoundText.objects.filter(round=asked).update(outcome="adopted"),
        lambda: RoundText.objects.create(round=asked, recommendation=make_recommendation(ask.paper, wanda)),
        lambda: Recommendation.objects.filter(pk=ask.pk).update(standing="adopted", decided_version=1),
        lambda: ConsentAnswer.objects.create(text=text_of(asked), by=wanda.user, side="south", choice="objection"),
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()
    say(asked, people("south", 2) + people("north", 3))
    closed(asked)
    for change in (
        lambda: RoundText.objects.filter(round=asked).update(outcome="adopted"),
        lambda: ConsentAnswer.objects.update(choice="aside"),
        lambda: ConsentAnswer.objects.all().delete(),
        lambda: ConsentRound.objects.filter(pk=asked.pk).update(closed_at=after(asked) + timedelta(days=1)),
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()
    first = ConsentAnswer.objects.first()
    User.objects.filter(pk=first.by_id).delete()  # who goes takes her name along, not her answer
    assert ConsentAnswer.objects.get(pk=first.pk).by is None


def test_the_days_are_the_leads_until_the_round_opens(client, wanda):
    paper = make_paper(wanda, languages=["fr"])
    ask = make_recommendation(paper, wanda)
    client.force_login(wanda.user)
    new = reverse("community:round-new", args=[paper.code])
    client.post(new, {"about": [ask.code], "days": 10, "north": 1, "south": 1})
    asked = ConsentRound.objects.get()
    assert (asked.quorum_north, asked.quorum_south, asked.organisations, asked.days) == (3, 3, 2, 10)
    terms = reverse("community:round-terms", args=[asked.code])
    assert client.post(terms, {"days": 5}).status_code == 403
    client.force_login(leader().user)
    client.post(terms, {"days": 5, "north": 1, "south": 2})
    asked.refresh_from_db()
    assert (asked.quorum_north, asked.quorum_south, asked.days) == (3, 3, 5)
    consent_rounds.translate(ask, writer_of(wanda), "fr", "Titre", "Texte")
    client.post(terms, {"days": 9})
    asked.refresh_from_db()
    assert asked.days == 5


def test_a_recommendation_is_in_one_round_at_a_time(paper, ask, asked, wanda):
    with pytest.raises(Refused):
        call(paper, ask, by=wanda)
    closed(asked)
    call(paper, ask, by=wanda)


def test_a_waiting_round_is_called_off(client, wanda):
    paper = make_paper(wanda, languages=["fr"])
    asked = call(paper, make_recommendation(paper, wanda), by=wanda)
    client.force_login(wanda.user)
    client.post(reverse("community:round-call-off", args=[asked.code]))
    asked.refresh_from_db()
    assert asked.state == "called_off"
    assert not RoundText.objects.filter(active=True).exists()


def test_an_older_objection_resolved_later_leaves_what_a_newer_round_found(paper, ask, wanda):
    first = call(paper, ask, by=wanda)
    olga = someone("Olga")
    say(first, [olga], Choice.OBJECTION)
    closed(first)
    second = call(paper, ask, by=wanda)
    say(second, people("north") + people("south"))
    closed(second)
    assert standing(ask) == PaperStatus.ADOPTED
    consent_rounds.withdraw(ConsentAnswer.objects.get(by=olga.user), olga.user, "Fine.")
    assert standing(ask) == PaperStatus.ADOPTED


@pytest.mark.django_db(transaction=True)
def test_two_closings_at_once_are_one():
    wanda = someone("Wanda Writer")
    paper = make_paper(wanda)
    asked = call(paper, make_recommendation(paper, wanda), by=wanda, since=timedelta(days=15))
    start, done = threading.Barrier(2), []

    def close() -> None:
        try:
            start.wait()
            done.append(consent_rounds.close(asked.pk))
        finally:
            connection.close()

    both = [threading.Thread(target=close) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(done) == [False, True]
    assert Notification.objects.filter(kind="community.round_closed").count() == 1


def test_a_deadline_is_said_in_the_readers_zone_on_pages_and_with_its_zone_in_mails(client, asked, paper, wanda):
    client.force_login(wanda.user)
    moment = f'<time datetime="{asked.closes_at:%Y-%m-%dT%H:%M:%S}'
    for address in (asked.get_absolute_url(), paper.get_absolute_url()):
        page = client.get(address).content.decode()
        assert moment in page
        assert "data-local" in page[page.index(moment) :][:80]
    notification = Notification.objects.get(kind="community.round", recipient=wanda.user)
    with translation.override("en"):
        _subject, text = render_notification(notification)
        assert f"open until {date_format(asked.closes_at, 'DATETIME_FORMAT')} UTC." in text
        assert (
            "Silence is not consent"
            in render_notification(Notification(kind=notification.kind, context={"paper": "P", "days": 14}))[1]
        )
    [need] = [one for one in needs(reader_of(wanda.user)) if one["url"] == asked.get_absolute_url()]
    assert need["due"] == asked.closes_at.date()
