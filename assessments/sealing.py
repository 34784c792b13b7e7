"""Sealing a text so that only who has a code can read it: the server keeps a public key, never the code.

The code's key pair follows from the code (HKDF); a text is sealed to the public key with a key pair of its own (X25519,
then ChaCha20-Poly1305), so whoever reads the database, or wrote the text, cannot open it.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SIZE = 32
Sealed = bytes | memoryview  # as a row gives it


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), SIZE, salt=None, info=b"powertool concern " + purpose).derive(secret)


def _own(code: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(_derived(code.encode(), b"code"))


def public_key(code: str) -> bytes:
    return _own(code).public_key().public_bytes_raw()


def seal(key: Sealed, text: str) -> bytes:
    once = X25519PrivateKey.generate()
    shared = _derived(once.exchange(X25519PublicKey.from_public_bytes(bytes(key))), b"text")
    nonce = os.urandom(12)
    return once.public_key().public_bytes_raw() + nonce + ChaCha20Poly1305(shared).encrypt(nonce, text.encode(), None)


def unseal(code: str, sealed: Sealed) -> str | None:
    """Return the text, or None if the code is not the one it was sealed for."""
    sealed = bytes(sealed)
    shared = _derived(_own(code).exchange(X25519PublicKey.from_public_bytes(sealed[:SIZE])), b"text")
    try:
        return ChaCha20Poly1305(shared).decrypt(sealed[SIZE : SIZE + 12], sealed[SIZE + 12 :], None).decode()
    except InvalidTag:
        return None
