"""Every URL of the evidence base that takes posts, with one field wrong at a time."""

import pytest
from django.utils import timezone

from community.models import RealPartnership
from community.services import evidence
from community.services.groups import sides
from partnerships.models import Role
from tests.community.making import member
from tests.community.test_evidence_access import PAGES, addresses, people  # noqa: F401 (fixtures)
from tests.factories import membership
from tests.security.fuzzing import Post, Scene, all_faults
from tests.security.queries import noted, query_faults  # noqa: F401 (a fixture)


def asks_us(scene: Scene) -> dict[str, str]:
    """Let a member of a group ask the partnership to confirm their side."""
    asks = member("Asha Asks")
    behind = membership(scene.cast.partnership, Role.REPRESENTATIVE, scene.cast.partners["s1"], user=asks.user)
    RealPartnership.objects.create(partnership=scene.cast.partnership, state="confirmed", decided_at=timezone.now())
    sides.ask_partnership(asks, behind.code)
    asks.refresh_from_db()
    return {"member": str(asks.pk), "seen": sides.seen_of(asks)}


POSTS = {
    "evidence-refresh": Post("l", shows="/community/evidence/"),
    "real": Post("l", {"row": "{row}", "decision": "confirm", "reason": "We know them.", "network": "A network"}),
    "ask-real": Post("f", {"about": "We are real.", "network": "A network"}),
    "stand-behind": Post("f", {"member": "{member}", "seen": "{seen}"}, state=asks_us),
    "cite-figure": Post("m", {"key": "gap-all", "says": "So."}),
}


@pytest.mark.usefixtures("patient")
def test_no_wrong_field_breaks_and_nobody_refused_changes_a_row(cast, people, addresses):  # noqa: F811
    row = evidence.ask_real(cast.other_partnership, cast.other_facilitator, "", "We are real.")
    codes = {"foreign": "nothing-here", "row": row.code}
    assert RealPartnership.objects.filter(code=row.code).exists()
    assert not (wrong := all_faults(POSTS, people, addresses, codes, cast=cast)), wrong


@pytest.mark.usefixtures("patient")
def test_no_wrong_parameter_breaks_changes_a_row_or_comes_back_as_it_is(people, addresses, noted):  # noqa: F811
    names, wrong = query_faults(PAGES, people, addresses, noted)
    assert not wrong, wrong
    assert {"real": {"page"}}.items() <= names.items()
