"""How to read the report, and which version of the method and of the results it shows."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessments.ladder import LEVELS, NOT_SHOWN
from assessments.models import Mode
from assessments.results.presenters import Results
from assessments.results.reporting.formats import written_day
from assessments.scoring import METHOD_VERSION


def method_of(results: Results) -> list[str]:
    """Return how to read the numbers, so fully that the report explains itself."""
    ladder = _("The ladder of participation has these levels: %(levels)s.") % {
        "levels": " · ".join(f"{level} {word}" for level, word in LEVELS.items())
    }
    paragraphs = [
        _(
            "Power is the ability to influence decisions, to mobilise resources and to implement decisions. "
            "For each type of decision, the partners said how much influence each of them has today."
        ),
        ladder,
        _(
            "The group found the agreed levels through dialogue. A side's level is the average of its partners' "
            "levels. “No one knows”, “seen differently” and “not discussed” are not levels and do not count in "
            "averages. A partner at level 3 or above co-decides or decides."
        ),
    ]
    if results.release and results.release.mode != Mode.CAUCUS:
        paragraphs.append(
            _(
                "Individual private ratings are never shown. The results of the private ratings were calculated "
                "once, when rating closed, and are the same for every reader. Where you read “%(not_shown)s”, no one "
                "sees the result."
            )
            % {"not_shown": NOT_SHOWN}
        )
    paragraphs.append(
        _(
            "Each organisation declared its own side. Levels describe this partnership at this time, as the "
            "people who took part see it. Do not compare the levels with those of another partnership."
        )
    )
    return paragraphs


def stamp_of(results: Results) -> str:
    """Name the version of the method and of the results, so that two copies can be told apart."""
    agreed, release = results.agreed, results.release
    parts = [_("Method %(version)s") % {"version": METHOD_VERSION}]
    if agreed:
        draft = pgettext("agreed levels", "draft %(number)s") % {"number": agreed.version}
        state = pgettext("agreed levels", "final") if agreed.final else draft
        parts.append(_("agreed levels: %(state)s, %(digest)s") % {"state": state, "digest": agreed.input_digest[:12]})
    if release:
        parts.append(_("private ratings: released on %(day)s") % {"day": written_day(release.created_at)})
        if release.shrunk_at:
            parts.append(_("answers deleted since the release: %(day)s") % {"day": written_day(release.shrunk_at)})
    return " · ".join(parts)
