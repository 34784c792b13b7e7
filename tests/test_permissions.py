"""Every URL × everybody: the resolver is walked, and a URL without a row fails.

Letters: a(nonymous), o(utsider), e(lsewhere: facilitator of another partnership), s(taff), g(uest who represents),
r(epresentative), v(iewer: observer), f(acilitator). For each URL all of them ask in the same set-up.
"""

from copy import deepcopy
from dataclasses import dataclass
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.urls import URLResolver, get_resolver, reverse

from assessments.services.followup import planned_actions
from assessments.workflow import jobs
from partnerships.access import member_roles_of
from partnerships.models import User
from powertool.help import urls as help_urls
from tests.assessments import making
from tests.community.test_access import PAGES as COMMUNITY
from tests.community.test_evidence_access import PAGES as EVIDENCE
from tests.community.test_measures_access import PAGES as MEASURES
from tests.community.test_papers_access import PAGES as PAPERS
from tests.factories import Cast
from tests.flush import empty_caches
from tests.interface.test_access import NAMES as INTERFACE
from tests.partnerships.test_access import OPEN_PAGES, PAGES, people
from tests.security import secondstep
from tests.worlds import kept

EVERYBODY = "aoesgrvf"
OF_PARTNERSHIPS = (
    "workspace",
    "begin",
    "create",
    "import",
    "import-example",
    "import-workbook",
    "import-template",
    "rehearsal",
    "rehearsal-next",
    "rehearsal-remove",
    "partnership-pledge",
    "kept-reports",
    "kept-report",
)
KINDS = {"report-data": "json", "report-workbook": "xlsx", "import-template": "ods"}  # the rest: of a job
OUTSIDE = {"a": 302, "o": 404, "e": 404, "s": 404}


def row(**inside: int) -> dict[str, int]:
    """Return statuses by person from groups of letters: `row(grvf=200)`, `row(f=200, grv=403)`; outsiders as always."""
    return OUTSIDE | {letter: status for letters, status in inside.items() for letter in letters}


MEMBERS = row(grvf=200)
FACILITATORS = row(f=200, grv=403)
REPRESENTATIVES = row(gr=200, vf=403)
NOT_GET = dict.fromkeys(EVERYBODY, 405)  # a page that only takes posts says so before it looks who asks
FACILITATORS_POST = row(f=302, grv=403)
REPRESENTATIVES_POST = row(gr=302, vf=403)
MEMBERS_POST = row(grvf=302)
NO_POST = dict.fromkeys(EVERYBODY, 405)
SIGNED_IN = dict.fromkeys(EVERYBODY, 200) | {"a": 302}
EVERYONE = dict.fromkeys(EVERYBODY, 200)  # nothing of anybody is on them


@dataclass(frozen=True)
class Row:
    """What a URL answers at a stage: to GET, and to POST with `data`."""

    stage: str
    get: dict[str, int]
    post: dict[str, int]
    data: dict | None = None


