"""Each role of the database is connected as, and tries each table: staff pages cannot read a private answer."""

import re
import tomllib

import pytest
from django.apps import apps
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import Error, ProgrammingError, connection, transaction
from django.urls import reverse

from assessments.models.private import Rating
from partnerships.models import Partnership
from partnerships.privacy import Reader
from powertool import database_roles, local, staff
from powertool.privacy.personal_data import PERSONAL_FIELDS
from tests.assessments.making import answer_all, rating
from tests.security import secondstep

pytestmark = pytest.mark.django_db
EVERY = ("SELECT 1 FROM {} LIMIT 1", "DELETE FROM {} WHERE false")


def may(role: str, statement: str, table: str) -> bool:
    """Say whether a role may do this to a table."""
    try:
        with transaction.atomic():
            database_roles.execute("SET LOCAL ROLE {}", role)
            database_roles.execute(statement, table)
            database_roles.execute("RESET ROLE")
    except ProgrammingError:
        return False
    return True


def tables() -> set[str]:
    return {model._meta.db_table for model in apps.get_models(include_auto_created=True)}


@pytest.mark.parametrize("statement", EVERY)
def test_staff_reach_every_table_but_those_of_private_answers(statement):
    refused = {table for table in tables() if not may(database_roles.STAFF, statement, table)}
    assert refused == database_roles.private_tables()
    assert {"assessments_rating", "assessments_privateagreement", "assessments_concern"} < refused
    assert not may(database_roles.STAFF, statement, "django_migrations")


# No pages show these to others either, but they hold no private answer. A new model belongs here or in the list.
OPEN = {
    *("partnerships.User", "partnerships.GuestKey", "partnerships.ApiToken", "sessions.Session", "mfa.Authenticator"),
    *("account.EmailAddress", "account.EmailConfirmation", "socialaccount.SocialAccount", "usersessions.UserSession"),
    *("partnerships.Notification", "community.DigestLine", "community.MailChoice", "community.Mention"),
    *("community.SideConfirmation", "partnerships.Impersonation"),
    *("assessments.SideWord", "assessments.Decision", "assessments.PrivateBallot", "assessments.Accepted"),
}


