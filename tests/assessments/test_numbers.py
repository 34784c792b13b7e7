"""Numbers as they are printed: with signs and ranges that stay as they are in lines from the right."""

import pytest
from django.template import Context, Template
from django.utils import translation

from assessments import numbers


@pytest.mark.parametrize(("value", "printed"), [(1.5, "+1.5"), (-0.25, "−0.2"), (0.0, "0.0"), (None, "–")])
def test_a_movement_has_its_sign(value, printed):
    assert numbers.signed(value) == printed


def test_from_the_left_nothing_is_isolated():
    assert (numbers.band("0–1"), numbers.band(None), numbers.change("1", "2.5")) == ("0–1", None, "1 → 2.5")


def test_from_the_right_signs_and_ranges_keep_their_order():
    with translation.override("ar"):
        assert numbers.band("3–4") == "\u20663–4\u2069"
        assert numbers.signed(-1.5).strip("\u2066\u2069")[0] == "−"
        assert numbers.signed(-1.5)[0] == "\u2066"


@pytest.mark.parametrize(("arrow", "runs"), [("←", "\u2067"), ("→", "\u2066")])
def test_from_the_right_a_change_runs_as_its_arrow_points(arrow, runs, monkeypatch):
    """Whatever stands around it, such as a chart's line from the left; and where no translator has turned the arrow."""
    monkeypatch.setattr(numbers, "_", lambda text: text.replace("→", arrow))
    with translation.override("ar"):
        assert numbers.change("1", "2") == f"{runs}1 {arrow} 2\u2069"


def test_sentences_take_the_bands_from_where_they_are_kept():
    template = Template("{% load ladder %}{% bands %} | {% gained 2 %}")
    assert template.render(Context()) == "0–1, 2 or 3–4 | +2.0"
