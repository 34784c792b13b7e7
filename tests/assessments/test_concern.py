"""A concern goes to one person outside, unsigned and sealed; her answer comes back by a code; nobody else knows."""

import logging
from datetime import timedelta

import pytest
from django.contrib import admin
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Stage, TrustedPerson, TrustedWord
from assessments.models.concern import Concern, ConcernMail
from assessments.services.safeguards import concern, trusted_person
from assessments.tasks import sweep
from partnerships import limits
from partnerships.access import member_roles_of
from partnerships.codes import normalise
from partnerships.models import ActivityLogEntry, Membership, Notification, Partner, Role
from partnerships.services import Refused
from tests.assessments import making
from tests.factories import Cast, membership

pytestmark = pytest.mark.django_db
WORDS = "The budget was changed after we signed."


def named(cast: Cast, assessment: Assessment, name="Ada", email="ada@example.org") -> TrustedPerson:
    return trusted_person.name_person(
        assessment, member_roles_of(cast.north_facilitator, cast.partnership), name, email
    )


@pytest.fixture
def assessment(cast: Cast) -> Assessment:
    return making.make_assessment(cast)


@pytest.fixture
def link(cast: Cast, assessment: Assessment) -> str:
    """Return the page of a person who is confirmed."""
    return reverse("assessments:concern-read", args=[making.trust(cast, assessment).to_mail])


def raised(client, cast: Cast, assessment: Assessment, person=None) -> str:
    """Raise a concern as a member and return the code that is shown."""
    client.force_login(person or cast.observer)
    mark = TrustedPerson.objects.confirmed().get(assessment=assessment).mark
    response = client.post(reverse("assessments:concern", args=[assessment.code]), {"text": WORDS, "person": mark})
    client.logout()
    return response.context["writer_code"]


def shown(client, code: str):
    return client.post(reverse("assessments:concern-answer"), {"code": code})


def test_the_trusted_person_reads_and_answers_by_her_link_and_the_writer_by_the_code(client, cast, assessment, link):
    code = raised(client, cast, assessment)
    assert "There is no answer yet" in shown(client, code).content.decode()
    page = client.get(link)
    assert WORDS in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    (row,) = page.context["concerns"]
    client.post(link, {"concern": row.id, "text": "I will ask for the minutes."})
    client.post(link, {"concern": row.id, "text": "Something else."})
    answer = shown(client, code.lower().replace("-", " ")).content.decode()
    assert "I will ask for the minutes." in answer
    assert "Something else." not in answer


def test_the_database_holds_no_word_of_it_no_writer_and_no_time(client, cast, assessment, link):
    code = raised(client, cast, assessment)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(c)::text FROM assessments_concern c")
        ((row,),) = cursor.fetchall()
        cursor.execute("SELECT encode(sealed, 'escape') FROM assessments_concern")
        ((sealed,),) = cursor.fetchall()
    assert "budget" not in sealed
    assert normalise(code) not in row
    columns = {field.column for field in Concern._meta.fields}
    assert columns == {"id", "trusted_id", "sealed", "writer_digest", "writer_key", "answer"}


def test_no_notification_activity_log_log_message_or_admin_page_tells_of_a_concern(
    client, cast, assessment, link, broker, caplog
):
    def told() -> tuple:
        return Notification.objects.count(), ActivityLogEntry.objects.count(), sorted(broker.keys("*unheard*"))

    before = told()
    with caplog.at_level(logging.DEBUG):
        caplog.clear()
        raised(client, cast, assessment)
        sweep()
    assert told() == before
    assert not [record for record in caplog.records if "concern" in record.getMessage().lower()]
    assert Concern not in admin.site._registry
    assert TrustedPerson not in admin.site._registry


def test_every_member_sees_the_same_page_before_and_after(client, cast, assessment, link):
    def seen(person) -> list[str]:
        client.force_login(person)
        names = ("concern", "overview")
        pages = [client.get(reverse(f"assessments:{name}", args=[assessment.code])) for name in names]
        return [page.content.decode().split("<main")[1].split("csrfmiddlewaretoken")[0] for page in pages]

    people = (cast.north_facilitator, cast.observer)
    before = [seen(person) for person in people]
    raised(client, cast, assessment, cast.south_representative)
    assert [seen(person) for person in people] == before


