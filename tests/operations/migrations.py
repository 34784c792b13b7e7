"""Refuses migrations that break the code of the version before, which still serves while they run; `make lint` asks.

Expand, migrate, contract: add what is new with a default in the database, stop using what is old, and remove it in a
later version. Rules on rows are not looked at here: the test of an upgrade meets them.
"""

import os
import re
import sys
from collections.abc import Iterator

import django
from django.db.migrations import operations as ops
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED, Field, ManyToManyField

from partnerships.grouped_operations import Together

# The newest migrations that no installation has run without: older ones are free.
FIRST = {"partnerships": 1, "assessments": 1, "community": 1}
# What a version breaks knowingly: "app.migration": why that harms nobody.
ALLOWED: dict[str, str] = {}
GONE = (ops.RemoveField, ops.DeleteModel, ops.RenameField, ops.RenameModel, ops.AlterModelTable)
GONE_IN_SQL = re.compile(r"\b(DROP\s+(TABLE|COLUMN|VIEW)|RENAME\s+(TO|COLUMN)|ALTER\s+TABLE.*\bTYPE\b)", re.IGNORECASE)


def breaking(migration: Migration, state: ProjectState) -> Iterator[str]:
    """Say what in a migration the code before cannot live with; `state` is what stands before it, and is changed."""
    for operation in migration.operations:
        for one in in_database(operation):
            if reason := refusal(one, state, migration.app_label):
                yield f"{migration.app_label}.{migration.name}: {reason}"
        operation.state_forwards(migration.app_label, state)


def in_database(operation: ops.base.Operation) -> list[ops.base.Operation]:
    if isinstance(operation, ops.SeparateDatabaseAndState):
        return list(operation.database_operations)
    if isinstance(operation, Together):
        return list(operation.operations)
    return [operation]


def refusal(operation: ops.base.Operation, state: ProjectState, app: str) -> str:
    """Return why the code before could not go on, or nothing."""
    if isinstance(operation, GONE):
        return f"{operation.describe()}: stop using it in one version, remove it in a later one"
    if isinstance(operation, ops.RunSQL):
        found = GONE_IN_SQL.search(str(operation.sql))
        return f"“{found.group(0)}”: remove or rename nothing that the code before may use" if found else ""
    if isinstance(operation, ops.AddField) and not isinstance(operation.field, ManyToManyField):
        return "" if can_be_left_out(operation.field) else f"{operation.describe()}: give it a db_default, or null=True"
    if isinstance(operation, ops.AlterField):
        held = state.models[app, operation.model_name_lower].fields[operation.name]
        return f"{operation.describe()}: it gets narrower" if narrower(held, operation.field) else ""
    return ""


def can_be_left_out(field: Field) -> bool:
    """Say whether a row can be written without this column; the database fills a generated one."""
    return field.null or field.generated or field.db_default is not NOT_PROVIDED


def narrower(held: Field, wanted: Field) -> bool:
    """Say whether a column takes less than before: not NULL any more, another type, a shorter text."""
    if held.null and not wanted.null:
        return True
    if held.get_internal_type() != wanted.get_internal_type():
        return True
    if not held.null and held.db_default is not NOT_PROVIDED and wanted.db_default is NOT_PROVIDED:
        return True
    lengths = (getattr(held, "max_length", None), getattr(wanted, "max_length", None))
    return None not in lengths and lengths[1] < lengths[0] and held.get_internal_type() == "CharField"


def faults(first: dict[str, int], allowed: dict[str, str]) -> list[str]:
    """Return what is wrong with the migrations of the site that came after the first version."""
    loader, found = MigrationLoader(None), []
    plan = [key for leaf in loader.graph.leaf_nodes() for key in loader.graph.forwards_plan(leaf)]
    state = ProjectState(real_apps=loader.unmigrated_apps)
    for app, name in dict.fromkeys(plan):
        migration = loader.graph.nodes[app, name]
        told = list(breaking(migration, state))
        if app in first and int(name[:4]) > first[app] and f"{app}.{name}" not in allowed:
            found += told
    return found + [
        f"{name}: no such migration" for name in allowed if tuple(name.split(".")) not in loader.graph.nodes
    ]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "powertool.settings")
    django.setup()
    found = faults(FIRST, ALLOWED)
    sys.exit("\n".join(found) if found else None)


if __name__ == "__main__":
    main()
