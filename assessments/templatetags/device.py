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
    "waiting": lambda n: ngettext("%(n)s answer waits on this device.", "%(n)s answers wait on this device.", n),
    "others": lambda n: ngettext(
        "%(n)s unsent answer of another seat lies on this device. It is sent when that person signs in here again.",
        "%(n)s unsent answers of another seat lie on this device. They are sent when that person signs in here again.",
        n,
    ),
    "own": lambda n: ngettext(
        "%(n)s answer lies only on this device, for oneself. It was never sent and counts nowhere.",
        "%(n)s answers lie only on this device, for oneself. They were never sent and count nowhere.",
        n,
    ),
    "refused": lambda n: ngettext(
        "%(n)s answer that you gave on this device was not taken.",
        "%(n)s answers that you gave on this device were not taken.",
        n,
    ),
    "changes": lambda n: ngettext("%(n)s change waits on this machine.", "%(n)s changes wait on this machine.", n),
    "choose": lambda n: ngettext(
        "%(n)s change could not be saved as it is: look at its decision.",
        "%(n)s changes could not be saved as they are: look at their decisions.",
        n,
    ),
    "minutes": lambda n: ngettext(
        "Decision %(at)s of %(of)s, about %(minutes)s minute left",
        "Decision %(at)s of %(of)s, about %(minutes)s minutes left",
        n,
    ),
    "held": lambda n: ngettext(
        "The server holds %(n)s answer of yours.", "The server holds %(n)s answers of yours.", n
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
