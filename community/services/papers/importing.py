"""A draft from a file becomes a paper: all of it, or nothing."""

import secrets

from django.db import transaction

from community.models import ItemKind, PolicyPaper, Recommendation, Section, WorkingGroup
from community.publishing.drafts import PaperDraft
from community.services import writing
from community.services.groups.memberships import Writer
from community.services.papers import editing
from community.services.writing import Content


@transaction.atomic
def bring_in(group: WorkingGroup, writer: Writer, draft: PaperDraft, title: str, language: str) -> PolicyPaper:
    """Make a draft paper with the parts of a file; its writer sees it, and publishes it when it is ready."""
    rest = {"language": language}
    content = Content(title, draft.summary, rest=rest)
    paper = PolicyPaper(kind=ItemKind.PAPER, group=group)
    made = writing.create(paper, writer, content, secrets.token_urlsafe(18), publish=False)
    for part in draft.parts:
        model = Recommendation if part.is_recommendation else Section
        kind = ItemKind.RECOMMENDATION if part.is_recommendation else ItemKind.SECTION
        content = Content(part.title, part.text, rest=rest)
        editing.add(model(kind=kind, paper=made), writer, content, secrets.token_urlsafe(18))
    return made
