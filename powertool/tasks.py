"""What beat asks of the whole site."""

from celery import shared_task

from powertool.privacy import retention


@shared_task(name="powertool.tasks.retain")
def retain() -> dict[str, int]:
    """Delete what had its time. The counts say how much, never of whom."""
    return retention.retain()
