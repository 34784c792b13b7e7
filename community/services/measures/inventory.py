"""Find a measure: by the words of a problem, by what a decision is about, by how far it has come."""

from dataclasses import dataclass

from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assessments.measures import Fitting
from assessments.models import Topic
from community.access import Reader, reader_of
from community.models import Item, Maturity, Measure, State, Step, Trial
from community.services.measures.adoptions import steps_of_five
from community.services.measures.maturity_decisions import RANKS
from community.services.papers import consent_rounds
from partnerships.models import User
from partnerships.search_words import Search

# What problems are about, in one word, and the topics of decisions that belong to it.
DOMAINS: dict[str, tuple[str | Promise, tuple[Topic, ...]]] = {
    "budget": (
        _("Budget"),
        (Topic.MONEY_PARTNERS, Topic.MONEY_COUNTRIES, Topic.MONEY_PROJECTS, Topic.FUNDRAISING),
    ),
    "staff": (_("Staff"), (Topic.STAFFING,)),
    "reporting": (_("Reporting"), (Topic.MONITORING, Topic.RISK)),
    "selection": (_("Selection of partners"), (Topic.PARTNER_SELECTION,)),
    "visibility": (_("Visibility"), (Topic.COMMUNICATION,)),
    "strategy": (_("Strategy"), (Topic.AGENDA, Topic.THEORY_OF_CHANGE, Topic.GOVERNANCE, Topic.IMPLEMENTATION)),
}


@dataclass(frozen=True)
class Wanted:
    """What an address asks for; empty means anything."""

    q: str = ""
    domain: str = ""
    topic: str = ""
    factor: str = ""
    maturity: str = ""
    tag: str = ""


def measures_for(topics: tuple[str, ...], reader: Reader) -> QuerySet[Measure]:
    """Return the measures that fit decisions of these topics: the most mature first.

    Among equals those that more partnerships adopted (steps of five), then by title.
    """
    return in_order(visible_measures(reader).filter(topics__overlap=list(topics)))


OFFERED = 3


def fitting_for_sessions(user: User, topic: str) -> list[Fitting]:
    """Return the first three measures that fit a topic, for the facilitator of a session to plan an action from."""
    measures = list(measures_for((topic,), reader_of(user)).defer("text", "search")[:OFFERED])
    translations, language = consent_rounds.translations(measures), (get_language() or "en").split("-")[0]
    titles = [translations.get((each.pk, language), each) for each in measures]
    return [
        Fitting(each.code, shown.title, shown.language, each.get_absolute_url())
        for each, shown in zip(measures, titles, strict=True)
    ]


def find(wanted: Wanted, reader: Reader) -> QuerySet[Measure]:
    """Return the measures that an address asks for, those with most of the words first."""
    measures = measures_for(topics_of(wanted), reader) if topics_of(wanted) else in_order(visible_measures(reader))
    measures = measures.filter(maturity=wanted.maturity) if wanted.maturity in Maturity.values else measures
    measures = measures.filter(factors__slug=wanted.factor) if wanted.factor else measures
    measures = measures.filter(tags__contains=[wanted.tag.lower()]) if wanted.tag else measures
    return with_words(measures, Search(wanted.q)) if wanted.q else measures


def topics_of(wanted: Wanted) -> tuple[str, ...]:
    if wanted.topic:
        return (wanted.topic,)
    return DOMAINS[wanted.domain][1] if wanted.domain in DOMAINS else ()


def visible_measures(reader: Reader) -> QuerySet[Measure]:
    return Measure.objects.filter(pk__in=Item.objects.visible_to(reader))


def in_order(measures: QuerySet[Measure]) -> QuerySet[Measure]:
    """Return measures with the most mature first, then by steps of five, then by title."""
    ripeness = Case(
        *[When(maturity=maturity, then=Value(rank)) for maturity, rank in RANKS.items()],
        default=Value(0),
        output_field=IntegerField(),
    )
    steps = [When(code=code, then=Value(step)) for code, step in steps_of_five().items()]
    adopted = [Case(*steps, default=Value(0), output_field=IntegerField()).desc()] if steps else []
    return measures.order_by(ripeness.desc(), *adopted, "title", "pk")


def with_words(measures: QuerySet[Measure], search: Search) -> QuerySet[Measure]:
    """Return those that have any of the words, themselves or in a step; best first."""
    steps = Step.objects.filter(search.matches(), whole=OuterRef("pk"), state=State.PUBLISHED)
    matching = measures.filter(Q(search.matches()) | Q(Exists(steps)))
    return matching.alias(rank=search.rank_with_synonyms()).order_by("-rank", *measures.query.order_by)


def with_cards(measures: QuerySet[Measure]) -> QuerySet[Measure]:
    """Return measures with what their cards show: who tried them, and their steps (two more queries)."""
    trials = Trial.objects.filter(evidence__withdrawn_at=None, evidence__against=False).order_by("at", "pk")
    steps = Step.objects.filter(state=State.PUBLISHED).order_by("position", "pk").defer("text", "plain", "search")
    shown = measures.select_related("author", "group").defer("text", "search")
    return shown.prefetch_related(
        Prefetch("trials", trials, to_attr="shown_trials"), Prefetch("parts", steps, to_attr="shown_steps")
    )
