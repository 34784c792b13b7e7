"""Every URL of an assessment that takes posts, with one field wrong at a time."""

import pytest
from django.urls import reverse

from assessments.importing import csv_example
from tests import test_permissions as permissions
from tests.assessments.test_iati_pages import FILE
from tests.factories import Cast
from tests.partnerships.test_access import people
from tests.security import assessment_states as states
from tests.security.fuzzing import Post, all_faults
from tests.security.queries import noted, query_faults  # noqa: F401 (a fixture)
from tests.test_permissions import ROWS

UUID = "0b0f6e0e-3c1b-4f0e-9d38-52b0a5b0f6aa"

CHECKED = 'name="checked"'  # nothing is imported before a person has seen what the file holds


POSTS = {
    "create": Post("f", {**states.FIELDS, "k": "3"}),
    "import": Post("f", {**states.FIELDS, "archive": csv_example.archive()}, sends="file", shows=CHECKED),
    "import of checked files": Post("f", {"checked": "{checked}"}, state=states.checked_files),
    "import-workbook": Post("f", {**states.FIELDS, "cells": states.CELLS}, shows='name="sealed"'),
    "import-workbook of checked cells": Post(
        "f", {"sealed": "{sealed}", "import": "yes", "levels.1.1": "3"}, state=states.checked_cells
    ),
    "concern-answer": Post("a", {"code": "{writer_code}"}, state=states.raised_concern, shows="There is no answer yet"),
    "concern-read": Post("a", {"concern": "{concern}", "text": "We hear you."}, state=states.raised_concern),
    "concern": Post("r", {"text": "They never ask us.", "person": "{person}"}, state=states.raised_concern),
    "concern-person": Post("f", {"name": "Ada", "email": "ada@example.org"}),
    "concern-word": Post("f", {"person": "{person}"}, state=states.named_person),
    "rehearse": Post("o", {"kind": "one_lead"}),
    "rehearsal-next": Post("f", {"do": "open", "assessment": "{rehearsed}"}, state=states.a_rehearsal),
    "rehearsal": Post("f", {"do": "answer"}, state=states.a_rehearsal_of_rating),
    "rehearsal as somebody else": Post("f", {"as": "{pretend}"}, state=states.a_rehearsal),
    "rehearsal-remove": Post("f", state=states.a_rehearsal),
    "settings": Post("f", {"title": "T"}),
    "archive": Post("f", {"do": "archive"}),
    "start-decisions": Post("f", {"wordings": "Buying boats", "topics": "risk"}),
    "ready": Post("f", {"in_spite": "yes"}, state=states.addresses_of_all),
    "session-day": Post("f", {"session_on": "2030-05-10", "session_time": "14:00", "session_zone": "Africa/Nairobi"}),
    "facts-choose": Post("f", {"money": "EUR"}),
    "fact-save": Post("r", {"value": "2", "seen": "0"}),
    "iati": Post("f", {"file": FILE}, sends="file", state=states.no_iati),
    "iati-choose": Post("f", {"version": "1", "currency": "EUR", "years": "2025", "organisation_0": "{partner}"}),
    "iati-save": Post("f", {"version": "1", "seen": "{seen}"}, state=states.previewed_iati),
    "iati-remove": Post("f"),
    "own-proposal": Post("r", {"wording": "Buying boats"}, state=states.own_proposal),
    "partnership-pledge": Post("r", {"do": "sign"}),
    "named": Post("r", {"accept": "yes"}),
    "step": Post("f"),
    "side-words": Post("f", {"day": "2030-01-01"}),
    "member-words": Post("f", {"do": "give", "side": "south"}),
    "my-membership": Post("r", {"do": "object"}),
    "kept-answers": Post("r", state=states.ended_membership),
    "decisions": Post("r", {"wording": "Buying cars"}),
    "decision": Post("f", {"wording": "Buying bicycles"}),
    "wordings": Post("f", {"{decision}": "Partager le budget"}),
    "decision-move": Post("f", {"to": "up"}),
    "decision-merge": Post("f", {"into": "{decision_2}"}),
    "decision-unmerge": Post("f", state=states.combined_decisions),
    "decision-leave-out": Post("f", {"out": "yes"}),
    "missing_voices": Post("r", {"question": "absent", "text": "The herders"}),
    "missing_voices-propose": Post("r", state=states.missing_voice),
    "missing_voices-out": Post("f", state=states.missing_voice),
    "vote": Post("r", {"decision": "{decision}"}),
    "choose": Post("f", {"decision": "{decision}"}, state=states.ended_vote),
    "rate-practice": Post("r", {"p1": "2"}, shows="That is how you answer"),
    "rate-decision": Post("r", {"agree": "no", "use": "group", "reason": "Since we pay.", "p1": "3"}),
    "rate-answer": Post(
        "r",
        {
            "w": "{represents}",
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
    "rate-hand-in": Post("r", {"tick": "yes"}, state=states.answered),
    "rate-hand-in by a device": Post(
        "r", {"w": "{represents}", "m": UUID, "s": "{sheet}", "tick": True}, sends="json", state=states.answered
    ),
    "rate-answer about agreement": Post(
        "r",
        {"w": "{represents}", "m": UUID, "d": 1, "p": None, "b": 0, "t": 1, "a": True, "u": "me", "r": "So."},
        sends="json",
    ),
    "rate-withdraw": Post("r"),
    "rate-receipt": Post("r", {"code": "{receipt}"}, state=states.submitted, shows="The server has"),
    "rater-leave": Post("r", shows="Clear-Site-Data"),
    "remind": Post("f"),
    "fieldwork": Post("f", {"filled": "{filled}"}, sends="file", state=states.filled_export, shows=CHECKED),
    "fieldwork of a checked file": Post("f", {"checked": "{checked}"}, state=states.checked_export),
    "my-form": Post("r", {"filled": "{filled}"}, sends="file", state=states.filled_sheet),
    "my-form-code": Post("r"),
    "pledge": Post("r", state=states.a_donor),
    "pledge-withdraw": Post("r", state=states.signed_pledge),
    "ground-rules": Post("r", {"version": "1"}),
    "ground-rules-edit": Post("f"),
    "caucus-decision": Post("r", {"go": "all"}),
    "erase-answers": Post("r", state=states.submitted_to_another),
    "laptop-save": Post(
        "f", {"w": "{facilitates}", "m": UUID, "d": 1, "b": 1, "c": "p1", "a": ["3", "", "", ""]}, sends="json"
    ),
    "session-decision": Post("f", {"choice-1": "3", "agree": "no", "note": "So.", "route": "trial"}),
    "session-undo": Post("f", page="{first_decision}"),
    "session-live": Post("f", {"do": "pause"}, state=states.a_ticket),
    "session-live phase": Post("f", {"do": "phase-silence"}),
    "session-live moment": Post("f", {"do": "moment-level", "seen": "a:b", "at": "1"}),
    "session-live lead": Post("f", {"do": "lead"}),
    "session-live show": Post("f", {"do": "show", "at": "1", "seen": "{seen}"}, state=states.choosing),
    "session-live choose": Post(
        "r", {"do": "choose", "at": "1", "level": "2", "moment": "level"}, state=states.choosing
    ),
    "session-live other": Post(
        "r", {"do": "other", "at": "1", "about": "{about}", "level": "2", "words": "W"}, state=states.shown_choices
    ),
    "session-live say": Post("r", {"do": "say", "at": "1", "agree": "yes", "was": ""}, state=states.asked_aloud),
    "session-live word": Post("f", {"do": "word", "at": "1", "word": "1:yes"}),
    "session-live tap": Post("r", {"do": "tap", "at": "1", "agree": "yes"}, state=states.asked_privately),
    "session-live causes": Post("f", {"do": "causes", "at": "1"}),
    "session-here": Post("f", state=states.second_decision),
    "session-plan": Post(
        "f",
        {"confirmer": "{confirmer}", "text": "Share the accounts", "due": "2030-01-01"},
        state=states.another_partner,
    ),
    "reading": Post("f", {"differs": "The budget", "decides": "The donor"}),
    "agenda": Post("f"),
    "agenda-send": Post("f", state=states.draft_agenda),
    "action": Post("r", {"status": "started", "text": "Begun."}, state=states.own_action),
    "action-edit": Post("f"),
    "action-remove": Post("f"),
    "closing-confirm": Post("f"),
    "closing-reply": Post("r", {"text": "We agree."}),
    "closing-nothing": Post("r"),
    "closing-remark": Post("f", {"text": "Well said."}),
    "contribute": Post("r", {"agreed": "yes"}),
    "job-retry": Post("f", state=states.failed_job),
    "shift-say": Post(
        "r",
        {"organisation": "{organisation}", "since-all": "more", "version-all": "0"},
        state=states.earlier_assessment,
    ),
    "report-make": Post("f"),
    "share-make": Post("f"),
}
STAGES = sorted({ROWS[name.split()[0]].stage for name in POSTS})


def codes_of(cast: Cast, assessment) -> dict[str, str]:
    """Return what payloads name, and the code of something of another partnership."""
    decisions = list(assessment.decisions.active())
    return {
        "foreign": cast.other_partnership.partners.first().code,
        "decision": decisions[0].code,
        "decision_2": decisions[-1].code,
        "partner": cast.partners["n1"].code,
        "represents": cast.membership(people(cast)["r"]).code,
        "facilitates": cast.membership(people(cast)["f"]).code,
        "first_decision": reverse("assessments:session-decision", args=[assessment.code, 1]),
    }


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.usefixtures("patient")
def test_no_wrong_field_breaks_and_nobody_refused_changes_a_row(cast, stage):
    assessment = permissions.brought_to(cast, stage)
    own = {name: post for name, post in POSTS.items() if ROWS[name.split()[0]].stage == stage}
    addresses = {name: permissions.address(cast, name, assessment) for name in {name.split()[0] for name in own}}
    codes = codes_of(cast, assessment)
    assert not (wrong := all_faults(own, people(cast), addresses, codes, cast=cast, assessment=assessment)), wrong


MADE = {
    "fieldwork-paper",
    "my-form-paper",
    "my-form-sheet",
    "print-kit",
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
