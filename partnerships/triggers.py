"""Triggers of the database, declared at their models (`Meta.triggers`) and installed by migrations."""

from textwrap import dedent

import pgtrigger
from django.db.models import Model
from pgtrigger import compiler


class TriggerSql(compiler.UpsertTriggerSql):
    """The statements that install a trigger. Unlike the library's, its function obeys no session variable."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS TRIGGER LANGUAGE plpgsql AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE PROCEDURE {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class OwnersTriggerSql(TriggerSql):
    """The same, for a function that runs with the rights of the tables' owner and finds nothing but our tables."""

    def get_template(self) -> str:
        rights = "SECURITY DEFINER SET search_path = public, pg_temp"
        return super().get_template().replace("LANGUAGE plpgsql AS", f"LANGUAGE plpgsql {rights} AS")


class Trigger(pgtrigger.Trigger):
    """A rule on rows, checked before they are written. Nothing switches it off: `pgtrigger.ignore` has no effect."""

    when = pgtrigger.Before
    statements = TriggerSql

    def render_func(self, model: Model) -> str:
        """Return the body without the indentation that it has at the model, which is no part of the rule."""
        return dedent(super().render_func(model)).strip()

    def compile(self, model: Model) -> compiler.Trigger:
        """Return the trigger as migrations store it, with our statements."""
        compiled = super().compile(model)
        arguments = {key: value for key, value in compiled.sql.kwargs.items() if key != "ignore_func_name"}
        return compiler.Trigger(name=compiled.name, sql=self.statements(**arguments))


class OwnersTrigger(Trigger):
    """A rule that reads or deletes private answers, which the writer's role may not read (staff pages)."""

    statements = OwnersTriggerSql
