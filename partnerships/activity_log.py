"""The activity log of a partnership. It never says anything about private answers."""

import re
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.locales import isolated, listed
from partnerships.models import ActivityLogEntry, Membership, Partnership, Side, User
from partnerships.names import signature

# The sentence of each verb. An app that writes its own verbs adds their sentences here when it is ready.
WORDS: dict[str, str | Promise] = {
    "partnership.created": _("%(name)s started the partnership"),
    "partnership.imported": _("The partnership was imported from another tool"),
    "partnership.changed": _("%(name)s changed the settings"),
    "partnership.archived": _("%(name)s archived the partnership"),
    "partnership.restored": _("%(name)s restored the partnership from the archive"),
    "partner.added": _("%(name)s added a partner"),
    "partner.changed": _("%(name)s changed a partner"),
    "partner.side": _("%(name)s corrected the side of their organisation"),
    "partner.removed": _("%(name)s removed a partner"),
    "partner.left": _("%(name)s marked a partner as having left"),
    "partner.back": _("%(name)s restored a partner"),
    "organisation.confirmed": _("%(name)s confirmed their organisation and its side"),
    "invitation.made": _("%(name)s invited someone"),
    "invitation.accepted": _("%(name)s accepted an invitation"),
    "invitation.withdrawn": _("%(name)s withdrew an invitation"),
    "membership.confirmed": _("%(name)s confirmed a membership"),
    "membership.admitted": _("A membership was confirmed"),
    "membership.voided": _("%(name)s ended a membership"),
    "second_step.yes": _("%(name)s agreed to change the rule on two-step sign-in"),
    "second_step.withdrawn": _("%(name)s withdrew their agreement to change the rule on two-step sign-in"),
    "second_step.required": _("Facilitators now need a second step to sign in"),
    "second_step.ended": _("Facilitators no longer need a second step to sign in"),
    "guest.merged": _("%(name)s was a guest and now has an account"),
    "person.renamed": _("%(name)s changed their name"),
    "partner.renamed": _("%(name)s changed the name of a partner"),
    "partnership.renamed": _("%(name)s changed the name of the partnership"),
    "person.erased": _("Someone left and deleted all their data"),
    "person.expired": _("We deleted the data of someone who had not signed in for a long time"),
}
OPEN = ("person.renamed", "guest.merged", "partner.renamed", "partnership.renamed")  # to all members: who is who
OF_MEMBERSHIPS = {
    "invitation.accepted",
    "membership.confirmed",
    "membership.admitted",
    "membership.voided",
    "guest.merged",
}


def sentence_of(entry: ActivityLogEntry) -> str:
    """Return what happened, as a sentence in the reader's language."""
    name = isolated(signature(entry.actor, entry.at))
    return str(WORDS.get(entry.verb, "%(name)s: " + entry.verb)) % {"name": name}


def subject_of(entry: ActivityLogEntry) -> str:
    """Return what an entry is about. Codes are replaced by the reader's words."""
    if entry.verb in ("person.renamed", "guest.merged"):
        return _change_of_name(entry)
    if entry.membership:
        return str(entry.membership)
    if entry.verb in OF_MEMBERSHIPS:
        return entry.about or str(_("Someone who has left"))
    if entry.verb == "partnership.changed":
        return listed(SETTINGS.get(name, name) for name in entry.about.split(", "))
    if entry.verb == "partner.side":
        return CHANGED_SIDE.sub(lambda match: side_change(*match.groups()), entry.about)
    return entry.about


def _change_of_name(entry: ActivityLogEntry) -> str:
    """Return the old and the new name. They are stored with the person, and are deleted with her."""
    who = entry.membership or entry.actor
    if who is None:
        return str(_("Someone who has left"))
    old, new = previous_name(who, entry.at), who.name_at(entry.at)
    return new if old == new else name_change(old, new)


def previous_name(who: Membership | User, at: datetime) -> str:
    """Return the name that someone had before the last change until a moment."""
    given_up = [*(who.user.former_names if isinstance(who, Membership) else []), *who.former_names]
    names = {entry["until"]: entry["name"] for entry in given_up if datetime.fromisoformat(entry["until"]) <= at}
    return names[max(names)] if names else who.name_at(at)


def name_change(old: str, new: str) -> str:
    return f"{old[:98]} → {new[:98]}"


SETTINGS: dict[str, str | Promise] = {
    "name": _("name of the partnership"),
    "context": _("what you work on together"),
    "countries": _("countries where you work together"),
    "north_label": _("word for Northern partners"),
    "south_label": _("word for Southern partners"),
    "other_label": _("word for partners on neither side"),
}
CHANGED_SIDE = re.compile(f"({'|'.join(Side.values)}) → ({'|'.join(Side.values)})$")


def side_change(before: str, after: str) -> str:
    return _("from %(before)s to %(after)s") % {"before": Side(before).label, "after": Side(after).label}


def record(
    partnership: Partnership, actor: User | None, verb: str, about: str = "", membership: Membership | None = None
) -> None:
    """Write an entry. `about` must not contain a person's name, which has to be deleted with her: use `membership`."""
    ActivityLogEntry.objects.create(
        partnership=partnership, actor=actor, verb=verb, about=about[:200], membership=membership
    )