def test_her_link_and_that_something_waits_go_out_by_mail_without_a_word_of_it(client, cast, assessment, link):
    raised(client, cast, assessment)
    raised(client, cast, assessment)
    concern.send_due_mails()
    concern.send_due_mails()
    first, second = mail.outbox
    assert (first.to, second.to) == (["ada@example.org"], ["ada@example.org"])
    assert link in first.body
    assert "budget" not in first.body + second.body
    assert TrustedPerson.objects.get().to_mail == ""


def test_another_link_or_code_finds_nothing_and_many_wrong_ones_are_stopped(client, cast, assessment, link):
    code = raised(client, cast, assessment)
    wrong = reverse("assessments:concern-read", args=["0" * trusted_person.LONG])
    assert client.get(wrong).status_code == 404
    assert shown(client, "0" * concern.SHORT).status_code == 404
    assert shown(client, code).status_code == 200
    for _n in range(limits.MOST):
        client.get(wrong)
    assert (client.get(wrong).status_code, shown(client, "0" * concern.SHORT).status_code) == (429, 429)
    assert (client.get(link).status_code, shown(client, code).status_code) == (200, 200)


def test_another_person_is_told_to_all_each_time_and_reads_nothing_of_before(client, cast, assessment, link):
    raised(client, cast, assessment)
    members = cast.partnership.memberships.in_force().values("user").distinct().count()
    kinds = ("assessments.trusted_named", "assessments.trusted_confirmed")
    assert [Notification.objects.filter(kind=kind).count() for kind in kinds] == [members, members]
    other = making.trust(cast, assessment, "Bea", "bea@example.org")
    assert [Notification.objects.filter(kind=kind).count() for kind in kinds] == [2 * members, 2 * members]
    new = client.get(reverse("assessments:concern-read", args=[other.to_mail]))
    assert new.context["concerns"] == []
    assert WORDS in client.get(link).content.decode()


def test_who_has_a_membership_here_cannot_be_named(cast, assessment):
    with pytest.raises(Refused):
        named(cast, assessment, "Ole", cast.north_representative.email)
    assert named(cast, assessment, "Ole", cast.outsider.email)


def test_the_database_keeps_concern_answer_and_person_as_they_are(client, cast, assessment, link):
    raised(client, cast, assessment)
    person, row = TrustedPerson.objects.get(), Concern.objects.get()
    Concern.objects.update(answer=b"one")
    for change in ({"answer": b"two"}, {"answer": None}, {"sealed": b"x"}):
        with pytest.raises(IntegrityError, match="stay as they were"), transaction.atomic():
            Concern.objects.update(**change)
    with pytest.raises(IntegrityError, match="another row"), transaction.atomic():
        TrustedPerson.objects.update(key=b"mine")
    with pytest.raises(IntegrityError, match="another row"), transaction.atomic():
        TrustedPerson.objects.update(own_role="cousin of the lead")
    now = making.trust(cast, assessment, "Bea", "bea@example.org")
    with pytest.raises(IntegrityError, match="person who is confirmed"), transaction.atomic():
        Concern.objects.create(trusted=person, sealed=b"x", writer_digest="d", writer_key=b"k")
    assert Concern.objects.create(trusted=now, sealed=b"x", writer_digest="d", writer_key=b"k").pk != row.pk


@pytest.mark.parametrize(("days", "left"), [(364, 1), (366, 0)])
def test_all_is_erased_a_year_after_closing(client, cast, assessment, link, days, left):
    raised(client, cast, assessment)
    at = timezone.now() - timedelta(days=days)
    Assessment.objects.filter(pk=assessment.pk).update(stage=Stage.CLOSED, closed_at=at)
    concern.send_due_mails()
    assert (Concern.objects.count(), TrustedPerson.objects.count()) == (left, left)


def test_in_a_rehearsal_nothing_is_mailed(client, cast):
    from assessments.services.setup import rehearsal

    trial = rehearsal.start(cast.north_facilitator)
    assessment = trial.assessments.get()
    person = trusted_person.name_person(
        assessment, member_roles_of(cast.north_facilitator, trial), "Ada", "ada@example.org"
    )
    pretend = trial.memberships.facilitators().get(partner__side="south").user
    trusted_person.confirm_for_side(assessment, member_roles_of(pretend, trial), person.mark)
    concern.raise_concern(assessment, WORDS, person.mark)
    concern.send_due_mails()
    assert mail.outbox == []
    assert not ConcernMail.objects.exists()


