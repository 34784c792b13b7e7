"""Ways in: inviting, accepting with an account or as a guest, withdrawing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from partnerships.activity_log import record
from partnerships.addresses import canonical
from partnerships.codes import new_code, normalise, short_code
from partnerships.mail_texts import render_mail
from partnerships.models import Invitation, Membership, MembershipConfirmation, Partner, Partnership, Role, User
from partnerships.notifications import notify
from partnerships.services import confirmed_addresses
from partnerships.services.guests import digests, make_guest
from partnerships.services.memberships import admit, announce_waiting, in_force, lock, settle
from partnerships.services.refusal import Refused
from partnerships.services.renaming import refuse_taken
from partnerships.task_sending import send_on_commit

DAYS = {Invitation.Channel.EMAIL: 14, Invitation.Channel.LINK: 14, Invitation.Channel.JOIN_CODE: 1}
MOST_PER_DAY = 200  # invitations of one person
MOST_TO_ONE = 20  # mails with an invitation to one address in a day, whoever writes
MOST_BY_CODE = 200  # memberships that one join code can bring
AGAIN_AFTER = timedelta(hours=1)  # an e-mail that went out goes out once more
MAILED = "mailed invitation"


@dataclass(frozen=True)
class PersonData:
    """Somebody to invite; `partner` is the name of one of the partners, and without `email` a link is passed on."""

    name: str
    role: str
    partner: str = ""
    email: str = ""
    language: str = ""


@transaction.atomic
def invite(
    by: Membership,
    channel: str,
    role: str,
    partner: Partner | None = None,
    email: str = "",
    message: str = "",
    days: int | None = None,
    language: str = "",
    name: str = "",
) -> Invitation:
    """Open a way in; a join code is short and for many, a link and a mail are for one person."""
    by = in_force(by)
    channel, role = Invitation.Channel(channel), Role(role)
    email = canonical(email) if channel == Invitation.Channel.EMAIL else ""
    refuse_invitation(by, channel, role, partner)
    refuse_many_mails(email)
    by_code = channel == Invitation.Channel.JOIN_CODE
    invitation = Invitation.objects.create(
        partnership=by.partnership,
        channel=channel,
        code=short_code() if by_code else new_code(),
        role=role,
        partner=partner,
        name="" if by_code else name,
        email=email,
        message=message,
        language=language,
        created_by=by,
        expires_at=timezone.now() + timedelta(days=days or DAYS[channel]),
    )
    record(by.partnership, by.user, "invitation.made", str(invitation))
    if channel == Invitation.Channel.EMAIL:
        announce(invitation, by)
    return invitation


@transaction.atomic
def invite_all(by: Membership, people: Iterable[PersonData]) -> list[Invitation]:
    """Invite several people, all or nobody. Who is invited already, in the same words, is not invited twice."""
    by = in_force(by)
    lock(by.partnership)
    return [_invited(by, person) or _invite(by, person) for person in people]


def _invited(by: Membership, person: PersonData) -> Invitation | None:
    same = by.partnership.invitations.open().filter(name=person.name, role=person.role)
    email = canonical(person.email) if person.email else ""
    return same.filter(partner__name=person.partner or None, email=email).first()


def _invite(by: Membership, person: PersonData) -> Invitation:
    channel = Invitation.Channel.EMAIL if person.email else Invitation.Channel.LINK
    partner = by.partnership.partners.filter(name=person.partner).first() if person.partner else None
    return invite(by, channel, person.role, partner, person.email, language=person.language, name=person.name)


@transaction.atomic
def resend(invitation: Invitation, by: Membership) -> None:
    """Send an invitation's e-mail once more, and let it last as long as a new one."""
    lock(invitation.partnership)
    by = in_force(by)
    open_ones = Invitation.objects.open().select_for_update(no_key=True).filter(partnership=by.partnership)
    current = open_ones.filter(pk=invitation.pk, channel=Invitation.Channel.EMAIL).first()
    if current is None:
        raise Refused(_("This invitation is no longer valid. Please ask for a new one."))
    unsent = current.expires_at is None
    if not unsent and (current.mailed_at is None or current.mailed_at > timezone.now() - AGAIN_AFTER):
        raise Refused(_("We sent this e-mail less than an hour ago. Please wait, or send a message yourself."))
    send_again([current.pk])


def send_again(ids: Iterable[int]) -> int:
    """Let invitations by e-mail be sent, and last as long as new ones; return how many. The caller holds a transaction.

    They count as made now, since what has waited for days is given up.
    """
    now = timezone.now()
    expires_at = now + timedelta(days=DAYS[Invitation.Channel.EMAIL])
    sent = Invitation.objects.open().filter(pk__in=ids, channel=Invitation.Channel.EMAIL)
    count = sent.update(mailed_at=None, expires_at=expires_at, created_at=now)
    send_on_commit("partnerships.tasks.send_notifications")
    return count


