"""Redacted cases: told from one partnership, readable only while both of its sides stand behind the exact words."""

import hashlib

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Approval, CaseStudy, Evidence, EvidenceKind, Item, ItemKind, State
from community.services import writing
from community.services.groups.memberships import Writer
from community.services.notifications import notify_members
from partnerships import activity_log
from partnerships.models import BOTH_SIDES, Membership, Partnership, Role, User
from partnerships.services import Refused

SPEAKING = (Role.FACILITATOR, Role.REPRESENTATIVE)


def digest(item: Item) -> str:
    """Name the exact text (64 hexadecimal digits)."""
    return hashlib.sha256(f"{item.title}\n\n{item.text}".encode()).hexdigest()


def partnerships_of(user: User):
    """Return the partnerships from which a person may tell."""
    return Partnership.objects.filter(pk__in=speaking_memberships(user).values("partnership"))


def speaking_memberships(user: User, partnership: Partnership | None = None):
    """Return the memberships in which a person speaks for a side."""
    memberships = Membership.objects.in_force().filter(user=user, role__in=SPEAKING, partner__isnull=False)
    return memberships.filter(partnership=partnership) if partnership else memberships


def is_inside(user: User | None, item: Item) -> bool:
    """Say whether somebody may read all versions of a case: its author, and who speaks for its partnership."""
    if user is None:
        return False
    return item.author_id == user.pk or speaking_memberships(user).filter(partnership__case_studies=item.pk).exists()


@transaction.atomic
def write_case_study(
    about: Item, partnership: Partnership, writer: Writer, content: writing.Content, mutation: str
) -> CaseStudy:
    """Write a case as evidence for an item; nobody outside reads it before both sides have approved it."""
    if not speaking_memberships(writer.user, partnership).exists():
        raise Refused(_("Only a partnership's facilitators and representatives can write its case studies."))
    made = CaseStudy(kind=ItemKind.CASE_STUDY, group=about.group, whole=about, partnership=partnership)
    case = writing.create(made, writer, content, mutation, publish=False)
    Evidence.objects.get_or_create(
        case=case, defaults={"item": about, "kind": EvidenceKind.CASE_STUDY, "by": writer.user}
    )
    activity_log.record(partnership, writer.user, "case.written", str(about))
    _ask(case, writer.user)
    return case


@transaction.atomic
def save(item: Item, writer: Writer, content: writing.Content, base: int, mutation: str) -> Item | writing.Clash:
    """Change a case. Other words need new approvals, and are out of sight until then."""
    case = CaseStudy.objects.select_for_update(no_key=True).get(pk=item.pk)
    if case.revoked_at or case.is_hidden:
        raise Refused(_("This case study has been withdrawn or hidden."))
    before = digest(case)
    saved = writing.save(item, writer, content, base, mutation)
    if isinstance(saved, Item) and digest(saved) != before:
        Item.objects.filter(pk=item.pk, state=State.PUBLISHED).update(state=State.DRAFT)
        _ask(CaseStudy.objects.get(pk=item.pk), writer.user)
    return saved


@transaction.atomic
def approve(case: CaseStudy, user: User, seen: str) -> None:
    """Stand behind the text with the digest that this person saw; with the last side's approval it is published."""
    locked = (
        CaseStudy.objects.select_for_update(no_key=True, of=("self",))
        .select_related("group", "whole", "partnership")
        .get(pk=case.pk)
    )
    if locked.revoked_at or locked.is_hidden:
        raise Refused(_("This case study has been withdrawn or hidden."))
    if seen != digest(locked):
        raise Refused(_("The text was changed while you were reading it. Please read it again before you approve it."))
    speaking = speaking_memberships(user, locked.partnership).select_related("partner")
    memberships = [membership for membership in speaking if membership.partner]
    if not memberships:
        raise Refused(_("Only a partnership's facilitators and representatives can approve its case studies."))
    membership = memberships[0]
    Approval.objects.get_or_create(
        case=locked, membership=membership, digest=seen, defaults={"side": membership.partner.side}
    )
    activity_log.record(locked.partnership, user, "case.approved", str(locked.whole))
    if not missing(locked):
        writing.publish_item(locked)


@transaction.atomic
def revoke(case: CaseStudy, user: User) -> None:
    """Take a case back: its words go from every version, for good."""
    locked = CaseStudy.objects.select_for_update(no_key=True).get(pk=case.pk)
    if not speaking_memberships(user, locked.partnership).exists():
        raise Refused(_("Only a partnership's facilitators and representatives can withdraw its case studies."))
    if locked.revoked_at:
        return
    activity_log.record(locked.partnership, user, "case.revoked")
    writing.blank(locked)
    CaseStudy.objects.filter(pk=locked.pk).update(revoked_at=timezone.now(), revoked_by=user)
    Item.objects.filter(pk=locked.pk).update(state=State.DRAFT)


def approvals(case: CaseStudy) -> list[Approval]:
    """Return the approvals of the text as it stands, of people who still speak for their side."""
    rows = case.approvals.filter(digest=digest(case), membership__voided_at=None, membership__admitted_at__isnull=False)
    return list(rows.select_related("membership__user", "membership__partner"))


def missing(case: CaseStudy) -> list[str]:
    """Return the sides whose approval is missing; one person does not approve for both."""
    approved = approvals(case)
    lacking = [str(side) for side in BOTH_SIDES if side not in {row.side for row in approved}]
    alone = len({row.membership.user_id for row in approved}) < len(BOTH_SIDES)
    return lacking or ([str(BOTH_SIDES[-1])] if alone else [])


def _ask(case: CaseStudy, writer: User) -> None:
    """Tell those who speak for the sides that words wait for them, once per text."""
    memberships = case.partnership.memberships.in_force().filter(role__in=SPEAKING, partner__isnull=False)
    people = User.objects.filter(pk__in=memberships.values("user")).exclude(pk=writer.pk)
    facts = {"name": str(writer), "partnership": str(case.partnership)}
    notify_members("case", people, case.get_absolute_url(), f"{case.code}:{digest(case)[:16]}", **facts)