# --- who is trusted


def give_word(cast: Cast, assessment: Assessment, who, person: TrustedPerson | None = None) -> None:
    person = person or trusted_person.proposed_person(assessment)
    trusted_person.confirm_for_side(assessment, member_roles_of(who, cast.partnership), person.mark)


def test_a_link_is_mailed_only_after_the_words_of_both_sides(client, cast, assessment):
    named(cast, assessment)
    concern.send_due_mails()
    assert mail.outbox == []
    give_word(cast, assessment, cast.south_facilitator)
    concern.send_due_mails()
    assert [one.to for one in mail.outbox] == [["ada@example.org"]]


def test_one_person_gives_no_two_words(cast, assessment):
    """Not as facilitator of one side and representative of the other, nor by giving the same word again."""
    membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s3"], user=cast.north_facilitator)
    Membership.objects.facilitators().filter(user=cast.south_facilitator).update(voided_at=timezone.now())
    person = named(cast, assessment)
    for _again in range(2):
        give_word(cast, assessment, cast.north_facilitator)
    assert person.words.get().side == "north"
    other = cast.partnership.memberships.get(user=cast.north_facilitator, role=Role.REPRESENTATIVE)
    for side in ("south", "other"):
        with pytest.raises(IntegrityError), transaction.atomic():
            TrustedWord.objects.create(trusted=person, side=side, membership=other, by=cast.north_facilitator)
    give_word(cast, assessment, cast.south_representative)
    assert TrustedPerson.objects.get().key


def test_a_representative_speaks_only_where_her_side_has_no_facilitator(client, cast, assessment):
    named(cast, assessment)
    page, word = (reverse(f"assessments:{name}", args=[assessment.code]) for name in ("concern", "concern-word"))
    client.force_login(cast.south_representative)
    shown = client.get(page)
    assert not shown.context["can_confirm"]
    client.post(word, {"person": shown.context["named"].mark})
    assert trusted_person.proposed_person(assessment).key is None
    Membership.objects.facilitators().filter(user=cast.south_facilitator).update(voided_at=timezone.now())
    assert "Confirm this person" in client.get(page).content.decode()
    client.post(word, {"person": shown.context["named"].mark})
    assert trusted_person.proposed_person(assessment).key is not None


def test_a_single_side_needs_a_second_person(cast, assessment):
    Partner.objects.filter(partnership=cast.partnership).exclude(side="north").update(left_at=timezone.now())
    person = named(cast, assessment)
    assert trusted_person.missing_sides(person) == [trusted_person.NO_SIDE]
    give_word(cast, assessment, cast.north_facilitator)
    assert trusted_person.proposed_person(assessment).key is None
    give_word(cast, assessment, cast.north_representative)
    assert trusted_person.proposed_person(assessment).key is not None


@pytest.mark.parametrize("sides", [("north", "other"), ("north",)])
def test_other_partners_speak_where_a_side_is_missing(cast, assessment, sides):
    Partner.objects.filter(partnership=cast.partnership).exclude(side__in=sides).update(left_at=timezone.now())
    person = named(cast, assessment)
    assert trusted_person.missing_sides(person) == ["other" if "other" in sides else trusted_person.NO_SIDE]


@pytest.mark.parametrize("before_opening", [True, False])
def test_no_one_is_let_in_to_speak_for_a_side(cast, before_opening):
    new = membership(cast.partnership, Role.FACILITATOR, cast.partners["s1"])
    assessment = making.rating(cast)
    shift = timedelta(days=-1 if before_opening else 1)
    Membership.objects.filter(pk=new.pk).update(admitted_at=assessment.opened_at + shift)
    person = named(cast, assessment)
    assert (trusted_person.membership_to_speak(person, new.user) is not None) == before_opening


