"""The navigation inside one assessment: five steps under the same names, and no page that refuses."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, TrustedPerson
from assessments.views.tabs import PAGES, step_here, tabs_of
from assessments.workflow.next_steps import State
from assessments.workflow.steps import NAMES, Step
from partnerships.access import member_roles_of
from tests.assessments.making import in_session, make_assessment, rating, step, trust
from tests.assessments.test_next_steps import MAKE, WHO

pytestmark = pytest.mark.django_db
FIVE = ["1 Prepare", "2 Answer", "3 Meet", "4 Final review", "5 Results"]


def as_(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def tabs(cast, name: str, assessment: Assessment, view: str = "overview"):
    return tabs_of(assessment, member_roles_of(getattr(cast, name), cast.partnership), view)


@pytest.mark.parametrize("state", State)
def test_each_page_of_each_step_opens_with_a_title_for_whom_it_is_listed(cast, state):
    assessment = MAKE[state](cast)
    for name in WHO.values():
        client, found = as_(getattr(cast, name)), tabs(cast, name, assessment)
        pages = [page for tab in found for page in tab.pages if not page.download]
        answers = {page.url: client.get(page.url) for page in pages}
        assert {answer.status_code for answer in answers.values()} == {200}, name
        assert [url for url, answer in answers.items() if b"<h1" not in answer.content] == [], name
        assert len({page.url for page in pages}) == len(pages)
        assert [tab.here for tab in found].count(True) == 1


@pytest.mark.parametrize("name", ["session", "closing", "report"])
def test_a_page_before_its_time_has_a_title_too(cast, name):
    page = as_(cast.observer).get(reverse(f"assessments:{name}", args=[make_assessment(cast).code]))
    assert b'<h1 class="h2">' in page.content


def test_the_five_names_stand_on_each_page_of_an_assessment(cast):
    assessment = in_session(cast)
    client = as_(cast.observer)
    for name in ("overview", "decisions", "closing", "actions", "missing_voices", "pledge"):
        page = client.get(reverse(f"assessments:{name}", args=[assessment.code])).content.decode()
        assert all(f"{words}<" in page for words in FIVE), name
    assert [f"{int(step)} {NAMES[step]}" for step in Step] == FIVE


def test_each_page_stands_under_one_step(cast):
    assert step_here(make_assessment(cast), "overview") == Step.PREPARE
    meeting = in_session(cast)
    assert [step_here(meeting, view) for view in ("overview", "step")] == [Step.MEET, Step.MEET]
    names = [name for pages in PAGES.values() for page in pages for name in (page.name, *page.under)]
    assert len(names) == len(set(names))
    assert step_here(rating(cast), "missing_voices") is None


def test_without_private_ratings_there_is_no_answer_step(cast):
    found = tabs(cast, "observer", make_assessment(cast, private_ratings=False))
    shown = [f"{tab.number} {tab.name}" for tab in found]
    assert shown == ["1 Prepare", "2 Meet", "3 Final review", "4 Results"]


def test_the_overview_and_the_tabs_number_a_step_alike(cast):
    assessment = step(cast, make_assessment(cast, private_ratings=False), "start_session")
    page = as_(cast.observer).get(assessment.get_absolute_url()).content.decode()
    assert "Step 2 of 4: Meet" in page
    assert ">2 Meet<" in page


def test_raising_a_concern_stands_at_the_foot_once_a_person_is_named(cast):
    assessment = make_assessment(cast)
    here, client = reverse("assessments:concern", args=[assessment.code]), as_(cast.observer)
    assert f'href="{here}"' not in client.get(assessment.get_absolute_url()).content.decode()
    person = trust(cast, assessment)
    assert f'href="{here}"' in client.get(assessment.get_absolute_url()).content.decode()
    TrustedPerson.objects.filter(pk=person.pk).update(replaced_at=timezone.now())
    assert f'href="{here}"' not in client.get(assessment.get_absolute_url()).content.decode()
