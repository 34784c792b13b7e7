"""WHO works together: people, partnerships, partners (organisations with a side), memberships and invitations."""

from partnerships.models.accounts import ApiToken, ApiTokenQuerySet, GuestKey, User, UserManager
from partnerships.models.activity_log import ActivityLogEntry
from partnerships.models.daily_run import DailyRun
from partnerships.models.draft import Draft
from partnerships.models.impersonation import Impersonation
from partnerships.models.invitation import Invitation, InvitationQuerySet
from partnerships.models.membership import (
    DeviceKey,
    Membership,
    MembershipConfirmation,
    MembershipQuerySet,
    Role,
    SecondStepYes,
)
from partnerships.models.notification import Notification
from partnerships.models.partner import Kind, Partner
from partnerships.models.partnership import (
    BOTH_SIDES,
    UNDECLARED,
    Partnership,
    PartnershipQuerySet,
    Side,
    validate_country,
)
from partnerships.models.wrong_text import WrongText

__all__ = [
    "BOTH_SIDES",
    "UNDECLARED",
    "ActivityLogEntry",
    "ApiToken",
    "ApiTokenQuerySet",
    "DailyRun",
    "DeviceKey",
    "Draft",
    "GuestKey",
    "Impersonation",
    "Invitation",
    "InvitationQuerySet",
    "Kind",
    "Membership",
    "MembershipConfirmation",
    "MembershipQuerySet",
    "Notification",
    "Partner",
    "Partnership",
    "PartnershipQuerySet",
    "Role",
    "SecondStepYes",
    "Side",
    "User",
    "UserManager",
    "WrongText",
    "validate_country",
]
