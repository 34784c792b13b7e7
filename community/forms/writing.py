"""The form in which every item is written; a kind of item adds fields of its own in a child."""

import re
import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Topic
from community.markdown import one_line
from community.models import MOST_TEXT, Draft, Item, Language
from community.services.attachments import LARGEST
from community.services.comments import LONGEST
from community.services.writing import Content

MOST_TAGS = 8
MARKDOWN = _(
    "Use plain text or Markdown: **bold**, *italic*, - lists, > quotations, [words](https://…). To mention a "
    "person, write @ and their name."
)


def new_mutation() -> str:
    """Return a name for the act of saving that a form leads to: a form sent twice saves once."""
    return secrets.token_urlsafe(18)


class Words(forms.CharField):
    """Text whose line ends count as one character, as in the browser's own counting."""

    widget = forms.Textarea

    def to_python(self, value) -> str:
        return super().to_python((value or "").replace("\r\n", "\n")) or ""


class Tags(forms.CharField):
    """A few words between commas; kept in lower case."""

    def prepare_value(self, value) -> str:
        return ", ".join(value) if isinstance(value, list) else value or ""

    def clean(self, value) -> list[str]:  # type: ignore[override]
        parts = (one_line(part).lstrip("#").lower()[:40] for part in re.split(r"[,;\n]", super().clean(value)))
        return list(dict.fromkeys(part for part in parts if part))[:MOST_TAGS]


class Meant(forms.Form):
    """What every form that saves a text carries unseen: which version it changes, and its own name."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    mutation = forms.CharField(widget=forms.HiddenInput, max_length=36, min_length=8, initial=new_mutation)


class WritingForm(Meant):
    title = forms.CharField(label=_("Title"), max_length=300)
    text = Words(
        label=_("Text"),
        required=False,
        max_length=MOST_TEXT,
        help_text=MARKDOWN,
        widget=forms.Textarea(attrs={"rows": 18, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Language of the text"), choices=Language.choices)
    translate_me = forms.BooleanField(label=_("Please translate this text"), required=False)
    tags = Tags(label=_("Tags"), required=False, max_length=400, help_text=_("Enter a few words, separated by commas."))
    topics = forms.MultipleChoiceField(
        label=_("Kinds of decision"),
        choices=Topic.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=_("What did you change?"),
        required=False,
        max_length=200,
        help_text=_("Write one line. It will be listed in the text's history."),
    )
    own: tuple[str, ...] = ()  # fields that a kind adds, shown after the text
    rest: tuple[str, ...] = ("language", "translate_me", "tags", "topics")

    def __init__(self, data=None, *, item: Item | None = None, draft: Draft | None = None, initial=None) -> None:
        first = self.of_item(item) if item else {}
        first |= self.of_draft(draft) if draft else {}
        super().__init__(data, initial=first | (initial or {}))
        if item is None or not item.is_published:
            del self.fields["note"]

    def of_item(self, item: Item) -> dict[str, Any]:
        """Return what the fields show of an item."""
        return {"base": item.version, "title": item.title, "text": item.text} | {
            name: getattr(item, name) for name in self.rest
        }

    def of_draft(self, draft: Draft) -> dict[str, Any]:
        return {"base": draft.base, "mutation": draft.mutation, "title": draft.title, "text": draft.text}

    def content(self) -> Content:
        data = self.cleaned_data
        rest = {name: data[name] for name in self.rest if name in data}
        return Content(data.get("title", ""), data["text"], data.get("note", ""), rest)

    def apply(self, item: Item) -> None:
        """Write the fields of its own, in the transaction that saves the text."""


class CommentForm(Meant):
    text = Words(
        label=_("Your comment"),
        max_length=LONGEST,
        help_text=MARKDOWN,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    parent = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)


class CommentEditForm(WritingForm):
    text = CommentForm.base_fields["text"]  # type: ignore[assignment]
    rest = ("language",)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "translate_me", "tags", "topics"):
            del self.fields[name]


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("You can add PDF, Word, Excel, OpenDocument, PNG, JPEG or UTF-8 text files of up to 10 MB."),
        max_length=255,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.docx,.odt,.xlsx,.ods,.csv,.txt,.md,.png,.jpg,.jpeg"}),
    )

    def clean_file(self):
        if self.cleaned_data["file"].size > LARGEST:
            raise forms.ValidationError(_("This file is too large. Choose a file of at most 10 MB."))
        return self.cleaned_data["file"]


class ReasonForm(forms.Form):
    reason = Words(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}))