ROWS = {
    "mine": Row("collecting", SIGNED_IN, NO_POST),
    "workspace": Row("collecting", MEMBERS, NO_POST),
    "begin": Row("collecting", row(grvf=302), NO_POST),
    "create": Row(
        "collecting",
        FACILITATORS,
        FACILITATORS_POST,
        {"title": "T", "phase": "baseline", "mode_wanted": "by_side", "k": 3},
    ),
    "import": Row("collecting", FACILITATORS, row(f=422, grv=403), {"title": "T"}),
    "import-example": Row("collecting", FACILITATORS, NO_POST),
    "import-workbook": Row("collecting", FACILITATORS, row(f=422, grv=403), {"title": "T"}),
    "import-template": Row("collecting", FACILITATORS, NO_POST),
    "report-workbook": Row("collecting", MEMBERS, NO_POST),
    # the writer's page asks for a code only; the trusted person's is not there without the right one
    "concern-answer": Row("collecting", EVERYONE, EVERYONE, {"code": ""}),
    "concern-read": Row("collecting", dict.fromkeys(EVERYBODY, 404), dict.fromkeys(EVERYBODY, 404)),
    "concern": Row("collecting", MEMBERS, row(grvf=422), {"text": ""}),
    "concern-person": Row("collecting", FACILITATORS, FACILITATORS_POST, {"name": "Ada", "email": "ada@example.org"}),
    "concern-word": Row("collecting", NOT_GET, row(grf=302, v=403), {"person": "0" * 16}),
    # whoever has an account may rehearse alone; a partnership that is real has no such pages, for nobody
    "rehearse": Row(
        "collecting", SIGNED_IN | {"g": 403}, dict.fromkeys(EVERYBODY, 302) | {"g": 403}, {"kind": "one_lead"}
    ),
    "rehearsal-next": Row("collecting", NOT_GET, row(f=404, grv=403), {"do": "open"}),
    "rehearsal": Row("collecting", row(f=404, grv=403), row(f=404, grv=403)),
    "rehearsal-remove": Row("collecting", row(f=404, grv=403), row(f=404, grv=403)),
    "overview": Row("collecting", MEMBERS, NO_POST),
    "status": Row("rating", MEMBERS, NO_POST),
    "settings": Row(
        "collecting",
        FACILITATORS,
        FACILITATORS_POST,
        {"title": "T", "phase": "baseline", "mode_wanted": "by_side", "k": 3},
    ),
    "archive": Row("collecting", FACILITATORS, FACILITATORS_POST, {"do": "archive"}),
    "kept-reports": Row("collecting", MEMBERS, NO_POST),
    "kept-report": Row("collecting", row(grvf=404), NO_POST),  # nothing was deleted here
    "start-decisions": Row("collecting", FACILITATORS, FACILITATORS_POST, {"wordings": "Buying boats"}),
    "ready": Row("collecting", FACILITATORS, FACILITATORS_POST, {"in_spite": "yes"}),
    "session-day": Row("collecting", FACILITATORS, FACILITATORS_POST),
    "messages": Row("collecting", FACILITATORS, NO_POST),
    "facts": Row("collecting", MEMBERS, NO_POST),
    "facts-choose": Row("collecting", FACILITATORS, FACILITATORS_POST),
    "facts-declare": Row("collecting", row(grf=200, v=403), NO_POST),
    "fact-save": Row("collecting", NOT_GET, row(grf=302, v=403), {"value": "2", "seen": "0"}),
    "iati": Row("collecting", FACILITATORS, FACILITATORS),  # without a file it shows the import that is there
    "iati-state": Row("collecting", FACILITATORS, NO_POST),
    "iati-part": Row("collecting", FACILITATORS, NO_POST),
    "iati-choose": Row("collecting", NOT_GET, row(f=422, grv=403)),
    "iati-save": Row("collecting", NOT_GET, FACILITATORS_POST, {"version": "1", "seen": ""}),
    "iati-remove": Row("collecting", NOT_GET, FACILITATORS_POST),
    "own-proposal": Row("collecting", row(grvf=404), row(grvf=404)),  # none of these people has proposed it
    "named": Row("named", REPRESENTATIVES, REPRESENTATIVES_POST, {"accept": "yes"}),
    "step": Row("collecting", FACILITATORS, FACILITATORS_POST),
    # a facilitator sets the first last day; what a side says, only one of its own says
    "side-words": Row("rating", row(grf=200, v=403), row(f=302, grv=403), {"day": "2030-01-01"}),
    "member-words": Row("rating", row(grf=200, v=403), row(f=302, grv=403), {"do": "give", "side": "south"}),
    "my-membership": Row("rating", REPRESENTATIVES, REPRESENTATIVES_POST, {"do": "object"}),
    # only for somebody whose membership has ended
    "kept-answers": Row("rating", row(oegsrvf=404), row(oegsrvf=404)),
    "decisions": Row("collecting", MEMBERS, MEMBERS_POST, {"wording": "Buying cars"}),
    "decision": Row("collecting", FACILITATORS, FACILITATORS_POST, {"wording": "Buying bicycles"}),
    "wordings": Row("collecting", FACILITATORS, FACILITATORS_POST),
    "decision-move": Row("collecting", NOT_GET, FACILITATORS_POST, {"to": "up"}),
    "decision-merge": Row("collecting", NOT_GET, row(f=404, grv=403), {"into": "nowhere"}),
    "decision-unmerge": Row("collecting", NOT_GET, FACILITATORS_POST),
    "decision-leave-out": Row("collecting", NOT_GET, FACILITATORS_POST, {"out": "yes"}),
    "missing_voices": Row("collecting", MEMBERS, MEMBERS_POST, {"question": "absent", "text": "The herders"}),
    # there is no such answer
    "missing_voices-propose": Row("collecting", NOT_GET, row(grvf=404)),
    "missing_voices-out": Row("collecting", NOT_GET, row(f=404, grv=403)),
    "vote": Row("voting", row(grf=200, v=403), row(grf=302, v=403)),
    "choose": Row("voting", FACILITATORS, FACILITATORS_POST),
    "rate": Row("rating", REPRESENTATIVES, NO_POST),
    "rate-practice": Row("rating", REPRESENTATIVES, REPRESENTATIVES),
    "rate-decision": Row("rating", REPRESENTATIVES, row(gr=409, vf=403)),
    "rate-answer": Row("rating", NOT_GET, row(gr=400, vf=403)),
    "rate-review": Row("rating", REPRESENTATIVES, NO_POST),
    "rate-translation": Row("rating", NOT_GET, REPRESENTATIVES_POST),
    "rate-hand-in": Row("rating", NOT_GET, REPRESENTATIVES_POST),
    "rate-withdraw": Row("rating", REPRESENTATIVES, REPRESENTATIVES_POST),
    "rate-sheet": Row("rating", REPRESENTATIVES, NO_POST),
    "rate-receipt": Row("rating", REPRESENTATIVES, REPRESENTATIVES, {"code": "none of hers"}),
    "rater": Row("rating", SIGNED_IN, NO_POST),
    "rater-shell": Row("rating", EVERYONE, NO_POST),
    "rater-worker": Row("rating", EVERYONE, NO_POST),
    "rater-manifest": Row("rating", EVERYONE, NO_POST),
    "rater-leave": Row("rating", EVERYONE, EVERYONE),
    "remind": Row("rating", NOT_GET, FACILITATORS_POST),
    "fieldwork": Row("rating", FACILITATORS, row(f=422, grv=403)),
    "fieldwork-paper": Row("rating", FACILITATORS, NO_POST),
    "fieldwork-xlsform": Row("rating", FACILITATORS, NO_POST),
    "my-form": Row("rating", REPRESENTATIVES, row(gr=422, vf=403)),
    "my-form-paper": Row("rating", REPRESENTATIVES, NO_POST),
    "my-form-sheet": Row("rating", REPRESENTATIVES, NO_POST),
    "my-form-code": Row("rating", NOT_GET, REPRESENTATIVES_POST),
    # without anybody who gives money here nobody signs
    "pledge": Row("collecting", MEMBERS, row(grvf=403)),
    "partnership-pledge": Row("collecting", MEMBERS, REPRESENTATIVES_POST),
    "pledge-withdraw": Row("collecting", NOT_GET, REPRESENTATIVES_POST),
    "ground-rules": Row("collecting", MEMBERS, MEMBERS_POST, {"version": "1"}),
    "ground-rules-edit": Row("collecting", FACILITATORS, row(f=422, grv=403), {"line_1": ""}),
    "caucus": Row("caucus", MEMBERS, NO_POST),
    "caucus-state": Row("caucus", row(gr=204, vf=403), NO_POST),
    "caucus-decision": Row("caucus", REPRESENTATIVES, REPRESENTATIVES_POST),
    "my-answers": Row("joint", REPRESENTATIVES, NO_POST),
    "erase-answers": Row("joint", REPRESENTATIVES, REPRESENTATIVES_POST),
    "session": Row("joint", MEMBERS, NO_POST),
    "session-all": Row("joint", MEMBERS, NO_POST),
    "session-state": Row("joint", MEMBERS, NO_POST),
    "projector": Row("joint", MEMBERS, NO_POST),
    "laptop": Row("joint", FACILITATORS, NO_POST),
    "laptop-sheet": Row("joint", FACILITATORS, NO_POST),
    "laptop-save": Row("joint", NOT_GET, row(f=400, grv=403)),
    "laptop-worker": Row("rating", EVERYONE, NO_POST),
    "print-kit": Row("collecting", FACILITATORS, NO_POST),
    "session-decision": Row("joint", MEMBERS, row(f=302, grv=403)),
    "session-undo": Row("joint", NOT_GET, FACILITATORS_POST),
    "session-live": Row("joint", NOT_GET, row(gfr=302, v=403), {"do": "pause"}),
    "session-here": Row("joint", NOT_GET, FACILITATORS_POST),
    "session-plan": Row("joint", FACILITATORS, FACILITATORS),
    "session-history": Row("joint", MEMBERS, NO_POST),
    "reading": Row("joint", FACILITATORS, FACILITATORS_POST, {"differs": "The budget", "decides": "The donor"}),
    "agenda": Row("joint", MEMBERS, FACILITATORS_POST, {"minutes": "90", "version": "0"}),
    "agenda-send": Row("joint", NOT_GET, FACILITATORS_POST),
    "actions": Row("joint", MEMBERS, NO_POST),
    # who may not report on it is sent back with a word, and nothing changes
    "action": Row("joint", MEMBERS, row(grf=302, v=403), {"status": "started"}),
    "action-edit": Row("joint", FACILITATORS, FACILITATORS),
    "action-remove": Row("joint", FACILITATORS, FACILITATORS_POST),
    "dates": Row("readback", MEMBERS, NO_POST),
    "closing": Row("readback", MEMBERS, NO_POST),
    "closing-confirm": Row("readback", NOT_GET, FACILITATORS_POST),
    "closing-reply": Row("readback", NOT_GET, REPRESENTATIVES_POST, {"text": "We agree."}),
    "closing-nothing": Row("readback", NOT_GET, REPRESENTATIVES_POST),
    "closing-remark": Row("readback", NOT_GET, row(grf=302, v=403), {"text": "Well said."}),
    "contribute": Row("readback", REPRESENTATIVES, REPRESENTATIVES_POST, {"agreed": "no"}),
    "dashboard": Row("closed", MEMBERS, NO_POST),
    "dashboard-state": Row("closed", MEMBERS, NO_POST),
    "dashboard-figures": Row("closed", MEMBERS, NO_POST),
    "named-answers": Row("closed", row(oegsrvf=404), NO_POST),
    "job-retry": Row("closed", NOT_GET, FACILITATORS_POST),
    "shift": Row("closed", MEMBERS, NO_POST),
    # without an assessment before there is nothing to compare with, said politely
    "shift-say": Row("joint", NOT_GET, row(grf=302, v=403)),
    "report": Row("closed", MEMBERS, NO_POST),
    "report-make": Row("closed", NOT_GET, MEMBERS_POST),
    "report-state": Row("closed", MEMBERS, NO_POST),
    "report-pdf": Row("closed", row(grvf=404), NO_POST),
    "report-data": Row("closed", MEMBERS, NO_POST),
    "share": Row("closed", MEMBERS, NO_POST),
    "share-make": Row("closed", NOT_GET, MEMBERS_POST),
    "share-state": Row("closed", MEMBERS, NO_POST),
    "share-file": Row("closed", row(grvf=404), NO_POST),
}
# Open to all on a local trial, and not there otherwise.
STAFF = ("staff-usage", "staff-failed", "staff-moderation", "staff-texts")
HELP = tuple(f"help:{pattern.name}" for pattern in help_urls.urlpatterns)  # tests/test_help.py
DATA = ("privacy", "my-data", "erase-me")  # tests/privacy/test_erasing_first.py
ELSEWHERE = (
    *STAFF,
    *DATA,
    *HELP,
    "api",
    "api-nowhere",
    "home",
    "example",  # tests/test_example.py
    "example-figures",
    "security-txt",
    "language",
    "translations",
    "catalogue",
    "local-mail",
    "local-mail-message",
)
# The third: tests/security/test_organisations.py
THIRD_PARTY = ("account_", "mfa_", "openid_connect_", "usersessions_", "admin:")


