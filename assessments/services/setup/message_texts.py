"""What facilitators can send by hand at each step, in the active language."""

from dataclasses import dataclass

from django.conf import settings

from assessments.models import Assessment, Stage
from partnerships.mail_texts import render_mail
from partnerships.models import User


@dataclass(frozen=True)
class Text:
    subject: str
    text: str


def to(assessment: Assessment, user: User) -> list[Text]:
    """Return what one person is told at this stage: when the session is, or that the results are there."""
    if assessment.stage == Stage.CLOSED:
        return [_text("results", assessment, user)]
    return [_text("session", assessment, user)] if assessment.session_at else []


def reminder(assessment: Assessment) -> list[Text]:
    """Return the one reminder for all representatives, while they are asked for answers."""
    return [_text("reminder", assessment)] if assessment.stage == Stage.RATING else []


def _text(kind: str, assessment: Assessment, user: User | None = None) -> Text:
    url = f"{settings.BASE_URL}{assessment.get_absolute_url()}"
    context = {"assessment": assessment, "name": str(user or ""), "url": url}
    return Text(*render_mail(f"assessments/messages/{kind}.txt", context))
