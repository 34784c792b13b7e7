"""Operations of a migration that change the migration state in one step.

Django renders every model again after each operation. A new database has 600 of them, which took half a minute.
"""

from collections.abc import Hashable, Iterable
from itertools import groupby

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    CreateModel,
    RemoveConstraint,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

CHANGES = (AddField, AddConstraint, AddIndex, AddTrigger, RemoveConstraint, RemoveTrigger)


class Together(Operation):
    """Several operations: all of them change the migration state first, then each changes the database."""

    def __init__(self, *operations: Operation) -> None:
        """Take the operations; raise ValueError where a column changes twice, which would be done twice each time."""
        columns = [(one.model_name_lower, one.name_lower) for one in operations if isinstance(one, AlterField)]
        if len(columns) > len(set(columns)):
            raise ValueError("A column changes twice in one group.")
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change the state; its models are rendered again when they are next asked for."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return ", ".join(operation.describe() for operation in self.operations)


def grouped(operations: Iterable[Operation]) -> list[Operation]:
    """Return the operations, with each run of new tables, of changes to tables and of changes to columns as one."""
    runs = [list(run) for _kind, run in groupby(operations, kind)]
    return [Together(*run) if len(run) > 1 else run[0] for run in runs]


def kind(operation: Operation) -> Hashable:
    """Return what neighbouring operations share if they can be grouped; each other operation has its own key."""
    if isinstance(operation, CHANGES):
        return "change"
    if isinstance(operation, AlterField):  # apart from what adds fields: it compares the column before and after
        return "column"
    return "new" if isinstance(operation, CreateModel) else id(operation)
