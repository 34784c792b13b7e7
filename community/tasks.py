"""The daily mail and the evidence base. What waits is a row, so a run that was killed is made up by the next."""

from celery import shared_task

from community.services import evidence, notifications
from community.services.papers import consent_rounds, publishing
from partnerships.tasks import send_each


@shared_task
def send_digests() -> int:
    """Send the daily mail to everybody for whom something waits; return how many went out."""
    return send_each(notifications.waiting_for_digest(), notifications.send_digest, "daily mail")


@shared_task
def close_rounds() -> int:
    """Close the rounds whose deadline is past; return how many. Two at once are harmless."""
    return sum(consent_rounds.close(pk) for pk in consent_rounds.due())


@shared_task
def make_paper_file(pk: int) -> bool:
    return publishing.make(pk)


@shared_task
def sweep_paper_files() -> int:
    """Send again what waits, or what a worker that was killed has left."""
    waiting = publishing.unfinished()
    publishing.send(waiting)
    return len(waiting)


@shared_task(name="community.tasks.refresh_evidence")
def refresh_evidence() -> str:
    """Put the evidence base together; twice is as good as once."""
    return evidence.refresh().code
