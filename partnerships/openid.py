"""Asking an OpenID Connect provider who somebody is: the organisations' own accounts.

Stricter than allauth: the signature of each ID token is checked, a nonce binds it to this browser's request, and the
provider has to describe itself as the configured issuer. What it says is used once, and nothing of it is stored.
"""

import hashlib
from typing import Any
from urllib.parse import urlsplit

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from partnerships.services import connected_accounts

WELL_KNOWN = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")


class Client(OpenIDConnectOAuth2Adapter):
    """What this site asks of one provider, and how it checks the answers."""

    nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return the provider's description of itself, if it is the configured issuer's (fetched once a request)."""
        known = hasattr(self, "_openid_config")
        described = super().openid_config
        if not known:
            check_description(described, self.get_provider().app)
        return described

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Return where the provider sends people back to; the host is ours, whatever the request called us."""
        return settings.BASE_URL + reverse("openid_connect_callback", args=[self.provider_id])

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: OAuth2Client, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        self.nonce = nonce_of(pkce_code_verifier or "")
        try:
            data = super().get_access_token_data(request, app, client, pkce_code_verifier)
        except (KeyError, ValueError) as error:
            raise OAuth2Error("This is not an answer about tokens.") from error
        if not isinstance(data.get("id_token"), str):
            raise OAuth2Error("The provider sent no ID token.")
        return {"access_token": data["access_token"], "id_token": data["id_token"]}  # no refresh token, no lifetime

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs) -> SocialLogin:
        try:
            claims = self._decode_id_token(app, kwargs["response"]["id_token"])
            if "email" not in claims and "userinfo_endpoint" in self.openid_config:
                claims = self._asked_for(token.token, claims["sub"]) | claims
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise OAuth2Error("These claims cannot be read.") from error
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    def _asked_for(self, access_token: str, subject: str) -> dict[str, Any]:
        """Return the claims that the provider tells when asked, if they are about the same person."""
        claims = self._fetch_user_info(access_token)
        if claims["sub"] != subject:
            raise OAuth2Error("These claims are about another person.")
        return claims

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """Return the claims of an ID token of this provider, for this site and for this browser's request."""
        if jwtkit.jwt.get_unverified_header(id_token).get("alg") not in ALGORITHMS:
            raise OAuth2Error("This is not a signature with a public key.")
        claims = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        if claims["nonce"] != self.nonce or claims.get("azp", app.client_id) != app.client_id or not claims["sub"]:
            raise OAuth2Error("This ID token is for another request.")
        return claims


def check_description(described: dict[str, Any], app: SocialApp) -> None:
    """Refuse a provider that describes itself as another one, or sends people to an address that is not listed."""
    plain = not app.settings["server_url"].startswith("https://")  # on one's own machine only
    addresses = [str(described.get(name, "")) for name in ENDPOINTS]
    if described.get("issuer") != app.settings["server_url"] or not all(
        url.startswith("https://") or (plain and url.startswith("http://")) for url in addresses
    ):
        raise OAuth2Error("The provider is not the one that is configured.")
    parts = urlsplit(addresses[0])
    if f"{parts.scheme}://{parts.netloc}" != app.settings["pages"]:
        raise OAuth2Error("The provider's pages are at an address that is not configured.")


def nonce_of(verifier: str) -> str:
    """Return the nonce that belongs to a request's secret, so that only the secret is kept."""
    return hashlib.sha256(f"nonce {verifier}".encode()).hexdigest()


class Provider(OpenIDConnectProvider):
    """One provider that the operator has configured."""

    oauth2_adapter_class = Client

    @property
    def server_url(self) -> str:
        return self.app.settings["server_url"].rstrip("/") + WELL_KNOWN

    def get_scope(self) -> list[str]:
        return ["openid", "email", "profile"]

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Return what a request may choose: where to go then. Who is signed in connects an account, others sign in."""
        process = AuthProcess.CONNECT if request.user.is_authenticated else AuthProcess.LOGIN
        return {"next_url": get_next_redirect_url(request), "process": process}

    def get_pkce_params(self) -> dict[str, str]:
        params = generate_code_challenge()
        return params | {"nonce": nonce_of(params["code_verifier"])}

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Return a digest of issuer and subject: all that is stored of the account at the provider."""
        claims = data["id_token"]
        return hashlib.sha256(f"{claims['iss']}\n{claims['sub']}".encode()).hexdigest()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list:
        return []

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the name, and the address if the provider has confirmed it and is trusted for its domain."""
        claims = data["id_token"]
        return {
            "email": connected_accounts.trusted_address(claims, self.app.settings["domains"]),
            "name": connected_accounts.cleaned_name(claims.get("name")),
        }
