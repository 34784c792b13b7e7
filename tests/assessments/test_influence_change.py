"""More, the same or less say than last time: each organisation's own word, beside how its levels moved."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from assessments import report
from assessments.models import Assessment, InfluenceChange
from assessments.results.reporting.content import content_of
from assessments.services.followup import planned_actions
from assessments.services.session import influence_change
from assessments.services.setup import opening
from partnerships import notifications
from partnerships.models import Notification, Side
from partnerships.services import Refused
from tests.assessments import making
from tests.assessments.pages import as_, roles_of
from tests.assessments.test_shift import earlier, later
from tests.factories import PartnerFactory
from tests.worlds import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment(cast) -> Assessment:
    return next_in_session(cast)


@kept
def next_in_session(cast) -> Assessment:
    """Return the next assessment; the South rose by one level, the North came down by one."""
    before = earlier(cast)
    PartnerFactory(partnership=cast.partnership, name="Late Comers", acronym="LATE", side=Side.SOUTH)
    after = later(cast, before, lambda d, p: 3 if p.side == "north" else 2, new=["Choosing a bank"])
    making.make_release(after)
    return Assessment.objects.get(pk=after.pk)


def number(assessment, acronym: str) -> int:
    return assessment.participants.get(acronym=acronym).number


def page(person, assessment, query="") -> str:
    return as_(person).get(reverse("assessments:shift", args=[assessment.code]) + query).content.decode()


def send(person, assessment, acronym, **answers):
    data = {"organisation": number(assessment, acronym)}
    for name, (answer, seen) in answers.items():
        data |= {f"since-{name[1:]}": answer, f"version-{name[1:]}": seen}
    return as_(person).post(reverse("assessments:shift-say", args=[assessment.code]), data)


def test_a_representative_says_it_and_everybody_reads_it_beside_the_levels(cast, assessment):
    assert "Compared with last time, does South 1 have more, the same or less influence" in page(
        cast.south_representative, assessment
    )
    answers = {"_all": ("less", 0), "_1": ("more", 0)}
    assert send(cast.south_representative, assessment, "S1", **answers).status_code == 302
    text = page(cast.observer, assessment)
    row = text[text.index('<span class="side side-south">South 1</span>') :].split("</tr>")[0]
    for part in ("less influence", "+1.0", "Sara South", "1. Dividing the budget: more influence (1 → 2)"):
        assert part in row
    assert "a level can fall even though influence has grown." in text


def test_it_stands_in_the_report_and_its_pdf(cast, assessment):
    with translation.override("en"):
        assert content_of(assessment)["since"] is None
    send(cast.south_representative, assessment, "S1", _all=("less", 0), _2=("same", 0))
    text = as_(cast.observer).get(reverse("assessments:report", args=[assessment.code])).content.decode()
    assert "Change in influence since last time, according to each organisation" in text
    with translation.override("en"):
        content = content_of(assessment)
    (row,) = [row for row in content["since"]["rows"] if row["said"]]
    assert (row["name"], row["said"], row["computed"], row["by"]) == ("South 1", "less influence", "+1.0", "Sara South")
    assert row["decisions"][0]["label"] == "2. Hiring the coordinator"
    assert report.pdf(content, timezone.now()).startswith(b"%PDF")


def test_a_facilitator_enters_it_for_any_organisation_with_her_name(cast, assessment):
    chosen = f"?for={number(assessment, 'N2')}"
    assert "does North 2 have more, the same or less influence" in page(cast.south_facilitator, assessment, chosen)
    send(cast.south_facilitator, assessment, "N2", _all=("less", 0))
    row = InfluenceChange.objects.get()
    assert (row.participant.acronym, row.answer, row.name) == ("N2", "less", "Fatma South")


def test_nobody_else_speaks_for_an_organisation(cast, assessment):
    assert send(cast.south_representative, assessment, "N1", _all=("more", 0)).status_code == 403
    assert send(cast.observer, assessment, "O1", _all=("more", 0)).status_code == 403
    with pytest.raises(PermissionDenied):
        influence_change.say(assessment, roles_of(cast, "guest"), number(assessment, "S1"), {None: ("more", 0)})
    assert not InfluenceChange.objects.exists()
    assert send(cast.guest, assessment, "S2", _all=("more", 0)).status_code == 302
    assert InfluenceChange.objects.get().participant.acronym == "S2"


def test_an_answer_that_another_changed_meanwhile_is_not_overwritten(cast, assessment):
    send(cast.south_representative, assessment, "S1", _all=("more", 0))
    late = send(cast.south_facilitator, assessment, "S1", _1=("same", 0), _all=("less", 0))
    assert late.status_code == 302
    assert InfluenceChange.objects.get().answer == "more", "all of a page or none of it"
    send(cast.south_facilitator, assessment, "S1", _1=("same", 0), _all=("less", 1))
    assert dict(InfluenceChange.objects.values_list("answer", "version")) == {"less": 2, "same": 1}
    send(cast.south_facilitator, assessment, "S1", _all=("less", 0))
    assert InfluenceChange.objects.get(answer="less").version == 2, "the same again is no conflict, and no version"


def test_nonsense_is_left_out(cast, assessment):
    send(cast.south_representative, assessment, "S1", _all=("much", 0), _77=("more", 0), _3=("more", 0))
    assert not InfluenceChange.objects.exists(), "the third decision is new, so nobody can compare it"


def test_who_was_not_there_last_time_is_not_asked(cast, assessment):
    late = number(assessment, "LATE")
    assert "Late Comers" not in page(cast.observer, assessment).split('id="said"')[1]
    with pytest.raises(PermissionDenied):
        influence_change.say(assessment, roles_of(cast, "south_facilitator"), late, {None: ("more", 0)})


def test_it_is_said_in_the_session_and_stands_afterwards(cast, assessment):
    send(cast.south_representative, assessment, "S1", _all=("more", 0))
    making.step(cast, assessment, "read_back")
    with pytest.raises(Refused):
        influence_change.say(assessment, roles_of(cast, "guest"), number(assessment, "S2"), {None: ("more", 0)})
    assert "more influence" in page(cast.guest, assessment)
    assert "does South 2 have more, the same or less influence" not in page(cast.guest, assessment)
    with pytest.raises(IntegrityError, match="joint session only"), transaction.atomic():
        InfluenceChange.objects.update(answer="less", version=2)


@pytest.mark.parametrize(
    ("acronym", "decision", "version", "rule"),
    [
        ("LATE", None, 1, "no last time"),
        ("S2", 3, 1, "decision has no last time"),
        ("S2", None, 2, "versions follow"),
        ("S1", None, 1, "said_since_once"),
    ],
)
def test_the_database_holds_the_rules(cast, assessment, acronym, decision, version, rule):
    one = assessment.participants.get(acronym="S1")
    InfluenceChange.objects.create(participant=one, answer="more", name="Sara")
    about = assessment.decisions.get(number=decision) if decision else None
    row = InfluenceChange(
        participant=assessment.participants.get(acronym=acronym),
        decision=about,
        answer="more",
        name="S",
        version=version,
    )
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        row.save()


def test_without_an_assessment_before_nothing_is_asked(cast):
    alone = making.in_session(cast)
    assert "since-all" not in page(cast.south_representative, alone)
    with pytest.raises(Refused):
        influence_change.say(alone, roles_of(cast, "south_representative"), 3, {None: ("more", 0)})


def test_the_next_assessment_begins_with_what_became_of_last_times_actions(cast):
    before = earlier(cast)
    fields = {"owner": before.participants.get(acronym="N1"), "confirmer": None, "due": timezone.localdate()}
    plan = {"text": "Share the draft budget", **fields}
    planned_actions.plan(before, roles_of(cast, "north_facilitator"), before.decisions.first(), **plan)
    fields = {"title": "Midterm", "predecessor": before}
    after = opening.create_assessment(cast.partnership, cast.north_facilitator, **fields)
    overview = reverse("assessments:overview", args=[after.code])
    text = as_(cast.observer).get(overview).content.decode()
    assert "What happened to the actions from the last assessment?" in text
    assert "Share the draft budget" in text
    assert "North 1 · planned" in text
    Assessment.objects.filter(pk=before.pk).update(partnership=cast.other_partnership)
    assert "Share the draft budget" not in as_(cast.observer).get(overview).content.decode()


def test_the_mail_on_closing_leads_to_the_report(cast):
    done = making.closed(cast)
    told = Notification.objects.get(kind="assessments.closed", recipient=cast.observer)
    assert told.url == reverse("assessments:report", args=[done.code])
    assert "You can read, print or download the report here:" in notifications.render_notification(told)[1]
