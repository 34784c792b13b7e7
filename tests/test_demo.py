import pytest
from django.core.management import CommandError, call_command

from assessments.models import Job, Release
from community.models import Finding, PolicyPaper, Recommendation
from partnerships.models import Partnership, User
from powertool.demo import closed_assessments

pytestmark = pytest.mark.django_db


def test_demo_fills_the_dashboard_once(capsys):
    call_command("demo")
    voices = Partnership.objects.get(name=closed_assessments.NAME)
    baseline, midterm = voices.assessments.order_by("created_at")
    assert (baseline.stage, midterm.stage) == ("closed", "closed")
    assert midterm.predecessor == baseline
    assert any(name.startswith("shift") for name in midterm.agreed_results.get(final=True).figures["en"])
    assert midterm.created_at < midterm.opened_at < midterm.rating_closed_at <= midterm.closed_at
    assert baseline.created_at < baseline.opened_at < baseline.closed_at < midterm.created_at
    release = Release.objects.get(assessment=midterm)
    assert release.data["assessment"]["answered"] == {"north": 2, "south": 5}
    assert midterm.agreed_results.get(final=True).scores["assessment"]["balance"] == pytest.approx(38.75)
    assert not Job.objects.pending().exists()
    shown = Release.objects.get(assessment__title="How we decide now").data["decisions"]
    assert {row["north"] for row in shown} == {None}, "the lead does not tick"
    assert len({row["south"] for row in shown}) > 2, "there is something to talk about first"
    assert [one.bases.count() for one in Recommendation.objects.all()] == [3, 2, 3]
    assert PolicyPaper.objects.get().sections.count() == 2
    assert Finding.objects.exists()
    assert not Finding.objects.filter(evidence=None).exists(), "each finding of the demo rests on evidence"
    call_command("demo")
    assert Partnership.objects.filter(is_example=False).count() == 4
    assert Partnership.objects.filter(is_example=True).count() == 1
    assert PolicyPaper.objects.count() == 1
    assert "noor@demo.example" in capsys.readouterr().out


def test_demo_refuses_a_public_site(settings):
    settings.LOCAL = False
    with pytest.raises(CommandError, match="POWERTOOL_LOCAL"):
        call_command("demo")
    assert not User.objects.exists()
