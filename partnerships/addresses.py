"""E-mail addresses in the one form in which they are stored and compared."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CANONICAL = r"^[!-@\[-~]+$"  # printable ASCII without A–Z and spaces; the database holds it too
LONGEST = 254


def canonical(typed: str) -> str:
    """Return an address in lower case, its domain as mail servers write it (IDNA); raise ValidationError for others.

    Mail goes to this form, so that two addresses have one mailbox exactly if they are equal here.
    """
    name, _at, domain = typed.strip().rpartition("@")
    if not name.isascii():
        raise ValidationError(
            _("This e-mail address is not valid. Before the @, use only the letters a to z, digits and symbols.")
        )
    try:
        address = f"{name}@{domain.encode('idna').decode()}".lower()
    except UnicodeError:
        address = ""
    if not (name and domain and 0 < len(address) <= LONGEST):
        raise ValidationError(_("This is not an e-mail address. Please check it."))
    return address


def known_as(typed: str) -> str:
    """Return the canonical address to look for, or "" for what cannot be one."""
    try:
        return canonical(typed)
    except ValidationError:
        return ""
