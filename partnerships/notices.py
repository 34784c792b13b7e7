"""Notices: something a person should know, in the app and by mail. Each app owns the words of its kinds."""

from collections.abc import Iterable

from partnerships.models import Notice, User


def notify(kind: str, recipients: Iterable[User], url: str = "", dedupe: str = "", **context) -> None:
    """Write a notice to each recipient; the same `dedupe` reaches a person once per kind.

    The words live in `templates/<app>/notices/<name>.txt` for kind `<app>.<name>`: first line the subject, the rest the text.
    """
    Notice.objects.bulk_create(
        [Notice(recipient=user, kind=kind, url=url, context=context, dedupe=dedupe) for user in recipients],
        ignore_conflicts=True,
    )
