"""Steps of a measure: add, move, remove."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from community.models import Item, ItemKind, Measure, State, Step
from community.services import writing
from community.services.groups.memberships import Writer
from community.services.measures.locking import lock_measure, note_change
from partnerships.models import User


def steps_of(measure: Measure) -> list[Step]:
    """Return the steps in their order, those that were taken out or hidden left out."""
    steps = Step.objects.filter(whole=measure.pk, state=State.PUBLISHED).select_related("author")
    return list(steps.order_by("position", "pk"))


def taken_out(measure: Measure, user: User | None) -> list[Step]:
    """Return this person's own steps that were taken out; she can publish them again."""
    if user is None:
        return []
    return list(Step.objects.filter(whole=measure.pk, state=State.DRAFT, author=user).order_by("position", "pk"))


@transaction.atomic
def add_step(measure: Measure, writer: Writer, content: writing.Content, mutation: str) -> Step:
    lock_measure(measure)
    last = Step.objects.filter(whole=measure.pk).aggregate(last=Max("position"))["last"] or 0
    step = Step(kind=ItemKind.STEP, group=measure.group, whole=Item(pk=measure.pk), position=last + 1)
    return writing.create(step, writer, content, mutation, publish=True)


@transaction.atomic
def move_step(measure: Measure, step: Step, by: int) -> None:
    """Move a step up (−1) or down (+1) by one place; at the end it stays."""
    lock_measure(measure)
    order = steps_of(measure)
    place = order.index(step)
    other = place + (1 if by > 0 else -1)
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, each in enumerate(order, start=1):
        Step.objects.filter(pk=each.pk).update(position=position)
    note_change(measure)


@transaction.atomic
def take_out(measure: Measure, step: Step) -> None:
    """Take a step out; its author keeps it as a draft, with its history, and can publish it again."""
    lock_measure(measure)
    Item.objects.filter(pk=step.pk, state=State.PUBLISHED).update(state=State.DRAFT, updated_at=timezone.now())
    note_change(measure)
