"""What an attacker found that one facilitator could do alone: name a trusted person, invent partnerships, rename."""

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from assessments.models import TrustedPerson
from assessments.models.concern import Concern
from assessments.results.reporting.replies import remarks_of
from assessments.services.safeguards import concern, trusted_person
from assessments.services.setup import decisions, rehearsal
from community.models import GroupKind
from community.services import comments, evidence
from community.services.groups import memberships
from partnerships import services
from partnerships.access import member_roles_of
from partnerships.models import Role, User
from partnerships.names import signature
from partnerships.services import Refused, renaming
from tests.assessments import making
from tests.assessments.test_private_at_once import at_once
from tests.community.making import make_finding, member, mutation, the_group
from tests.community.test_measures import make_measure
from tests.community.test_measures_adopting import adopted_by, elsewhere
from tests.factories import UserFactory, make_cast

WORDS = "The budget was changed after we signed."


# --- the trusted person


@pytest.mark.django_db
def test_one_facilitator_alone_makes_nobody_a_trusted_person(client, cast):
    """Not with a mailbox of her own either: all see the address, and the other side has to confirm it."""
    assessment = making.make_assessment(cast)
    page, name, word = (
        reverse(f"assessments:{one}", args=[assessment.code]) for one in ("concern", "concern-person", "concern-word")
    )
    client.force_login(cast.north_facilitator)
    client.post(name, {"name": "Dr X", "email": "dr.x@facilitator.example"})
    mark = TrustedPerson.objects.get().mark
    client.post(word, {"person": mark})
    concern.send_due_mails()
    assert mail.outbox == []
    client.force_login(cast.observer)
    shown = client.get(page).content.decode()
    assert "dr.x@facilitator.example" in shown
    assert 'name="text"' not in shown
    assert client.post(page, {"text": WORDS, "person": mark}).status_code == 422
    assert not Concern.objects.exists()
    client.force_login(cast.south_facilitator)
    client.post(word, {"person": mark})
    concern.send_due_mails()
    assert [one.to for one in mail.outbox] == [["dr.x@facilitator.example"]]


# --- concerns lie in no order


def order() -> tuple[list[list[str]], int]:
    """Return the rows in each order that the database knows, and how many transactions wrote them."""
    columns = ("ctid", "xmin::text::bigint", "id", "pg_column_toast_chunk_id(sealed)")
    with connection.cursor() as cursor:
        found = []
        for column in columns:
            cursor.execute(f"SELECT writer_digest FROM assessments_concern ORDER BY {column}")  # noqa: S608
            found.append([digest for (digest,) in cursor.fetchall()])
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM assessments_concern")
        return found, cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_the_database_cannot_tell_which_concern_came_last():
    cast = make_cast()
    assessment = making.make_assessment(cast)
    person = making.trust(cast, assessment)
    codes = [concern.raise_concern(assessment, WORDS * 70, person.mark) for _n in range(12)]
    came = [concern.code_digest(code) for code in codes]
    orders, transactions = order()
    assert transactions == 1
    assert all(sorted(one) == sorted(came) for one in orders)
    assert came not in orders
    assert came[::-1] not in orders


@pytest.mark.django_db(transaction=True)
def test_nor_which_was_answered_last():
    cast = make_cast()
    assessment = making.make_assessment(cast)
    person = making.trust(cast, assessment)
    for _n in range(4):
        concern.raise_concern(assessment, WORDS, person.mark)
    row = Concern.objects.order_by("pk")[2]
    assert concern.answer_concern(person, str(row.pk), "I hear you.")
    assert order()[1] == 1
    assert Concern.objects.get(answer__isnull=False).pk == row.pk


@pytest.mark.django_db(transaction=True)
def test_a_concern_and_an_answer_at_once_are_both_kept():
    cast = make_cast()
    assessment = making.make_assessment(cast)
    person = making.trust(cast, assessment)
    concern.raise_concern(assessment, WORDS, person.mark)
    row = Concern.objects.get()
    second = at_once(
        lambda: concern.raise_concern(assessment, WORDS, person.mark),
        lambda: concern.answer_concern(person, str(row.pk), "Yes"),
    )
    assert second.result()
    assert (Concern.objects.count(), Concern.objects.get(pk=row.pk).answer is not None) == (2, True)


