"""Caucus mode: one open answer per side, whose it is, what the database refuses, and what leaves at the end."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments import evidence, report
from assessments.models import Mode, Release
from assessments.models.caucus import CaucusAgreement, CaucusLevel
from assessments.models.private import PrivateAgreement, Rater, Rating
from assessments.results import presenters
from assessments.results.release import make_release
from assessments.results.reporting.content import content_of
from assessments.results.reporting.files import moment_of
from assessments.services.caucus import side_sheet
from assessments.services.caucus.side_sheet import Answer
from assessments.services.rating import private_answers, reminders
from partnerships.access import member_roles_of
from partnerships.models import Notification
from partnerships.services import Refused
from tests.assessments.making import in_mode, mutation, rating, step
from tests.assessments.pages import as_
from tests.factories import membership
from tests.security import what_others_see

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment(cast):
    return rating(cast, mode_wanted=Mode.CAUCUS)


def answer_whole(assessment, membership, level=lambda number, participant: 2, agree=True):
    """Answer every decision for the side of a representative."""
    for decision in assessment.decisions.active():
        side = assessment.participants.get(partner=membership.partner_id).side
        held = side_sheet.sheet(decision, side)
        answers = [
            Answer(
                one.number, held.levels.get(one.number, side_sheet.SideAnswer()).version, level(decision.number, one)
            )
            for one in assessment.participants.all()
        ]
        assert not side_sheet.save(assessment, membership, decision.number, [*answers, Answer(None, 0, agree)])


def north(cast):
    return cast.membership(cast.north_representative)


def south(cast):
    return cast.membership(cast.south_representative)


@pytest.mark.parametrize(
    ("mode", "named"),
    [
        ("caucus", "Caucus: one open answer per side"),
        ("by_side", "By side"),
        ("named", "Named"),
        ("all_together", "All together"),
    ],
)
def test_the_overview_names_the_setting_as_the_settings_do(cast, assessment, mode, named):
    in_mode(assessment, mode)
    overview = as_(cast.observer).get(assessment.get_absolute_url()).content.decode()
    assert re.search(rf"<dt>Who sees what</dt>\s*<dd>\s*{named}\s*</dd>", overview)


def test_all_representatives_of_a_side_write_on_one_sheet(cast, assessment):
    side_sheet.save(assessment, south(cast), 1, [Answer(1, 0, 4)])
    side_sheet.save(assessment, cast.membership(cast.guest), 1, [Answer(2, 0, 1)])
    decision = assessment.decisions.get(number=1)
    assert {n: held.value for n, held in side_sheet.sheet(decision, "south").levels.items()} == {1: 4, 2: 1}
    assert side_sheet.sheet(decision, "north").levels == {}


def test_a_cell_that_changed_meanwhile_is_not_overwritten_and_both_are_shown(cast, assessment):
    side_sheet.save(assessment, south(cast), 1, [Answer(1, 0, 4), Answer(None, 0, True)])
    (cell, agreement) = side_sheet.save(
        assessment, cast.membership(cast.guest), 1, [Answer(1, 0, 2), Answer(None, 0, False)]
    )
    assert (cell.wanted, agreement.wanted) == (2, False)
    sheet = side_sheet.sheet(assessment.decisions.get(number=1), "south")
    assert (sheet.levels[1].value, sheet.agreement.value) == (4, True)
    assert side_sheet.save(assessment, cast.membership(cast.guest), 1, [Answer(1, 1, 2), Answer(None, 1, False)]) == []


def test_two_who_say_the_same_have_no_conflict(cast, assessment):
    side_sheet.save(assessment, south(cast), 1, [Answer(1, 0, 4)])
    assert side_sheet.save(assessment, cast.membership(cast.guest), 1, [Answer(1, 0, 4)]) == []
    assert side_sheet.sheet(assessment.decisions.get(number=1), "south").levels[1].version == 1


def test_nobody_is_named_on_a_sheet_and_the_activity_log_says_nothing(cast, assessment):
    before = cast.partnership.activity_log.count()
    answer_whole(assessment, south(cast))
    assert cast.partnership.activity_log.count() == before
    for model in (CaucusLevel, CaucusAgreement):
        related = {field.related_model.__name__ for field in model._meta.get_fields() if field.related_model}
        assert related <= {"Decision", "Participant"}
        kinds = {field.get_internal_type() for field in model._meta.fields}
        assert not kinds & {"DateTimeField", "JSONField"}


def test_we_do_not_know_is_an_answer_but_no_level(cast, assessment):
    answer_whole(assessment, south(cast), level=lambda number, one: None, agree=None)
    assert side_sheet.complete(assessment, "south") == {1, 2}
    step(cast, assessment, "close_rating")
    assessment.refresh_from_db()
    assert make_release(assessment).data["assessment"]["south"] is None


def test_the_database_refuses_private_answers_in_caucus_mode(cast, assessment):
    own = {"membership": south(cast), "participant": assessment.participants.get(partner=south(cast).partner)}
    with pytest.raises(IntegrityError, match="alone"), transaction.atomic():
        Rater.objects.create(assessment=assessment, **own)
    other = rating(cast, title="By side")
    rater = Rater.objects.create(
        assessment=other, membership=south(cast), participant=other.participants.get(partner=south(cast).partner)
    )
    common = {"rater": rater, "mutation_id": mutation().mutation_id, "answered_at": mutation().answered_at}
    decision, there = assessment.decisions.get(number=1), other.decisions.get(number=1)
    for model, more in ((Rating, {"participant": own["participant"], "level": 1}), (PrivateAgreement, {"agree": True})):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(decision=decision, **common, **more)
    Rating.objects.create(decision=there, **common, participant=other.participants.first(), level=1)


def test_the_database_refuses_side_answers_in_other_modes_and_after_closing(cast, assessment):
    other = rating(cast, title="By side")

    def level(where):
        return {"decision": where.decisions.first(), "side": "south", "participant": where.participants.first()}

    with pytest.raises(IntegrityError, match="caucus mode only"), transaction.atomic():
        CaucusLevel.objects.create(**level(other), level=1)
    with pytest.raises(IntegrityError, match="different assessments"), transaction.atomic():
        CaucusLevel.objects.create(**(level(assessment) | {"participant": other.participants.first()}), level=1)
    row = CaucusLevel.objects.create(**level(assessment), level=1)
    step(cast, assessment, "close_rating")
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        CaucusLevel.objects.filter(pk=row.pk).update(level=2)


def test_a_side_on_which_nobody_stands_has_no_answer(cast):
    cast.partners["o1"].memberships.all().delete()
    cast.partners["o1"].delete()
    assessment = rating(cast, mode_wanted=Mode.CAUCUS)
    cell = {"decision": assessment.decisions.first(), "participant": assessment.participants.first(), "level": 1}
    with pytest.raises(IntegrityError, match="nobody stands"), transaction.atomic():
        CaucusLevel.objects.create(side="other", **cell)
    CaucusLevel.objects.create(side="south", **cell)


def test_nobody_answers_alone_and_says_so(cast, assessment):
    with pytest.raises(Refused, match="one open answer"):
        private_answers.save_level(assessment, south(cast), 1, 1, 2, mutation())
    with pytest.raises(Refused, match="cannot answer now"):
        side_sheet.save(rating(cast, title="By side"), south(cast), 1, [Answer(1, 0, 2)])


def test_going_back_deletes_the_answers_of_sides(cast, assessment):
    side_sheet.save(assessment, south(cast), 1, [Answer(1, 0, 4)])
    step(cast, step(cast, assessment, "reopen_decisions"), "open_rating")
    assert side_sheet.sheet(assessment.decisions.get(number=1), "south").levels == {}


def test_the_release_is_open_and_complete_once_rating_closes(cast, assessment):
    answer_whole(assessment, north(cast), level=lambda number, one: {"north": 4}.get(one.side, 2))
    answer_whole(assessment, south(cast), level=lambda number, one: {"north": 4}.get(one.side, 0), agree=False)
    assert not Release.objects.exists()
    assessment = step(cast, assessment, "close_rating")
    release = make_release(assessment)
    assert (release.mode, release.agreements, release.basis) == ("caucus", [], {})
    assert release.data["assessment"] == {"north": 2.0, "south": 4.0, "other": None, "difference": -2.0}
    assert {row["south"] for row in release.data["agreements"]} == {False}
    assert make_release(assessment).pk == release.pk
    with pytest.raises(Refused):
        side_sheet.save(assessment, south(cast), 1, [Answer(1, 1, 2)])


def test_a_caucus_is_no_private_perception_in_the_evidence_base(cast, assessment):
    answer_whole(assessment, north(cast), level=lambda number, one: {"north": 4}.get(one.side, 2))
    release = make_release(step(cast, assessment, "close_rating"))
    assert release.data["assessment"]["north"] is not None
    assert dict(evidence._released([assessment.pk])) == {}
    assert presenters.perception(presenters.results_of(assessment)) is None


def test_the_side_is_that_of_the_organisation_a_person_represents(cast, assessment):
    for person, side in ((cast.north_representative, "north"), (cast.guest, "south"), (cast.south_facilitator, None)):
        assert side_sheet.side_of(assessment, member_roles_of(person, cast.partnership)) == side


def test_reminders_go_to_all_representatives_whichever_side_is_done(cast, assessment):
    answer_whole(assessment, south(cast))
    assert reminders.remind(assessment, member_roles_of(cast.north_facilitator, cast.partnership))
    told = Notification.objects.filter(kind="assessments.caucus_reminder").values_list("recipient", flat=True)
    assert set(told) == {cast.north_representative.pk, cast.south_representative.pk, cast.guest.pk}


# The pages


def url(assessment, name="caucus", *args) -> str:
    return reverse(f"assessments:{name}", args=[assessment.code, *args])


def post(person, assessment, fragment=False, **data):
    headers = {"HX-Request": "true"} if fragment else {}
    return as_(person).post(url(assessment, "caucus-decision", 1), data, headers=headers)


def test_each_side_sees_its_own_sheet_and_others_not_how_far_it_is(cast, assessment):
    side_sheet.save(assessment, south(cast), 1, [Answer(1, 0, 4)])
    page = url(assessment, "caucus-decision", 1)
    own = as_(cast.guest).get(page).content.decode()
    assert re.search(r'id="c-p1-4" value="4" checked', own)
    assert " checked" not in as_(cast.north_representative).get(page).content.decode()
    for person in (cast.south_facilitator, cast.north_facilitator, cast.observer):
        assert as_(person).get(page).status_code == 403
        before = what_others_see.shown(as_(person).get(url(assessment)))
        assert b"Rating is open." in before[2]
        answer_whole(assessment, south(cast))
        assert what_others_see.shown(as_(person).get(url(assessment))) == before


def test_nobody_is_named_on_the_page_of_a_side(cast, assessment):
    side_sheet.save(assessment, south(cast), 1, [Answer(1, 0, 4)])
    page = as_(cast.guest).get(url(assessment, "caucus-decision", 1), headers={"HX-Request": "true"}).content.decode()
    assert cast.south_representative.name not in page
    assert "South 1" in page


def test_a_change_is_saved_and_the_next_decision_comes(cast, assessment):
    response = post(cast.south_representative, assessment, **{"seen-p1": "0:", "choice-p1": "3"})
    assert response.url == url(assessment, "caucus-decision", 2)
    assert side_sheet.sheet(assessment.decisions.get(number=1), "south").levels[1].value == 3


def test_a_conflict_shows_both_and_the_person_chooses(cast, assessment):
    post(cast.south_representative, assessment, **{"seen-p1": "0:", "choice-p1": "3"})
    page = post(cast.guest, assessment, fragment=True, **{"seen-p1": "0:", "choice-p1": "1"}).content.decode()
    assert 'name="mine-p1" value="1"' in page
    assert 'name="seen-p1" value="1:3"' in page
    asked = {"seen-p1": "1:3", "mine-p1": "1", "choice-p1": "3"}
    kept = post(cast.guest, assessment, fragment=True, **asked, keep="p1").content.decode()
    assert "mine-p1" not in kept
    post(cast.guest, assessment, **asked, use="p1")
    assert side_sheet.sheet(assessment.decisions.get(number=1), "south").levels[1].value == 1


def test_the_poll_answers_204_until_the_side_changes_something(cast, assessment):
    page = as_(cast.guest).get(url(assessment, "caucus-decision", 1)).content.decode()
    version = re.search(r'data-v="([^"]+)"', page)[1]
    state = f"{url(assessment, 'caucus-state')}?v={version}&number=1"
    side_sheet.save(assessment, north(cast), 1, [Answer(1, 0, 4)])
    assert as_(cast.guest).get(state).status_code == 204
    side_sheet.save(assessment, south(cast), 1, [Answer(1, 0, 4)])
    assert b"session-region" in as_(cast.guest).get(state).content
    step(cast, assessment, "close_rating")
    assert b"See what each side answered" in as_(cast.guest).get(state).content


def test_a_side_of_one_organisation_is_told_that_its_answer_is_its_own(cast, assessment):
    membership(cast.partnership, "representative", cast.partners["o1"], user__name="Olu Other")
    (olu,) = [one.user for one in cast.partnership.memberships.all() if one.user.name == "Olu Other"]
    words = "so that organisation's answer is also the side's answer"
    assert words in as_(olu).get(url(assessment)).content.decode()
    assert words not in as_(cast.guest).get(url(assessment)).content.decode()


def test_what_belongs_to_answering_alone_leads_to_the_sheet_of_the_side(cast, assessment):
    for name in ("rate", "rate-review", "my-answers"):
        assert as_(cast.guest).get(url(assessment, name)).url == url(assessment)
    answer = as_(cast.guest).post(url(assessment, "rate-answer"), "{}", content_type="application/json")
    assert answer.status_code == 409


def released(cast, assessment):
    answer_whole(assessment, north(cast), level=lambda number, one: {"north": 4}.get(one.side, 2))
    answer_whole(assessment, south(cast), level=lambda number, one: {"north": 4}.get(one.side, 0), agree=False)
    assessment = step(cast, assessment, "close_rating")
    make_release(assessment)
    return assessment


def test_all_members_see_the_same_of_the_sides_once_they_are_closed(cast, assessment):
    assessment = released(cast, assessment)
    for person in (cast.guest, cast.north_representative, cast.north_facilitator, cast.observer):
        page = as_(person).get(url(assessment, "dashboard")).content.decode()
        assert "Both sides see Southern partners higher" not in page
        assert "North 4.0 levels higher" in page
        assert "North 2.0 levels higher" in page
        assert "Not shown, to protect answers." not in page
        assert "does not agree" in page
        partners = assessment.participants.all()
        assert all(f"<b>{one.acronym}</b> <bdi>{one.name}</bdi>" in page for one in partners)


def test_the_session_shows_each_sides_level_beside_the_one_to_agree_on(cast, assessment):
    assessment = released(cast, assessment)
    for person in (cast.north_facilitator, cast.guest):
        talk, page = (
            as_(person).get(url(assessment, "session-decision", 1), {"moment": moment}).content.decode()
            for moment in ("talk", "level")
        )
        assert "What each side answered" in talk
        assert '<span class="side side-south">South</span> 0' in page
        assert "Private answers:" not in page


def test_the_report_has_the_sides_answers_on_the_page_and_in_the_pdf(cast, assessment):
    assessment = released(cast, assessment)
    page = as_(cast.observer).get(url(assessment, "report")).content.decode()
    assert "All levels according to Southern partners" in page
    assert "Each side&#x27;s answer" in page
    content = content_of(assessment)
    assert [row["views"] for row in content["caucus"]["rows"]] == [
        ["North 2.0 levels higher", "North 4.0 levels higher", "no answer"]
    ] * 2
    assert report.pdf(content, moment_of(assessment)).startswith(b"%PDF")
