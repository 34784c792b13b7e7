"""Speed as ratios: what pages cost, in times of the yardstick R, measured in the same run on the same machine.

F is a bare Django project with sessions, authentication and one query, served beside the site by the same settings of
gunicorn (`bench.bare`). R is a signed-in view that asks the database once and renders the page that every page is built
on, with nothing in it. It goes through the same middleware, session and frame. Requests take turns, so that what else
the machine does meets all of them alike. Two goals were set beside the work of another program; they are in times of F,
which stays what it is when R gets faster.
"""

import itertools
import sys
import uuid
from typing import Any

from django.utils import timezone

from bench import bare, laying
from bench.asking import Ask, in_turn, middle, p95
from bench.sessions import closed_in_demo, session_of
from bench.table import heading, line

STEADY = 1.3  # the list at 10,000, in times of the list at 10
LEVELS_AT_ONCE = (12, 10)  # decisions, partners: 120 levels


def measure(base: str) -> list[dict[str, Any]]:
    """Lay the data, ask everything in turn, print a row for each, and return the rows."""
    with bare.served() as framework:
        rows = yardsticks(base, framework)
    r_in_f = next(row["ratio"] for row in rows if row.get("unit") == "F")
    groups = [lists(), ratings(), saving(), reading(), searching()]
    for group in groups:
        fresh = yardstick(groups[0][0].sessions)
        in_turn(base, [fresh, *group])
        r = middle(fresh.seconds)
        rows += [row(ask, r / r_in_f if ask.unit == "F" else r) for ask in group]
        if group is groups[0]:
            rows.append(steady(group))
    sys.stdout.write(heading() + "".join(line(one) for one in rows))
    return rows


def yardstick(sessions: list[str]) -> Ask:
    return Ask("R: signed in, one query, an empty page", "/bench/yardstick/", sessions)


def yardsticks(base: str, framework: Ask) -> list[dict[str, Any]]:
    """Measure R and a poll that finds nothing new beside F, and return their rows in times of R and of F."""
    session, path = polling()
    poll = Ask("a poll that finds nothing new", path, session, status=204)
    asks = [yardstick(session), poll]
    in_turn(base, [framework, *asks])
    f, r = middle(framework.seconds), middle(asks[0].seconds)
    in_f = [in_times_of_f(ask, f, most) for ask, most in zip(asks, (2, 1.3), strict=True)]
    return [row(ask, r) for ask in (framework, *asks)] + in_f


def in_times_of_f(ask: Ask, f: float, most: float) -> dict[str, Any]:
    ratio = middle(ask.seconds) / f
    return {"what": f"{ask.what}, in times of F", "ratio": ratio, "most": most, "unit": "F", "met": ratio <= most}


def polling() -> tuple[list[str], str]:
    """Lay a session at its first decision; return the facilitator's session key, and what her screen asks for."""
    from assessments.models import Assessment, LiveSession
    from assessments.views.session.screens import version_of

    assessment, membership = laying.in_session(8, 12)
    LiveSession.objects.update_or_create(assessment=assessment, defaults={"phase": LiveSession.Phase.DECISIONS})
    fresh = Assessment.objects.get(pk=assessment.pk)
    return [session_of(membership.user)], f"/assessments/{fresh.code}/session/state/?v={version_of(fresh, '')}"


def row(ask: Ask, yardstick: float) -> dict[str, Any]:
    found: dict[str, Any] = {
        "what": ask.what,
        "median_ms": middle(ask.seconds),
        "p95_ms": p95(ask.seconds),
        "ratio": middle(ask.seconds) / yardstick,
        "most": ask.most,
        "unit": ask.unit,
        "statements": ask.taken,
        "most_statements": ask.statements,
    }
    kept = (ask.most is None or found["ratio"] <= ask.most) and (ask.statements is None or ask.taken <= ask.statements)
    return found | {"met": kept}


def steady(group: list[Ask]) -> dict[str, Any]:
    """Compare the list of somebody with 10,000 assessments with that of somebody with 10."""
    few, many = middle(group[0].seconds), middle(group[-1].seconds)
    return {
        "what": "the same list at 10,000, in times of that at 10",
        "ratio": many / few,
        "most": STEADY,
        "met": many <= STEADY * few,
    }


def lists() -> list[Ask]:
    return [
        Ask(f"my assessments, 10 a page, of {n:,}", "/assessments/", [session_of(laying.with_assessments(n))], most=3)
        for n in (10, 1_000, 10_000)
    ]


def ratings() -> list[Ask]:
    asks = []
    for partners, most in ((8, 3), (40, 6)):
        assessment, membership, _user = laying.open_for_answers(partners, 12)
        path = f"/assessments/{assessment.code}/rate/3/"
        asks.append(Ask(f"rating page, {partners} partners", path, [session_of(membership.user)], most=most))
    return asks


def saving() -> list[Ask]:
    return [one_answer(), all_levels()]


def one_answer() -> Ask:
    """Change one answer of a sheet, each time to another level, as a phone does."""
    assessment, membership, _user = laying.open_for_answers(8, 12)
    versions = itertools.count()

    def body() -> dict[str, Any]:
        version, now = next(versions), int(timezone.now().timestamp() * 1000)
        known = {
            "w": membership.code,
            "m": str(uuid.uuid4()),
            "d": 3,
            "p": 2,
            "b": version,
            "s": None,
            "t": now,
            "n": now,
        }
        return known | {"l": version % 5}

    path = f"/assessments/{assessment.code}/rate/answer/"
    return Ask("saving one answer", path, [session_of(membership.user)], body, most=2)


def all_levels() -> Ask:
    """Change every agreed level of a session, as a facilitator's laptop sends them once it has a line again."""
    decisions, partners = LEVELS_AT_ONCE
    assessment, membership = laying.in_session(partners, decisions)
    versions = itertools.count()

    def body() -> dict[str, Any]:
        version = next(versions)
        changes = [
            {
                "m": str(uuid.uuid4()),
                "d": decision,
                "c": f"p{partner}",
                "b": version,
                "a": [str(version % 5), "4", "", ""],
            }
            for decision in range(1, decisions + 1)
            for partner in range(1, partners + 1)
        ]
        return {"w": membership.code, "changes": changes}

    path = f"/assessments/{assessment.code}/session/laptop/save/"
    what = f"saving {decisions * partners} agreed levels in one request"
    return Ask(what, path, [session_of(membership.user)], body, most=11, unit="F", statements=8)


def reading() -> list[Ask]:
    assessment, session = closed_in_demo()
    path = f"/assessments/{assessment.code}/dashboard/"
    if not assessment.facts.exists():
        raise LookupError("the demo's closed assessment has facts")
    return [Ask("dashboard from a Release with facts, 12 × 8", path, [session], most=4)]


def searching() -> list[Ask]:
    """Search by several people in turn, who take part in 1,000 assessments: each may search only so often a minute."""
    laying.texts(10_000)
    people = [session_of(user) for user in laying.with_decisions(1_000, 24)]
    words = {
        "one text in a hundred": laying.FEW,
        "one in ten": laying.SOME,
        "every text": laying.EVERY,
        "every one of 15,000 decisions of one's own": laying.EVERY_DECISION,
        "one in a thousand of them": laying.ONE_DECISION,
    }
    return [
        Ask(f"search in 10,000 texts for a word of {where}", f"/community/search/?q={word}", people, most=25, unit="F")
        for where, word in words.items()
    ]
