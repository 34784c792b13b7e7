"""Forty partners and sixty decisions: as many statements as for eight and five, and pages that stay usable."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Action, AgreedLevel, Assessment, Cause, Outcome
from tests.assessments.making import in_session
from tests.factories import PartnerFactory

pytestmark = pytest.mark.django_db

PAGES = {
    "session": 24,
    "session-decision": 25,
    "session-all": 16,
    "projector": 15,
    "session-history": 7,
    "actions": 6,
    "closing": 20,
}


def big(cast, partners: int, decisions: int) -> Assessment:
    """Return a session in which every cell is recorded and every decision has an action."""
    for number in range(partners - len(cast.partners)):
        PartnerFactory(partnership=cast.partnership, side=("north", "south")[number % 2])
    assessment = in_session(cast, wordings=[f"Decision about matter {n}" for n in range(decisions)])
    everyone, listed = list(assessment.participants.all()), list(assessment.decisions.order_by("number"))
    who = cast.north_facilitator
    AgreedLevel.objects.bulk_create(
        AgreedLevel(decision=each, participant=partner, actual=partner.number % 5, desired=3, updated_by=who)
        for each in listed
        for partner in everyone
    )
    Outcome.objects.bulk_create(Outcome(decision=each, agree=False, discussed_at=timezone.now()) for each in listed)
    Cause.objects.bulk_create(Cause(decision=each, place=1, factor="risk") for each in listed)
    due = timezone.localdate() + timedelta(days=30)
    Action.objects.bulk_create(
        Action(assessment=assessment, decision=each, text=f"Do {each.number}", owner=everyone[0], due=due)
        for each in listed
    )
    return assessment


def pages_of(cast, assessment: Assessment) -> dict[str, tuple[int, int]]:
    """Return per page the number of statements and of bytes, as a facilitator reads it."""
    client = Client()
    client.force_login(cast.north_facilitator, backend="django.contrib.auth.backends.ModelBackend")
    found = {}
    for name in PAGES:
        args = [assessment.code, 1] if name in ("session-decision", "session-history") else [assessment.code]
        client.get(reverse(f"assessments:{name}", args=args))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(reverse(f"assessments:{name}", args=args))
        assert response.status_code == 200
        found[name] = (len(queries), len(response.content))
    return found


def test_statements_do_not_grow(cast):
    small = pages_of(cast, big(cast, 8, 5))
    large = pages_of(cast, big(cast, 40, 60))
    assert {name: count for name, (count, _bytes) in small.items()} == {
        name: count for name, (count, _bytes) in large.items()
    }
    too_many = {name: count for name, (count, _bytes) in large.items() if count > PAGES[name]}
    assert not too_many
    assert large["session"][1] < 210_000, "one decision's cells, not all"


def test_saving_a_whole_page_does_not_ask_per_cell(cast):
    """Writing costs per changed cell; looking at what did not change costs nothing more."""
    from tests.assessments.test_session import form_of

    counts = []
    for partners in (8, 40):
        assessment = big(cast, partners, 5)
        client = Client()
        client.force_login(cast.north_facilitator, backend="django.contrib.auth.backends.ModelBackend")
        path = reverse("assessments:session-decision", args=[assessment.code, 1])
        sent = form_of(client.get(path).content.decode()) | {"choice-1": "0"}
        with CaptureQueriesContext(connection) as queries:
            assert client.post(path, sent).status_code == 302
        counts.append(len(queries))
    assert counts[0] == counts[1]
