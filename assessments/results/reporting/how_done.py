"""Who took part, and how and when the assessment was done."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessments.models import Assessment, Mode
from assessments.promises import promise
from assessments.results import given_pledges, missing_voices
from assessments.results.presenters import Results
from assessments.results.reporting.formats import written_day


def partners_of(results: Results) -> list[dict[str, Any]]:
    kinds = dict(results.assessment.participants.values_list("number", "kind"))
    names = dict(results.assessment.participants.model.kind.field.flatchoices)
    return [
        {
            **{key: partner[key] for key in ("name", "acronym", "side")},
            "side_word": results.names["sides"][partner["side"]],
            "kind": str(names[kinds[partner["number"]]]),
        }
        for partner in results.partners
    ]


def how_done(assessment: Assessment) -> list[list[str]]:
    """Return how and when it was done: label and text."""
    facts = [[_("Rehearsal"), _("Nothing in this report is real.")]] if assessment.partnership.is_rehearsal else []
    if assessment.private_ratings:
        mode = Mode(assessment.mode or assessment.mode_wanted)
        heading = _("Each side's answer") if mode == Mode.CAUCUS else _("Private ratings")
        facts.append([heading, _("%(mode)s: “%(promise)s”") % _promised(mode)])
    else:
        facts.append([_("Private ratings"), _("none: the group recorded the levels together")])
    days = [
        (pgettext("day of the assessment", "Opened"), assessment.opened_at),
        (
            _("Rating closed") if assessment.answers_by_side else _("Private ratings closed"),
            assessment.rating_closed_at,
        ),
        (pgettext("day of the assessment", "Final review"), assessment.readback_at),
        (pgettext("day of the assessment", "Closed"), assessment.closed_at),
    ]
    facts += [[name, written_day(day)] for name, day in days if day]
    facts.append([_("Pledge by funders and lead partners"), "\n".join(given_pledges.lines(assessment))])
    if missing := missing_voices.absent(assessment):
        facts.append([_("People affected but not in the room"), "\n".join(missing)])
    if facilitators := _facilitators(assessment):
        facts.append([_("Facilitated by"), facilitators])
    if assessment.tells_importers:
        name = assessment.importer_names()
        facts.append([_("Imported by"), _("%(name)s, who therefore saw the private ratings") % {"name": name}])
    return facts


def _promised(mode: Mode) -> dict[str, Any]:
    return {"mode": str(mode.label).capitalize(), "promise": " ".join(promise(mode.value))}


def _facilitators(assessment: Assessment) -> str:
    memberships = assessment.partnership.memberships.in_force().facilitators().select_related("user", "partner")
    people = [
        f"{membership.user.get_full_name()} ({membership.partner or membership.employer or '–'})"
        for membership in memberships
    ]
    return "\n".join(people)
