"""The OpenID Connect providers that the operator names in the environment: none, one or many."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def named_in(env: Env, local: bool) -> list[dict[str, Any]]:
    """Return the providers that OPENID_PROVIDERS names, as allauth's settings have them."""
    names = list_of(env, "OPENID_PROVIDERS")
    if len(set(names)) < len(names) or not all(NAME.fullmatch(name) for name in names):
        raise ImproperlyConfigured("OPENID_PROVIDERS lists different short names, of a to z, 0 to 9 and hyphens.")
    return [provider(env, name, local) for name in names]


def list_of(env: Env, variable: str) -> list[str]:
    listed: list[str] = env.list(variable, [])
    return [word.strip() for word in listed]


def provider(env: Env, name: str, local: bool) -> dict[str, Any]:
    """Return one provider, or refuse to start and name the variable that is missing or wrong."""
    prefix = f"OPENID_{name.upper().replace('-', '_')}_"
    issuer = address(prefix + "ISSUER", text(env, prefix + "ISSUER"), local)
    pages = address(prefix + "PAGES", env.str(prefix + "PAGES", issuer), local)
    return {
        "provider_id": name,
        "name": text(env, prefix + "NAME"),
        "client_id": text(env, prefix + "CLIENT_ID"),
        "secret": text(env, prefix + "CLIENT_SECRET"),
        "settings": {"server_url": issuer, "pages": origin(pages), "domains": domains(env, prefix + "DOMAINS")},
    }


def text(env: Env, variable: str) -> str:
    try:
        value = env.str(variable)
    except EnvError as error:
        raise ImproperlyConfigured(f"{error}. OPENID_PROVIDERS names this provider.") from error
    if not value:
        raise ImproperlyConfigured(f"{variable} is empty. OPENID_PROVIDERS names this provider.")
    return value


def address(variable: str, url: str, local: bool) -> str:
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in (("https", "http") if local else ("https",)):
        raise ImproperlyConfigured(f"{variable} is an address that starts with https://.")
    return url


def domains(env: Env, variable: str) -> list[str]:
    """Return the domains whose confirmed addresses this provider is trusted for; without any, people connect it."""
    listed = [domain.lower() for domain in list_of(env, variable)]
    if not all(DOMAIN.fullmatch(domain) for domain in listed):
        raise ImproperlyConfigured(f"{variable} lists domains such as example.org, with commas between them.")
    return listed


def origin(url: str) -> str:
    """Return the origin of an address, as the content security policy names it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def pages(settings: dict[str, Any]) -> list[str]:
    """Return the origins of the pages on which people sign in with their organisations."""
    return [app["settings"]["pages"] for app in settings["openid_connect"]["APPS"]]
