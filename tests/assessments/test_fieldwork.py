"""Answers from Kobo and ODK: tied to a membership by its code, known by their instance, and the newest wins."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.fieldwork import kobo
from assessments.fieldwork.questions import questions_of
from assessments.models import Assessment
from assessments.models.private import AnswerEvent, Rater, Rating, Submission
from assessments.results import frames
from assessments.services.rating import fieldwork, private_answers
from assessments.services.rating.fieldwork import FormState
from partnerships.models import ActivityLogEntry, Notification
from partnerships.services import Refused
from tests.assessments.fieldworking import as_csv, as_xlsx, everywhere, row
from tests.assessments.making import mutation, rating, step

pytestmark = pytest.mark.django_db


def forms(assessment, *rows):
    exported = kobo.parse_export(as_csv(*rows), questions_of(assessment))
    assert exported.problems == []
    return exported.forms


def bring_in(cast, assessment, *rows):
    return fieldwork.bring_in(assessment, cast.north_facilitator, forms(assessment, *rows))


def states(assessment, *rows):
    return [one.state for one in fieldwork.outcomes_of(assessment, forms(assessment, *rows))]


def ago(**delta) -> str:
    return (timezone.now() - timedelta(**delta)).isoformat()


# --- into the same assessment as the web answers


def test_a_form_lands_where_the_web_answers_are(cast, assessment, own):
    private_answers.save_level(assessment, own, 1, 1, 0, mutation(ago=timedelta(days=2)))
    said = {"d1/d1_agree": "no", "d1/d1_use": "group", "d1/d1_reason": "Budgets come late."}
    bring_in(
        cast, assessment, row(assessment, own, {(1, 1): "4", (1, 2): "none", (2, 3): "0"}, end=ago(hours=1), **said)
    )
    rater = Rater.objects.get()
    assert rater.membership == own
    levels = {(one.decision.number, one.participant.number): one.level for one in rater.ratings.all()}
    assert levels == {(1, 1): 4, (1, 2): None, (2, 3): 0}
    agreement = rater.agreements.get()
    assert (agreement.agree, agreement.reason_use, agreement.reason) == (False, "group", "Budgets come late.")


def test_what_is_not_answered_is_missing_and_never_0(cast, assessment, own):
    bring_in(cast, assessment, row(assessment, own, {(1, 1): "0", (1, 2): ""}, hand_in="yes"))
    given = frames.ratings(assessment).set_index(["decision", "partner"])["level"]
    assert given[1, 1] == 0
    assert given.isna().sum() == len(given) - 1


def test_a_form_counts_once_it_says_that_it_is_handed_in(cast, assessment, own):
    bring_in(cast, assessment, row(assessment, own))
    assert not frames.handed_in(assessment).exists()
    bring_in(cast, assessment, row(assessment, own, {(1, 2): "2"}, hand_in="yes"))
    assert frames.handed_in(assessment).get().membership == own


def test_a_membership_that_waits_or_was_taken_back_is_nobody(cast, assessment, own):
    code = row(assessment, own)
    assert states(assessment, code) == [FormState.NEW]
    with connection.cursor() as cursor:  # as if she left, which others cannot bring about while rating is open
        cursor.execute("SELECT set_config('powertool.leaves', %s, true)", [str(own.pk)])
    for gone in ({"admitted_at": None}, {"voided_at": timezone.now()}):
        type(own).objects.filter(pk=own.pk).update(admitted_at=timezone.now(), voided_at=None)
        type(own).objects.filter(pk=own.pk).update(**gone)
        assert states(assessment, code) == [FormState.FOREIGN]
        assert bring_in(cast, assessment, code) == {FormState.FOREIGN: 1}
    assert not Rating.objects.exists()


def test_a_facilitators_membership_has_no_code(cast, assessment):
    assert states(assessment, row(assessment, cast.membership(cast.north_facilitator))) == [FormState.FOREIGN]


def test_a_code_is_read_in_any_case_and_with_look_alikes(assessment, own):
    one = row(assessment, own)
    typed = one["answer_code"].upper().replace("0", "O").replace("1", "I").replace("-", " ")
    assert states(assessment, one | {"answer_code": typed}) == [FormState.NEW]


def test_a_code_is_good_for_one_membership_in_one_assessment(cast, assessment, own):
    other = rating(cast)
    codes = {fieldwork.code_of(a, s) for a in (assessment, other) for s in (own, cast.membership(cast.guest))}
    assert len(codes) == 4
    assert all(re.fullmatch("[a-z][0-9a-z]{4}-[0-9a-z]{5}", code) for code in codes)
    elsewhere = row(assessment, own) | {"answer_code": fieldwork.code_of(other, own)}
    assert states(assessment, elsewhere) == [FormState.FOREIGN]


def test_another_code_makes_the_old_one_nobodys(assessment, own):
    old = row(assessment, own)
    assert states(assessment, old) == [FormState.NEW]
    code = fieldwork.renew_code(assessment, own)
    assert code == fieldwork.code_of(assessment, own)
    assert states(assessment, old) == [FormState.FOREIGN]
    assert states(assessment, row(assessment, own)) == [FormState.NEW]


# --- new, changed, the same, foreign


def test_new_changed_same_and_foreign_forms_are_told_apart(cast, assessment, own):
    first, second = row(assessment, own), row(assessment, cast.membership(cast.guest))
    assert bring_in(cast, assessment, first, second) == {FormState.NEW: 2}
    changed = first | {"d1/d1_p1": "1", "end": ago(minutes=1)}
    new, foreign = row(assessment, own, {(2, 2): "4"}), row(assessment)
    assert states(assessment, changed, second, new, foreign) == [
        FormState.CHANGED,
        FormState.SAME,
        FormState.NEW,
        FormState.FOREIGN,
    ]
    counts = bring_in(cast, assessment, changed, second, new, foreign)
    assert counts == {FormState.CHANGED: 1, FormState.SAME: 1, FormState.NEW: 1, FormState.FOREIGN: 1}


def test_the_same_file_twice_changes_nothing(cast, assessment, own):
    rows = [row(assessment, own, everywhere(assessment), hand_in="yes"), row(assessment, cast.membership(cast.guest))]
    bring_in(cast, assessment, *rows)
    before = [
        list(model.objects.order_by("pk").values()) for model in (Rating, AnswerEvent, Submission, Rater, Notification)
    ]
    assert bring_in(cast, assessment, *rows) == {FormState.SAME: 2}
    after = [
        list(model.objects.order_by("pk").values()) for model in (Rating, AnswerEvent, Submission, Rater, Notification)
    ]
    assert after == before


def test_a_corrected_form_changes_what_was_corrected_only(cast, assessment, own):
    first = row(assessment, own, {(1, 1): "3", (1, 2): "3"}, end=ago(days=2))
    bring_in(cast, assessment, first)
    private_answers.save_level(assessment, own, 1, 2, 0, mutation(base_version=1, ago=timedelta(days=1)))
    bring_in(cast, assessment, first | {"d1/d1_p1": "1", "end": ago(minutes=5)})
    assert Rating.objects.get(participant__number=1).level == 1
    assert Rating.objects.get(participant__number=2).level == 0  # she changed it on the web meanwhile


def test_a_correction_that_is_corrected_back_counts(cast, assessment, own):
    first = row(assessment, own, end=ago(days=3))
    for value, days in (("3", 3), ("1", 2), ("3", 1)):
        bring_in(cast, assessment, first | {"d1/d1_p1": value, "end": ago(days=days)})
    assert Rating.objects.get().level == 3


def test_a_corrected_form_is_known_by_what_stays_the_same(cast, assessment, own):
    first = row(assessment, own, end=ago(days=1)) | {"meta/rootUuid": "uuid:6f1c1d3c-0000-4000-8000-000000000001"}
    bring_in(cast, assessment, first)
    again = first | {"_uuid": str(uuid.uuid4()), "d1/d1_p1": "0", "end": ago(hours=1)}
    assert bring_in(cast, assessment, again) == {FormState.CHANGED: 1}
    assert Submission.objects.count() == 1


def test_a_form_does_not_move_to_another_membership(cast, assessment, own):
    first = row(assessment, own)
    bring_in(cast, assessment, first)
    moved = first | {"answer_code": fieldwork.code_of(assessment, cast.membership(cast.guest)), "d1/d1_p1": "0"}
    assert states(assessment, moved) == [FormState.FOREIGN]
    assert bring_in(cast, assessment, moved) == {FormState.FOREIGN: 1}
    assert Rating.objects.get().level == 3


def test_a_form_made_for_another_list_of_decisions_is_foreign(cast, assessment, own):
    old = row(assessment, own)
    step(cast, step(cast, assessment, "reopen_decisions"), "open_rating")
    again = Assessment.objects.get(pk=assessment.pk)
    assert kobo.parse_export(as_csv(old), questions_of(again)).foreign == []  # the same decisions in the same order
    first, second = again.decisions.active()
    type(first).objects.filter(pk=first.pk).update(number=None)
    type(first).objects.filter(pk=second.pk).update(number=1)
    type(first).objects.filter(pk=first.pk).update(number=2)
    exported = kobo.parse_export(as_csv(old), questions_of(again))
    assert exported.forms == []
    assert [problem.row for problem in exported.foreign] == [2]


# --- the newest answer wins


@pytest.mark.parametrize(("level", "lost"), [("4", [(1, 1)]), ("0", [])])
def test_an_older_form_loses_against_the_web_and_she_is_told(cast, assessment, own, level, lost):
    """An older answer that says the same as the newer one is not lost."""
    private_answers.save_level(assessment, own, 1, 1, 0, mutation(ago=timedelta(hours=1)))
    bring_in(cast, assessment, row(assessment, own, {(1, 1): level, (1, 2): "4"}, end=ago(hours=2)))
    assert Rating.objects.get(participant__number=1).level == 0
    (receipt,) = fieldwork.receipts(assessment, own)
    assert (receipt.taken, [(e.decision.number, e.participant.number) for e in receipt.lost]) == (1, lost)


def test_a_newer_form_wins_against_the_web(cast, assessment, own):
    private_answers.save_level(assessment, own, 1, 1, 0, mutation(ago=timedelta(hours=3)))
    bring_in(cast, assessment, row(assessment, own, {(1, 1): "4"}, end=ago(hours=2)))
    assert Rating.objects.get().level == 4


def test_paper_that_is_typed_in_late_is_as_old_as_the_paper(cast, assessment, own):
    private_answers.save_level(assessment, own, 1, 1, 0, mutation(ago=timedelta(hours=1)))
    typed = row(assessment, own, {(1, 1): "4"}, end=ago(minutes=1))
    bring_in(cast, assessment, typed | {"given_on": (timezone.now() - timedelta(days=3)).date().isoformat()})
    assert Rating.objects.get().level == 0


def test_no_form_is_newer_than_now(cast, assessment, own):
    bring_in(cast, assessment, row(assessment, own, {(1, 1): "4"}, end=ago(days=-30)))
    private_answers.save_level(assessment, own, 1, 1, 0, mutation())
    assert Rating.objects.get().level == 0


def test_of_two_forms_of_one_person_the_newer_wins_in_whatever_order(cast, assessment, own):
    newer, older = row(assessment, own, {(1, 1): "4"}, end=ago(hours=1)), row(assessment, own, end=ago(hours=2))
    bring_in(cast, assessment, newer, older)
    assert Rating.objects.get().level == 4


def test_withdrawn_answers_do_not_come_back_by_an_import(cast, assessment, own):
    late, early = row(assessment, own, end=ago(hours=2)), row(assessment, own, {(1, 2): "2"}, end=ago(hours=3))
    bring_in(cast, assessment, late)
    private_answers.withdraw(assessment, own)
    assert bring_in(cast, assessment, late, early) == {FormState.SAME: 1, FormState.NEW: 1}
    assert not Rater.objects.exists()
    bring_in(cast, assessment, row(assessment, own, {(1, 2): "1"}, end=ago(seconds=-1)))
    assert Rating.objects.get().level == 1


# --- the tick, which lowers the protection of a side, is hers


@pytest.mark.parametrize(("web", "form", "stands"), [(False, "yes", False), (True, "no", False), (True, "yes", True)])
def test_an_import_takes_a_tick_of_the_web_back_and_never_sets_one(cast, assessment, own, web, form, stands):
    private_answers.save_level(assessment, own, 1, 1, 0, mutation())
    private_answers.hand_in(assessment, own, show_small_side=web)
    bring_in(cast, assessment, row(assessment, own, end=ago(seconds=-1), hand_in="yes", tick=form))
    assert Rater.objects.get().show_small_side is stands


def test_a_tick_on_a_form_stands_where_nothing_was_handed_in(cast, assessment, own):
    bring_in(cast, assessment, row(assessment, own, hand_in="yes", tick="yes"))
    assert Rater.objects.get().show_small_side is True


# --- who imported is named


def test_whoever_imported_is_named_after_closing_and_her_raters_are_told(cast, assessment, own):
    assert Assessment.objects.get(pk=assessment.pk).importers() == []
    bring_in(cast, assessment, row(assessment, own), row(assessment))
    fieldwork.bring_in(assessment, cast.south_facilitator, forms(assessment, row(assessment, own, {(2, 1): "1"})))
    held = Assessment.objects.get(pk=assessment.pk)
    assert held.importers() == []
    assert not ActivityLogEntry.objects.filter(verb="import_answers").exists()
    held = step(cast, held, "close_rating")
    assert held.importers() == [cast.north_facilitator, cast.south_facilitator]
    assert held.importer_names() == "Freek North and Fatma South"
    told = Notification.objects.filter(kind="assessments.answers_imported")
    assert [(n.recipient, n.context["name"]) for n in told.order_by("pk")] == [
        (cast.south_representative, "Freek North"),
        (cast.south_representative, "Fatma South"),
    ]
    named = ActivityLogEntry.objects.filter(verb="import_answers").order_by("pk")
    assert [entry.actor for entry in named] == [cast.north_facilitator, cast.south_facilitator]


def test_who_brings_in_nothing_is_not_named(cast, assessment):
    bring_in(cast, assessment, row(assessment))
    assert Assessment.objects.get(pk=assessment.pk).imported_at is None
    assert not ActivityLogEntry.objects.filter(verb="import_answers").exists()


def test_the_activity_log_and_the_notifications_hold_no_answer(cast, assessment, own):
    bring_in(cast, assessment, row(assessment, own, {(1, 1): "4"}, **{"d1/d1_use": "me", "d1/d1_reason": "Because."}))
    step(cast, Assessment.objects.get(pk=assessment.pk), "close_rating")
    kept = str(
        [
            *ActivityLogEntry.objects.values(),
            *Notification.objects.values(),
            *Submission.objects.values("digest", "instance"),
        ]
    )
    assert "Because" not in kept
    assert "Sara" not in str(list(ActivityLogEntry.objects.filter(verb="import_answers").values("about")))


# --- rules that the database holds, too


def test_an_instance_is_once_in_an_assessment_and_stays_with_its_membership(cast, assessment, own):
    bring_in(cast, assessment, row(assessment, own))
    one = Submission.objects.get()
    with pytest.raises(IntegrityError, match="submission_once_per_instance"), transaction.atomic():
        Submission.objects.create(
            assessment=assessment,
            instance=one.instance,
            membership=own,
            kind="form",
            digest="",
            answered_at=timezone.now(),
        )
    with pytest.raises(IntegrityError, match="stays with the membership"), transaction.atomic():
        Submission.objects.update(membership=cast.membership(cast.guest))
    with pytest.raises(IntegrityError, match="by a representative"), transaction.atomic():
        Submission.objects.create(
            assessment=assessment, instance="x" * 9, membership=cast.membership(cast.observer), kind="form", digest="",
            answered_at=timezone.now(),
        )  # fmt: skip


def test_nothing_is_taken_after_the_closing(cast, assessment, own):
    ready = forms(assessment, row(assessment, own))
    step(cast, assessment, "close_rating")
    with pytest.raises(Refused):
        fieldwork.bring_in(assessment, cast.north_facilitator, ready)
    assert not Submission.objects.exists()


def test_half_way_nothing_is_left(cast, assessment, own, monkeypatch):
    ready = forms(assessment, row(assessment, own), row(assessment, cast.membership(cast.guest)))

    def fail(*_args, **_kwargs):
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(fieldwork, "_tell_the_raters", fail)
        with pytest.raises(RuntimeError):
            fieldwork.bring_in(assessment, cast.north_facilitator, ready)
    assert not Rating.objects.exists()
    assert fieldwork.bring_in(assessment, cast.north_facilitator, ready) == {FormState.NEW: 2}


def test_the_statements_grow_with_the_people_not_with_their_answers(cast, assessment, own):
    def statements(*rows) -> int:
        ready = forms(assessment, *rows)
        with CaptureQueriesContext(connection) as queries:
            fieldwork.bring_in(assessment, cast.north_facilitator, ready)
        return len(queries)

    all_two = everywhere(assessment)
    statements(row(assessment, own, all_two, end=ago(minutes=3)))
    few = statements(row(assessment, own, all_two | {(1, 1): "1"}, end=ago(minutes=2)))
    assert statements(row(assessment, own, dict.fromkeys(all_two, "3"), end=ago(minutes=1))) == few


# --- reading


@pytest.mark.parametrize("written", [as_csv, as_xlsx])
def test_csv_and_xlsx_read_alike(assessment, own, written):
    one = row(assessment, own, {(1, 1): "3", (1, 2): "none"}, hand_in="yes")
    (form,) = kobo.parse_export(written(one), questions_of(assessment)).forms
    assert (form.row, form.levels, form.hand_in, form.tick) == (2, {(1, 1): 3, (1, 2): None}, True, False)


def test_an_export_of_odk_is_read(assessment, own):
    one = row(assessment, own)
    renamed = {"SubmissionDate": "2026-11-20T10:05:00.000Z", "KEY": "uuid:" + one.pop("_uuid")}
    renamed |= {name.replace("/", "-"): value for name, value in one.items() if name != "end"}
    (form,) = kobo.parse_export(as_csv(renamed | {"d1-d1_p1": "2"}), questions_of(assessment)).forms
    assert form.levels == {(1, 1): 2}
    assert form.answered_at.isoformat() == "2026-11-20T10:05:00+00:00"


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"d1/d1_p1": "5"}, "d1_p1"),
        ({"d1/d1_p1": "=1+1"}, "d1_p1"),
        ({"d1/d1_p1": "co-decides"}, "d1_p1"),
        ({"d1/d1_agree": "perhaps"}, "d1_agree"),
        ({"d1/d1_use": "press"}, "d1_use"),
        ({"d1/d1_reason": "Because."}, "d1_reason"),
        ({"d1/d1_use": "me", "d1/d1_reason": "x" * 601}, "d1_reason"),
        ({"end": "yesterday"}, "end"),
        ({"end": ""}, "end"),
        ({"given_on": "31/12/2026"}, "given_on"),
        ({"_uuid": ""}, "_uuid"),
        ({"_uuid": "'; drop table"}, "_uuid"),
        ({"hand_in": "maybe"}, "hand_in"),
    ],
)
@pytest.mark.parametrize("written", [as_csv, as_xlsx])
def test_a_mistake_is_told_with_row_and_column_and_the_other_rows_are_good(assessment, own, change, column, written):
    broken, good = row(assessment, own) | change, row(assessment, own)
    exported = kobo.parse_export(written(good, broken), questions_of(assessment))
    assert [(problem.row, problem.column) for problem in exported.problems] == [(3, column)]
    assert [form.row for form in exported.forms] == [2]


def test_the_same_form_twice_in_a_file_is_told(assessment, own):
    one = row(assessment, own)
    exported = kobo.parse_export(as_csv(one, one), questions_of(assessment))
    assert [problem.row for problem in exported.problems] == [3]


@pytest.mark.parametrize("missing", ["form_key", "answer_code", "_uuid"])
def test_an_export_without_a_column_that_is_needed_is_refused(assessment, own, missing):
    one = row(assessment, own)
    del one[missing]
    exported = kobo.parse_export(as_csv(one), questions_of(assessment))
    assert [(problem.row, problem.column) for problem in exported.problems] == [(1, missing)]


@pytest.mark.parametrize("data", [b"", b"\n", b"hello", b"\xff\xfe\x00", b'"open', b"PK\x03\x04broken", b"PK"])
def test_what_is_no_export_is_told(assessment, data):
    exported = kobo.parse_export(data, questions_of(assessment))
    assert exported.problems
    assert exported.forms == []