@pytest.mark.django_db(transaction=True)
def test_two_words_at_once_make_one_link():
    cast = make_cast()
    assessment = making.make_assessment(cast)
    north, south = (member_roles_of(one, cast.partnership) for one in (cast.north_facilitator, cast.south_facilitator))
    person = trusted_person.name_person(assessment, north, "Ada", "ada@example.org")
    second = at_once(
        lambda: trusted_person.confirm_for_side(assessment, south, person.mark),
        lambda: trusted_person.confirm_for_side(assessment, south, person.mark),
    )
    second.result()
    assert TrustedPerson.objects.get().to_mail
    assert person.words.count() == 2


# --- rehearsals and made-up partnerships


@pytest.mark.django_db
def test_inviting_into_a_rehearsal_is_refused_in_words_and_offered_nowhere(client):
    maker = UserFactory()
    trial = rehearsal.start(maker)
    client.force_login(maker)
    invite = reverse("partnerships:invite", args=[trial.code])
    data = {"role": "observer", "channel": "link"}
    for response in (client.get(invite, follow=True), client.post(invite, data, follow=True)):
        assert "You cannot invite anyone to a rehearsal" in response.content.decode()
    for page in ("workspace", "people"):
        assert invite not in client.get(reverse(f"partnerships:{page}", args=[trial.code])).content.decode()
    with pytest.raises(Refused):
        services.invite(trial.memberships.get(user=maker), "link", Role.OBSERVER)
    settings = {"name": "Real after all", "countries": ["KE"]}
    renamed = client.post(reverse("partnerships:settings", args=[trial.code]), settings)
    assert renamed.status_code == 200
    assert "You cannot change the name of a rehearsal" in renamed.content.decode()


@pytest.mark.django_db
def test_a_partnership_of_ones_own_still_invites(client, cast):
    client.force_login(cast.north_facilitator)
    people = client.get(reverse("partnerships:people", args=[cast.partnership.code])).content.decode()
    assert reverse("partnerships:invite", args=[cast.partnership.code]) in people


@pytest.mark.django_db
def test_five_invented_partnerships_do_not_say_that_five_adopted_a_measure(client, cast):
    measure = make_measure(member(group=the_group(GroupKind.MEASURES)), topics=["money-partners"])
    client.force_login(cast.outsider)
    actions = [elsewhere(cast) for _n in range(5)]
    for one in actions:
        adopted_by(measure, one, confirmed=False)
    evidence.refresh()
    assert "based an action on this measure" not in client.get(measure.get_absolute_url()).content.decode()
    for one in actions:
        adopted_by(measure, one)
    evidence.refresh()
    assert (
        "At least 5 partnerships have based an action on this measure"
        in client.get(measure.get_absolute_url()).content.decode()
    )


# --- two identical proposals


@pytest.mark.django_db(transaction=True)
def test_two_identical_proposals_at_once_are_one():
    cast = make_cast()
    assessment = making.make_assessment(cast, wordings=())
    own = cast.membership(cast.observer)
    second = at_once(
        lambda: decisions.propose(assessment, own, "Dividing the budget"),
        lambda: decisions.propose(assessment, own, "dividing  the BUDGET"),
    )
    assert second.result() == assessment.decisions.get()
    decisions.propose(assessment, cast.membership(cast.north_facilitator), "Dividing the budget")
    assert assessment.decisions.count() == 2  # of two people: both count
    with pytest.raises(IntegrityError, match="decision_proposed_once"):
        assessment.decisions.create(wording="x", original="DIVIDING THE BUDGET", proposed_by=own)


# --- names


def rename(client, user, name: str):
    client.force_login(user)
    return client.post(reverse("partnerships:account"), {"name": name, "language": ""})


def remarks(client, assessment) -> str:
    return client.get(reverse("assessments:closing", args=[assessment.code])).content.decode()


@pytest.mark.django_db
def test_a_remark_keeps_the_name_of_its_moment_and_says_todays(client, cast):
    assessment = making.step(cast, making.in_session(cast), "read_back")
    rename(client, cast.south_representative, "Somebody Grand")
    client.post(reverse("assessments:closing-remark", args=[assessment.code]), {"text": "We are content."})
    assert "Somebody Grand, S1" in remarks(client, assessment)
    assert "(now:" not in remarks(client, assessment)
    rename(client, cast.south_representative, "Sara South")
    client.force_login(cast.observer)
    assert "Somebody Grand, S1 (now: Sara South)" in remarks(client, assessment)
    assert "Somebody Grand, S1 (now: Sara South)" in [one["by"] for one in remarks_of(assessment)]


