"""The table of all codes, with what they mean in the reader's language."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from assessments.exports import Table
from assessments.ladder import LEVELS
from assessments.models import Action, LevelState, Outcome
from assessments.results.presenters import Results
from assessments.results.tables.columns import NOT_DISCUSSED, make_table
from partnerships.models import Kind


def codes_table(results: Results) -> Table:
    lists: dict[str, Iterable[tuple[object, object]]] = {
        "level": LEVELS.items(),
        "side": results.names["sides"].items(),
        "kind": Kind.choices,
        "state": [*LevelState.choices, (NOT_DISCUSSED, pgettext_lazy("state of a level", "not discussed"))],
        "route": Outcome.Route.choices,
        "status": Action.Status.choices,
    }
    rows = ((name, str(code), str(meaning)) for name, codes in lists.items() for code, meaning in codes)
    return make_table(results.assessment, "codes", _("What the codes mean"), "list code words", rows)
