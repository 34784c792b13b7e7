"""Every write that touches more than one row: one function, one transaction."""

from partnerships.services.device_keys import device_key
from partnerships.services.guests import merge_guest, new_resume_code, resume_guest
from partnerships.services.invitations import (
    accept,
    address,
    find_open,
    invite,
    join_as_guest,
    joined_before,
    mail_invitation,
    refuse_in_rehearsal,
    withdraw,
)
from partnerships.services.memberships import (
    confirm_all,
    confirm_membership,
    is_admitted,
    may_void,
    void_membership,
    waiting_for,
)
from partnerships.services.needs import Need, needs
from partnerships.services.partners import (
    PartnerData,
    add_partner,
    bring_back,
    change_partner,
    confirm_organisation,
    is_frozen,
    mark_left,
    may_change_side,
    needs_confirming,
    remove_partner,
)
from partnerships.services.refusal import Refused
from partnerships.services.renaming import change_account
from partnerships.services.start import PartnershipData, change_partnership, create_partnership

__all__ = [
    "Need",
    "PartnerData",
    "PartnershipData",
    "Refused",
    "accept",
    "add_partner",
    "address",
    "bring_back",
    "change_account",
    "change_partner",
    "change_partnership",
    "confirm_all",
    "confirm_membership",
    "confirm_organisation",
    "create_partnership",
    "device_key",
    "find_open",
    "invite",
    "is_admitted",
    "is_frozen",
    "join_as_guest",
    "joined_before",
    "mail_invitation",
    "mark_left",
    "may_change_side",
    "may_void",
    "merge_guest",
    "needs",
    "needs_confirming",
    "new_resume_code",
    "refuse_in_rehearsal",
    "remove_partner",
    "resume_guest",
    "void_membership",
    "waiting_for",
    "withdraw",
]
