"""Lists of choices that filter a page, for `search/_filters.html`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments.models import Topic
from community.models import Factor


@dataclass(frozen=True)
class FilterChoice:
    """One list of a filter form: what it is about, what stands for no choice, and what was chosen."""

    name: str
    label: str
    anything: str
    options: Iterable[tuple[str, Any]]
    chosen: str


def by_topic(chosen: str) -> FilterChoice:
    return FilterChoice("topic", _("Decisions"), _("Any kind of decision"), Topic.choices, chosen)


def by_factor(anything: str, factors: Iterable[Factor], chosen: str) -> FilterChoice:
    return FilterChoice("factor", _("Factor"), anything, [(factor.slug, str(factor)) for factor in factors], chosen)
