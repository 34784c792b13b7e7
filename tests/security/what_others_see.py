"""Everybody who is not the one who answers, and all that they can see: pages, polls, headers, rows."""

import re
from collections.abc import Iterable
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment
from partnerships import services
from partnerships.models import Role
from tests.factories import Cast, membership
from tests.interface.asking import token_of
from tests.partnerships.test_access import PAGES, POST_ONLY
from tests.security import secondstep
from tests.test_permissions import EVERYONE, NOT_GET, OF_PARTNERSHIPS, ROWS, STAFF, THIRD_PARTY, urls

# What is drawn anew for each page, whoever answers: tokens, names of forms, ids of requests.
DRAWN = re.compile(
    rb'(name="(?:csrfmiddlewaretoken|form|code|once|resume|mutation|checked)" value=")[^"]*'
    rb'|("X-CSRFToken": ?")[^"]*|("(?:token|csrf)": ?")[^"]*|(nonce[-=]"?)[^"\']*|(data-mutation=")[^"]*'
)
BACKEND = "django.contrib.auth.backends.ModelBackend"
DRAWN_HEADERS = {"Set-Cookie", "X-Request-ID", "Expires"}
# Files that hold when they were made; the questions in them are fixed, and no answer is read for them.
DATED = {"my-form-sheet", "my-form-paper", "fieldwork-paper", "fieldwork-xlsform", "print-kit"}
# Pages that take posts alone, and those that are the same for the whole world.
SAME = {name for name, row in ROWS.items() if row.get in (NOT_GET, EVERYONE)}
SAME |= {name for name, row in PAGES.items() if row == POST_ONLY} | {"keep", "revoke_token", "language", "security-txt"}
LEFT_OUT = DATED | SAME | {*STAFF, "translations", "catalogue", "local-mail", "local-mail-message"}
ELSEWHERE = (*THIRD_PARTY, "community:", "api")
LIVED_IN = (
    "overview",
    "status",
    "dashboard",
    "fieldwork",
    "rate",
    "people",
    "partners",
    "activity_log",
    "workspace",
    "home",
)
ADMIN = ("user", "partnership", "partner", "membership")

# What an answer writes. Each table is read for its owner alone, or for the one sentence.
PRIVATE = {
    "assessments_rater",
    "assessments_rating",
    "assessments_privateagreement",
    "assessments_answerevent",
    "assessments_handin",
    "assessments_answercode",
    "assessments_eversubmitted",
    "assessments_wantedlanguage",
    "partnerships_devicekey",
    "django_session",
    "usersessions_usersession",
}


