"""Every kind of notification that the code sends has its words."""

import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string

SOURCES = [path for app in ("partnerships", "assessments") for path in (settings.BASE_DIR / app).rglob("*.py")]
SENT = re.compile(r'(?:_?notify\w*)\(\s*(?:[a-z_.]+,\s*)?"([a-z]+\.[a-z_]+)"')
KINDS = sorted({kind for path in SOURCES for kind in SENT.findall(path.read_text())})


def test_the_search_finds_what_is_sent():
    assert {"assessments.started", "assessments.action_due", "partnerships.membership_waiting"} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_that_is_sent_has_a_subject_and_a_text(kind):
    app, name = kind.split(".")
    context = {"assessment": "A", "partnership": "P", "name": "N", "action": "Share it", "due": "2026-12-01"}
    lines = render_to_string(f"{app}/notifications/{name}.txt", context).strip().split("\n")
    assert lines[0].strip()
    assert len("".join(lines[1:]).strip()) > 20