def test_the_database_takes_addresses_in_one_form(assessment):
    for refused in ("Ada@example.org", "ada lovelace@example.org", "ada@exämple.org"):
        with pytest.raises(IntegrityError, match="trusted_person_email_canonical"), transaction.atomic():
            TrustedPerson.objects.create(assessment=assessment, name="Ada", email=refused)
    assert TrustedPerson.objects.create(assessment=assessment, name="Ada", email="ada@example.org")


def test_the_database_makes_no_link_by_one_side_alone(cast, assessment):
    person = named(cast, assessment)
    second = cast.partnership.memberships.get(user=cast.north_representative)
    TrustedWord.objects.create(trusted=person, side="", membership=second, by=cast.north_representative)
    with pytest.raises(IntegrityError, match="one of each side"), transaction.atomic():
        TrustedPerson.objects.update(key=b"k", digest="d")
    with pytest.raises(IntegrityError, match="own side"), transaction.atomic():
        TrustedWord.objects.create(trusted=person, side="south", membership=second, by=cast.north_representative)
    with pytest.raises(IntegrityError, match="without a link"), transaction.atomic():
        TrustedPerson.objects.create(assessment=making.make_assessment(cast), name="B", email="b@b.example", key=b"k")


def test_opening_the_link_confirms_nothing_and_saying_who_she_is_does(client, cast, assessment):
    person = named(cast, assessment)
    give_word(cast, assessment, cast.south_facilitator)
    link = reverse("assessments:concern-read", args=[trusted_person.proposed_person(assessment).to_mail])
    assert "Confirm who you are" in client.get(link).content.decode()
    assert trusted_person.confirmed_person(assessment) is None
    with pytest.raises(Refused):
        concern.raise_concern(assessment, WORDS, person.mark)
    assert client.post(link, {"name": "Ada Okafor", "role": ""}).status_code == 422
    client.post(link, {"name": "Ada Okafor", "role": "Ombudsperson at the university"})
    client.post(link, {"name": "Somebody Else", "role": "Nobody"})
    client.force_login(cast.observer)
    shown = client.get(reverse("assessments:concern", args=[assessment.code])).content.decode()
    assert all(words in shown for words in ("Ada Okafor", "Ombudsperson at the university", "ada@example.org"))
    assert "Somebody Else" not in shown


def test_another_naming_starts_from_nothing_and_the_one_before_stays_meanwhile(client, cast, assessment, link):
    """Otherwise one facilitator alone could leave members with no one."""
    before = trusted_person.confirmed_person(assessment)
    named(cast, assessment, "Ada", "ada@elsewhere.example")
    assert trusted_person.confirmed_person(assessment) == before
    assert trusted_person.missing_sides(trusted_person.proposed_person(assessment)) == ["south"]
    named(cast, assessment, "Bea", "bea@example.org")
    with pytest.raises(Refused, match="since you opened this page"):
        give_word(cast, assessment, cast.south_facilitator, TrustedPerson.objects.get(email="ada@elsewhere.example"))


def test_what_is_written_to_one_person_does_not_go_to_the_next(client, cast, assessment, link):
    old = trusted_person.confirmed_person(assessment).mark
    making.trust(cast, assessment, "Bea", "bea@example.org")
    client.force_login(cast.observer)
    response = client.post(reverse("assessments:concern", args=[assessment.code]), {"text": WORDS, "person": old})
    assert response.status_code == 422
    assert WORDS in response.content.decode()
    assert not Concern.objects.exists()


def test_a_second_address_of_a_member_cannot_be_named(cast, assessment):
    cast.north_facilitator.emailaddress_set.create(email="dr.x@example.org", verified=True)
    with pytest.raises(Refused):
        named(cast, assessment, "Dr X", "Dr.X@example.org")
    person = named(cast, assessment)
    cast.north_representative.emailaddress_set.create(email=person.email, verified=True)
    with pytest.raises(Refused):
        give_word(cast, assessment, cast.south_facilitator)


def test_each_naming_mails_all_members_so_that_a_day_has_few(cast, assessment):
    for n in range(trusted_person.MOST_A_DAY):
        named(cast, assessment, f"Person {n}")
    with pytest.raises(Refused, match="Too many nominations"):
        named(cast, assessment, "One more")
    TrustedPerson.objects.update(named_at=timezone.now() - timedelta(days=2))
    assert named(cast, assessment, "One more")
