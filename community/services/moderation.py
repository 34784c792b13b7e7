"""Report → a coordinator hides with a reason → the author is told → she appeals → a coordinator restores or keeps."""

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from community.access import Reader
from community.models import Item, ModerationEntry, State, WorkingGroup
from community.services.groups.memberships import coordinators_of
from community.services.notifications import notify_members
from partnerships.models import User
from partnerships.services import Refused

Verb = ModerationEntry.Verb
WAITING = (Verb.REPORTED, Verb.APPEALED)
TOLD = {Verb.HID: "hidden", Verb.RESTORED: "restored", Verb.KEPT: "kept"}  # names of notifications


@transaction.atomic
def report(item: Item, user: User, reason: str) -> None:
    """Ask the coordinators to look at an item; the same person once as long as it waits."""
    if not item.is_published:
        raise Refused(_("You can report only published texts."))
    _record(item, Verb.REPORTED, user, reason)
    facts = {"title": str(item.whole or item), "group": str(item.group)}
    coordinators = [
        coordinator for coordinator in coordinators_of(item.group) if coordinator.pk not in (user.pk, item.author_id)
    ]
    notify_members("reported", coordinators, _queue(item.group), f"{item.code}:{_round(item)}", **facts)


@transaction.atomic
def decide(item: Item, coordinator: User, verb: str, reason: str) -> None:
    """Hide, leave, restore or keep hidden; it settles what waits, and the author is told of what concerns her."""
    now = (
        Item.objects.select_for_update(no_key=True, of=("self",))
        .select_related("group", "whole", "author")
        .get(pk=item.pk)
    )
    _check(now, coordinator, verb)
    entry = _record(now, verb, coordinator, reason)
    ModerationEntry.objects.filter(item=now, verb__in=WAITING, settled_by=None).update(settled_by=entry)
    if verb in (Verb.HID, Verb.RESTORED):
        state = State.HIDDEN if verb == Verb.HID else State.PUBLISHED
        Item.objects.filter(pk=now.pk).update(state=state)
    if verb != Verb.DISMISSED and now.author and now.author != coordinator:
        facts = {"title": str(now.whole or now), "reason": reason, "group": str(now.group)}
        where = reverse("community:appeal", args=[now.code])
        notify_members(TOLD[Verb(verb)], [now.author], where, f"{now.code}:{entry.pk}", **facts)


@transaction.atomic
def appeal(item: Item, author: User, reason: str) -> None:
    """Ask for another look at what was hidden: by another coordinator, where there is one."""
    if not item.is_hidden or item.author_id != author.pk:
        raise Refused(_("Only the author of a hidden text can appeal."))
    if _waits(item, Verb.APPEALED):
        raise Refused(_("A coordinator is already looking at your appeal."))
    _record(item, Verb.APPEALED, author, reason)
    others = [coordinator for coordinator in coordinators_of(item.group) if coordinator.pk != _hidden_by(item)]
    facts = {"title": str(item.whole or item), "group": str(item.group)}
    notify_members("appealed", others, _queue(item.group), f"{item.code}:{_round(item)}", **facts)


def waiting(group: WorkingGroup, coordinator: User) -> list[ModerationEntry]:
    """Return what this coordinator is asked to decide, oldest first; nobody judges her own text."""
    entries = group.moderation.filter(verb__in=WAITING, settled_by=None).exclude(item__author=coordinator)
    return list(entries.select_related("item__author", "item__whole", "item__group", "actor").order_by("at"))


def waiting_everywhere() -> list[ModerationEntry]:
    """Return what waits in all groups, oldest first, for those who run the site: coordinators decide, they do not."""
    entries = ModerationEntry.objects.filter(verb__in=WAITING, settled_by=None)
    return list(entries.select_related("item__whole", "group").defer("item__text", "item__search").order_by("at", "pk"))


def history(item: Item) -> list[ModerationEntry]:
    """Return what happened to an item, for its author and the coordinators, who alone see who reported."""
    return list(item.moderation.select_related("actor").order_by("at", "pk"))


def choices(item: Item, reader: Reader) -> list[str]:
    """Return what this reader may decide about an item now."""
    if reader.user is None or not reader.coordinates(item.group):
        return []
    asked = [Verb.HID, Verb.DISMISSED] if item.is_published else [Verb.RESTORED, Verb.KEPT] if item.is_hidden else []
    return [verb for verb in asked if _refusal(item, reader.user, verb) is None]


def _check(item: Item, coordinator: User, verb: str) -> None:
    if item.is_withdrawn:
        raise Refused(_("The author has withdrawn this text."))
    if verb not in ([Verb.HID, Verb.DISMISSED] if item.is_published else [Verb.RESTORED, Verb.KEPT]):
        raise Refused(_("Another coordinator has already made this decision."))
    if refusal := _refusal(item, coordinator, verb):
        raise Refused(refusal)


def _refusal(item: Item, coordinator: User, verb: str) -> str | None:
    others = [colleague for colleague in coordinators_of(item.group) if colleague.pk != coordinator.pk]
    if item.author_id == coordinator.pk and verb != Verb.HID and others:
        return _("You wrote this text. Another coordinator must decide.")
    if verb == Verb.KEPT and not _waits(item, Verb.APPEALED):
        return _("The author has not appealed, so there is nothing to decide.")
    if verb == Verb.KEPT and _hidden_by(item) == coordinator.pk and any(other.pk != item.author_id for other in others):
        return _("You hid this text. Another coordinator must answer the appeal.")
    return None


def _record(item: Item, verb: str, actor: User, reason: str) -> ModerationEntry:
    if not reason.strip():
        raise Refused(_("Please give a reason."))
    try:
        with transaction.atomic():
            return ModerationEntry.objects.create(
                group=item.group, item_id=item.pk, verb=verb, actor=actor, reason=reason.strip()[:1000]
            )
    except IntegrityError as error:
        raise Refused(_("You have already sent this request. A coordinator is looking at it.")) from error


def _waits(item: Item, verb: str) -> bool:
    return item.moderation.filter(verb=verb, settled_by=None).exists()


def _hidden_by(item: Item) -> int | None:
    return item.moderation.filter(verb=Verb.HID).order_by("-pk").values_list("actor", flat=True).first()


def _round(item: Item) -> int:
    """Number the decisions, so that each round is told anew and a second report of one round is not."""
    return item.moderation.exclude(verb__in=WAITING).count()


def _queue(group: WorkingGroup) -> str:
    return reverse("community:moderation", args=[group.kind])
