"""The texts of e-mails: a template for each, whose first line is the subject."""

from typing import Any

from django.template.loader import render_to_string


def render_mail(template: str, context: dict[str, Any] | None = None) -> tuple[str, str]:
    """Return the subject and the body of a template in the active language."""
    subject, _newline, body = render_to_string(template, context).strip().partition("\n")
    return " ".join(subject.split()), body.strip()