def closed_by_contract() -> set[str]:
    """Return the tables of the modules that only the services of private answers may import."""
    contracts = tomllib.loads((configured.BASE_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    modules = {module for one in contracts for module in one.get("protected_modules", ())}
    return {model._meta.db_table for model in apps.get_models() if model.__module__ in modules}


def test_a_model_that_nobody_else_reads_is_private_or_listed():
    readers = {Reader.SELF, Reader.RELEASED, Reader.PROGRAM, Reader.TRUSTED}
    unread = {entry.model for entry in PERSONAL_FIELDS if entry.reader in readers}
    closed = {model for model in unread if apps.get_model(model)._meta.db_table in database_roles.private_tables()}
    assert unread - closed == OPEN
    assert closed_by_contract() <= database_roles.private_tables()


@pytest.mark.parametrize("statement", EVERY)
def test_the_site_reaches_every_table_and_owns_none(statement):
    assert {table for table in tables() if not may(local.SITE, statement, table)} == set()
    assert not may(local.SITE, "ALTER TABLE {} ADD COLUMN more integer", "partnerships_user")
    assert not may(local.SITE, "TRUNCATE {}", "partnerships_user")
    assert may(local.OWNER, "ALTER TABLE {} ADD COLUMN more integer", "partnerships_user")


def test_staff_cannot_sign_in_to_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolcanlogin, rolsuper FROM pg_roles WHERE rolname ~ '^powertool_'")
        assert set(cursor.fetchall()) == {(database_roles.STAFF, False, False), (local.SITE, True, False)}


def test_rules_that_read_private_answers_run_as_the_owner():
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT p.proname, t.tgrelid::regclass::text, p.prosrc, p.prosecdef, p.proconfig
                FROM pg_proc p JOIN pg_trigger t ON t.tgfoid = p.oid WHERE NOT t.tgisinternal""")
        rows = cursor.fetchall()
    private = database_roles.private_tables()
    reads = re.compile(rf"\b({'|'.join(private)})\b")
    needed = {name for name, table, source, *_more in rows if table not in private and reads.search(source)}
    owners = {name for name, _table, _source, definer, path in rows if definer and path}
    assert needed == owners
    assert len(needed) == 6


def test_the_owner_connects_just_as_its_address_says(monkeypatch, settings):
    before = dict(connection.settings_dict)
    owner = {"USER": "owner", "PASSWORD": "p", "HOST": "h", "PORT": 1, "NAME": "n", "OPTIONS": {"sslmode": "require"}}
    settings.OWNER_DATABASE = owner
    monkeypatch.setattr(connection, "close", lambda: None)  # nothing is asked of it
    with database_roles.as_owner():
        assert connection.settings_dict == before | owner
    assert connection.settings_dict == before


def test_roles_are_laid_again_without_a_change():
    call_command("roles", verbosity=0)
    database_roles.execute("GRANT SELECT ON {} TO {}", "assessments_rating", database_roles.STAFF)
    assert may(database_roles.STAFF, EVERY[0], "assessments_rating")
    call_command("roles", verbosity=0)
    assert not may(database_roles.STAFF, EVERY[0], "assessments_rating")


def test_who_may_not_make_roles_is_told_what_is_needed(monkeypatch):
    monkeypatch.setattr(database_roles, "STAFF", "powertool_more")
    database_roles.execute("SET LOCAL ROLE {}", local.SITE)
    with pytest.raises(CommandError, match="The owner needs the right CREATEROLE"), transaction.atomic():
        call_command("roles")


@pytest.fixture
def stella(client, cast):
    assessment = rating(cast)
    answer_all(assessment, cast.membership(cast.north_representative), lambda d, p: 4)
    secondstep.sign_in(client, cast.staff)
    return client


def count(model) -> int:
    return model.objects.count()


@pytest.mark.parametrize("model", [Rating, Partnership])
def test_a_staff_page_that_reads_answers_breaks_instead(stella, monkeypatch, model):
    assert count(Rating)
    monkeypatch.setattr(staff.used, "by_stage", lambda: [("rows", count(model))])
    stella.raise_request_exception = False
    assert stella.get(reverse("staff-usage")).status_code == (500 if model is Rating else 200)
    assert count(Rating)  # after the page, the site reads on as before


def test_a_page_of_the_admin_is_rendered_in_the_role_too(stella, monkeypatch):
    asked = "SELECT current_user"

    def who(self) -> str:
        with connection.cursor() as cursor:
            cursor.execute(asked)
            return cursor.fetchone()[0]

    monkeypatch.setattr(Partnership, "__str__", who)
    monkeypatch.setattr("partnerships.admin.PartnershipAdmin.list_display", ["__str__"])
    page = stella.get(reverse("admin:partnerships_partnership_changelist")).content.decode()
    assert database_roles.STAFF in page
    assert who(None) != database_roles.STAFF


def test_without_the_role_staff_pages_refuse(stella, monkeypatch):
    monkeypatch.setattr(database_roles, "STAFF", "nobody_at_all")
    for page in ("staff-usage", "admin:index", "admin:partnerships_user_changelist"):
        told = stella.get(reverse(page))
        assert told.status_code == 503
        assert "manage.py roles" in told.content.decode()
    monkeypatch.undo()
    assert stella.get(reverse("staff-usage")).status_code == 200


def test_what_a_page_wrote_before_its_error_is_undone(stella, cast, monkeypatch):
    def write() -> list:
        Partnership.objects.update(name="written by staff")
        raise Error

    monkeypatch.setattr(staff.used, "by_stage", write)
    stella.raise_request_exception = False
    assert stella.get(reverse("staff-usage")).status_code == 500
    assert not Partnership.objects.filter(name="written by staff").exists()
