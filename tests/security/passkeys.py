"""A passkey of software, which answers the site's challenges as a phone does."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from partnerships.models import User

SITE = "testserver"
FLAGS = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV  # somebody was there, and unlocked the phone


@dataclass(frozen=True)
class Passkey:
    """A key pair for the site, of one account."""

    credential: bytes = field(default_factory=lambda: token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def registration(self, options: dict[str, Any]) -> str:
        """Return what a form sends that adds this passkey."""
        public = ES256.from_cryptography_key(self.key.public_key())
        attested = AttestedCredentialData.create(b"\0" * 16, self.credential, public)
        data = self._data(FLAGS | AuthenticatorData.FLAG.AT, attested)
        attestation = AttestationObject.create("none", data, {})
        sent = {"attestationObject": attestation, "clientDataJSON": self._said("webauthn.create", options)}
        return self._form(sent, clientExtensionResults={"credProps": {"rk": True}})

    def signature(self, options: dict[str, Any], owner: User) -> str:
        """Return what a form sends that signs in by this passkey."""
        data, said = self._data(FLAGS), self._said("webauthn.get", options)
        signature = self.key.sign(data + sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        handle = user_pk_to_url_str(owner).encode()
        return self._form(
            {"authenticatorData": data, "clientDataJSON": said, "signature": signature, "userHandle": handle}
        )

    def _data(self, flags: int, attested: bytes = b"") -> AuthenticatorData:
        return AuthenticatorData.create(sha256(SITE.encode()).digest(), flags, 0, attested)

    def _said(self, kind: str, options: dict[str, Any]) -> CollectedClientData:
        challenge = options["publicKey"]["challenge"]
        challenge = websafe_decode(challenge) if isinstance(challenge, str) else challenge
        return CollectedClientData.create(kind, challenge, f"https://{SITE}")

    def _form(self, sent: dict[str, bytes], **more: Any) -> str:
        name = websafe_encode(self.credential)
        response = {field: websafe_encode(value) for field, value in sent.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response, **more})
