"""Decisions that are ready to tick: one whole sentence for each topic, in all languages of the site."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Decision, Topic
from partnerships.models import Membership

SENTENCES: dict[Topic, Promise] = {
    Topic.AGENDA: _("Setting the agenda and strategy of the partnership"),
    Topic.THEORY_OF_CHANGE: _("Writing the theory of change"),
    Topic.GOVERNANCE: _("Changing the governance rules of the partnership"),
    Topic.PARTNER_SELECTION: _("Choosing new partners"),
    Topic.MONEY_COUNTRIES: _("Dividing the budget among countries"),
    Topic.MONEY_PARTNERS: _("Dividing the budget among partners"),
    Topic.MONEY_PROJECTS: _("Choosing which projects get money"),
    Topic.FUNDRAISING: _("Approaching donors and writing proposals"),
    Topic.RISK: _("Setting the rules for risk and due diligence"),
    Topic.MONITORING: _("Setting the indicators and reporting rules"),
    Topic.COMMUNICATION: _("Speaking for the partnership in public"),
    Topic.IMPLEMENTATION: _("Planning the activities"),
    Topic.STAFFING: _("Hiring the coordination staff"),
}


def offered(assessment: Assessment) -> list[tuple[str, Promise]]:
    """Return the sentences that are not on the list yet, by topic."""
    there = set(assessment.decisions.values_list("original", flat=True))
    return [(topic.value, sentence) for topic, sentence in SENTENCES.items() if not there & _in_all_languages(topic)]


def _in_all_languages(topic: Topic) -> set[str]:
    example = wording_of(topic)
    return {example["wording"], *example["translations"].values()}


def wording_of(topic: str) -> dict:
    """Return an example in the language of whoever chose it, and in all others."""
    own, wordings = get_language() or settings.LANGUAGE_CODE, {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            wordings[language] = str(SENTENCES[Topic(topic)])
    wording = wordings.pop(own)
    return {"wording": wording, "language": own, "translations": wordings}


def add(assessment: Assessment, topics: Iterable[str], membership: Membership | None = None) -> int:
    """Put the examples of these topics on the list, once each; the caller holds a transaction."""
    open_ones = {topic for topic, _said in offered(assessment)}
    chosen = [(topic, wording_of(topic)) for topic in topics if topic in open_ones]
    Decision.objects.bulk_create(
        Decision(
            assessment=assessment,
            original=wording["wording"],
            topic=topic,
            position=100 + place,
            proposed_by=membership,
            **wording,
        )
        for place, (topic, wording) in enumerate(chosen)
    )
    return len(chosen)
