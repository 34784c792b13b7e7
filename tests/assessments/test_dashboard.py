"""The dashboard: what it says at each stage, to whom, and at what cost."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import AgreedLevel, Job, Outcome
from assessments.results.agreed import make_agreed_result
from assessments.results.release import make_release
from assessments.services.rating import private_answers
from assessments.views.followup import dashboard
from partnerships.models import Partnership
from tests.assessments.example import make_example
from tests.assessments.making import agree_levels, answer_all, in_session, make_assessment, mutation, rating, step
from tests.e2e.looks import too_wide
from tests.factories import PartnerFactory, UserFactory, make_cast
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def url(assessment, name="dashboard", *args):
    return reverse(f"assessments:{name}", args=[assessment.code, *args])


def opened(client, user, address, **headers):
    client.force_login(user)
    return client.get(address, headers=headers)


def page(client, user, assessment, name="dashboard", *args):
    response = opened(client, user, url(assessment, name, *args))
    assert response.status_code == 200
    return response.content.decode()


def test_opens_with_one_sentence_then_the_picture_then_the_table(client):
    example = make_example()
    text = page(client, example.observer, example.assessment)
    parts = (
        "Southern partners decide or co-decide in 2 of 12 decisions.",
        "Who decides or co-decides today: only Northern partners in 7, Northern partners and other partners in 3 "
        "and only Southern partners in 2.",
        "Partners want change in 7 of 12 decisions: 5 have a planned action and 2 have no plan (decisions 1 and 10).",
        "What comes next",
        'id="chart-widest"',
        "Average level of all partners, and balance",
    )
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert 'class="lv-4">4<i class="want">3</i></td>' in text
    assert "North 3 or more levels higher" in text
    assert (
        "Both sides see Northern partners at a higher level than Southern partners. Southern partners see a gap of"
        in text
    )


def test_tables_need_no_script_and_the_page_stays_small(client):
    example = make_example()
    response = opened(client, example.facilitator, url(example.assessment))
    text = response.content.decode()
    assert text.count("<table") >= 5
    assert len(response.content) < 70_000
    assert "vendor/plotly-basic" in text  # named for charts.js, which loads it when a chart comes near


def test_every_member_sees_the_same_numbers(client):
    example = make_example()
    seen = set()
    for person in (example.facilitator, example.representative, example.observer):
        text = page(client, person, example.assessment)
        seen.add(text[text.index('<p class="finding">') : text.index("Agreement between the answers")])
    assert len(seen) == 1


def test_outsiders_find_nothing_and_the_anonymous_sign_in(client):
    example = make_example()
    assert client.get(url(example.assessment)).status_code == 302
    assert client.get(url(example.assessment), headers={"HX-Request": "true"}).status_code == 401
    assert opened(client, UserFactory(), url(example.assessment)).status_code == 404
    assert opened(client, example.observer, url(example.assessment)).status_code == 200


def test_before_opening_it_says_what_comes_first(client, cast):
    text = page(client, cast.observer, make_assessment(cast))
    assert "There is nothing to show yet" in text
    assert "finding" not in text


def test_while_rating_is_open_it_shows_one_sentence_and_nothing_else(client, cast):
    assessment = rating(cast)
    answer_all(assessment, cast.membership(cast.north_representative), lambda d, p: 4 if p.side == "north" else 0)
    text = page(client, cast.north_facilitator, assessment)
    assert "Results will appear here when rating closes" in text
    assert "Fewer than half of the organisations have answered." in text
    assert "<table" not in text


def test_pending_work_is_said_and_polled(client, cast):
    assessment = step(cast, rating(cast), "close_rating")
    text = page(client, cast.observer, assessment)
    assert "We are calculating the results. This page will show them automatically." in text
    state = url(assessment, "dashboard-state")
    version = text.split(f"{state}?v=")[1].split('"')[0]
    polled = f"{state}?v={version}"
    assert opened(client, cast.observer, polled).status_code == 204
    make_release(assessment)
    Job.objects.update(state=Job.State.DONE, done=1)
    response = opened(client, cast.observer, polled)
    assert (response.status_code, response["HX-Refresh"]) == (200, "true")


def test_failed_job_is_said_and_a_facilitator_retries(client, cast):
    assessment = step(cast, rating(cast), "close_rating")
    Job.objects.update(state=Job.State.FAILED, attempts=3)
    retry = url(assessment, "job-retry", "release")
    assert retry not in page(client, cast.observer, assessment)
    assert "A facilitator can try again" in page(client, cast.observer, assessment)
    assert client.post(retry).status_code == 403
    assert Job.objects.get().state == Job.State.FAILED
    assert retry in page(client, cast.north_facilitator, assessment)
    assert client.post(retry).status_code == 302
    assert Job.objects.get().state == Job.State.WAITING
    assert client.post(url(assessment, "job-retry", "nonsense")).status_code == 404


def test_after_rating_without_levels_the_two_views_come_first(client, cast):
    assessment = rating(cast)
    for person in (cast.north_representative, cast.south_representative, cast.guest):
        answer_all(assessment, cast.membership(person), lambda d, p: 4 if p.side == "north" else 1, tick=True)
    assessment = step(cast, assessment, "close_rating")
    make_release(assessment)
    Job.objects.all().delete()
    text = page(client, cast.south_facilitator, assessment)
    assert "Both sides see Northern partners as 3 or more levels higher than Southern partners." in text
    assert "Record the first decision" in text
    assert "Follow the joint session" in page(client, cast.observer, assessment)


def test_hidden_sides_read_one_sentence_and_no_reason(client, cast):
    assessment = rating(cast)
    for person in (cast.north_representative, cast.south_representative, cast.guest):
        answer_all(assessment, cast.membership(person), lambda d, p: 3)
    assessment = step(cast, assessment, "close_rating")
    make_release(assessment)
    text = page(client, cast.north_facilitator, assessment)
    assert text.count("Not shown, to protect answers.") >= 2
    private = text[text.index("Private answers to “Do we agree?”") :]
    assert private.count('class="not-shown">Not shown, to protect answers.') == 2
    assert "small" not in text[text.index('id="perception"') : text.index("What does this mean?")]


def test_middle_of_all_answers_is_a_table_without_sides(client, cast):
    example = make_example(mode="all_together")
    text = page(client, example.observer, example.assessment)
    assert "The private answers are shown for all organisations together" in text
    assert 'class="lv-3">3–4</td>' in text
    assert "As seen by" not in text
    assert "chart-perception" not in text


def test_cells_that_are_seen_differently_unknown_or_not_discussed(client, cast):
    assessment = in_session(cast)
    first = assessment.decisions.get(number=1)
    views = {"one_view": "We were asked.", "other_view": "Nobody asked us."}
    one, two, three = assessment.participants.all()[:3]
    first.agreed_levels.create(participant=one, actual=4)
    first.agreed_levels.create(participant=two, state="differs", **views)
    first.agreed_levels.create(participant=three, state="unknown")
    make_agreed_result(assessment)
    text = page(client, cast.observer, assessment)
    for cell in (
        '<td class="lv-differs">≠</td>',
        '<td class="lv-none">?</td>',
        "<td>–</td>",
        '<td class="lv-4">4</td>',
    ):
        assert cell in text
    for sentence in ("We were asked.", "Nobody asked us.", "Partners see 1 level differently."):
        assert sentence in text


def test_agreement_of_the_group_is_listed(client, cast):
    assessment = in_session(cast)
    Outcome.objects.create(decision=assessment.decisions.get(number=1), agree=False)
    Outcome.objects.create(decision=assessment.decisions.get(number=2), agree=True)
    agree_levels(cast, assessment)
    make_agreed_result(assessment)
    text = page(client, cast.observer, assessment)
    assert "In 1 of the 2 decisions that have an answer, everyone agrees with how partners are involved." in text


def test_the_balance_stands_beside_its_level_and_never_first(client, cast):
    assessment = in_session(cast)
    agree_levels(cast, assessment, actual=lambda d, p: 1)
    make_agreed_result(assessment)
    text = page(client, cast.observer, assessment)
    assert "All partners have the same low level. No partner has influence." in text
    assert "1 · informed only<br><small>balance: 100 out of 100</small>" in text
    assert "Both sides are equal, but no partner has influence." in text
    assert "balance" not in text[: text.index("</section>")].split("<table")[0]


def test_reasons_given_to_the_group_are_shown_and_those_kept_are_not(client, cast):
    assessment = rating(cast)
    admitted = cast.membership(cast.south_representative)
    answer_all(assessment, admitted)
    private_answers.save_agreement(assessment, admitted, 1, False, mutation(1), "signed", "We hear it afterwards.")
    private_answers.save_agreement(assessment, admitted, 2, False, mutation(1), "me", "Between me and myself.")
    assessment = step(cast, assessment, "close_rating")
    make_release(assessment)
    text = page(client, cast.north_facilitator, assessment)
    assert "We hear it afterwards." in text
    assert "Sara South" in text
    assert "Between me and myself." not in text


def test_named_answers_have_a_page_in_named_mode_only(client):
    example = make_example()
    assert opened(client, example.observer, url(example.assessment, "named-answers", 1)).status_code == 404
    release = example.assessment.release
    names = list(example.assessment.participants.values_list("number", flat=True))
    type(release).objects.filter(pk=release.pk).delete()
    data = release.data | {
        "mode": "named",
        "medians": [{"decision": 1, "partner": p, "rater_partner": r, "level": 2.5} for p in names for r in names[:2]],
        "self_gaps": [{"partner": p, "self_gap": 0.5} for p in names],
    }
    type(release).objects.create(
        assessment=example.assessment, mode="named", data=data, method_version="1", input_digest="x"
    )
    text = page(client, example.observer, example.assessment, "named-answers", 1)
    assert text.count('<td class="lv-2">2.5</td>') == 16
    assert url(example.assessment, "named-answers", 1) in page(client, example.observer, example.assessment)
    assert opened(client, example.observer, url(example.assessment, "named-answers", 99)).status_code == 404


def large(decisions, partners, code):
    """Return an assessment in session with every cell agreed."""
    cast = make_cast()
    for number in range(partners):
        PartnerFactory(partnership=cast.partnership, name=f"Partner {number}", acronym=f"P{number}")
    wordings = [f"Decision {code} {number}" for number in range(decisions)]
    assessment = in_session(cast, wordings=wordings)
    AgreedLevel.objects.bulk_create(
        AgreedLevel(decision=d, participant=p, actual=(d.number + p.number) % 5, desired=3)
        for d in assessment.decisions.active()
        for p in assessment.participants.all()
    )
    make_agreed_result(assessment)
    assessment.jobs.all().delete()
    return cast, assessment


def test_number_of_statements_does_not_grow(client, django_assert_num_queries):
    for size in ((5, 2), (60, 34)):
        cast, assessment = large(*size, code=size[0])
        client.force_login(cast.observer)
        client.get(url(assessment))
        with django_assert_num_queries(STATEMENTS):
            assert client.get(url(assessment)).status_code == 200


STATEMENTS = 12


def test_forty_partners_and_sixty_decisions(client):
    cast, assessment = large(60, 34, "big")
    assert assessment.participants.count() == 40
    response = opened(client, cast.observer, url(assessment))
    text = response.content.decode()
    assert "matrix-dense" in text
    assert text.count("<td") > 2400
    assert len(response.content) < 500_000


@pytest.mark.django_db(transaction=True)
def test_the_worker_fills_the_page(client, celery_worker, cast):
    assessment = rating(cast)
    for person in (cast.north_representative, cast.south_representative, cast.guest):
        answer_all(assessment, cast.membership(person), lambda d, p: 4 if p.side == "north" else 1, tick=True)
    assessment = step(cast, assessment, "close_rating")
    wait_until(lambda: Job.objects.filter(state=Job.State.DONE).exists(), what="the release is made")
    text = page(Client(), cast.observer, assessment)
    assert "Both sides see Northern partners" in text
    assert 'id="chart-perception"' in text


def test_charts_are_drawn_without_a_violation(transactional_db, live_server, new_page, watch, axe):
    example = make_example()
    for width in (360, 1280):
        shown = new_page(example.representative, width=width)
        shown.goto(live_server.url + url(example.assessment))
        for chart in ("chart-widest", "chart-desired", "chart-perception"):
            shown.locator(f"#{chart} [data-chart]").scroll_into_view_if_needed()
            shown.locator(f"#{chart} svg.main-svg").first.wait_for()
        shown.locator("#chart-perception .trace .point").first.hover(force=True)
        shown.locator("#chart-perception .hoverlayer .hovertext").first.wait_for()
        shown.emulate_media(color_scheme="dark")
        shown.set_viewport_size({"width": width + 40, "height": 700})
        shown.set_viewport_size({"width": width, "height": 900})
        assert too_wide(shown) == []
        assert axe(shown) == []
        shown.close()


def test_the_same_words_are_put_together_once_and_anew_when_something_changes(client, cast, monkeypatch):
    assessment = in_session(cast)
    agree_levels(cast, assessment)
    make_agreed_result(assessment)
    client.force_login(cast.observer)

    def results() -> str:
        return client.get(url(assessment)).content.decode().split("<main")[1].split("</main>")[0]

    first = results()
    monkeypatch.setattr(dashboard, "_render_results", lambda *_about: pytest.fail("it was kept"))
    assert results() == first
    monkeypatch.undo()
    Partnership.objects.filter(pk=cast.partnership.pk).update(north_label="Givers")
    assert "Givers" in results()
    agree_levels(cast, assessment, lambda decision, partner: 4)
    make_agreed_result(assessment)
    assert results() != first


# Pairs of words over the axis of a chart that lie on each other.
TOUCHING = """(chart) => {
  const words = [...chart.querySelectorAll(".xaxislayer-above text")];
  const boxes = words.map((one) => [one.textContent, one.getBoundingClientRect()]);
  return boxes.flatMap(([text, box], place) => boxes.slice(place + 1)
    .filter(([, next]) => next.left < box.right && box.left < next.right)
    .map(([other]) => `${text} | ${other}`));
}"""


@pytest.mark.parametrize(("language", "width"), [("fr", 360), ("nl", 320)])
def test_words_over_a_chart_do_not_touch(transactional_db, new_page, language, width):
    example = make_example()
    page = new_page(example.representative, width=width)
    page.goto(f"{url(example.assessment)}?lang={language}")
    chart = page.locator("#chart-widest [data-chart]")
    chart.scroll_into_view_if_needed()
    expect(chart.locator(".xaxislayer-above text")).to_have_count(5)
    assert chart.evaluate(TOUCHING) == []
