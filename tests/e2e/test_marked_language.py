"""The marked language is spoken, and what stands outside of its marks is seen."""

import pytest
from django.urls import reverse
from django.utils import translation

from assessments.services.rating.fieldwork import code_of
from tests.assessments.making import rating
from tests.e2e.marked_language import LANGUAGE, allowed, saying, unmarked, written

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_language_is_spoken_and_for_a_while_its_own(own_words):
    with translation.override(LANGUAGE):
        assert translation.gettext("Save") == "⟦Save⟧"
        assert translation.pgettext("document", "Report") == "⟦Report⟧"
        assert translation.ngettext("%(n)s person", "%(n)s people", 2) == "⟦%(n)s people⟧"
    with saying(own_words), translation.override(LANGUAGE):
        assert translation.gettext("Save") == "Opslaan"
    with translation.override(LANGUAGE):
        assert translation.gettext("Save") == "⟦Save⟧"


def test_a_text_that_is_not_marked_is_seen(phone, cast):
    page = phone(cast.north_facilitator)
    page.goto(reverse("assessments:workspace", args=[cast.partnership.code]))
    known: set[str] = set()
    assert unmarked(page, known) == []
    page.evaluate(
        """() => document.querySelector("main").insertAdjacentHTML("beforeend", `
          <p>⟦Marked <b>and</b> whole⟧ Water for All</p> <p>Bare <i>words</i></p> <p>⟦half⟧ left</p> <p>⟦cut</p>
          <p>loose</p> <p hidden>unseen</p> <img alt="a picture"> <button aria-label="go">⟦Go⟧</button>`)"""
    )
    seen = ["button aria-label: go", "i: words", "img alt: a picture", "p: Bare", "p: loose", "p: ⟦ left"]
    assert unmarked(page, known) == seen


def test_the_code_of_a_form_is_known_from_where_it_comes(cast):
    code = code_of(rating(cast), cast.membership(cast.guest))
    assert code in written()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Water for All ⟦ 12 – 3,5", True),
        ("Water for …", True),
        ("CSV ⟦ https://example.org/x ama@example.org vj4e-a50asgmd", True),
        ("seven-weeks", False),
        ("Water for All of us", False),
        ("read-back", False),
        ("Wat", False),
    ],
)
def test_what_people_wrote_codes_and_names_of_formats_need_no_mark(text, said):
    assert allowed(text, ["Water for All"]) is said
