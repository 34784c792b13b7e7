"""What was there after a measure was adopted: from the snapshot, from five partnerships on, otherwise nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Assessment, EvidenceConsent
from assessments.results.agreed import make_agreed_result
from assessments.services import transitions
from assessments.services.followup import planned_actions
from community.evidence import adopted, tables
from community.evidence.cuts import protected
from community.models import EvidenceSnapshot, GroupKind, RealPartnership
from community.services import evidence
from community.services.measures import adoptions
from partnerships.access import member_roles_of
from partnerships.models import Role
from tests.assessments import making
from tests.community.making import member, the_group
from tests.community.test_evidence_cuts import frames
from tests.community.test_measures import make_measure
from tests.factories import Cast, PartnershipFactory, make_partners, membership

pytestmark = pytest.mark.django_db
# Levels of Northern and Southern partners, before and after, on the decision that adopts; the other one stays.
BEFORE, AFTER = {"north": 4, "south": 1, "other": 2}, {"north": 3, "south": 3, "other": 2}


@pytest.fixture
def measure():
    return make_measure(member(group=the_group(GroupKind.MEASURES)))


def elsewhere(cast: Cast) -> Cast:
    """Return the cast of another partnership, as far as making assessments needs it."""
    partnership = PartnershipFactory()
    partners = make_partners(partnership)
    north, south = (membership(partnership, Role.FACILITATOR, partners[key]).user for key in ("n1", "s1"))
    return Cast(
        **vars(cast)
        | {"partnership": partnership, "partners": partners, "north_facilitator": north, "south_facilitator": south}
    )


def close(cast: Cast, assessment: Assessment) -> Assessment:
    assessment = making.step(cast, assessment, "read_back")
    making.nothing_to_add(assessment)
    for person in (cast.north_facilitator, cast.south_facilitator):
        assessment = transitions.confirm(assessment, member_roles_of(person, cast.partnership))
    make_agreed_result(assessment)
    for participant in assessment.participants.all():
        spoken = cast.partnership.memberships.filter(partner=participant.partner, role=Role.REPRESENTATIVE).first()
        spoken = spoken or membership(cast.partnership, Role.REPRESENTATIVE, participant.partner)
        EvidenceConsent.objects.create(participant=participant, membership=spoken, agreed=True)
    return Assessment.objects.get(pk=assessment.pk)


def levels(on_first):
    return lambda decision, partner: on_first[partner.side] if decision.number == 1 else 2


def adopts(cast: Cast, measure, after=AFTER) -> None:
    """Make two closed, contributed assessments of which the second follows; the first one's action adopts."""
    first = making.in_session(cast, phase="baseline")
    making.agree_levels(cast, first, levels(BEFORE))
    plan = {"text": "Do it", "owner": first.participants.first(), "due": timezone.localdate() + timedelta(days=9)}
    member = member_roles_of(cast.north_facilitator, cast.partnership)
    action = planned_actions.plan(first, member, first.decisions.active().get(number=1), **plan)
    adoptions.adopt(measure, action, cast.north_facilitator)
    first = close(cast, first)
    second = making.in_session(cast, phase="midterm", predecessor=first, wordings=())
    making.agree_levels(cast, second, levels(after))
    close(cast, second)
    RealPartnership.objects.create(partnership=cast.partnership, state="confirmed", decided_at=timezone.now())


def shown(client, measure) -> str:
    client.force_login(measure.author)
    return client.get(measure.get_absolute_url()).content.decode()


def test_silent_below_five_then_per_side(client, cast, measure):
    others = [elsewhere(cast) for _ in range(4)]
    for one in others:
        adopts(one, measure)
    evidence.refresh()
    assert adoptions.shift_after(measure) is None
    assert "We do not know the cause" not in shown(client, measure)
    adopts(cast, measure)
    assert adoptions.shift_after(measure) is None  # the page reads the snapshot only
    evidence.refresh()
    sides = dict(adoptions.shift_after(measure)["sides"])
    assert {side: (cell["n"], cell["change"]["mean"]) for side, cell in sides.items()} == {
        "north": (5, -1.0),
        "south": (5, 2.0),
    }
    assert (sides["south"]["words"], sides["north"]["words"]) == ("nearly_all", "nearly_none")
    page = shown(client, measure)
    assert "We do not know what caused the change" in page
    assert "The average change is 2.0 levels." in page
    assert "The level is higher than before in nearly all partnerships." in page
    assert "At least 5 partnerships" in page


