"""The headings and other fixed words of the report's PDF."""

from django.utils.translation import gettext as _

from assessments.ladder import NOT_SHOWN
from assessments.results.presenters import Results


def headings(results: Results) -> dict[str, str]:
    """Return the fixed words of the PDF."""
    sides = results.names["sides"]
    return {
        "partners": _("Who took part"),
        "partner": _("Partner"),
        "acronym": _("Short name"),
        "side": _("Side"),
        "kind": _("Kind of organisation"),
        "how": _("How the assessment was done"),
        "decision": _("Decision"),
        "agreed": _("Agreed levels of Northern and Southern partners"),
        "holders": _("Who decides or co-decides"),
        "means": _("Each mark shows the average of one side's agreed levels."),
        "second_look": _("Levels to check again"),
        "matrix": _("Every partner in every decision"),
        "key": _(
            "Digits show the agreed levels. A ring shows the level that the group wants instead. ≠ seen differently "
            "· ? no one knows · – not discussed."
        ),
        "influence": _("Average influence of each partner"),
        "influence_note": _(
            "The table shows the average of each partner's agreed levels and, in words, the nearest step on the ladder."
        ),
        "mean_level": _("Average level"),
        "nearest": _("In words"),
        "agreement": _("Do we agree with how partners are involved?"),
        "answer": _("The group's answer"),
        "desired": _("Levels today and desired levels"),
        "desired_key": _("Filled marks show levels today. Hollow marks show desired levels."),
        "open": _("Levels that we see differently or do not know"),
        "perception": _("What the private answers show"),
        "seen_north": _("As seen by %(side)s") % {"side": sides["north"]},
        "seen_south": _("As seen by %(side)s") % {"side": sides["south"]},
        "band_key": _("“·” means: %(not_shown)s") % {"not_shown": NOT_SHOWN},
        "caucus": _("What each side answered"),
        "two_answers": _("Difference between the two answers"),
        "caucus_key": _("“–” means that the side did not answer or does not know."),
        "actions": _("Planned actions"),
        "action": _("Action"),
        "owner": _("Responsible partner"),
        "due": _("By when"),
        "status": _("Status"),
        "no_actions": _("No action has been planned yet."),
        "no_wishes": _("No agreement on what we want"),
        "routes": _("Way forward without consensus"),
        "causes": _("Systemic causes of a “no”"),
        "notes": _("What was said"),
        "replies": _("Replies from organisations"),
        "no_replies": _("No organisation has replied."),
        "remarks": _("Facilitators' remarks and members' comments"),
        "no_remarks": _("There are no comments or remarks."),
        "method": _("How to read this report"),
    }