def walk(patterns, namespace=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, inner)
        else:
            yield namespace + (pattern.name or ""), pattern


def urls() -> dict:
    return dict(walk(get_resolver().url_patterns))


def named_without_rows() -> set[str]:
    known = {f"assessments:{name}" for name in ROWS} | {f"partnerships:{name}" for name in OPEN_PAGES | PAGES}
    known |= (
        set(ELSEWHERE)
        | {f"api:{name}" for name in INTERFACE}
        | {f"community:{name}" for name in COMMUNITY | MEASURES | EVIDENCE | PAPERS}
    )
    return {name for name in urls() if name not in known and not name.startswith(THIRD_PARTY)}


def test_every_url_has_a_row():
    assert named_without_rows() == set()


def test_no_row_is_left_of_a_url_that_went():
    assert {f"assessments:{name}" for name in ROWS} <= set(urls())


@kept
def brought_to(cast: Cast, stage: str):
    if stage in ("collecting", "named"):
        assessment = making.make_assessment(cast, mode_wanted="named" if stage == "named" else "by_side")
        making.choose_fact(assessment)
        making.import_from_iati(assessment, cast.partners["n1"])
        return assessment
    if stage == "voting":
        return making.step(cast, making.make_assessment(cast), "open_voting")
    if stage == "rating":
        return making.rating(cast)
    if stage == "caucus":
        return making.rating(cast, mode_wanted="caucus")
    if stage == "closed":
        return making.closed(cast)
    assessment = making.in_session(cast)
    making.agree_levels(cast, assessment)
    plan(cast, assessment)
    return making.step(cast, assessment, "read_back") if stage == "readback" else assessment


