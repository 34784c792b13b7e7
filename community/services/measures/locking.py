"""Lock a measure while its steps or its maturity change."""

from django.utils import timezone

from community.models import Item, Measure


def lock_measure(measure: Measure) -> Measure:
    """Lock a measure, so that of two changes to its order or its maturity one waits for the other."""
    return Measure.objects.select_for_update(no_key=True, of=("self",)).get(pk=measure.pk)


def note_change(measure: Measure) -> None:
    """Put a measure on top of lists that show the newest first."""
    Item.objects.filter(pk=measure.pk).update(updated_at=timezone.now())
