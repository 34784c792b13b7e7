"""What the locks of an assessment hold back, asked over a second connection."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction

from assessments.models import Assessment
from assessments.workflow.locking import (
    lock_assessment,
    lock_assessments,
    lock_if_there,
    lock_with_memberships,
    share_open_rating,
)
from partnerships.services import Refused
from tests.assessments import making

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other():
    """Return a second connection to the same database."""
    second = connection.copy()
    yield second
    second.close()


def is_free(other, table: str, pk: int, strength: str = "NO KEY UPDATE") -> bool:
    try:
        with other.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR {strength} NOWAIT", [pk])  # noqa: S608
    except OperationalError:
        return False
    return True


@pytest.mark.parametrize(("lock", "people_free"), [(lock_assessment, True), (lock_with_memberships, False)])
def test_a_lock_holds_the_assessment_and_people_where_asked(cast, other, lock, people_free):
    assessment = making.make_assessment(cast)
    with transaction.atomic():
        assert lock(assessment).partnership == cast.partnership
        assert not is_free(other, "assessments_assessment", assessment.pk)
        assert is_free(other, "partnerships_partnership", cast.partnership.pk) == people_free
    assert is_free(other, "assessments_assessment", assessment.pk)


def test_people_answer_at_the_same_time_and_closing_waits(cast, other):
    assessment = making.rating(cast)
    with transaction.atomic():
        assert share_open_rating(assessment) == assessment.mode
        assert is_free(other, "assessments_assessment", assessment.pk, "SHARE")
        assert not is_free(other, "assessments_assessment", assessment.pk)


def test_a_deleted_assessment_is_refused(cast):
    assessment = making.make_assessment(cast)
    with transaction.atomic():
        assert lock_assessment(assessment)
    Assessment.objects.filter(pk=assessment.pk).delete()
    with transaction.atomic(), pytest.raises(Refused, match="deleted"):
        lock_assessment(assessment)


def test_several_are_locked_and_deleted_ones_left_out(cast, other):
    first, second = making.make_assessment(cast), making.make_assessment(cast)
    with transaction.atomic():
        assert lock_assessments([second.pk, first.pk]) == [first, second]
        assert not is_free(other, "assessments_assessment", second.pk)
    gone = second.pk
    second.delete()
    with transaction.atomic():
        assert lock_assessments([gone, first.pk]) == [first]
        assert lock_if_there(gone) is None


def assessment_locks(source: str) -> list[int]:
    """Return the lines that lock rows of assessments, also by a variable of the same module."""
    tree = ast.parse(source)
    values = {
        target.id: ast.unparse(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    locked = [
        (node.lineno, ast.unparse(node.value))
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "select_for_update"
    ]
    return [line for line, rows in locked if _of_assessments(rows) or _of_assessments(values.get(rows, ""))]


def _of_assessments(rows: str) -> bool:
    model_or_manager = rows.split("(")[0].removesuffix(".filter").removesuffix(".exclude")
    return model_or_manager.startswith("Assessment.objects") or model_or_manager.endswith(".assessments")


@pytest.mark.parametrize("app", ["assessments", "community", "partnerships", "powertool"])
def test_only_locking_locks_an_assessment(app):
    files = set(Path(settings.BASE_DIR / app).rglob("*.py")) - {settings.BASE_DIR / "assessments/workflow/locking.py"}
    assert [f"{path}:{line}" for path in sorted(files) for line in assessment_locks(path.read_text())] == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("Assessment.objects.select_for_update(no_key=True).get(pk=1)", [1]),
        ("partnership.assessments.filter(pk=1).select_for_update(no_key=True)", [1]),
        ("rows = Assessment.objects.filter(pk=1)\nlist(rows.select_for_update(no_key=True))", [2]),
        ("Decision.objects.select_for_update(no_key=True).get(assessment=1)", []),
    ],
)
def test_the_search_finds_locks_of_assessments(source, lines):
    assert assessment_locks(source) == lines
