"""The languages in which decisions are wanted, while rating is open: unnamed, and refreshed once a day.

A single person who reads a language must not be told to be active by it. So a language that a representative reads is
on the list from the opening on, or from the day after this representative was admitted: asking for it changes nothing.
A language that no representative had chosen is listed only where five organisations take part, so that any of them may
have asked.
"""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import disclosure
from assessments.models import Assessment, Decision, Stage, WantedLanguage
from assessments.workflow import actions
from assessments.workflow.locking import share_open_rating
from partnerships.access import MemberRoles
from partnerships.locales import language_name, listed
from partnerships.models import Membership, Role
from partnerships.services import Refused


def begin(assessment: Assessment) -> None:
    """List the languages that the representatives read when rating opens; they count at once."""
    read = assessment.partnership.memberships.in_force().representatives().order_by()
    _add(assessment, read.values_list("user__language", flat=True), _refreshed())


def admit(membership: Membership) -> None:
    """List the language of a representative who is admitted while rating is open, from the next refresh on."""
    if membership.role != Role.REPRESENTATIVE:
        return
    for assessment in membership.partnership.assessments.filter(stage=Stage.RATING):
        _add(assessment, [membership.user.language], _counts_from())


def delete_requests(assessment: Assessment) -> None:
    """Delete what was asked, once rating closes or the decisions are open again."""
    assessment.wanted_languages.all().delete()


def _add(assessment: Assessment, languages: Iterable[str], day: date) -> None:
    known = sorted({*languages} & set(dict(settings.LANGUAGES)))
    rows = [WantedLanguage(assessment=assessment, language=language, counts_from=day) for language in known]
    WantedLanguage.objects.bulk_create(rows, ignore_conflicts=True)


def _refreshed() -> date:
    return disclosure.refreshed_on(timezone.now(), settings.PROGRESS_HOUR)


def _counts_from() -> date:
    return disclosure.counts_from(timezone.now(), settings.PROGRESS_HOUR)


# --- asking


@transaction.atomic
def ask(assessment: Assessment, member: MemberRoles, language: str) -> None:
    """Ask for the decisions in a language, unnamed. Asked again, by whomever, nothing changes."""
    actions.require(assessment, member, actions.WorkflowAction.ANSWER)
    if share_open_rating(assessment) is None:
        raise Refused(_("Rating is closed."))
    if not may_ask(assessment):
        raise Refused(
            _("Fewer than five organisations are taking part. Please ask a facilitator directly for a translation.")
        )
    _add(assessment, [language], _counts_from())


def may_ask(assessment: Assessment) -> bool:
    """Say whether enough organisations take part for nobody to be told by a new language on the list."""
    return assessment.participants.count() >= disclosure.SMALLEST_GROUP


def is_listed(assessment: Assessment, language: str) -> bool:
    """Say whether facilitators see this language already, as of the last refresh."""
    return _listed(assessment).filter(language=language).exists()


def _listed(assessment: Assessment):
    return assessment.wanted_languages.filter(counts_from__lte=_refreshed())


# --- for facilitators


def listed_languages(assessment: Assessment) -> set[str]:
    """Return the languages on the list, as of the last refresh."""
    return set(_listed(assessment).values_list("language", flat=True))


def missing(assessment: Assessment) -> dict[str, int]:
    """Return in how many decisions each listed language is missing; a language that is complete is left out."""
    return next((missing for _one, missing in missing_in([assessment])), {})


def missing_in(assessments: list[Assessment]) -> list[tuple[Assessment, dict[str, int]]]:
    """Return the assessments in which listed languages are missing, and how many decisions, in two queries for all."""
    rows = WantedLanguage.objects.filter(assessment__in=assessments, counts_from__lte=_refreshed())
    wanted: dict[int, list[str]] = {}
    for pk, language in rows.order_by("language").values_list("assessment", "language"):
        wanted.setdefault(pk, []).append(language)
    asked: dict[int, list[Decision]] = {}
    for decision in Decision.objects.active().filter(assessment__in=list(wanted)):
        asked.setdefault(decision.assessment_id, []).append(decision)
    found = [(each, _missing(wanted[each.pk], asked.get(each.pk, []))) for each in assessments if each.pk in wanted]
    return [(each, missing) for each, missing in found if missing]


def _missing(languages: list[str], decisions: list[Decision]) -> dict[str, int]:
    counts = {language: _lacking(decisions, language) for language in languages}
    return {language: n for language, n in counts.items() if n}


def _lacking(decisions: list[Decision], language: str) -> int:
    return sum(one.language not in ("", language) and language not in one.translations for one in decisions)


def sentence_of(missing: dict[str, int]) -> str:
    """Return what is asked for, as one sentence; empty where nothing is missing."""
    if not missing:
        return ""
    named = [
        ngettext("%(language)s (%(n)d decision)", "%(language)s (%(n)d decisions)", n)
        % {"language": language_name(language), "n": n}
        for language, n in missing.items()
    ]
    return _("Translations requested: %(languages)s.") % {"languages": listed(named)}
