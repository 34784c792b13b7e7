"""“Leave and clear this phone” is on every page of a guest."""

import pytest
from django.urls import reverse

from assessments.workflow import jobs
from partnerships.models import Role
from tests import test_permissions as permissions
from tests.factories import membership
from tests.partnerships.test_access import OPEN_PAGES, PAGES, addresses  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db
LEAVE = f'href="{reverse("assessments:rater-leave")}"'
NOT_A_PHONES = {"projector", "rater-leave"}  # shown to a room; the page itself


def is_page(response) -> bool:
    """Say whether it is a whole page, neither a file nor a part that a page polls for."""
    return response.status_code == 200 and b"<!DOCTYPE html>" in getattr(response, "content", b"")


def without(client, urls: dict[str, str]) -> set[str]:
    """Return the names of the pages on which the link is missing."""
    answers = {name: client.get(url) for name, url in urls.items() if name not in NOT_A_PHONES}
    return {name for name, page in answers.items() if is_page(page) and LEAVE not in page.content.decode()}


@pytest.mark.parametrize("stage", permissions.STAGES)
def test_each_page_of_an_assessment_has_it(client, cast, stage):
    assessment = permissions.brought_to(cast, stage)
    jobs.settle(assessment)
    client.force_login(cast.guest)
    names = [name for name, row in permissions.ROWS.items() if row.stage == stage and row.get["g"] == 200]
    assert without(client, {name: permissions.address(cast, name, assessment) for name in names}) == set()


def test_each_page_of_a_partnership_has_it(client, cast, addresses):  # noqa: F811
    client.force_login(cast.guest)
    names = [name for name, row in (OPEN_PAGES | PAGES).items() if row["g"] == 200]
    assert without(client, {name: addresses[name] for name in names} | {"home": reverse("home")}) == set()


def test_a_guest_who_waits_and_one_who_submitted_have_it(client, cast):
    waiting = membership(cast.partnership, Role.OBSERVER, None, employer="A", user=cast.guest, admitted_at=None)
    assessment = permissions.making.rating(cast)
    permissions.making.answer_all(assessment, cast.membership(cast.guest, Role.REPRESENTATIVE))
    client.force_login(cast.guest)
    thanks = client.get(reverse("assessments:rate-review", args=[assessment.code]))
    for page in (client.get(reverse("partnerships:waiting", args=[waiting.code])), thanks):
        assert LEAVE in page.content.decode()


def test_somebody_with_an_account_finds_it_where_she_answers_alone(client, cast):
    client.force_login(cast.south_facilitator)
    assert LEAVE not in client.get(reverse("home")).content.decode()
