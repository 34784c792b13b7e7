"""Authors withdraw their own texts: the words go from every version, and the place says so. Cited figures stay."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.access import Reader
from community.models import CaseStudy, Item, ItemKind, Measure, State
from community.services import writing
from partnerships import activity_log
from partnerships.models import User
from partnerships.services import Refused

WITHDRAWN = {ItemKind.COMMENT, ItemKind.FINDING, ItemKind.MEASURE, ItemKind.CASE_STUDY}


def may_withdraw(item: Item, reader: Reader) -> bool:
    """Say whether this reader wrote a text that can be withdrawn."""
    return reader.user is not None and _is_own(item, reader.user)


def _is_own(item: Item, user: User) -> bool:
    is_out = item.state in (State.PUBLISHED, State.HIDDEN) or item.kind == ItemKind.CASE_STUDY
    return item.kind in WITHDRAWN and item.author_id == user.pk and is_out and not item.is_withdrawn


@transaction.atomic
def withdraw(item: Item, user: User) -> None:
    """Take a text's words out of every version, of translations, files and the index, for good; only its author."""
    locked = Item.objects.select_for_update(no_key=True, of=("self",)).get(pk=item.pk)
    if not _is_own(locked, user):
        raise Refused(_("Only the author can withdraw this text."))
    if locked.kind == ItemKind.CASE_STUDY:
        _revoke(locked, user)
    Measure.objects.filter(pk=locked.pk).update(costs="")
    locked.translations.all().delete()
    locked.attachments.all().delete()
    locked.evidence.filter(by=user).update(says="")
    writing.blank(locked)
    Item.objects.filter(pk=locked.pk).update(state=State.WITHDRAWN, translate_me=False)


def _revoke(locked: Item, user: User) -> None:
    case = CaseStudy.objects.select_related("partnership").get(pk=locked.pk)
    if case.revoked_at is None:
        activity_log.record(case.partnership, user, "case.revoked")
        CaseStudy.objects.filter(pk=locked.pk).update(revoked_at=timezone.now(), revoked_by=user)
