"""Decisions in several languages: who gives them, who reads which, and what stays once people answer."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.translation import override

from assessments.models import Decision
from assessments.results.agreed import make_agreed_result
from assessments.results.names import names_of
from assessments.results.release import make_release
from assessments.services.setup import decisions, opening
from partnerships.models import User
from tests.assessments import making

pytestmark = pytest.mark.django_db
FRENCH = "Répartir le budget"


@pytest.fixture
def assessment(cast):
    return making.make_assessment(cast)


def first(assessment) -> Decision:
    return assessment.decisions.order_by("position").first()


def give(assessment, text: str = FRENCH, language: str = "fr") -> int:
    return decisions.translate(assessment, language, {first(assessment).code: text})


def test_a_reader_sees_her_language_and_others_the_original(assessment):
    assert give(assessment) == 1
    with override("fr"):
        assert (first(assessment).wording_for_reader, first(assessment).language_for_reader) == (FRENCH, "fr")
    with override("nl"):
        assert (first(assessment).wording_for_reader, first(assessment).language_for_reader) == (
            "Dividing the budget",
            "en",
        )


def test_names_in_results_are_in_the_readers_language(cast, assessment):
    give(assessment)
    assessment = making.step(cast, assessment, "open_rating")
    with override("fr"):
        assert names_of(assessment)["decisions"] == {1: FRENCH, 2: "Hiring the coordinator"}


def test_a_facilitator_gives_the_missing_ones_on_one_page(client, cast, assessment):
    client.force_login(cast.north_facilitator)
    one, two = assessment.decisions.order_by("position")
    page = reverse("assessments:wordings", args=[assessment.code, "fr"])
    assert client.post(page, {one.code: f"  {FRENCH} ", two.code: ""}).status_code == 302
    html = client.get(page).content.decode()
    assert FRENCH in html
    assert "1 of 2" in html
    assert Decision.objects.get(pk=two.pk).translations == {}
    assert client.get(reverse("assessments:wordings", args=[assessment.code, "xx"])).status_code == 404


def test_the_list_counts_what_lacks_in_the_languages_that_people_here_read(client, cast, assessment):
    User.objects.filter(pk=cast.guest.pk).update(language="ar")
    client.force_login(cast.north_facilitator)
    html = client.get(reverse("assessments:decisions", args=[assessment.code])).content.decode()
    counter = html[html.index("In other languages:") : html.index("Translate the decisions")]
    assert "العربية" in counter
    assert "0 of 2" in counter
    assert "Français" not in counter


def test_a_too_long_wording_is_refused_where_it_stands(client, cast, assessment):
    client.force_login(cast.north_facilitator)
    page = reverse("assessments:wordings", args=[assessment.code, "fr"])
    response = client.post(page, {first(assessment).code: "x" * 301})
    assert response.status_code == 200
    assert "x" * 301 in response.content.decode()
    assert first(assessment).translations == {}


def test_new_words_take_their_translations_out_and_say_so(client, cast, assessment):
    give(assessment)
    client.force_login(cast.north_facilitator)
    page = reverse("assessments:decision", args=[assessment.code, first(assessment).code])
    client.post(page, {"wording": "Dividing the budget", "topic": "money-partners"})
    assert first(assessment).translations == {"fr": FRENCH}
    response = client.post(page, {"wording": "Sharing the money", "topic": ""}, follow=True)
    assert first(assessment).translations == {}
    assert "Français" in response.content.decode()


def test_once_people_answer_a_wording_can_be_added_but_none_changed(cast, assessment):
    give(assessment)
    assessment = making.step(cast, assessment, "open_rating")
    assert give(assessment, "Autre chose") == 0
    assert give(assessment, "Het budget verdelen", "nl") == 1
    assert first(assessment).translations == {"fr": FRENCH, "nl": "Het budget verdelen"}


@pytest.mark.parametrize(
    "change", [{"translations": {}}, {"translations": {"fr": "Autre"}}, {"wording": "Something else"}]
)
def test_the_database_keeps_the_words_that_people_answered(cast, assessment, change):
    give(assessment)
    rows = Decision.objects.filter(pk=first(assessment).pk)
    with transaction.atomic():
        assert rows.update(**change) == 1
        transaction.set_rollback(True)
    making.step(cast, assessment, "open_rating")
    with pytest.raises(DatabaseError, match="words of a decision stand"), transaction.atomic():
        rows.update(**change)


@pytest.mark.parametrize("translations", [[], "text", {"en": "its own language"}])
def test_the_database_refuses_what_is_no_translation(assessment, translations):
    with pytest.raises(DatabaseError, match="by_language"), transaction.atomic():
        Decision.objects.filter(pk=first(assessment).pk).update(translations=translations)


def test_the_next_assessment_takes_them_over(cast, assessment):
    give(assessment)
    after = opening.create_assessment(cast.partnership, cast.north_facilitator, title="Next", predecessor=assessment)
    assert first(after).translations == {"fr": FRENCH}
    assert first(after).language == "en"


def test_example_topics_come_in_all_languages(cast):
    with override("fr"):
        made = opening.create_assessment(cast.partnership, cast.north_facilitator, title="T", topics=["risk"])
    decision = first(made)
    assert decision.language == "fr"
    assert decision.translations["en"] == "Setting the rules for risk and due diligence"
    assert set(decision.translations) == {"en", "es", "pt", "ar", "nl"}


def test_charts_are_drawn_in_every_language(cast, assessment):
    give(assessment)
    assessment = making.step(cast, assessment, "open_rating")
    assessment = making.step(cast, assessment, "close_rating")
    make_release(assessment)
    making.agree_levels(cast, assessment)
    drawn = make_agreed_result(assessment).figures
    assert FRENCH in str(drawn["fr"])
    assert "Dividing the budget" in str(drawn["nl"])
    assert "Nord" in str(drawn["fr"])
    assert "الشمال" in str(drawn["ar"])


def test_raters_are_asked_in_their_language_with_the_original_one_click_away(client, cast, assessment):
    give(assessment)
    assessment = making.step(cast, assessment, "open_rating")
    client.force_login(cast.guest)
    page = reverse("assessments:rate-decision", args=[assessment.code, 1])
    data = reverse("assessments:rate-sheet", args=[assessment.code])
    french, english = (client.get(f"{page}?lang={code}").content.decode() for code in ("fr", "en"))
    assert f">{FRENCH}</h1>" in french
    assert '<p dir="auto">Dividing the budget</p>' in french
    assert ">Dividing the budget</h1>" in english
    assert 'class="more original" hidden' in english
    assert client.get(f"{data}?lang=fr").json()["decisions"][0] == [1, FRENCH, "Dividing the budget", ""]
    assert client.get(f"{data}?lang=en").json()["decisions"][0] == [1, "Dividing the budget", "", ""]
