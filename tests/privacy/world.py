"""One person who has left something everywhere, with marks by which every trace of her is found again."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Pledge
from assessments.results.agreed import make_agreed_result
from assessments.results.release import make_release
from assessments.services import transitions
from assessments.services.followup import closing, evidence_consent, planned_actions
from assessments.services.rating import private_answers
from assessments.services.safeguards import ground_rules, missing_voices, pledge, trusted_person
from assessments.services.session import joint, reading_guide
from assessments.services.setup import decisions
from community.models import Draft, GroupMembership, GroupRole, Item
from community.services import attachments, comments, moderation, writing
from community.services.groups import memberships
from community.services.papers import suggestions
from community.services.writing import Content
from partnerships import services
from partnerships.access import member_roles_of
from partnerships.models import ApiToken, Membership, Role, User
from tests.assessments import making
from tests.community.making import lead, make_case_study, make_finding, member, mutation
from tests.factories import PASSWORD, Cast, UserFactory, make_cast, membership

NAME, EMAIL, SECOND = "Zaïra Quimby", "zaira.quimby@example.org", "quimby.private@example.net"
HANDLE, PK = "zaira-quimby", 987654321
MARKS = (NAME, EMAIL, SECOND, HANDLE, str(PK))


@dataclass
class World:
    cast: Cast
    user: User
    membership: Membership
    assessment: Assessment
    published: Item


def make_world() -> World:
    """Let her represent the only Northern organisation that ticks, facilitate, write, comment and be named."""
    cast = make_cast()
    user = UserFactory(id=PK, name=NAME, email=EMAIL, language="fr")
    EmailAddress.objects.create(user=user, email=SECOND, verified=True)
    ApiToken.objects.create(
        user=user, name="A script", digest="7" * 64, once=uuid4(), expires_at=timezone.now() + timedelta(days=30)
    )
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    own = comes(cast, user)
    assessment = answers(cast, user, own)
    talks(cast, user, assessment)
    published = writes(cast, user)
    is_written_about(cast, user, assessment)
    client = Client(HTTP_USER_AGENT="Quimby's browser")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    where = {"user": user, "ip": "10.0.0.1", "user_agent": "Quimby's browser"}
    UserSession.objects.get_or_create(session_key=client.session.session_key, defaults=where)
    return World(cast, user, own, assessment, published)


def comes(cast: Cast, user: User) -> Membership:
    """Come by a mail, be confirmed, take a second membership as facilitator, invite somebody."""
    invited = services.invite(
        cast.membership(cast.north_facilitator), "email", Role.REPRESENTATIVE, cast.partners["n2"], EMAIL
    )
    own = services.accept(invited, user)
    services.confirm_membership(own, cast.membership(cast.south_facilitator))
    facilitates = membership(cast.partnership, Role.FACILITATOR, cast.partners["n2"], user=user)
    services.invite(facilitates, "email", Role.OBSERVER, email="friend@example.org", message="Come, says Zaïra.")
    services.invite(cast.other_partnership.memberships.get(), "email", Role.OBSERVER, email=EMAIL.upper())
    services.confirm_organisation(own, "north")
    own.refresh_from_db()
    return own


def answers(cast: Cast, user: User, own: Membership) -> Assessment:
    """Propose, vote, answer alone with a tick and reasons, and hand in; others answer, too, and rating closes."""
    assessment = making.make_assessment(cast)
    member = member_roles_of(user, cast.partnership)
    decisions.propose(assessment, own, "Choosing the bank")
    missing_voices.add_answer(assessment, member, "absent", "The people of the valley")
    ground_rules.accept_rules(assessment, member, 1)
    assessment = making.step(cast, assessment, "open_voting")
    decisions.vote(assessment, own, [assessment.decisions.first().code])
    assessment.funders.create(partner=cast.partners["n2"])
    assessment = making.step(cast, assessment, "open_rating")
    pledge.sign_pledge(assessment, member)
    making.answer_all(assessment, own, lambda decision, partner: 4 if partner.side == "north" else 1, tick=True)
    for number, use in ((1, "signed"), (2, "group")):
        said = f"Sentence {use}."
        private_answers.save_agreement(assessment, own, number, False, making.mutation(1), use, said)
    private_answers.hand_in(assessment, own, True)
    for name in ("north_representative", "south_representative", "guest"):
        making.answer_all(assessment, cast.membership(getattr(cast, name)), tick=name == "north_representative")
    assessment = making.step(cast, assessment, "close_rating")
    make_release(assessment)
    return Assessment.objects.get(pk=assessment.pk)


def talks(cast: Cast, user: User, assessment: Assessment) -> None:
    """Guess, record levels, plan, remark, reply, confirm and let it count; the assessment closes."""
    member = member_roles_of(user, cast.partnership)
    reading_guide.guess(assessment, member, "The budget", "The donor")
    assessment.live.phase = "decisions"
    assessment.live.save()
    for decision in assessment.decisions.active():
        entries = [joint.Entry(one, 0, {"actual": 2, "desired": 3}) for one in assessment.participants.all()]
        joint.record(assessment, member, decision, entries)
    owner = assessment.participants.get(acronym="N2")
    planned = planned_actions.plan(
        assessment, member, assessment.decisions.active().first(), text="Share it", owner=owner, due="2030-01-01"
    )
    planned_actions.follow_up(assessment, member, planned, "started", "We began.")
    assessment = making.step(cast, assessment, "read_back")
    closing.remark(assessment, member, "Well said.")
    closing.reply(assessment, member, "We agree.")
    evidence_consent.save_answer(assessment, member, True)
    making.nothing_to_add(assessment)
    for person in (user, cast.north_facilitator, cast.south_facilitator):
        transitions.confirm(assessment, member_roles_of(person, cast.partnership))
    make_agreed_result(Assessment.objects.get(pk=assessment.pk))


def writes(cast: Cast, user: User) -> Item:
    """Publish a finding, keep a draft, comment, suggest, stand behind a case, report, lead for a while."""
    leader = lead()
    own = member(user=user, side="north")
    published = make_finding(own, "Money comes late", "It does, each year.")
    make_finding(own, "Never shown", "Nobody read this.", publish=False)
    other = make_finding(member("Olga Other"), "Others' words", "Ask @zaira-quimby about it.")
    comments.comment(other, memberships.writer_of(own), "I agree.", mutation())
    suggestions.suggest(
        other, memberships.writer_of(own), Content("Others' words", "Better."), "Shorter", 1, mutation()
    )
    writing.keep_draft(
        memberships.writer_of(own),
        other,
        Draft(mutation="typed", item=other, group=own.group, kind=other.kind, text="Hm"),
    )
    attachments.attach(published, user, "zahlen.pdf", b"%PDF-1.4 numbers")
    moderation.report(other, user, "Is this meant for us?")
    make_case_study(published, cast.partnership, own)
    memberships.appoint(own, leader.user, GroupRole.COORDINATOR)
    memberships.invite(own.group, user, "for Ana")
    return published


def is_written_about(cast: Cast, user: User, assessment: Assessment) -> None:
    """Staff change her membership; elsewhere her address is that of the trusted person."""
    group_membership = GroupMembership.objects.get(user=user)
    LogEntry.objects.create(
        user=cast.staff,
        content_type=ContentType.objects.get_for_model(GroupMembership),
        object_id=str(group_membership.pk),
        object_repr=str(group_membership),
        action_flag=CHANGE,
        action_time=timezone.now(),
    )
    elsewhere = Assessment.objects.create(partnership=cast.other_partnership, title="Elsewhere")
    trusted_person.name_person(elsewhere, member_roles_of(cast.other_facilitator, cast.other_partnership), NAME, EMAIL)
    assert Pledge.objects.filter(name=NAME).exists()


def found(*marks: str) -> set[str]:
    """Return `table.column` wherever one of these stands in any row of any table, whatever the column's type."""
    places = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND table_name NOT LIKE 'django_migrations'"
        )
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT 1 FROM "{table}" WHERE lower("{column}"::text) LIKE ANY (%s) LIMIT 1',  # noqa: S608
                [[f"%{mark.lower()}%" for mark in marks]],
            )
            if cursor.fetchone():
                places.add(f"{table}.{column}")
    return places


def lasting(django_db_blocker):
    """Yield a world for all tests of a module: it takes seconds to make. Each test takes back what it changed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


def prove(client: Client, user: User) -> None:
    """Sign in, and prove it once more, as pages ask that give a person's data away or erase them."""
    user = User.objects.get(pk=user.pk)
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
