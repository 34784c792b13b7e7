"""Our template of a list of choices writes what Django's own does."""

import re

import pytest
from django.forms import Select, SelectMultiple
from django.forms.renderers import DjangoTemplates, get_default_renderer

CHOICES = [
    ("", "---"),
    ("Africa", [("a", "Accra"), ("b", 'Beira & "Sofala" <x>')]),
    (1, "One"),
    (None, "None"),
]


class Marked(Select):
    """Options with an attribute that has a value, one that is said by its name, and one that is not said."""

    def create_option(self, *args, **kwargs):
        option = super().create_option(*args, **kwargs)
        option["attrs"] |= {"data-zone": '"é', "disabled": option["index"] == "0", "hidden": False}
        return option


def tags(html: str) -> str:
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", html)


@pytest.mark.parametrize(
    ("widget", "value"),
    [(Select(choices=CHOICES), "b"), (Select(choices=CHOICES), 1), (Select(), None),
     (SelectMultiple(choices=CHOICES), ["a", "1"]),
     (Marked({"class": "form-select", "required": True}, CHOICES), "a")],
)  # fmt: skip
def test_a_list_of_choices_is_as_djangos_own(widget, value):
    ours, djangos = (
        widget.render("place", value, {"id": "id_place"}, renderer)
        for renderer in (get_default_renderer(), DjangoTemplates())
    )
    assert tags(ours) == tags(djangos)
    assert ours != djangos, "the template is ours"
