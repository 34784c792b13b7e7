"""The frame of every page: what changes with the language and a few words only is rendered once for each of them.

Such a part gets its words and nothing else, neither the request nor the person, so that it cannot show anything of one
person to another.
"""

from functools import lru_cache

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import ResolverMatch
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from partnerships.models import Notification

register = template.Library()

ABOUT_ONESELF = ("notifications", "account", "keep", "merge", "tokens", "revoke_token", "resume")


@lru_cache(maxsize=1000)
def rendered(name: str, language: str | None, words: tuple[tuple[str, object], ...]) -> SafeString:
    """Return a part as these words make it in this language."""
    return render_to_string(name, dict(words))


@register.simple_tag
def fixed_part(name: str, **words: object) -> SafeString:
    """Return a part of the frame that its words and the language alone decide."""
    return rendered(name, get_language(), tuple(words.items()))


@register.simple_tag(takes_context=True)
def main_links(context: template.Context) -> SafeString:
    """Return the links to the main areas, with the present one marked."""
    match = getattr(context.get("request"), "resolver_match", None)
    person = context.get("user")
    return fixed_part(
        "parts/main_links.html",
        signed_in=bool(person and person.is_authenticated),
        at_home=bool(match and match.url_name == "home"),
        area=_area(match) if match else "",
    )


def _area(match: ResolverMatch) -> str:
    """Return the main area that a page belongs to: none for pages about oneself."""
    if match.app_name == "assessments":
        return "partnerships"
    return "" if match.url_name in ABOUT_ONESELF else match.app_name


@register.simple_tag
def language_buttons() -> SafeString:
    """Return the buttons of the languages, each by its own name."""
    return fixed_part("parts/language_buttons.html", languages=tuple(settings.LANGUAGES), current=get_language())


@register.simple_tag(takes_context=True)
def unread_notifications(context: template.Context) -> int:
    """Return how many notifications the person has not read yet (one query; none for the anonymous)."""
    request: HttpRequest | None = context.get("request")
    if request is None or not request.user.is_authenticated:
        return 0
    return Notification.objects.filter(recipient=request.user, read_at__isnull=True).count()