def test_one_more_partnership_changes_nothing_and_a_revocation_hides(client, cast, measure):
    for one in [cast, *(elsewhere(cast) for _ in range(4))]:
        adopts(one, measure)
    evidence.refresh()
    before = adoptions.shift_after(measure)
    assert before
    adopts(elsewhere(cast), measure, after=BEFORE)
    evidence.refresh()
    assert adoptions.shift_after(measure) == before
    EvidenceConsent.objects.filter(participant__assessment__partnership=cast.partnership).update(agreed=False)
    evidence.refresh()
    assert adoptions.shift_after(measure) is None


def test_refresh_without_news_makes_no_snapshot(cast, measure):
    for one in [cast, *(elsewhere(cast) for _ in range(4))]:
        adopts(one, measure)
    evidence.refresh()
    evidence.refresh()
    assert EvidenceSnapshot.objects.count() == 1


# --- what its tables say beside the others


def world(n: int, adopters: int, decisions: list[int]):
    """Return the frames of n partnerships, a baseline and an endline each, and where adopting decisions are found."""
    contributed = []
    for partnership in range(n):
        for moment, phase in enumerate(("baseline", "endline")):
            given = [("risk", 4 - moment, 1 + moment * (partnership % 2)), ("agenda", 3, 1 + moment)]
            key = 10 * (partnership + 1) + moment
            contributed.append(
                {"key": key, "partnership": partnership, "phase": phase, "decisions": given, "seen": (None, None)}
            )
    found = [("m", 10 * (p + 1), 10 * (p + 1) + 1, number) for p in range(adopters) for number in decisions]
    return frames(contributed), found


def rows(n: int, adopters: int, decisions: list[int]):
    given, found = world(n, adopters, decisions)
    shift, measures = tables.cuts_of(given)["shift"], adopted.cuts_of(given, found, set())
    return shift.row(("south",)), measures["shift:m"].row(("south",))


def test_the_difference_to_the_shift_of_all_tells_of_no_four():
    all_nine, five = rows(9, 5, [1, 2])
    assert set(five) < set(all_nine)
    assert protected([all_nine])
    assert protected([five])
    assert not protected([all_nine, five])
    all_ten, five = rows(10, 5, [1, 2])
    assert protected([all_ten, five])


def test_what_tables_by_topic_publish_is_named_as_they_name_it():
    _all, five = rows(5, 5, [1])
    assert five["1:21:risk"] == 1
    assert five["1:20:risk"] == -1
    _all, five = rows(5, 5, [2])
    assert (five["2:31:agenda"], five["2:30:agenda"]) == (1, -1)


def test_a_change_is_named_as_a_difference_whatever_topic_its_decision_had_before():
    contributed = [
        {"key": 10 + moment, "partnership": 1, "phase": phase, "decisions": given, "seen": (None, None)}
        for moment, (phase, given) in enumerate(
            (("baseline", [("risk", 4, 1)]), ("endline", [("agenda", 3, 2), ("risk", 3, 3)]))
        )
    ]
    given = frames(contributed)
    difference = {"1:11:agenda": 1, "1:10:all": -1}
    assert adopted.cuts_of(given, [("m", 10, 11, 1)], set())["shift:m"].row(("south",)) == difference
    assert tables.cuts_of(given)["shift"].row(("south",)) == difference


def test_names_are_understood_by_the_rule_of_what_stands():
    given = {(1, "20"), (1, "21")}
    for name in ("1:21:since 20", "1:21:since 20 in 3+5"):
        assert tables.stands(name, given)
        assert not tables.stands(name, given - {(1, "20")})