def plan(cast: Cast, assessment):
    member = member_roles_of(cast.north_facilitator, cast.partnership)
    owner = assessment.participants.get(acronym="N2")
    decision = assessment.decisions.first()
    planned_actions.plan(assessment, member, decision, text="Share the budget", owner=owner, due="2030-01-01")
    jobs.settle(assessment)


def address(cast: Cast, name: str, assessment) -> str:
    pattern = urls()[f"assessments:{name}"]
    action = assessment.actions.first()
    values = {
        "code": cast.partnership.code if name in OF_PARTNERSHIPS else assessment.code,
        "decision": assessment.decisions.first().code,
        "number": 1,
        "action": "open_voting" if name == "step" else action and action.code,
        "missing_voices": "nowhere",
        "reader": "nowhere",
        "report": "nowhere",
        "matter": "close_rating",
        "membership": cast.membership(cast.south_representative).code,
        "kind": KINDS.get(name, "agreed"),
        "language": "fr",
        "name": "slides.pptx",
        "fact": "governing_seats",
    }
    return reverse(f"assessments:{name}", kwargs={key: values[key] for key in pattern.pattern.converters})


def ask(client, cast: Cast, who: str, method: str, url: str, data=None) -> int:
    """Ask as somebody, and take back what it changed, so that everybody meets the same rows."""
    become(client, people(cast)[who])
    with transaction.atomic():
        status = getattr(client, method)(url, data or {}).status_code
        transaction.set_rollback(True)
    return status


