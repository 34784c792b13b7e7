from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from html import escape
from urllib.parse import urlsplit

from django import template
from django.http import HttpRequest
from django.template.defaultfilters import date
from django.urls import Resolver404, resolve
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships import locales, names, notices
from partnerships.models import Notice

register = template.Library()
SIDES = {"north": _("North"), "south": _("South"), "other": pgettext_lazy("side", "Other")}


@register.simple_tag(takes_context=True)
def unread_notices(context: template.Context) -> int:
    """Return how many notices the person has not read yet (one query; none for the anonymous)."""
    request: HttpRequest | None = context.get("request")
    if request is None or not request.user.is_authenticated:
        return 0
    return request.user.notices.filter(read_at__isnull=True).count()


WHY = {
    "partnerships:create": _("You need an account to start a partnership. After that we ask who works together."),
    "partnerships:invitation": _("With an account you come back to this partnership from any device."),
}


@register.simple_tag(takes_context=True)
def why_here(context: template.Context) -> str:
    """Say why somebody who came from another page is asked to make an account."""
    request: HttpRequest = context["request"]
    follows = request.POST.get("next") or request.GET.get("next", "")
    try:
        name = resolve(urlsplit(follows).path).view_name
    except (Resolver404, ValueError):
        name = ""
    return str(WHY.get(name) or (WHY["partnerships:invitation"] if "invitation" in request.session else ""))


@register.filter
def signed(who: names.Named | None, at: datetime) -> str:
    """Return the name under which somebody wrote at a moment, and today's if it is another one."""
    return names.signed(who, at)


@register.simple_tag
def side_mark(side: str | None, words: Mapping[str, str] | None = None) -> SafeString:
    """Return shape and word of a side; `words` are the partnership's own (`side_words`). For lists, which have many."""
    own = (words or {}).get(side or "other")
    usual = SIDES.get(side or "", SIDES["other"])
    return mark_safe(f'<span class="side side-{escape(side or "other")}">{escape(str(own or usual))}</span>')  # noqa: S308 (escaped)


@register.simple_tag
def moment(at: datetime) -> SafeString:
    """Return a moment with its hour in the reader's time zone. For lists, which have many."""
    local = localtime(at)
    written = _written(local.replace(tzinfo=None), local.tzname(), get_language())
    return mark_safe(f'<time datetime="{local.isoformat()}" data-local>{written}</time>')  # noqa: S308 (escaped)


@lru_cache(maxsize=4096)
def _written(local: datetime, zone: str | None, language: str | None) -> str:
    """Write a moment as a language does; kept, since lists show the same to everybody, and Django's way is long."""
    with override(language):
        return escape(f"{date(local, 'DATETIME_FORMAT')} {zone}")


@register.simple_tag
def options(pairs: Iterable[tuple[str, object]], chosen: str) -> SafeString:
    """Return an option for each (key, label). Not a loop in a template: a page of filters has sixty of them."""
    named = ((key, str(label)) for key, label in pairs)
    rows = (
        f'<option value="{escape(key)}"{" selected" * (key == chosen)}>{escape(label[:1].upper() + label[1:])}</option>'
        for key, label in named
    )
    return mark_safe("\n".join(rows))  # noqa: S308 (escaped)


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
