"""The guide of a rehearsal leads through the five steps by its button, without a script."""

import re

import pytest
from django.urls import reverse

from assessments.models import Assessment, Mode, Stage
from assessments.results.release import make_release
from assessments.services import rehearsal_guide
from assessments.services.setup import rehearsal
from partnerships.access import member_roles_of
from partnerships.models import Partnership, Side
from tests.assessments import making
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
# What the button of each step says, and the stage after it.
WAY = (
    ("Step 1 of 5: Prepare", "Open the private ratings", Stage.RATING),
    ("Step 2 of 5: Answer", "Answer for the invented partners", Stage.RATING),
    ("Step 2 of 5: Answer", "Close the private ratings", Stage.JOINT),
    ("Step 3 of 5: Meet", "Agree on levels for the invented partners", Stage.JOINT),
    ("Step 3 of 5: Meet", "Go to the final review", Stage.FINAL_REVIEW),
    ("Step 4 of 5: Final review", "Confirm and close the assessment", Stage.CLOSED),
)
BUTTON = re.compile(r'<button type="submit" class="btn btn-primary" name="do" value="(\w+)">([^<]+)</button>')


@pytest.fixture
def maker():
    return UserFactory(name="Noor")


@pytest.fixture
def trial(maker) -> Partnership:
    return rehearsal.start(maker)


def press(client, trial: Partnership, do: str):
    url = reverse("assessments:rehearsal-next", args=[trial.code])
    return client.post(url, {"do": do, "assessment": trial.assessments.get().code}, follow=True)


def bar(page) -> str:
    return page.content.decode().split('aria-label="Rehearsal"')[1].split("</aside>")[0]


@pytest.mark.parametrize("kind", rehearsal.KINDS)
def test_the_buttons_lead_from_the_first_step_to_the_results(client, maker, kind):
    trial = rehearsal.start(maker, kind)
    client.force_login(maker)
    shown = client.get(trial.assessments.get().get_absolute_url())
    for where, button, stage in WAY:
        if button.startswith("Agree"):
            assert "We are calculating the results" in bar(shown)
            make_release(trial.assessments.get())
            assert "Lead the session" in bar(client.get(trial.assessments.get().get_absolute_url()))
            shown = client.get(reverse("assessments:session", args=[trial.assessments.get().code]))
        assert where in bar(shown)
        ((do, label),) = BUTTON.findall(bar(shown))
        assert label == button
        shown = press(client, trial, do)
        assert (shown.status_code, trial.assessments.get().stage) == (200, stage)
    assert "Step 5 of 5: Results" in bar(shown)
    assert reverse("assessments:rehearsal-remove", args=[trial.code]) in bar(shown)


def test_the_same_button_twice_does_it_once(client, maker, trial):
    client.force_login(maker)
    press(client, trial, "open")
    opened = trial.assessments.get().opened_at
    assert press(client, trial, "open").status_code == 200
    assert trial.assessments.get().opened_at == opened


@pytest.mark.parametrize("do", ["close", "agree", "review", "confirm", "nothing", ""])
def test_no_button_of_a_later_step_works_before_its_turn(client, maker, trial, do):
    client.force_login(maker)
    press(client, trial, do)
    assert trial.assessments.get().stage == Stage.COLLECTING


def test_a_vote_is_led_on_too(client, maker, trial):
    client.force_login(maker)
    lead = member_roles_of(maker, trial)
    making.transitions.apply(trial.assessments.get(), lead, "open_voting")
    page = press(client, trial, "vote")
    assert trial.assessments.get().vote_ended_at
    assert "Open the private ratings" in bar(page)


def test_whoever_looks_as_somebody_else_sees_no_button(client, maker, trial):
    client.force_login(maker)
    client.post(
        reverse("assessments:rehearsal", args=[trial.code]), {"as": rehearsal.pretend_memberships(trial)[0].code}
    )
    shown = bar(client.get(trial.assessments.get().get_absolute_url()))
    assert "You are viewing these pages as" in shown
    assert "<button" not in shown


def test_a_real_partnership_has_no_guide(client, cast):
    assessment = making.make_assessment(cast)
    client.force_login(cast.north_facilitator)
    assert 'aria-label="Rehearsal"' not in client.get(assessment.get_absolute_url()).content.decode()
    url = reverse("assessments:rehearsal-next", args=[cast.partnership.code])
    assert client.post(url, {"do": "open", "assessment": assessment.code}).status_code == 404
    with pytest.raises(rehearsal.PermissionDenied):
        rehearsal_guide.go_on(assessment, member_roles_of(cast.north_facilitator, cast.partnership), "open")
    assert Assessment.objects.get(pk=assessment.pk).stage == Stage.COLLECTING


def test_a_rehearsal_leads_to_no_real_assessment(client, cast, maker, trial):
    real = making.make_assessment(cast)
    client.force_login(maker)
    url = reverse("assessments:rehearsal-next", args=[trial.code])
    assert client.post(url, {"do": "open", "assessment": real.code}).status_code == 404


def test_a_consortium_has_one_lead_that_passes_on_the_money(client, maker):
    client.force_login(maker)
    assert "Rehearse with a consortium" in client.get(reverse("assessments:rehearse")).content.decode()
    client.post(reverse("assessments:rehearse"), {"kind": "one_lead"})
    made = Partnership.objects.get(created_by=maker)
    lead = made.partners.get(side=Side.NORTH)
    assert set(made.partners.exclude(pk=lead.pk).values_list("side", "receives_through")) == {(Side.SOUTH, lead.pk)}
    assert made.assessments.get().mode_wanted == Mode.ALL_TOGETHER
    assert client.get(reverse("assessments:rehearse")).url == reverse("assessments:rehearsal", args=[made.code])
