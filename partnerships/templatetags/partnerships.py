from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.socialaccount.adapter import get_adapter
from django import template
from django.http import HttpRequest
from django.template.defaultfilters import date
from django.urls import Resolver404, resolve
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from partnerships import browsers, locales, names, notifications
from partnerships.models import UNDECLARED, Notification, Side

register = template.Library()
register.filter("browser", browsers.browser_name)


WHY = {
    "partnerships:create": _(
        "You need an account to start a partnership. You can then list the organisations that work together."
    ),
    "partnerships:invitation": _("With an account, you can open this partnership on any device."),
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


@register.simple_tag
def organisations() -> list[Any]:
    """Return the providers with whose accounts people can sign in, as the operator has named them."""
    return get_adapter().list_apps(None)


@register.simple_tag(takes_context=True)
def signed_in_with(context: template.Context) -> str:
    """Return the name of the organisation whose account began this session, or ""."""
    request: HttpRequest = context["request"]
    begun_by = {each.get("provider") for each in get_authentication_records(request, request.user)}
    return next((app.name for app in organisations() if app.provider_id in begun_by), "")


@register.filter
def signed(who: names.Named | None, at: datetime) -> str:
    """Return the name under which somebody wrote at a moment, and today's if it is another one."""
    return names.signature(who, at)


@register.simple_tag
def side_mark(side: str | None, words: Mapping[str, str] | None = None) -> SafeString:
    """Return the mark of a side, in the partnership's own `words`. Not a template, since lists have many of them.

    An empty side is no side, None is one that is not declared.
    """
    if side is None:
        return mark_safe(f'<span class="side side-undeclared">{escape(str(UNDECLARED))}</span>')  # noqa: S308 (escaped)
    own = (words or {}).get(side or "other")
    usual = (Side(side) if side in Side.values else Side.OTHER).label
    return mark_safe(f'<span class="side side-{escape(side or "other")}">{escape(str(own or usual))}</span>')  # noqa: S308 (escaped)


@register.simple_tag
def moment(at: datetime) -> SafeString:
    """Return a date and time in the reader's time zone. Not a template, since lists have many of them."""
    local = localtime(at)
    written = _format_moment(local.replace(tzinfo=None), local.tzname(), get_language())
    return mark_safe(f'<time datetime="{local.isoformat()}" data-local>{written}</time>')  # noqa: S308 (escaped)


@lru_cache(maxsize=4096)
def _format_moment(local: datetime, zone: str | None, language: str | None) -> str:
    """Return a date and time as a language writes it; cached, since formatting is slow."""
    with override(language):
        return escape(f"{date(local, 'DATETIME_FORMAT')} {zone}")


@register.simple_tag
def options(pairs: Iterable[tuple[str, object]], chosen: str) -> SafeString:
    """Return an <option> for each (key, label). Not a template, since a page of filters has sixty of them."""
    named = ((key, str(label)) for key, label in pairs)
    rows = (
        f'<option value="{escape(key)}"{" selected" * (key == chosen)}>{escape(label[:1].upper() + label[1:])}</option>'
        for key, label in named
    )
    return mark_safe("\n".join(rows))  # noqa: S308 (escaped)


@register.simple_tag
def browser_locale() -> str:
    """Return the locale of scripts. Not in the context, which pages kept on a device are made without."""
    return locales.browser_locale()


@register.filter
def country(code: str) -> str:
    return locales.country_name(code)


@register.filter
def language(code: str) -> str:
    """Return what the reader calls a language, for the middle of a sentence."""
    return locales.language_name(code)


@register.filter
def listed(things: Iterable[object]) -> SafeString:
    """Return a list of texts, such as names, each in its own writing direction."""
    return mark_safe(locales.listed(format_html("<bdi>{}</bdi>", thing) for thing in things))  # noqa: S308 (escaped)


@register.filter
def notification_words(notification: Notification) -> dict[str, str]:
    subject, text = notifications.render_notification(notification)
    return {"subject": subject, "text": text}
