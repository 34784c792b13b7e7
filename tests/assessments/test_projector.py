"""The projector at 1920 × 1080: without scrolling, readable from eight metres, and nothing that members may not see."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assessments.models import Assessment, LiveSession, SpokenWord, Topic
from assessments.results.agreed import make_agreed_result
from assessments.services.session import joint, live
from partnerships.access import member_roles_of
from tests.assessments.making import choose_fact, close, closed, declare_fact, in_session
from tests.factories import PartnerFactory, make_cast

LONG = "Choosing which communities take part in the first phase, and which do not, and telling them why"
# The smallest text that matters, and how far down the page reaches.
LOOK = """() => {
  const shown = (one) => one.offsetParent && one.textContent.trim() && !one.closest('.visually-hidden');
  const matters = 'h1, .lead, .slide-facts :is(th, td), '
    + '.projector-rows b, .projector-level span, .projector-want span, .projector-foot > p:not(.projector-key), '
    + '.clock-face, .projector-lines li, .projector-lobby b, .projector-ladder li';
  const all = [...document.querySelectorAll('.projector-region *')].filter(shown);
  const sizes = all.filter((one) => one.matches(matters)).map((one) => parseFloat(getComputedStyle(one).fontSize));
  const rows = [...document.querySelectorAll('.projector-rows li')];
  return {
    smallest: Math.min(...sizes),
    lowest: Math.max(...all.map((one) => one.getBoundingClientRect().bottom)),
    height: document.documentElement.scrollHeight,
    width: document.documentElement.scrollWidth,
    spilt: rows.filter((one) => one.scrollHeight > one.clientHeight + 2).length,
  };
}"""


def session(partners: int) -> tuple:
    """Return a session of so many partners at its first decision: levels, wishes, a clock, a speaker."""
    cast = make_cast()
    for number in range(partners - len(cast.partners)):
        PartnerFactory(partnership=cast.partnership, side=("north", "south")[number % 2])
    assessment = in_session(cast, wordings=[LONG, *(f"Decision about matter {n}" for n in range(11))])
    decision, member = assessment.decisions.get(number=1), member_roles_of(cast.north_facilitator, cast.partnership)
    everyone = list(assessment.participants.all())
    entries = [joint.Entry(each, 0, {"actual": each.number % 5, "desired": each.number % 4}) for each in everyone[1:]]
    joint.record(assessment, member, decision, entries)
    joint.record_outcome(assessment, member, decision, 0, {"agree": False})
    LiveSession.objects.update(moment="level", timer_ends_at=timezone.now() + timedelta(minutes=8))
    return cast, Assessment.objects.get(pk=assessment.pk)


def address(assessment, page: str = "") -> str:
    return reverse("assessments:projector", args=[assessment.code]) + page


def read(user, assessment, page: str = "") -> str:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(address(assessment, page)).content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("partners", [8, 40])
def test_everything_fits_and_what_matters_is_a_fortieth_of_the_height(new_page, partners):
    cast, assessment = session(partners)
    for language in ("en", "fr", "ar"):
        page = new_page(cast.observer, width=1920, height=1080, locale=language)
        for phase in ("decisions", "lobby", "agreement", "practice", "silence", "pause"):
            now = timezone.now()
            pause = {"pause_from": now, "pause_until": now + timedelta(minutes=5)} if phase == "pause" else {}
            at = "decisions" if pause else phase
            LiveSession.objects.update(phase=at, phase_ends_at=now + timedelta(minutes=1), **pause)
            page.goto(address(assessment))
            look = page.evaluate(LOOK)
            LiveSession.objects.update(pause_from=None, pause_until=None)
            assert look["smallest"] >= 1080 / 40, (language, phase, look)
            assert look["lowest"] <= 1080, (language, phase, look)
            assert (look["height"], look["width"], look["spilt"]) == (1080, 1920, 0), (language, phase, look)


@pytest.mark.django_db
def test_many_partners_stand_on_pages_in_their_order_and_the_page_follows_whoever_speaks():
    cast, assessment = session(40)
    everyone = [
        each.acronym
        for each in sorted(assessment.participants.all(), key=lambda p: ("north", "south", "other").index(p.side))
    ]
    first, second = (read(cast.observer, assessment, f"?page={number}") for number in (1, 2))
    for page, expected in ((first, everyone[:20]), (second, everyone[20:])):
        places = [page.find(f"<b>{acronym}</b>") for acronym in expected]
        assert -1 not in places
        assert places == sorted(places)
    assert f"<b>{everyone[0]}</b>" not in second
    for turn in (0, 39):
        LiveSession.objects.update(turn=turn)
        shown = read(cast.observer, assessment)
        speaks = live.speakers(
            Assessment.objects.get(pk=assessment.pk),
            assessment.current_decision,
            list(assessment.participants.in_order()),
        )
        now = next(each.partner.acronym for each in speaks if each.state == "speaks")
        assert f"<b>{now}</b>" in shown
        assert f"<b>{now}</b>" in read(cast.observer, assessment, "?page=x")


@pytest.mark.django_db
def test_the_projector_names_no_person_and_nothing_can_be_pressed():
    cast, assessment = session(8)
    for phase in ("decisions", "lobby"):
        LiveSession.objects.update(phase=phase)
        page = read(cast.north_facilitator, assessment)
        assert "<form" not in page
        assert "<button" not in page
        for membership in cast.partnership.memberships.all():
            assert membership.user.get_full_name() not in page


@pytest.mark.django_db
def test_the_projector_says_who_has_not_been_asked():
    cast, assessment = session(8)
    member, decision = member_roles_of(cast.north_facilitator, cast.partnership), assessment.current_decision
    joint.record_outcome(assessment, member, decision, 1, {"agree": None})
    LiveSession.objects.update(moment="agree")
    assert "Not asked yet" not in read(cast.observer, assessment)
    live.record_word(assessment, member, decision, 1, SpokenWord.Word.YES)
    page = read(cast.observer, assessment)
    assert "Not asked yet:" in page


MONEY = ("budget_spent", "budget_managed", "overhead_rate", "flexible_share", "contract_months", "paid_in_advance")


def closed_with_facts(cast) -> Assessment:
    """Return a closed assessment about money: the North has one fifteenth of it, the South has nine."""
    assessment = in_session(cast, wordings=[LONG, f"{LONG}, again"])
    assessment.decisions.update(topic=Topic.MONEY_PARTNERS)
    for fact in (choose_fact(assessment, key) for key in MONEY):
        for number, partner in enumerate(cast.partners.values()):
            declare_fact(fact, partner, number if fact.kind == "amount" else 1)
    assessment = close(cast, assessment)
    make_agreed_result(assessment)
    return Assessment.objects.get(pk=assessment.pk)


@pytest.mark.django_db(transaction=True)
def test_the_closed_projector_shows_facts_beside_influence(cast, new_page):
    assessment = closed_with_facts(cast)
    for language in ("en", "fr", "ar"):
        page = new_page(cast.observer, width=1920, height=1080, locale=language)
        for number in (1, 2):
            page.goto(address(assessment, f"?page={number}"))
            look = page.evaluate(LOOK)
            assert look["smallest"] >= 1080 / 40, (language, look)
            assert look["lowest"] <= 1080, (language, look)
            assert (look["height"], look["width"]) == (1080, 1920), (language, look)
    page = new_page(cast.observer, width=1920, height=1080)
    page.goto(address(assessment))
    spent, decided = (page.locator(".slide-facts tbody tr").nth(place) for place in (0, -1))
    north, south = (spent.locator(f".bar-{side} rect").bounding_box()["width"] for side in ("north", "south"))
    assert south == pytest.approx(60 / 7 * north, rel=0.02), "7% and 60%"
    expect(decided).to_contain_text("0 of 2")
    page.goto(reverse("assessments:dashboard", args=[assessment.code]))
    expect(page.locator("#chart-facts .bars").first).to_be_visible()


@pytest.mark.django_db
def test_the_closed_projector_shows_facts_only_where_they_are_used(cast):
    assessment = closed(cast)
    make_agreed_result(assessment)
    assert "Facts and influence" not in read(cast.observer, assessment)
    assert "Facts and influence" in read(cast.observer, closed_with_facts(cast))