def refuse_invitation(by: Membership, channel: str, role: str, partner: Partner | None) -> None:
    refuse_in_rehearsal(by.partnership)
    if partner and (partner.partnership_id != by.partnership_id or partner.left_at):
        raise Refused(_("This organisation is no longer a partner in this partnership."))
    if channel == Invitation.Channel.JOIN_CODE and role == Role.FACILITATOR:
        raise Refused(_("You cannot invite facilitators with a join code. Choose a link or an e-mail."))
    today = Invitation.objects.filter(created_by__user=by.user, created_at__gt=timezone.now() - timedelta(days=1))
    if today.count() >= MOST_PER_DAY:
        raise Refused(
            _("You have reached the daily limit for invitations. Please continue tomorrow, or use a join code.")
        )


def refuse_in_rehearsal(partnership: Partnership) -> None:
    if partnership.is_rehearsal:
        raise Refused(_("You cannot invite anyone to a rehearsal. To invite people, start a partnership."))


def refuse_many_mails(email: str) -> None:
    today = Invitation.objects.filter(email=email, created_at__gt=timezone.now() - timedelta(days=1))
    if email and today.count() >= MOST_TO_ONE:
        raise Refused(
            _("You cannot send more invitations to this address today. Please try again tomorrow, or send a link.")
        )


def announce(invitation: Invitation, by: Membership) -> None:
    """Mail an invitation; whoever has confirmed this address for an account also finds it among the notifications."""
    accounts = confirmed_addresses.accounts_of(invitation.email).filter(is_active=True)
    url = reverse("partnerships:invitation", args=[invitation.code])
    notify(
        "partnerships.invited",
        accounts,
        url,
        invitation.code,
        mail=False,
        name=str(by.user),
        partnership=str(by.partnership),
    )
    send_on_commit("partnerships.tasks.send_notifications")


def address(invitation: Invitation) -> str:
    """Return the link of an invitation; it opens in the language that the inviter chose."""
    path = reverse("partnerships:invitation", args=[invitation.code])
    return f"{settings.BASE_URL}{path}" + (f"?lang={invitation.language}" if invitation.language else "")


def message_of(invitation: Invitation, url: str = "") -> tuple[str, str]:
    """Return the subject and text of an invitation in the active language, with the link that is passed on by hand."""
    context = {"invitation": invitation, "url": url or address(invitation)}
    return render_mail("partnerships/mail/invitation.txt", context)


def mailed_address(invitation: Invitation) -> str:
    """Return the link that only the e-mail has: it tells whose address it went to."""
    proof = urlencode({"to": Signer(salt=MAILED).signature(f"{invitation.code} {invitation.email}")})
    link = address(invitation)
    return f"{link}{'&' if '?' in link else '?'}{proof}"


def was_mailed(invitation: Invitation, proof: str) -> bool:
    """Say whether somebody came by the link of the e-mail, not by one that was copied from a page."""
    try:
        Signer(salt=MAILED).unsign(f"{invitation.code} {invitation.email}:{proof}")
    except BadSignature:
        return False
    return bool(invitation.email)


def mail_invitation(invitation: Invitation) -> None:
    """Send one invitation's mail, in the language that the inviter chose."""
    with translation.override(invitation.language or settings.LANGUAGE_CODE):
        subject, body = message_of(invitation, mailed_address(invitation))
    EmailMessage(subject, body + "\n", to=[invitation.email]).send()


@transaction.atomic
def withdraw(invitation: Invitation, by: Membership) -> None:
    lock(invitation.partnership)
    by = in_force(by)
    if (
        Invitation.objects.open()
        .filter(pk=invitation.pk, partnership=by.partnership)
        .update(withdrawn_at=timezone.now())
    ):
        record(by.partnership, by.user, "invitation.withdrawn", str(invitation))


def find_open(typed: str) -> Invitation | None:
    """Return the open invitation whose code this is, however it was typed."""
    related = Invitation.objects.select_related("partnership", "partner", "created_by__user", "created_by__partner")
    return related.open().filter(code=normalise(typed)).first()


@transaction.atomic
def accept(
    invitation: Invitation, user: User, partner: Partner | None = None, employer: str = "", confirms: bool = False
) -> Membership:
    """Take the membership that an invitation offers; by link or mail the inviter has vouched, by join code nobody has.

    A representative who `confirms` says that she speaks for the organisation, and that its side is right.
    """
    invitation, partnership = lock_open_invitation(invitation)
    partner = partner_of(invitation, partner)
    if membership := membership_already(partnership, user, invitation.role, partner):
        return membership
    refuse_taken(partnership, user)
    if partnership.is_rehearsal:
        take_rehearsal(partnership, user)
    membership = Membership.objects.create(
        partnership=partnership,
        user=user,
        role=invitation.role,
        partner=partner,
        employer="" if partner else employer,
        invitation=invitation,
        confirmed_at=timezone.now() if confirms and invitation.role == Role.REPRESENTATIVE else None,
    )
    use(invitation, membership)
    record(partnership, user, "invitation.accepted", membership=membership)
    notify_of_membership(membership, invitation)
    return membership


