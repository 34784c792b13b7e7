"""What beat asks of the whole site."""

from celery import shared_task

from powertool import daily
from powertool.privacy import retention


@shared_task(name="powertool.tasks.retain")
def retain() -> dict[str, int]:
    """Delete what had its time. The counts say how much, never of whom."""
    return retention.retain()


@shared_task(name="powertool.tasks.start_daily")
def start_daily() -> list[str]:
    return daily.start()


@shared_task(name="powertool.tasks.run_daily")
def run_daily(task: str) -> bool:
    return daily.run(task)
