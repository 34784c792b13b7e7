"""The forms of second steps, where the library's own fail or speak English.

The library reads the answer of a passkey as a browser makes it. Any other would be an error page, so it is refused
before.
"""

import re
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as library
from django import forms
from django.utils.translation import gettext as _
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

NAMES = ("id", "rawId", "type")
PARTS = ("attestationObject", "authenticatorData", "clientDataJSON", "signature", "userHandle")
ENCODED = re.compile(r"[A-Za-z0-9_-]+")


class AnswerField(forms.JSONField):
    """The answer of a passkey. It is good for one challenge, so no page shows it again."""

    widget = forms.HiddenInput

    def __init__(self, kind: type[AuthenticationResponse] | type[RegistrationResponse]):
        super().__init__()
        self.kind = kind

    def to_python(self, value: Any) -> Any:
        """Return what the library reads of an answer. Only this is stored of a new passkey."""
        sent = super().to_python(value)
        try:
            answer = parse_credential(sent)
            self.kind.from_dict(answer)
        except Exception as error:  # the library's readers raise whatever they meet
            raise get_adapter().validation_error("incorrect_code") from error
        return answer

    def prepare_value(self, value: Any) -> str:
        return ""


def parse_credential(sent: Any) -> dict[str, Any]:
    answer: dict[str, Any] = {name: encoded(sent[name]) for name in NAMES}
    answer["response"] = {name: encoded(text) for name in PARTS if (text := sent["response"].get(name))}
    kept = sent.get("clientExtensionResults", {}).get("credProps", {}).get("rk") is True
    return answer | {"clientExtensionResults": {"credProps": {"rk": kept}}}


def encoded(text: Any) -> str:
    if not isinstance(text, str) or not ENCODED.fullmatch(text):
        raise ValueError("not base64url")
    return text


class AppForm(ActivateTOTPForm):
    """A new authenticator app."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")  # the library's Dutch is its English


class AddForm(library.AddWebAuthnForm):
    """A new passkey."""

    credential = AnswerField(RegistrationResponse)


class StepForm(library.AuthenticateWebAuthnForm):
    """The second step of signing in."""

    credential = AnswerField(AuthenticationResponse)


class SignInForm(library.LoginWebAuthnForm):
    """Signing in by a passkey alone."""

    credential = AnswerField(AuthenticationResponse)


class AgainForm(library.ReauthenticateWebAuthnForm):
    """Showing once more who one is."""

    credential = AnswerField(AuthenticationResponse)
