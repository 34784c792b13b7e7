"""What pages of items share: the text, the conversation, who stands behind it, and what this reader may do."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language

from community.access import Reader
from community.forms.writing import CommentForm
from community.kinds import is_talked_about, may_edit
from community.markdown import MENTION, render
from community.models import Item, ItemKind, Language, Profile, Translation
from community.models.items import TRANSLATED
from community.services import case_studies, comments, findings, moderation, withdrawal
from community.services.papers import consent_rounds
from community.views.pagination import page_of
from partnerships import page_sizes


def item_page(request: HttpRequest, reader: Reader, item: Item) -> dict[str, Any]:
    """Return the context of an item's page (a fixed number of queries)."""
    page = page_of(comments.rows(item, reader), request, page_sizes.COMMENTS, "comments")
    handles = known_handles([item.text, *(row.comment.text for row in page.object_list)])
    for row in page.object_list:
        row.html = render(row.comment.text, handles) if row.readable else row.html
    member = comments.endorsers(item)
    return {
        "item": item,
        "group": item.group,
        "reader": reader,
        "group_membership": reader.group_membership(item.group),
        "html": render(item.text, handles),
        "comments": page,
        "comment_form": comment_form(request),
        "endorsers": member,
        "endorsed": reader.user is not None
        and any(row.user_id == reader.user.pk for rows in member.values() for row in rows),
        "endorsements": sum(map(len, member.values())),
        "evidence": findings.evidence_of(item),
        "attachments": item.attachments.select_related("by"),
        "translations": translations(item, handles),
        "may": may(item, reader),
    }


def translations(item: Item, handles: set[str]) -> list[Translation]:
    """Return the newest words in each other language, as HTML too."""
    if item.kind not in TRANSLATED:
        return []
    newest = [translation for (_pk, _language), translation in sorted(consent_rounds.translations([item]).items())]
    for translation in newest:
        translation.html = render(translation.text, handles)  # type: ignore[attr-defined]
    return newest


def may(item: Item, reader: Reader) -> dict[str, bool]:
    """Return what this reader may do with an item."""
    part = reader.takes_part(item.group)
    author = reader.user is not None and item.author_id == reader.user.pk
    return {
        "edit": may_edit(item, reader),
        "comment": part and item.is_published and is_talked_about(item),
        "endorse": part and item.is_published and is_talked_about(item),
        "report": reader.user is not None and item.is_published and not author,
        "translate": part and item.is_published and item.kind in TRANSLATED,
        "publish": author and part and item.state == "draft" and item.kind != "case",
        "discard": author and item.state == "draft" and item.kind != "case",
        "withdraw": withdrawal.may_withdraw(item, reader),
        "attach": is_talked_about(item) and may_edit(item, reader),
        "history": item.kind != ItemKind.CASE_STUDY or case_studies.is_inside(reader.user, item),
        "moderate": bool(moderation.choices(item, reader)) if reader.coordinates(item.group) else False,
        "appeal": author and item.is_hidden,
        "coordinate": reader.coordinates(item.group),
    }


def comment_form(request: HttpRequest, data: QueryDict | None = None) -> CommentForm:
    """Return an empty form that answers what `?answer=` names."""
    first = {"parent": request.GET.get("answer", "")[:12], "language": reading_language()}
    return CommentForm(data, initial=first, auto_id="comment_%s")


def reading_language() -> str:
    """Return the reader's language if texts are written in it, otherwise English."""
    code = (get_language() or "en").split("-")[0]
    return code if code in Language.values else Language.ENGLISH


def known_handles(texts: list[str]) -> set[str]:
    """Return which of the handles that texts name exist (one query, or none)."""
    named = {handle for text in texts if "@" in text for handle in MENTION.findall(text)}
    return set(Profile.objects.filter(handle__in=named).values_list("handle", flat=True)) if named else set()
