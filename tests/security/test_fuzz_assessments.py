"""Every URL of an assessment that takes posts, with one field wrong at a time."""

import io
import zipfile

import pytest

from tests import test_permissions as permissions
from tests.factories import Cast
from tests.partnerships.test_access import people
from tests.security.fuzzing import Post, all_faults
from tests.security.queries import noted, query_faults  # noqa: F401 (a fixture)
from tests.test_permissions import ROWS

UUID = "0b0f6e0e-3c1b-4f0e-9d38-52b0a5b0f6aa"

LEVEL = ["2", "", "", ""]
SETUP = {"title": "T", "phase": "baseline", "mode_wanted": "by_side"}


def archive() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("partners.csv", "name,acronym,country,side\nNorthern 1,N1,NL,north\n")
        file.writestr("decisions.csv", "code,decision\nD1,The budget\n")
    return data.getvalue()


POSTS = {
    "create": Post("f", {**SETUP, "k": "3"}),
    "import": Post(
        "f",
        {"title": "T", "phase": "baseline", "mode_wanted": "by_side", "archive": archive()},
        sends="file",
        accepted=False,
    ),
    "import-workbook": Post(
        "f", {"title": "T", "phase": "baseline", "cells": "Decision\tN1\tS1\nBudget\t4\t1"}, accepted=False
    ),
    "concern-answer": Post("a", {"code": "abcd-efgh-jkmn"}, accepted=False),
    "concern-read": Post("a", {"concern": UUID, "text": "We hear you."}, accepted=False),
    "concern": Post("r", {"text": "They never ask us.", "person": "0" * 16}, accepted=False),
    "concern-person": Post("f", {"name": "Ada", "email": "ada@example.org"}),
    "concern-word": Post("r", {"person": "0" * 16}, accepted=False),
    "rehearse": Post("o", {"kind": "one_lead"}),
    "rehearsal-next": Post("f", {"do": "open", "assessment": "nowhere"}, accepted=False),
    "rehearsal": Post("f", {"do": "answer", "as": "{membership}"}, accepted=False),
    "rehearsal-remove": Post("f", accepted=False),
    "settings": Post("f", {"title": "T"}),
    "archive": Post("f", {"do": "archive"}),
    "start-decisions": Post("f", {"wordings": "Buying boats", "topics": "risk"}),
    "ready": Post("f", {"in_spite": "yes"}, accepted=False),
    "session-day": Post("f", {"session_on": "2030-05-10", "session_time": "14:00", "session_zone": "Africa/Nairobi"}),
    "facts-choose": Post("f", {"money": "EUR"}),
    "fact-save": Post("r", {"value": "2", "seen": "0"}),
    "iati": Post("f", {"file": archive()}, sends="file", accepted=False),
    "iati-choose": Post("f", {"version": "1", "currency": "EUR", "years": "2025", "organisation_0": "{partner}"}),
    "iati-save": Post("f", {"version": "1", "seen": "a"}, accepted=False),
    "iati-remove": Post("f"),
    "own-proposal": Post("r", {"wording": "Buying boats"}, accepted=False),
    "partnership-pledge": Post("r", {"do": "sign"}),
    "named": Post("r", {"accept": "yes"}),
    "step": Post("f"),
    "side-words": Post("f", {"day": "2030-01-01"}),
    "member-words": Post("f", {"do": "give", "side": "south"}),
    "my-membership": Post("r", {"do": "object"}),
    "kept-answers": Post("r", accepted=False),
    "decisions": Post("r", {"wording": "Buying cars"}),
    "decision": Post("f", {"wording": "Buying bicycles"}),
    "wordings": Post("f", accepted=False),
    "decision-move": Post("f", {"to": "up"}),
    "decision-merge": Post("f", {"into": "{decision_2}"}),
    "decision-unmerge": Post("f", accepted=False),
    "decision-leave-out": Post("f", {"out": "yes"}),
    "missing_voices": Post("r", {"question": "absent", "text": "The herders"}),
    "missing_voices-propose": Post("r", accepted=False),
    "missing_voices-out": Post("f", accepted=False),
    "vote": Post("r", {"decision": "{decision}"}),
    "choose": Post("f", {"decision": "{decision}"}, accepted=False),
    "rate-practice": Post("r", {"p1": "2"}, accepted=False),
    "rate-decision": Post("r", {"agree": "no", "use": "group", "reason": "Since we pay.", "p1": "3"}),
    "rate-answer": Post(
        "r",
        {
            "w": "{membership}",
            "m": UUID,
            "d": 1,
            "p": 1,
            "b": 0,
            "s": None,
            "t": 1_700_000_000_000,
            "n": 1_700_000_000_000,
        }
        | {"l": 3},
        sends="json",
    ),
    "rate-translation": Post("r"),
    "rate-hand-in": Post("r", {"tick": "yes"}, accepted=False),
    "rate-hand-in by a device": Post(
        "r", {"w": "{membership}", "m": UUID, "s": None, "tick": True}, sends="json", accepted=False
    ),
    "rate-answer about agreement": Post(
        "r",
        {"w": "{membership}", "m": UUID, "d": 1, "p": None, "b": 0, "t": 1, "a": True, "u": "me", "r": "So."},
        sends="json",
    ),
    "rate-withdraw": Post("r"),
    "rate-receipt": Post("r", {"code": "abcd-efgh"}, accepted=False),
    "rater-leave": Post("r"),
    "remind": Post("f"),
    "fieldwork": Post("f", {"filled": archive()}, sends="file", accepted=False),
    "my-form": Post("r", {"filled": archive()}, sends="file", accepted=False),
    "my-form-code": Post("r"),
    "pledge": Post("r", accepted=False),
    "pledge-withdraw": Post("r", accepted=False),
    "agreement": Post("r", {"version": "1"}),
    "agreement-edit": Post("f"),
    "caucus-decision": Post("r", {"go": "all"}),
    "erase-answers": Post("r", accepted=False),
    "laptop-save": Post(
        "f", {"w": "{membership}", "m": UUID, "d": 1, "b": 0, "c": "p1", "a": ["2", "", "", ""]}, sends="json"
    ),
    "session-decision": Post("f", {"choice-1": "3", "agree": "no", "note": "So.", "route": "trial"}),
    "session-undo": Post("f", {"change": "1"}, accepted=False),
    "session-live": Post("f", {"do": "pause", "at": "1", "seen": "a"}, accepted=False),
    "session-live phase": Post("f", {"do": "phase-silence"}),
    "session-live moment": Post("f", {"do": "moment-level", "seen": "a:b", "at": "1"}),
    "session-live lead": Post("f", {"do": "lead"}),
    "session-live show": Post("f", {"do": "show", "at": "1"}, accepted=False),
    "session-live choose": Post("r", {"do": "choose", "at": "1", "level": "2", "moment": "level"}, accepted=False),
    "session-live other": Post(
        "r", {"do": "other", "at": "1", "about": "2", "level": "2", "words": "W"}, accepted=False
    ),
    "session-live say": Post("r", {"do": "say", "at": "1", "agree": "yes", "was": "no"}, accepted=False),
    "session-live word": Post("f", {"do": "word", "at": "1", "word": "1:yes"}),
    "session-live tap": Post("r", {"do": "tap", "at": "1", "agree": "yes"}, accepted=False),
    "session-live causes": Post("f", {"do": "causes", "at": "1"}),
    "session-here": Post("f", accepted=False),
    "session-plan": Post("f", {"confirmer": "2", "text": "Share the budget", "due": "2030-01-01"}, accepted=False),
    "reading": Post("f", {"differs": "The budget", "decides": "The donor"}),
    "agenda": Post("f"),
    "agenda-send": Post("f", accepted=False),
    "action": Post("r", {"status": "started", "text": "Begun."}, accepted=False),
    "action-edit": Post("f"),
    "action-remove": Post("f"),
    "closing-confirm": Post("f"),
    "closing-reply": Post("r", {"text": "We agree."}),
    "closing-nothing": Post("r"),
    "closing-remark": Post("f", {"text": "Well said."}),
    "contribute": Post("r", {"agreed": "yes"}),
    "work-retry": Post("f", accepted=False),
    "shift-say": Post("r", {"organisation": "{partner}", "number": "1"}, accepted=False),
    "report-make": Post("f"),
    "share-make": Post("f"),
}
STAGES = sorted({ROWS[name.split()[0]].stage for name in POSTS})


