"""Unguessable codes for addresses, invitations and guests' return."""

import hashlib
import hmac
import secrets
import unicodedata

from django.conf import settings

# Crockford's letters: no i, l, o, u, so that a code can be read aloud and typed from paper.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LOOKALIKES = str.maketrans({"i": "1", "l": "1", "o": "0", "u": "v"})


def random_code(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_code() -> str:
    """Return a code of 60 random bits, for addresses."""
    return random_code(12)


def short_code() -> str:
    """Return a code of 40 random bits, short enough to type from a projector; always rate-limited."""
    return random_code(8)


def new_secret() -> bytes:
    """Return the 256 random bits of a key."""
    return secrets.token_bytes(32)


def normalise(typed: str) -> str:
    """Return what a person typed as the code it means: any case, any separators, look-alike letters."""
    letters = latin_digits(typed).lower().translate(LOOKALIKES)
    return "".join(letter for letter in letters if letter in ALPHABET)


def latin_digits(typed: str) -> str:
    """Return what was typed with the digits that the program prints; an Arabic or Bengali keyboard has others."""
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in typed)


def whole(text: str) -> int | None:
    """Return the whole number that a browser sent, or None for anything else: a sign, more than nine digits."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def keyed_hash(purpose: str, text: str) -> str:
    """Return a digest that is useless without the server's secret (64 hexadecimal digits)."""
    return keyed_hashes(purpose, text)[0]


def keyed_hashes(purpose: str, text: str) -> list[str]:
    """Return the digest by the server's secret, and those by its former secrets, by which older rows are found."""
    secrets_of_site = [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]
    message = f"{purpose}:{text}".encode()
    return [hmac.new(each.encode(), message, hashlib.sha256).hexdigest() for each in secrets_of_site]
