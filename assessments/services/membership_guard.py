"""What assessments say about ending memberships: the guard of `partnerships.services.memberships`."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from assessments.models import Assessment, Matter
from assessments.services.notifications import notify_memberships
from assessments.services.rating import wanted_languages
from assessments.services.safeguards import side_words
from partnerships.models import Membership, Role, User


def page_of_ending(membership: Membership) -> str:
    """Return where both sides decide about a representative's membership; empty where nothing protects it."""
    assessment = _protected(membership)
    return side_words.url_of(assessment, Matter.REMOVE_MEMBER, membership) if assessment else ""


def _protected(membership: Membership) -> Assessment | None:
    """Return the assessment whose open rating protects a representative's membership."""
    if membership.role != Role.REPRESENTATIVE or membership.admitted_at is None:
        return None
    return membership.partnership.assessments.filter(first_opened_at__isnull=False, rating_closed_at=None).first()


def admitted(membership: Membership) -> None:
    """List the language of a representative who comes while rating is open."""
    wanted_languages.admit(membership)


def ended(membership: Membership) -> None:
    """Delete the words given under a membership, and tell a representative where to find her own answers."""
    side_words.delete_words(Q(given_by=membership))
    if assessment := _protected(membership):
        notify_memberships(
            assessment,
            "assessments.membership_ended",
            [membership],
            reverse("assessments:kept-answers", args=[assessment.code]),
        )


def owns(user: User) -> bool:
    """Say whether a person may still have answers of her own somewhere, to read and to erase.

    It follows from where she was a representative, never from whether she answered.
    """
    opened = Assessment.objects.filter(partnership=OuterRef("partnership"), first_opened_at__isnull=False)
    return user.memberships.representatives().filter(Exists(opened), admitted_at__isnull=False).exists()
