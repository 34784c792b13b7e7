from django import template
from django.http import HttpRequest

from partnerships import notices
from partnerships.locales import country_name
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
    return country_name(code)


@register.filter
def notice_words(notice: Notice) -> dict[str, str]:
    subject, text = notices.words(notice)
    return {"subject": subject, "text": text}
