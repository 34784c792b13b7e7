"""Members suggest other words for a passage; editors accept, which goes through the merge, or decline with a reason."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.markdown import normalise, one_line
from community.merging import Conflict
from community.models import Draft, Item, Suggestion, SuggestionState
from community.services import writing
from community.services.groups.memberships import Writer
from community.services.notifications import notify_members
from community.services.papers import editing
from community.services.writing import Clash, Content
from partnerships.models import User
from partnerships.services import Refused


@transaction.atomic
def suggest(item: Item, writer: Writer, content: Content, reason: str, base: int, mutation: str) -> Suggestion:
    """Keep other words for a passage, and tell the editors; a replay changes nothing."""
    texts = {"title": one_line(content.title)[:300], "text": normalise(content.text)}
    based = item.revisions.filter(number=base, blanked_at=None).first()
    if based is None or not item.is_published:
        raise Refused(_("The version that you changed no longer exists. Please start again from the current text."))
    if (based.title, based.text) == (texts["title"], texts["text"]):
        raise Refused(_("Your suggestion is the same as the current text. Change something first."))
    rest = {"item_id": item.pk, "base": base, "reason": reason, "side": writer.side}
    made, new = Suggestion.objects.get_or_create(author=writer.user, mutation=mutation, defaults={**texts, **rest})
    if new:
        facts = {"name": str(writer.user), "title": str(item), "reason": reason}
        others = [user for user in editing.editors_to_notify(item.whole or item) if user != writer.user]  # type: ignore[arg-type]
        notify_members("suggested", others, made.get_absolute_url(), made.code, **facts)
    return made


@transaction.atomic
def accept(
    suggestion: Suggestion,
    editor: User,
    seen: int | None = None,
    answer: Callable[[int, Conflict], str] | None = None,
) -> Item | Clash:
    """Merge a suggestion into the text, in its author's name; or return what has to be asked first.

    With `seen` and `answer` the conflicts against version `seen` are settled.
    """
    locked = _open(suggestion)
    item = locked.item
    editing.refuse_frozen(item)
    note = _("Suggestion accepted by %(name)s") % {"name": editor}
    content, base = Content(locked.title, locked.text, note), locked.base
    if seen is not None and answer is not None:
        content, base = writing.settle(item, content, base, seen, answer), seen
    writer, mutation = Writer(locked.author or editor, locked.side), f"suggestion-{locked.code}"
    outcome = writing.save(item, writer, content, base, mutation)
    if isinstance(outcome, Clash):
        Draft.objects.filter(user=writer.user, mutation=mutation).delete()  # it is the editor who is asked
        return outcome
    _decide(locked, editor, SuggestionState.ACCEPTED, version=outcome.version)
    return outcome


@transaction.atomic
def decline(suggestion: Suggestion, editor: User, reason: str) -> None:
    _decide(_open(suggestion), editor, SuggestionState.DECLINED, answer=reason)


def _open(suggestion: Suggestion) -> Suggestion:
    rows = Suggestion.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "item__whole", "item__group", "author"
    )
    locked = rows.get(pk=suggestion.pk)
    if not locked.is_open:
        raise Refused(_("Another editor has already decided on this suggestion."))
    return locked


def _decide(locked: Suggestion, editor: User, state: str, **how) -> None:
    decided = {"state": state, "decided_by": editor, "decided_at": timezone.now(), **how}
    Suggestion.objects.filter(pk=locked.pk).update(**decided)
    if locked.author and locked.author != editor:
        facts = {"title": str(locked.item), "state": state, "reason": how.get("answer", "")}
        notify_members("suggestion", [locked.author], locked.get_absolute_url(), locked.code, **facts)
