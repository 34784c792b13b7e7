"""The number of statements per page is pinned, and does not grow with what is in the database.

The session, the dashboard, the shift, the report, the rating pages and the community are pinned beside their own tests.
"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Action, AgreedLevel, Assessment, Decision, Guess, Remark, Reply, Stage, Vote
from assessments.services.caucus import side_sheet
from partnerships import activity_log, services
from partnerships.models import Notification, Partnership, Role
from tests.assessments import making
from tests.factories import Cast, PartnerFactory, UserFactory, make_cast, make_partners, membership

pytestmark = pytest.mark.django_db
STAGES = [Stage.COLLECTING, Stage.VOTING, Stage.RATING, Stage.JOINT, Stage.FINAL_REVIEW, Stage.CLOSED]

START = 30  # at most: each app adds what needs a person, by simple statements


def statements(person, path: str) -> int:
    """Return how many statements a page takes for a person who has been there before."""
    client = Client()
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(path).status_code == 200, path
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


# --- 1 or 200 assessments, 1 or 30 partnerships


def fill(cast: Cast, count: int) -> None:
    """Lay as many assessments, of every stage, and as many actions that each partner owes."""
    first = making.in_session(cast)
    about, now = first.decisions.first(), timezone.now()
    Action.objects.bulk_create(
        Action(assessment=first, decision=about, text="Share it", owner=partner, due=now)
        for partner in first.participants.all()
        for _n in range(min(count, 20))
    )
    Assessment.objects.bulk_create(
        Assessment(
            partnership=cast.partnership,
            title=f"Assessment {n}",
            stage=STAGES[n % 6],
            mode="by_side",
            closed_at=now if STAGES[n % 6] == Stage.CLOSED else None,
        )
        for n in range(count - 1)
    )


def test_start_and_workspace_with_1_or_200_assessments():
    found = {}
    for count in (1, 200):
        cast = make_cast()
        fill(cast, count)
        page = reverse("assessments:workspace", args=[cast.partnership.code])
        people = (cast.north_facilitator, cast.south_representative, cast.observer)
        found[count] = [statements(person, "/") for person in people]
        rating = int(count > 1)  # there rating is open, and it is looked whether a representative is asked
        asked = [0, rating, 0]
        assert [statements(person, page) for person in people] == [18 + each for each in asked], count
        assert [statements(person, reverse("assessments:mine")) for person in people] == [8 + each for each in asked]
    # And on the start page: the languages that a facilitator misses, and whether a representative is asked.
    assert [each + 1 for each in found[1][:2]] + found[1][2:] == found[200]
    assert max(found[1]) <= START


def test_start_and_list_with_1_or_30_partnerships():
    found = {}
    for count in (1, 30):
        cast = make_cast()
        for n in range(count - 1):
            partnership = Partnership.objects.create(name=f"Partnership {n}")
            partners = make_partners(partnership, 1, 2, 0)
            membership(partnership, Role.FACILITATOR, partners["n1"], user=cast.north_facilitator)
            membership(partnership, Role.REPRESENTATIVE, partners["s1"], user=cast.north_facilitator)
            membership(partnership, Role.OBSERVER, partners["s2"], admitted_at=None)
        fill(cast, count)
        person = cast.north_facilitator
        found[count] = statements(person, "/")
        assert statements(person, reverse("partnerships:list")) == 8, count  # one for the archive
        assert statements(person, reverse("assessments:mine")) == 8, count
    assert found[1] + 2 == found[30] <= START  # there she confirms actions of partners, and rating is open


# --- 5 or 60 decisions, 8 or 40 partners

SIZES = ((8, 5), (40, 60))


def sized(stage: str, partners: int, decisions: int) -> tuple[Cast, Assessment]:
    """Return an assessment at a stage with as many partners, each with a representative, and decisions in clusters."""
    cast = make_cast()
    for n in range(partners - len(cast.partners)):
        partner = PartnerFactory(partnership=cast.partnership, side=("north", "south")[n % 2])
        membership(cast.partnership, Role.REPRESENTATIVE, partner)
    assessment = making.make_assessment(cast, wordings=[f"Decision about matter {n}" for n in range(decisions)])
    alike(cast, assessment)
    if stage == Stage.COLLECTING:
        return cast, assessment
    if stage == Stage.VOTING:
        return cast, voted(cast, assessment)
    assessment = making.step(cast, assessment, "open_rating")
    return cast, assessment if stage == Stage.RATING else beyond(cast, assessment, stage)


def alike(cast: Cast, assessment: Assessment) -> None:
    """Put two look-alikes under each decision; leave one out."""
    heads, own = list(assessment.decisions.all()), cast.membership(cast.north_facilitator)
    shared = {"assessment": assessment, "proposed_by": own}
    Decision.objects.bulk_create(
        Decision(wording=f"{head} {n}", original=f"{head} {n}", merged_into=head, position=99, **shared)
        for head in heads
        for n in range(2)
    )
    Decision.objects.create(wording="Out", original="Out", left_out=True, position=100, **shared)


def voted(cast: Cast, assessment: Assessment) -> Assessment:
    """Let everybody vote for each decision."""
    assessment = making.step(cast, assessment, "open_voting")
    members = cast.partnership.memberships.exclude(role=Role.OBSERVER)
    Vote.objects.bulk_create(
        Vote(decision=head, membership=each) for head in assessment.decisions.active() for each in members
    )
    return assessment


def beyond(cast: Cast, assessment: Assessment, stage: str) -> Assessment:
    """Go on to the session or the closing, with every cell agreed, and replies and remarks of everybody."""
    assessment = making.step(cast, assessment, "close_rating")
    making.make_release(assessment)
    listed, everyone = list(assessment.decisions.active()), list(assessment.participants.all())
    AgreedLevel.objects.bulk_create(
        AgreedLevel(decision=each, participant=partner, actual=2, desired=3) for each in listed for partner in everyone
    )
    Action.objects.bulk_create(
        Action(assessment=assessment, decision=each, text="Do it", owner=everyone[0], due=timezone.localdate())
        for each in listed
    )
    Reply.objects.bulk_create(Reply(participant=partner, text="Yes.") for partner in everyone)
    Guess.objects.create(
        assessment=assessment, membership=cast.membership(cast.north_facilitator), differs="1", decides="N1"
    )
    own = cast.membership(cast.observer)
    Remark.objects.bulk_create(
        Remark(assessment=assessment, membership=own, author=partner.name, text=partner.name) for partner in everyone
    )
    return assessment if stage == Stage.JOINT else making.step(cast, assessment, "read_back")


N, R, O = "north_facilitator", "south_representative", "observer"  # noqa: E741
PAGES = {
    Stage.COLLECTING: {
        ("decisions", N): 9,  # one for the languages of invited people
        ("decisions", R): 7,
        ("decision", N): 7,
        ("settings", N): 8,
        ("overview", N): 17,
        ("missing_voices", R): 6,
        ("concern", R): 7,
        ("pledge", R): 8,
        ("ground-rules", R): 7,
        ("ground-rules-edit", N): 7,
    },
    Stage.VOTING: {("choose", N): 6, ("vote", R): 7, ("overview", R): 13},
    Stage.RATING: {("overview", N): 15, ("overview", R): 17, ("status", O): 6, ("dashboard", R): 10},
    Stage.JOINT: {
        ("overview", O): 13,
        ("dashboard-state", R): 7,
        ("action", N): 7,
        ("action-edit", N): 8,
        ("my-answers", R): 9,
        ("session", N): 11,
        ("session", R): 11,
        ("session-state", O): 10,
        ("projector", O): 10,
        ("reading", N): 12,
        ("agenda", N): 13,
        ("laptop-sheet", N): 15,
    },
    Stage.FINAL_REVIEW: {("overview", N): 10, ("closing", N): 19, ("closing", R): 19},
}


@pytest.mark.parametrize("stage", PAGES)
def test_pages_of_an_assessment_with_5_or_60_decisions_and_8_or_40_partners(stage):
    for size in SIZES:
        cast, assessment = sized(stage, *size)
        one = {"decision": assessment.decisions.first(), "action": assessment.actions.first()}
        one["action-edit"] = one["action"]
        found = {}
        for name, who in PAGES[stage]:
            args = [assessment.code, *([one[name].code] if name in one else [])]
            found[name, who] = statements(getattr(cast, who), reverse(f"assessments:{name}", args=args))
        assert found == PAGES[stage], size


def test_a_caucus_of_5_or_60_decisions_and_8_or_40_partners():
    for size in SIZES:
        cast, assessment = sized(Stage.COLLECTING, *size)
        Assessment.objects.filter(pk=assessment.pk).update(mode_wanted="caucus")
        assessment = making.step(cast, Assessment.objects.get(pk=assessment.pk), "open_rating")
        membership_of_side, everyone = cast.membership(cast.south_representative), assessment.participants.all()
        answers = [side_sheet.Answer(each.number, 0, 2) for each in everyone]
        for decision in assessment.decisions.active():
            side_sheet.save(
                assessment, membership_of_side, decision.number, [*answers, side_sheet.Answer(None, 0, True)]
            )
        found = {}
        for name, args in (("caucus", []), ("caucus-decision", [1]), ("caucus-state", []), ("overview", [])):
            path = reverse(f"assessments:{name}", args=[assessment.code, *args])
            found[name] = statements(cast.south_representative, f"{path}?number=1")
        assert found == CAUCUS_PAGES, size


CAUCUS_PAGES = {"caucus": 12, "caucus-decision": 17, "caucus-state": 18, "overview": 15}


# --- 2 or 40 of everybody in a partnership


def crowd(cast: Cast, count: int) -> None:
    """Let as many partners take part, with a member, a waiting person, an open invitation and a notification each."""
    own = cast.membership(cast.north_facilitator)
    for n in range(count):
        partner = PartnerFactory(partnership=cast.partnership, receives_through=cast.partners["o1"])
        membership(cast.partnership, Role.REPRESENTATIVE, partner)
        waits = membership(cast.partnership, Role.OBSERVER, partner, admitted_at=None)
        services.confirm_membership(waits, own)
        services.invite(own, "link", Role.OBSERVER, partner)
        activity_log.record(cast.partnership, UserFactory(), "membership.voided", str(partner))
        told = {"kind": "partnerships.membership_waiting", "url": "/", "context": {"name": str(n)}}
        Notification.objects.create(recipient=cast.north_facilitator, **told)


PARTNERSHIP_PAGES = {
    "people": 11,
    "partners": 6,
    "activity_log": 7,
    "settings": 9,  # what can be archived and deleted, and what keeps it
    "invite": 7,
    "add_partner": 6,
    "notifications": 6,
}


def test_pages_of_a_partnership_with_2_or_40_of_everybody():
    for size in (2, 40):
        cast = make_cast()
        crowd(cast, size)
        found = {}
        for name in PARTNERSHIP_PAGES:
            args = [] if name == "notifications" else [cast.partnership.code]
            found[name] = statements(cast.north_facilitator, reverse(f"partnerships:{name}", args=args))
        assert found == PARTNERSHIP_PAGES, size
