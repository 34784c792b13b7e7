"""The first inventory of measures: sown once, and left alone afterwards, since members change what they find."""

import uuid

from django.db import transaction
from django.utils import timezone

from community.access import all_groups
from community.models import (
    Evidence,
    EvidenceKind,
    GroupKind,
    Item,
    ItemKind,
    Maturity,
    Measure,
    State,
    Step,
    Trial,
    WorkingGroup,
)
from community.services import findings, writing
from community.services.groups.memberships import Writer
from community.services.measures.seed_file import Source, Sown, load_measures
from partnerships.models import Side, User

# An account that nobody can sign in to and that gets no mail; what it wrote is not a person's.
EDITORS = "editors@inventory.invalid"
NAMES = uuid.UUID("6f1f6a1e-6a0f-4a55-9a53-0d6f7f0f8c11")


@transaction.atomic
def seed() -> int:
    """Add what is missing of the first inventory; return how many measures that were."""
    group = next(group for group in all_groups() if group.kind == GroupKind.MEASURES)
    WorkingGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
    slugs = set(Measure.objects.exclude(slug=None).values_list("slug", flat=True))
    missing = [measure for measure in load_measures() if measure.slug not in slugs]
    if not missing:
        return 0
    editors = Writer(_editors(), Side.OTHER)
    for measure in reversed(missing):  # the newest stands first
        _sow(measure, group, editors)
    return len(missing)


def _editors() -> User:
    values = {"name": "Editors of the inventory", "is_active": False, "password": "!"}
    return User.objects.get_or_create(email=EDITORS, defaults=values)[0]


def _sow(sown: Sown, group: WorkingGroup, editors: Writer) -> None:
    made = Measure(
        kind=ItemKind.MEASURE,
        group=group,
        slug=sown.slug,
        maturity=sown.maturity,
        reported=sown.reported,
        costs=sown.words["costs"],
    )
    content = writing.Content(sown.title, sown.words["text"], rest={"topics": sown.topics})
    measure = _write(made, editors, content, sown.slug)
    measure.factors.set([factor for factor in findings.factors() if factor.slug in sown.words["factors"]])
    for position, step_words in enumerate(sown.words["steps"], start=1):
        _sow_step(measure, position, step_words, editors)
    for source in sown.sources:
        _cite(measure, source, editors)


def _sow_step(measure: Measure, position: int, step_words: dict[str, str], editors: Writer) -> None:
    own = {name: step_words[name] for name in ("who", "phase", "takes", "needs", "pitfalls")}
    whole = Item.objects.get(pk=measure.pk)
    step = Step(kind=ItemKind.STEP, group=measure.group, whole=whole, position=position, **own)
    _write(step, editors, writing.Content(step_words["do"], step_words["how"]), f"{measure.slug}:{position}")


def _write(made, editors: Writer, content: writing.Content, name: str):
    """Write and show it without telling the group of each."""
    item = writing.create(made, editors, content, str(uuid.uuid5(NAMES, name)), publish=False)
    Item.objects.filter(pk=item.pk).update(state=State.PUBLISHED, published_at=timezone.now())
    return item


def _cite(measure: Measure, source: Source, editors: Writer) -> None:
    cited = {"title": source.title, "source": source.publisher, "year": source.year, "link": source.page}
    document = {"kind": EvidenceKind.DOCUMENT, "says": source.says, **cited}
    evidence = Evidence.objects.create(item=measure, by=editors.user, **document)
    if measure.maturity == Maturity.TRIED:
        Trial.objects.create(measure=measure, evidence=evidence, who=source.who, by=editors.user)