class Watchers:
    """Facilitators of both sides, a colleague of hers, others who answer, an observer and staff."""

    def __init__(self, cast: Cast, assessment: Assessment) -> None:
        self.cast, self.assessment = cast, assessment
        self.her = cast.south_representative
        self.colleague = membership(
            cast.partnership, Role.REPRESENTATIVE, cast.partners["s1"], user__name="Cora Colleague"
        )
        self.people = {
            "facilitator of the other side": cast.north_facilitator,
            "facilitator of her side": cast.south_facilitator,
            "colleague": self.colleague.user,
            "representative": cast.north_representative,
            "guest": cast.guest,
            "observer": cast.observer,
        }
        self.invitation = services.invite(cast.membership(cast.north_facilitator), "link", Role.OBSERVER)
        self.waiting = membership(cast.partnership, Role.OBSERVER, None, employer="A university", admitted_at=None)
        self.token = token_of(cast.north_facilitator)
        for own in cast.partnership.memberships.in_force():
            services.device_key(own)  # a page makes it once; here looking is undone, and it would be another each time

    def codes(self, name: str) -> dict[str, object]:
        """Return what fills the places of an address."""
        of_partnership = name.startswith("partnerships:") or name.removeprefix("assessments:") in OF_PARTNERSHIPS
        own = self.cast.partnership.code if of_partnership else self.assessment.code
        return {
            "code": self.invitation.code if name == "partnerships:invitation" else own,
            "partner_code": self.cast.partners["s1"].code,
            "membership_code": self.waiting.code,
            "invitation_code": self.invitation.code,
            "decision": self.assessment.decisions.active().first().code,
            "number": 1,
            "action": "close_rating",
            "kind": "json",
            "language": "fr",
        }

    def addresses(self, names: Iterable[str] = ()) -> dict[str, str]:
        """Return the address of each page here by its name, from the resolver; of some names, or of all."""
        found = {}
        for name, pattern in urls().items():
            short = name.split(":")[-1]
            if name.startswith(ELSEWHERE) or short in LEFT_OUT or (names and short not in names):
                continue
            codes = self.codes(name)
            values = {place: codes.get(place, "nowhere") for place in pattern.pattern.converters}
            found[name] = reverse(name, kwargs=values)
        return found

    def see(self, names: Iterable[str] = (), but: Iterable[str] = ()) -> dict[tuple[str, str], tuple]:
        """Return what each of them gets at each address, and at what the page polls; leaves no trace."""
        seen = {}
        with transaction.atomic():
            addresses = self.addresses(names)
            for who in self.people.keys() - set(but):
                client = Client()
                client.force_login(self.people[who], backend=BACKEND)
                seen |= look(client, who, addresses)
            if not names:
                seen |= self.see_as_staff() | self.see_as_program()
            transaction.set_rollback(True)
        return seen

    def see_as_staff(self) -> dict[tuple[str, str], tuple]:
        client = Client()
        secondstep.sign_in(client, self.cast.staff)
        pages = {f"admin:{name}": reverse(f"admin:partnerships_{name}_changelist") for name in ADMIN}
        one = {"user": self.her, "membership": self.cast.membership(self.her), "partner": self.cast.partners["s1"]}
        pages |= {f"admin:one {n}": reverse(f"admin:partnerships_{n}_change", args=[o.pk]) for n, o in one.items()}
        return look(client, "staff", pages | {name: reverse(name) for name in STAFF})

    def see_as_program(self) -> dict[tuple[str, str], tuple]:
        client = Client(headers={"Authorization": f"Bearer {self.token}"})
        found = {}
        for name, pattern in urls().items():
            if name.startswith("api:") and set(pattern.pattern.converters) <= {"code"}:
                code = self.cast.partnership.code if name == "api:assessments" else self.assessment.code
                found[name] = reverse(name, kwargs=dict.fromkeys(pattern.pattern.converters, code))
        return look(client, "program", found)


def look(client: Client, who: str, addresses: dict[str, str]) -> dict[tuple[str, str], tuple]:
    seen = {}
    for name, address in addresses.items():
        response = client.get(address)
        seen[who, name] = shown(response)
        for polled in set(re.findall(rb'hx-get="([^"]*)"', response.content)) if not response.streaming else ():
            path = polled.decode().replace("&amp;", "&")
            seen[who, f"{name} polls {path}"] = shown(client.get(path))
    return seen


def shown(response) -> tuple:
    """Return status, headers and content, without what is drawn anew for each page."""
    content = b"".join(response) if response.streaming else response.content
    headers = {name: text for name, text in response.items() if name not in DRAWN_HEADERS}
    content = DRAWN.sub(lambda found: next(part for part in found.groups() if part), content)
    return response.status_code, headers, content


def differences(before: dict, after: dict) -> list[str]:
    """Return where two looks differ, each with the first line that does."""
    found = [f"{key} is not there in both" for key in before.keys() ^ after.keys()]
    for key in before.keys() & after.keys():
        if before[key] != after[key]:
            (status, headers, content), (then, others, anew) = before[key], after[key]
            lines = zip(content.splitlines(), anew.splitlines(), strict=False)
            pairs = [*lines, (status, then), *zip(headers.items(), others.items(), strict=False)]
            found.append(f"{key}: {next((a, b) for a, b in pairs if a != b)}")
    return sorted(found)


def rows(leave_out: Iterable[str] = ()) -> dict[str, str]:
    """Return a digest of each table's rows, in no order."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - set(leave_out)
        found = {}
        for table in sorted(tables):
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')  # noqa: S608 (tables of this database)
            found[table] = sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found


@contextmanager
def clock_at(monkeypatch: pytest.MonkeyPatch, moment: datetime):
    """Let the site's clock stand still, also where a model's field asks for the time."""

    class Still(datetime):
        @classmethod
        def now(cls, tz=None) -> datetime:
            return moment.astimezone(tz) if tz else moment.replace(tzinfo=None)

    with monkeypatch.context() as patch:
        patch.setattr(timezone, "datetime", Still)
        yield
