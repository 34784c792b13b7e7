"""Both ways between actions and measures: what others tried, adopting for an action, and how many did."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Action
from assessments.services.followup import planned_actions
from community.models import Adoption, GroupKind, Measure, RealPartnership
from community.services import evidence
from community.services.measures import adoptions
from partnerships.access import member_roles_of
from partnerships.models import Partnership, Role
from tests.assessments import making
from tests.community.making import member, the_group
from tests.community.test_measures import make_measure
from tests.factories import PartnershipFactory, make_partners, membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure():
    return make_measure(member(group=the_group(GroupKind.MEASURES)), topics=["money-partners"])


def make_action(cast, owner="n1") -> Action:
    """Return an action about money among partners, of the first Northern partner."""
    assessment = making.in_session(cast)
    making.agree_levels(cast, assessment)
    decision = assessment.decisions.active()[0]
    type(decision).objects.filter(pk=decision.pk).update(topic="money-partners")
    decision.refresh_from_db()
    own = assessment.participants.get(partner=cast.partners[owner])
    member = member_roles_of(cast.north_facilitator, cast.partnership)
    due = timezone.localdate() + timedelta(days=90)
    return planned_actions.plan(assessment, member, decision, text="Decide the budget together", owner=own, due=due)


@pytest.fixture
def action(cast):
    return make_action(cast)


def choosing(action) -> dict[str, str]:
    return {"action": action.code}


def adopt(client, measure, action, do="adopt"):
    return client.post(reverse("community:adopt", args=[measure.code]), {"do": do, **choosing(action)})


def test_from_the_action_to_measures_and_back(client, cast, action, measure):
    client.force_login(cast.north_facilitator)
    page = client.get(adoptions.address(action)).content.decode()
    part = reverse("community:adopted") + f"?action={action.code}"
    assert f'hx-get="{part}"' in page
    shown = client.get(part, HTTP_HX_REQUEST="true").content.decode()
    there = reverse("community:measures") + f"?topic=money-partners&amp;action={action.code}"
    assert f'href="{there}"' in shown
    assert "<html" not in shown
    listed = client.get(there.replace("&amp;", "&"))
    assert "Decide the budget together" in listed.content.decode()
    here = f"{measure.get_absolute_url()}?action={action.code}"
    assert f'href="{here}"' in listed.content.decode()
    assert "Use this measure" in client.get(here).content.decode()
    response = adopt(client, measure, action)
    assert response.headers["Location"] == adoptions.address(action)
    assert "Rotate the chair" in client.get(part).content.decode()
    assert "Your action uses this measure" in client.get(here).content.decode()
    assert adopt(client, measure, action, "give-up").status_code == 302
    assert not Adoption.objects.exists()


def test_beside_both_action_forms(client, cast, action):
    client.force_login(cast.north_facilitator)
    assessment = action.assessment
    plan = client.get(reverse("assessments:session-plan", args=[assessment.code, action.decision.number]))
    edit = client.get(reverse("assessments:action-edit", args=[assessment.code, action.code]))
    there = reverse("community:measures") + "?topic=money-partners"
    assert f'href="{there}"' in plan.content.decode()
    assert f'href="{there}&amp;action={action.code}"' in edit.content.decode()


WHO = {
    "north_facilitator": 302,
    "south_facilitator": 302,
    "north_representative": 302,  # of the owner
    "south_representative": 403,
    "observer": 403,
    "guest": 302,
    "outsider": 404,
    "other_facilitator": 404,
    "staff": 404,
}


@pytest.mark.parametrize("who", WHO)
def test_who_may_adopt(client, cast, action, measure, who):
    client.force_login(getattr(cast, who))
    assert adopt(client, measure, action).status_code == WHO[who]
    may = who in ("north_facilitator", "south_facilitator", "north_representative")
    assert Adoption.objects.exists() == may
    page = client.get(f"{measure.get_absolute_url()}?action={action.code}", follow=True).content.decode()
    assert ("Decide the budget together" in page) == may


@pytest.mark.parametrize(
    ("who", "status"), {**dict.fromkeys(WHO, 200), "outsider": 404, "other_facilitator": 404, "staff": 404}.items()
)
def test_the_partnership_sees_what_an_action_adopts(client, cast, action, measure, who, status):
    adoptions.adopt(measure, action, cast.north_facilitator)
    client.force_login(getattr(cast, who))
    response = client.get(reverse("community:adopted"), choosing(action))
    assert response.status_code == status
    assert ("Rotate the chair" in response.content.decode()) == (status == 200)


def test_a_guest_reads_the_title_without_a_link(client, cast, action, measure):
    adoptions.adopt(measure, action, cast.north_facilitator)
    client.force_login(cast.guest)
    assert measure.get_absolute_url() not in client.get(reverse("community:adopted"), choosing(action)).content.decode()


def test_a_hidden_measure_is_not_named(client, cast, action, measure):
    adoptions.adopt(measure, action, cast.north_facilitator)
    Measure.objects.filter(pk=measure.pk).update(state="hidden")
    client.force_login(cast.north_facilitator)
    assert "Rotate the chair" not in client.get(reverse("community:adopted"), choosing(action)).content.decode()


def test_once_also_in_the_database(cast, action, measure):
    first = adoptions.adopt(measure, action, cast.north_facilitator)
    assert adoptions.adopt(measure, action, cast.south_facilitator) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.create(measure=measure, action=action)


def test_a_dropped_action_adopts_nothing(client, cast, action, measure):
    Action.objects.filter(pk=action.pk).update(status="dropped")
    client.force_login(cast.north_facilitator)
    assert adopt(client, measure, action).status_code == 403


# --- how many


def elsewhere(cast, **fields) -> Action:
    """Return an action of another partnership, made without its steps."""
    partnership = PartnershipFactory(**fields)
    cast = type(cast)(**{**vars(cast), "partnership": partnership, "partners": make_partners(partnership)})
    cast.north_facilitator = membership(partnership, Role.FACILITATOR, cast.partners["n1"]).user
    membership(partnership, Role.FACILITATOR, cast.partners["s1"])
    return make_action(cast)


def adopted_by(measure, action, confirmed=True) -> None:
    """Let an action adopt a measure, since yesterday; coordinators confirmed its partnership, or nobody did."""
    adoptions.adopt(measure, action, action.assessment.created_by)
    Adoption.objects.filter(action=action).update(at=timezone.now() - timedelta(days=1))
    if confirmed:
        RealPartnership.objects.get_or_create(
            partnership=action.assessment.partnership, defaults={"state": "confirmed", "decided_at": timezone.now()}
        )


def step_of(measure) -> int | None:
    """Return the step that a refresh of the evidence base leaves public."""
    evidence.refresh()
    return adoptions.steps_of_five().get(measure.code)


def test_a_number_is_silent_below_five_and_goes_in_fives(client, cast, action, measure):
    client.force_login(cast.outsider)
    for own in [action, *(elsewhere(cast) for _ in range(3))]:
        adopted_by(measure, own)
    adopted_by(measure, elsewhere(cast, is_demo=True), confirmed=False)
    second = planned_actions.plan(
        action.assessment,
        member_roles_of(cast.north_facilitator, cast.partnership),
        action.decision,
        text="Another action of the same partnership",
        owner=action.owner,
        due=action.due,
    )
    adopted_by(measure, second)
    assert Partnership.objects.count() > 5
    assert step_of(measure) is None
    adopted_by(measure, elsewhere(cast))
    assert "based an action on this measure" not in client.get(measure.get_absolute_url()).content.decode(), (
        "before the snapshot"
    )
    assert step_of(measure) == 5
    assert (
        "At least 5 partnerships have based an action on this measure"
        in client.get(measure.get_absolute_url()).content.decode()
    )


def test_a_partnership_that_nobody_confirmed_does_not_count(cast, measure):
    mine = [elsewhere(cast) for _ in range(5)]
    for own in mine:
        adopted_by(measure, own, confirmed=False)
    assert step_of(measure) is None
    for own in mine:
        adopted_by(measure, own)
    assert step_of(measure) == 5


def test_a_step_changes_after_five_partnerships_changed(cast, measure):
    mine = [elsewhere(cast) for _ in range(8)]
    for own in mine:
        adopted_by(measure, own)
    assert step_of(measure) == 5
    for own in (elsewhere(cast), elsewhere(cast)):
        adopted_by(measure, own)
    assert step_of(measure) == 5, "ten by now, of which two changed"
    Adoption.objects.filter(action__in=mine[:3]).delete()
    assert step_of(measure) == 5, "five changed: seven are left"
    Adoption.objects.filter(action__in=mine[3:]).delete()
    assert step_of(measure) is None
