"""Tasks of the whole site, which beat starts."""

from celery import shared_task

from powertool import daily
from powertool.privacy import retention


@shared_task(name="powertool.tasks.retain")
def retain() -> dict[str, int]:
    """Delete and unname what is past its retention period. The returned counts name no one."""
    return retention.retain()


@shared_task(name="powertool.tasks.start_daily")
def start_daily() -> list[str]:
    return daily.start()


@shared_task(name="powertool.tasks.run_daily")
def run_daily(task: str) -> bool:
    return daily.run(task)
