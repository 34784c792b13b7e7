"""What the check of migrations refuses, and what it lets through."""

import pytest
from django.core.management import CommandError
from django.db import connection, migrations, models
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState

from partnerships.grouped_operations import Together, grouped
from powertool.checks import refuse_data_of_0_1
from tests.operations.migrations import FIRST, breaking, faults


def told(operation, **fields) -> list[str]:
    """Return what is said about one operation on a table with a text of at most 80 letters, empty or not."""
    state = ProjectState()
    held = [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=80, null=True))]
    state.add_model(ModelState("shop", "Thing", [*held, ("size", models.IntegerField(db_default=0))]))
    state.add_model(ModelState("shop", "Other", [("id", models.BigAutoField(primary_key=True))]))
    migration = migrations.Migration("0002_test", "shop")
    migration.operations = [operation]
    return list(breaking(migration, state))


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("thing", "name"),
        migrations.RenameField("thing", "name", "title"),
        migrations.RenameModel("Thing", "Article"),
        migrations.DeleteModel("Thing"),
        migrations.AlterModelTable("thing", "elsewhere"),
        migrations.AddField("thing", "price", models.IntegerField(default=0)),
        migrations.AlterField("thing", "name", models.CharField(max_length=80)),
        migrations.AlterField("thing", "name", models.CharField(max_length=40, null=True)),
        migrations.AlterField("thing", "name", models.IntegerField(null=True)),
        migrations.AlterField("thing", "size", models.IntegerField(default=0)),
        migrations.RunSQL("ALTER TABLE shop_thing DROP COLUMN name"),
        migrations.RunSQL("alter table shop_thing rename to other"),
        migrations.SeparateDatabaseAndState(database_operations=[migrations.RemoveField("thing", "name")]),
        Together(migrations.RemoveField("thing", "name")),
    ],
)
def test_what_the_code_before_needs_is_not_taken_away(operation):
    (said,) = told(operation)
    assert said.startswith("shop.0002_test: ")


@pytest.mark.parametrize(
    "operation",
    [
        migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("thing", "price", models.IntegerField(default=0, db_default=0)),
        migrations.AddField("thing", "price", models.IntegerField(null=True)),
        migrations.AddField("thing", "others", models.ManyToManyField("shop.Other")),
        migrations.AlterField("thing", "name", models.CharField(max_length=160, null=True)),
        migrations.AddIndex("thing", models.Index(fields=["name"], name="thing_name")),
        migrations.RunSQL("CREATE OR REPLACE FUNCTION f() RETURNS trigger AS $$ BEGIN RETURN NEW; END $$"),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("thing", "name")]),
    ],
)
def test_what_only_adds_passes(operation):
    assert told(operation) == []


def test_the_check_reads_the_sites_own_migrations():
    assert faults(FIRST, {}) == []
    assert any("assessments.0001_baseline" in one for one in faults(FIRST | {"assessments": 0}, {}))
    assert faults(FIRST | {"assessments": 0}, {"assessments.0001_baseline": "no version before"}) == []
    assert faults(FIRST, {"assessments.9999_none": "gone"}) == ["assessments.9999_none: no such migration"]


SHOP = [
    migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))]),
    migrations.CreateModel("Thing", [("id", models.BigAutoField(primary_key=True))]),
    migrations.AddField("thing", "shelf", models.ForeignKey("shop.Shelf", models.CASCADE)),
    migrations.AddField("thing", "size", models.IntegerField(default=0)),
    migrations.AddConstraint("thing", models.CheckConstraint(condition=models.Q(size__gte=0), name="has_a_size")),
    migrations.RunSQL("ALTER TABLE shop_thing ADD note text", "ALTER TABLE shop_thing DROP note"),
    migrations.AddIndex("thing", models.Index(fields=["size"], name="thing_size")),
    migrations.AlterField("thing", "size", models.BigIntegerField(null=True)),
    migrations.AlterField("thing", "shelf", models.ForeignKey("shop.Shelf", models.CASCADE, verbose_name="where")),
]


def shop(operations) -> migrations.Migration:
    migration = migrations.Migration("0001_shop", "shop")
    migration.operations = operations
    return migration


def columns_and_constraints() -> tuple[list, dict]:
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, "shop_thing")
        return columns, connection.introspection.get_constraints(cursor, "shop_thing")


@pytest.mark.django_db
def test_grouped_operations_make_and_undo_the_same_tables():
    made = []
    for operations in (SHOP, grouped(SHOP)):
        migration = shop(operations)
        with connection.schema_editor() as editor:
            migration.apply(ProjectState(), editor)
        made.append(columns_and_constraints())
        with connection.schema_editor() as editor:
            migration.unapply(ProjectState(), editor)
        assert not {"shop_thing", "shop_shelf"} & set(connection.introspection.table_names())
    assert made[0] == made[1]


def test_runs_of_tables_changes_and_columns_are_grouped():
    sizes = [len(one.operations) if isinstance(one, Together) else 1 for one in grouped(SHOP)]
    assert sizes == [2, 3, 1, 1, 2]


def test_a_column_that_changes_twice_is_refused_in_one_group():
    once = migrations.AlterField("thing", "size", models.IntegerField(null=True))
    again = migrations.AlterField("thing", "size", models.IntegerField(unique=True))
    other = migrations.AlterField("thing", "name", models.TextField())
    assert Together(once, other).operations == (once, other)
    with pytest.raises(ValueError, match="changes twice"):
        Together(once, other, again)


@pytest.mark.django_db
def test_data_of_0_1_are_refused_in_one_line():
    refuse_data_of_0_1()
    MigrationRecorder(connection).record_applied("partnerships", "0001_first")
    with pytest.raises(CommandError, match=r"of version 0\.1, which 0\.2 cannot take over") as refusal:
        refuse_data_of_0_1()
    assert "\n" not in str(refusal.value)
