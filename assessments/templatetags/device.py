"""Sentences with numbers for pages that a phone renders by itself: one for each plural form."""

import json
from collections.abc import Callable

from django import template
from django.conf import settings
from django.utils.translation import ngettext

register = template.Library()

# A number of each plural category that our languages have; the phone takes the first of its own number's category.
SAMPLES = (0, 1, 2, 3, 11, 100)
SENTENCES: dict[str, Callable[[int], str]] = {
    "waiting": lambda n: ngettext(
        "%(n)s answer on this device has not been sent yet.", "%(n)s answers on this device have not been sent yet.", n
    ),
    "others": lambda n: ngettext(
        "%(n)s unsent answer from another person is stored on this device. It will be sent when that person signs in "
        "on this device again.",
        "%(n)s unsent answers from another person are stored on this device. They will be sent when that person "
        "signs in on this device again.",
        n,
    ),
    "own": lambda n: ngettext(
        "%(n)s answer is stored only on this device, for one person's own use. It has never been sent and does not "
        "count.",
        "%(n)s answers are stored only on this device, for one person's own use. They have never been sent and do "
        "not count.",
        n,
    ),
    "refused": lambda n: ngettext(
        "%(n)s answer that you gave on this device was not accepted.",
        "%(n)s answers that you gave on this device were not accepted.",
        n,
    ),
    "changes": lambda n: ngettext(
        "%(n)s change on this computer has not been sent yet.",
        "%(n)s changes on this computer have not been sent yet.",
        n,
    ),
    "choose": lambda n: ngettext(
        "%(n)s change could not be saved. Check the decision that it concerns.",
        "%(n)s changes could not be saved. Check the decisions that they concern.",
        n,
    ),
    "minutes": lambda n: ngettext(
        "Decision %(at)s of %(of)s, about %(minutes)s minute left",
        "Decision %(at)s of %(of)s, about %(minutes)s minutes left",
        n,
    ),
    "held": lambda n: ngettext(
        "%(n)s of your answers is saved on the server.", "%(n)s of your answers are saved on the server.", n
    ),
}


class OpenPlaceholders(dict):
    """Replaces every number of a sentence by its placeholder, `{name}`."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


@register.simple_tag
def counted(name: str) -> str:
    """Return the forms of a sentence, one for each sample number, as JSON with placeholders such as `{n}`."""
    return json.dumps([SENTENCES[name](number) % OpenPlaceholders() for number in SAMPLES], ensure_ascii=False)


@register.simple_tag
def patience() -> int:
    """Return for how many milliseconds a phone waits for the server."""
    return settings.RATER_PATIENCE