def codes_of(cast: Cast, assessment, who: str) -> dict[str, str]:
    """Return what payloads name, and the code of something of another partnership."""
    decisions = list(assessment.decisions.active())
    user = people(cast)[who]
    membership = cast.partnership.memberships.filter(user=user).first() if user else None
    return {
        "foreign": cast.other_partnership.partners.first().code,
        "decision": decisions[0].code,
        "decision_2": decisions[-1].code,
        "partner": cast.partners["n1"].code,
        "membership": membership.code if membership else "",
    }


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.usefixtures("patient")
def test_no_wrong_field_breaks_and_nobody_refused_changes_a_row(cast, stage):
    assessment = permissions.brought_to(cast, stage)
    own = {name: post for name, post in POSTS.items() if ROWS[name.split()[0]].stage == stage}
    addresses = {name: permissions.address(cast, name, assessment) for name in {name.split()[0] for name in own}}
    wrong = [
        all_faults({name: post}, people(cast), addresses, codes_of(cast, assessment, post.who))
        for name, post in own.items()
    ]
    assert not any(wrong), "\n".join(filter(None, wrong))


MADE = {
    "fieldwork-paper",
    "my-form-paper",
    "my-form-sheet",
    "wall-kit",
    "report-data",
}  # files, which take time and ask for nothing


@pytest.mark.parametrize("stage", sorted({row.stage for row in ROWS.values()} - {"named", "voting"}))
@pytest.mark.usefixtures("patient")
def test_no_wrong_parameter_breaks_changes_a_row_or_comes_back_as_it_is(cast, noted, stage):  # noqa: F811
    assessment = permissions.brought_to(cast, stage)
    pages = {name: row.get for name, row in ROWS.items() if row.stage == stage and name not in MADE}
    addresses = {name: permissions.address(cast, name, assessment) for name in pages}
    names, wrong = query_faults(pages, people(cast), addresses, noted)
    assert not wrong, wrong
    assert stage != "joint" or names["session-state"] == {"v", "screen", "number", "moment"}