@pytest.mark.django_db
def test_comments_and_findings_keep_the_name_of_their_moment(client):
    writer = member()
    finding = make_finding(writer)
    comment = comments.comment(finding, memberships.writer_of(writer), "It is so here too.", mutation())
    before = writer.user.name
    rename(client, writer.user, "Another Name")
    page = client.get(finding.get_absolute_url()).content.decode()
    assert page.count(f"{before} (now: Another Name)") >= 2
    assert comment.author == writer.user


@pytest.mark.django_db
def test_every_member_reads_in_the_log_who_was_renamed(client, cast):
    rename(client, cast.south_representative, "Somebody Grand")
    rename(client, cast.south_representative, "Sara South")
    here = [cast.partnership.code]
    client.force_login(cast.north_facilitator)
    partner = cast.partners["s1"]
    change = {"name": "Other Org", "acronym": "OO", "country": "KE", "side": "south", "kind": "national"}
    client.post(reverse("partnerships:change_partner", args=[*here, partner.code]), change)
    client.post(reverse("partnerships:settings", args=here), {"name": "Water for Some", "countries": ["KE"]})
    client.force_login(cast.observer)
    shown = client.get(reverse("partnerships:activity_log", args=here)).content.decode()
    for told in ("Sara South → Somebody Grand", "Somebody Grand → Sara South", "South 1 (S1) → Other Org (OO)"):
        assert told in shown
    assert "Water for All → Water for Some" in shown
    assert "changed the settings" not in shown  # the rest is the facilitators'
    assert f'href="{reverse("partnerships:activity_log", args=here)}"' in shown


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Nora North", "nora  NORTH", "Ｎｏｒａ North", "Nоra North", "Nora\u200b North"])
def test_no_two_people_of_a_partnership_have_one_name(client, cast, name):
    """Neither in other capitals, other forms of letters, letters of another script, nor with signs nobody sees."""
    assert rename(client, cast.south_representative, name).status_code == 200
    assert User.objects.get(pk=cast.south_representative.pk).name == "Sara South"
    opened = services.invite(cast.membership(cast.north_facilitator), "link", Role.OBSERVER)
    client.logout()
    answer = client.post(reverse("partnerships:invitation", args=[opened.code]), {"name": name, "employer": "E"})
    assert "already has this name" in answer.content.decode()
    with pytest.raises(Refused):
        services.accept(opened, UserFactory(name=name), employer="E")
    joined = client.post(reverse("partnerships:invitation", args=[opened.code]), {"name": "Nora Ngo", "employer": "E"})
    assert "already has this name" not in joined.content.decode()
    assert User.objects.filter(name="Nora Ngo", is_guest=True).exists()


@pytest.mark.django_db
def test_a_guest_who_goes_on_with_an_account_keeps_her_name_under_what_she_wrote(client, cast):
    guest, account = cast.guest, UserFactory(name="Ruth Wafula")
    own = cast.membership(guest)
    wrote = timezone.now()
    services.merge_guest(guest, account)
    own = type(own).objects.select_related("user").get(pk=own.pk)
    assert signature(own, wrote) == "Guest Gathoni (now: Ruth Wafula)"
    client.force_login(cast.observer)
    shown = client.get(reverse("partnerships:activity_log", args=[cast.partnership.code])).content.decode()
    assert "Guest Gathoni → Ruth Wafula" in shown


@pytest.mark.django_db
def test_an_account_with_a_name_that_is_taken_takes_over_no_guest(cast):
    with pytest.raises(Refused, match="already has this name"):
        services.merge_guest(cast.guest, UserFactory(name="NORA north"))


@pytest.mark.django_db
def test_the_database_itself_keeps_former_names(cast):
    user = cast.observer
    for name in ("A B", "C D"):
        User.objects.filter(pk=user.pk).update(name=name)
    User.objects.filter(pk=user.pk).update(former_names=[])
    assert [one["name"] for one in User.objects.get(pk=user.pk).former_names] == ["Observer Oda", "A B"]


@pytest.mark.django_db
def test_a_name_changes_a_few_times_a_month(client, cast):
    for n in range(renaming.MOST + 1):
        answer = rename(client, cast.observer, f"Name {n}")
    assert answer.status_code == 200
    assert User.objects.get(pk=cast.observer.pk).name == f"Name {renaming.MOST - 1}"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_one_name_at_once_one_gets_it():
    cast = make_cast()
    second = at_once(
        lambda: services.change_account(cast.south_representative, "Amina", ""),
        lambda: services.change_account(cast.observer, "AMINA", ""),
    )
    with pytest.raises(Refused):
        second.result()
    assert User.objects.filter(name__iexact="amina").count() == 1
