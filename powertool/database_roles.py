"""The database's roles: the owner migrates and backs up, the site serves, and staff pages read no private answer.

`staff` cannot sign in. A request of a staff page takes it for its one transaction, so that a fault in such a page reads
nothing private either.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.utils.cache import add_never_cache_headers
from psycopg2 import sql
from psycopg2.errors import DuplicateObject, UniqueViolation

from powertool.checks import refuse_pool

STAFF = "powertool_staff"  # roles belong to the whole server: two sites on one share this name, not its rights
# Private answers and drafts, and what tells that somebody answered. A new table of these belongs in this list.
PRIVATE = {
    "assessments": (
        *("Rater", "EverSubmitted", "Rating", "PrivateAgreement", "AnswerCode", "Submission", "AnswerEvent", "HandIn"),
        *("BallotAnswer", "CaucusLevel", "CaucusAgreement", "Concern", "ConcernMail", "Guess", "NamedAcceptance"),
        *("Vote", "Proposal", "WantedLanguage", "FactValue", "EvidenceConsent"),
    ),
    "community": ("Draft",),
    "partnerships": ("DeviceKey", "Draft"),
}
ADDED_UNREAD = "WantedLanguage"  # who is admitted adds a language, also where staff end what an admission waited for
SITE_MAY = "SELECT, INSERT, UPDATE, DELETE"
WHERE = ("USER", "PASSWORD", "HOST", "PORT", "NAME", "OPTIONS")


class NoRole(Exception):
    """The role of staff pages is not there, or the site may not take it."""


@contextmanager
def as_owner() -> Iterator[None]:
    """Connect as the owner of the tables (`OWNER_DATABASE_URL`), where that is another role than the site's.

    Raises CommandError where a pool of connections would answer.
    """
    if settings.OWNER_DATABASE is None:
        refuse_pool(connection)
        yield
        return
    at = connection.settings_dict
    before = {name: at[name] for name in WHERE}
    connection.close()
    at |= {name: settings.OWNER_DATABASE[name] for name in WHERE}
    try:
        refuse_pool(connection)
        yield
    finally:
        connection.close()
        at |= before


@contextmanager
def as_staff() -> Iterator[None]:
    """Work in one transaction in the role of staff pages. Raises NoRole."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                execute("SET LOCAL ROLE {}", STAFF)
        except Error as error:
            raise NoRole from error
        yield
        execute("RESET ROLE")  # after an error the end of the transaction does this


def staff_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Run a view and render its page in the role of staff pages; without this role, refuse."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with as_staff():
                response = view(request, *args, **kwargs)
                return response.render() if isinstance(response, SimpleTemplateResponse) else response
        except NoRole:
            refusal = render(request, "staff/no_role.html", status=503)
            add_never_cache_headers(refusal)
            return refusal

    return wrapper


def lay() -> None:
    """Make the roles of the site and of staff pages, and give each its rights. Again, nothing changes."""
    with as_owner(), transaction.atomic():
        owner = session_user()
        site = settings.SITE_DATABASE["USER"] or owner
        create(STAFF, "NOLOGIN")
        if site != owner:
            create(site, "LOGIN")
            let_in(site)
        if not is_member(site, STAFF):
            execute("GRANT {} TO {}", STAFF, site)
        execute("GRANT USAGE ON SCHEMA public TO {}", STAFF)
        execute("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}", STAFF)
        there = set(connection.introspection.table_names())
        give(open_tables() & there, SITE_MAY)
        refuse(private_tables() & there)
        give(tables_of("assessments", ADDED_UNREAD) & there, "INSERT")


def session_user() -> str:
    """Return the role as which this process has connected."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        return str(cursor.fetchone()[0])


def let_in(site: str) -> None:
    """Give the site its password, and all rows of all tables."""
    if password := settings.SITE_DATABASE.get("PASSWORD"):
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(site), sql.Literal(password)))
    execute("GRANT USAGE ON SCHEMA public TO {}", site)
    execute(f"GRANT {SITE_MAY} ON ALL TABLES IN SCHEMA public TO {{}}", site)
    execute("GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {}", site)


def give(tables: Iterable[str], rights: str) -> None:
    for table in sorted(tables):
        execute(f"GRANT {rights} ON {{}} TO {{}}", table, STAFF)


def refuse(tables: Iterable[str]) -> None:
    for table in sorted(tables):
        execute("REVOKE ALL ON {} FROM {}", table, STAFF)


def private_tables() -> set[str]:
    """Return the tables that staff pages cannot read."""
    return {table for app, names in PRIVATE.items() for table in tables_of(app, *names)}


def tables_of(app: str, *names: str) -> set[str]:
    return {apps.get_model(app, name)._meta.db_table for name in names}


def open_tables() -> set[str]:
    """Return the tables that staff pages may read: those of models that are not private, and no unknown ones."""
    return {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - private_tables()


def create(role: str, may: str) -> None:
    """Create a role unless it is there; another machine may be faster."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone():
            return
    try:
        with transaction.atomic():
            execute(f"CREATE ROLE {{}} {may}", role)
    except Error as error:
        if not isinstance(error.__cause__, (DuplicateObject, UniqueViolation)):
            raise


def is_member(role: str, of: str) -> bool:
    """Return whether a role may take another one; a superuser may take all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(%s, %s, 'SET')", [role, of])
        return cursor.fetchone()[0]


def execute(statement: str, *names: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
