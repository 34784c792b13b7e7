"""What a facilitator can say in each moment of a decision: two sentences."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SAY_NOW: dict[str, tuple[str | Promise, str | Promise]] = {
    "talk": (
        _("“What happened the last time this was decided?”"),
        _("“We speak in the order on the screen. Everyone may pass.”"),
    ),
    "level": (
        _("“How much influence does your own organisation have on this decision today?”"),
        _("“Choose a level on your phone, or say it aloud. We will show all choices together.”"),
    ),
    "agree": (
        _("“Do you agree with how partners are involved in this decision?”"),
        _("“If one organisation says ‘no’, we will discuss a change. You do not have to give a reason.”"),
    ),
    "want": (
        _("“Which level should your own organisation have in this decision?”"),
        _("“What would you need to reach that level: time, information, money or a mandate?”"),
    ),
    "do": (
        _("“What is the smallest step that would really change this?”"),
        _("“Who will do it and by when, and who will confirm that it has been done?”"),
    ),
}
