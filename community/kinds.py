"""What differs between the kinds of items; everything else about writing is the same code."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.access import Reader
from community.forms.findings import CaseStudyForm, FindingForm
from community.forms.measures import MeasureForm, StepForm
from community.forms.papers import PaperForm, RecommendationForm, SectionForm
from community.forms.writing import CommentEditForm, WritingForm
from community.models import (
    CaseStudy,
    Comment,
    Finding,
    GroupKind,
    Item,
    ItemKind,
    Measure,
    PolicyPaper,
    Recommendation,
    Section,
    Step,
)
from community.services import case_studies, writing
from community.services.papers import editing


def by_members(item: Item, reader: Reader) -> bool:
    """Drafts are changed by their author, the rest by all who take part."""
    return reader.takes_part(item.group) and (item.is_published or is_author(item, reader))


def is_author(item: Item, reader: Reader) -> bool:
    return reader.user is not None and item.author_id == reader.user.pk


def by_author(item: Item, reader: Reader) -> bool:
    return is_author(item, reader) and reader.takes_part(item.group)


def of_its_teller(item: Item, reader: Reader) -> bool:
    """A case that was revoked is changed by nobody any more."""
    return by_author(item, reader) and not CaseStudy.objects.filter(pk=item.pk, revoked_at__isnull=False).exists()


@dataclass(frozen=True)
class Kind:
    model: type[Item]
    form: type[WritingForm]
    new: str | Promise  # the heading above an empty form
    groups: tuple[str, ...] = ()  # where `community:write` begins one
    may_edit: Callable[[Item, Reader], bool] = by_members
    save: Callable[..., Any] = writing.save
    is_talked_about: bool = True  # comments, endorsements and files of its own


KINDS: dict[str, Kind] = {
    ItemKind.FINDING: Kind(Finding, FindingForm, _("A new finding"), (GroupKind.UNDERSTANDING,)),
    ItemKind.CASE_STUDY: Kind(
        CaseStudy, CaseStudyForm, _("A case study from a partnership"), (), of_its_teller, case_studies.save, False
    ),
    ItemKind.MEASURE: Kind(Measure, MeasureForm, _("A new measure"), (GroupKind.MEASURES,)),
    ItemKind.STEP: Kind(Step, StepForm, _("A step in a measure"), is_talked_about=False),
    ItemKind.PAPER: Kind(PolicyPaper, PaperForm, _("A new policy paper"), (GroupKind.CHANGE,), editing.may_edit),
    ItemKind.SECTION: Kind(Section, SectionForm, _("A new section"), (), editing.may_change, editing.save),
    ItemKind.RECOMMENDATION: Kind(
        Recommendation, RecommendationForm, _("A new recommendation"), (), editing.may_change, editing.save
    ),
    ItemKind.COMMENT: Kind(Comment, CommentEditForm, _("A comment"), (), by_author),
}


def is_talked_about(item: Item) -> bool:
    """Say whether an item takes comments, endorsements and files. A case does not: nobody approved those."""
    kind = KINDS.get(item.kind)
    return kind is None or kind.is_talked_about


def may_edit(item: Item, reader: Reader) -> bool:
    kind = KINDS.get(item.kind)
    return kind is not None and not item.is_hidden and not item.is_withdrawn and kind.may_edit(item, reader)