def take_rehearsal(partnership: Partnership, user: User) -> None:
    """Make an imported rehearsal that of the person who made it in the other tool: nobody else sees it."""
    if partnership.created_by_id is not None:
        raise Refused(_("This invitation is no longer valid. Please ask for a new one."))
    partnership.created_by = user
    partnership.save(update_fields=["created_by"])


def lock_open_invitation(invitation: Invitation) -> tuple[Invitation, Partnership]:
    """Lock partnership and invitation, and refuse if it is open no longer: of two who use one link, one gets it."""
    partnership = lock(invitation.partnership)
    locked = (
        Invitation.objects.open().select_for_update(no_key=True, of=("self",)).select_related("created_by", "partner")
    )
    current = locked.filter(pk=invitation.pk).first()
    if current is None:
        raise Refused(_("This invitation is no longer valid. Please ask for a new one."))
    return current, partnership


def partner_of(invitation: Invitation, chosen: Partner | None) -> Partner | None:
    """Return the organisation of the new membership: the invitation's, or the chosen one if it names none."""
    partner = invitation.partner or chosen
    if partner and (partner.partnership_id != invitation.partnership_id or partner.left_at):
        raise Refused(_("Please choose one of the partners."))
    if invitation.role == Role.REPRESENTATIVE and partner is None:
        raise Refused(_("Please choose the organisation that you represent."))
    return partner


def membership_already(partnership: Partnership, user: User, role: str, partner: Partner | None) -> Membership | None:
    membership = (
        partnership.memberships.filter(user=user, role=role, voided_at__isnull=True).select_related("partner").first()
    )
    if membership and role == Role.REPRESENTATIVE and membership.partner != partner:
        raise Refused(
            _("You already represent %(partner)s in this partnership. One person can represent only one organisation.")
            % {"partner": membership.partner}
        )
    return membership


def use(invitation: Invitation, membership: Membership) -> None:
    if invitation.channel == Invitation.Channel.JOIN_CODE:
        if invitation.memberships.count() > MOST_BY_CODE:
            raise Refused(_("Too many people have used this join code. Please ask a facilitator for a new one."))
    else:
        Invitation.objects.filter(pk=invitation.pk).update(used_at=timezone.now(), used_by=membership)
        vouch_of_inviter(invitation, membership)
    settle(membership.partnership)
    membership.refresh_from_db(fields=["admitted_at"])


def vouch_of_inviter(invitation: Invitation, membership: Membership) -> None:
    """An invitation to one person counts as its writer's confirmation, if she is still a facilitator.

    The first facilitator of an import has no inviter: who runs the site vouches for her by importing.
    """
    facilitators = membership.partnership.memberships.in_force().facilitators()
    if invitation.created_by_id is None:
        if membership.role == Role.FACILITATOR and not facilitators.exists():
            admit(membership)
        return
    inviter = facilitators.filter(pk=invitation.created_by_id).first()
    if inviter:
        MembershipConfirmation.objects.get_or_create(membership=membership, by=inviter)


def notify_of_membership(membership: Membership, invitation: Invitation) -> None:
    if not membership.admitted_at:
        announce_waiting(membership)
    if invitation.channel != Invitation.Channel.JOIN_CODE and invitation.created_by:
        url = reverse("partnerships:people", args=[membership.partnership.code])
        inviter, where = [invitation.created_by.user], membership.partnership.name
        notify(
            "partnerships.invitation_accepted",
            inviter,
            url,
            membership.code,
            name=str(membership.user),
            partnership=where,
        )
    send_on_commit("partnerships.tasks.send_notifications")


def joined_before(code: str, resume_code: str) -> Membership | None:
    """Return the membership that this form has already made: it was sent twice, or its answer was lost on the way."""
    memberships = Membership.objects.filter(user__guest_key__digest__in=digests(resume_code), voided_at__isnull=True)
    return memberships.filter(invitation__code=normalise(code)).select_related("user", "partnership").first()


@transaction.atomic
def join_as_guest(
    invitation: Invitation,
    name: str,
    resume_code: str,
    partner: Partner | None = None,
    employer: str = "",
    confirms: bool = False,
) -> Membership:
    """Accept without an account. Sent twice with the same resume code, it makes one guest and one membership."""
    lock(invitation.partnership)
    if membership := joined_before(invitation.code, resume_code):
        return membership
    if invitation.role == Role.FACILITATOR:
        raise Refused(_("Facilitators need an account with an e-mail address. Create an account first."))
    return accept(invitation, make_guest(name, resume_code), partner, employer, confirms)