def become(client, person: User | None) -> None:
    """Let the client have the cookies of a person, who signs in once in a test, or of nobody."""
    cookies = client.__dict__.setdefault("cookies_of", {})
    if person not in cookies:
        client.cookies = SimpleCookie()
        if person:
            client.force_login(person)
        cookies[person] = client.cookies
    client.cookies = deepcopy(cookies[person])


def answers(client, cast: Cast, method: str, stage: str) -> dict[str, dict[str, int]]:
    """Return what each URL of a stage answers to everybody, in one set-up: nothing that they change stays."""
    assessment, found = brought_to(cast, stage), {}
    for name in (name for name, row in ROWS.items() if row.stage == stage):
        empty_caches()  # no limit of one URL reaches another
        url = address(cast, name, assessment)
        data = ROWS[name].data if method == "post" else None
        found[name] = {who: ask(client, cast, who, method, url, data) for who in EVERYBODY}
    return found


STAGES = sorted({row.stage for row in ROWS.values()})


@pytest.mark.django_db
@pytest.mark.parametrize("stage", STAGES)
def test_get(client, cast, stage):
    expected = {name: row.get for name, row in ROWS.items() if row.stage == stage}
    assert answers(client, cast, "get", stage) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("stage", STAGES)
def test_post(client, cast, stage):
    expected = {name: row.post for name, row in ROWS.items() if row.stage == stage}
    assert answers(client, cast, "post", stage) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["admin:index", *STAFF])
def test_staff_pages_are_for_staff_only(client, cast, name):
    url = reverse(name)
    for method in ("get", "post"):
        assert {who: ask(client, cast, who, method, url) for who in EVERYBODY} == dict.fromkeys(EVERYBODY, 302)
    secondstep.sign_in(client, cast.staff)
    assert client.get(url).status_code == 200


@pytest.mark.django_db
def test_the_anonymous_go_to_sign_in_before_any_look_up(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        for name in (name for name, row in ROWS.items() if row.get["a"] in (302, 405)):
            pattern = urls()[f"assessments:{name}"]
            values = {key: 1 if key == "number" else "nowhere" for key in pattern.pattern.converters}
            url = reverse(f"assessments:{name}", kwargs=values)
            response = client.get(url)
            assert response.status_code == 405 or response.headers["Location"].startswith(reverse("account_login"))
            assert client.get(url, HTTP_HX_REQUEST="true").status_code in (401, 405)
