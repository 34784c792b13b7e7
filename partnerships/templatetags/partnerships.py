from collections.abc import Iterable

from django import template
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from partnerships import locales, notices
from partnerships.models import Notice

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_notices(context: template.Context) -> int:
    """Return how many notices the person has not read yet (one query; none for the anonymous)."""
    request: HttpRequest | None = context.get("request")
    if request is None or not request.user.is_authenticated:
        return 0
    return request.user.notices.filter(read_at__isnull=True).count()


@register.filter
def country(code: str) -> str:
    return locales.country_name(code)


@register.filter
def language(code: str) -> str:
    """Return what the reader calls a language, for the middle of a sentence."""
    return locales.language_name(code)


@register.filter
def listed(things: Iterable[object]) -> SafeString:
    """List what people wrote, such as names, each kept in its own direction."""
    return mark_safe(locales.listed(format_html("<bdi>{}</bdi>", thing) for thing in things))  # noqa: S308 (escaped)


@register.filter
def notice_words(notice: Notice) -> dict[str, str]:
    subject, text = notices.words(notice)
    return {"subject": subject, "text": text}
