"""Writing papers and their parts, suggesting, answering in a round, importing."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.writing import Meant, ReasonForm, Words, WritingForm
from community.models import (
    MOST_TEXT,
    Choice,
    GroupMembership,
    Item,
    Language,
    PolicyPaper,
    Recommendation,
)
from community.publishing import drafts
from community.services.papers import consent_rounds
from community.services.writing import Content
from partnerships.locales import listed


class PaperForm(WritingForm):
    editors = forms.CharField(
        label=_("Editors"),
        required=False,
        max_length=600,
        help_text=_(
            "Enter the @names of group members, separated by commas. You and the group's coordinators can also edit "
            "the paper."
        ),
    )
    own = ("editors",)

    def __init__(self, *args, item: Item | None = None, **kwargs) -> None:
        super().__init__(*args, item=item, **kwargs)
        self.fields["title"].label = _("Title of the paper")
        self.fields["text"].label = _("Summary")
        self.fields["text"].help_text = _(
            "Say what the paper is about, and who should read it. You can add sections and recommendations later."
        )
        if item:
            paper = PolicyPaper.objects.get(pk=item.pk)
            named = paper.editors.filter(profile__isnull=False).values_list("profile__handle", flat=True)
            self.initial["editors"] = ", ".join(f"@{handle}" for handle in named)

    def clean_editors(self) -> list[int]:
        handles = set(re.findall(r"[a-z0-9-]+", self.cleaned_data["editors"].lower()))
        there = GroupMembership.objects.filter(group__kind="change", left_at=None, user__profile__handle__in=handles)
        editors = dict(there.values_list("user__profile__handle", "user"))
        if unknown := sorted(handles - editors.keys()):
            raise forms.ValidationError(
                _("These names were not found in the group: %(names)s. Check the spelling."),
                params={"names": listed(unknown)},
            )
        return list(editors.values())

    def apply(self, item: Item) -> None:
        paper = PolicyPaper.objects.get(pk=item.pk)
        paper.editors.set(self.cleaned_data["editors"])


class SectionForm(WritingForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("tags", "topics", "translate_me"):
            del self.fields[name]


class RecommendationForm(SectionForm):
    addressed_to = forms.CharField(
        label=_("Addressed to"),
        max_length=300,
        help_text=_("Who can put the recommendation into practice? For example, a ministry, a funder or a network."),
    )
    moment = forms.CharField(
        label=_("Decision to be influenced"),
        max_length=300,
        required=False,
        help_text=_("For example, this could be the next grant framework."),
    )
    by_day = forms.DateField(
        label=_("Deadline, if there is one"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    own = ("addressed_to", "moment", "by_day")

    def __init__(self, *args, item: Item | None = None, **kwargs) -> None:
        super().__init__(*args, item=item, **kwargs)
        self.fields["title"].label = _("What should be done (in one sentence)")
        self.fields["text"].label = _("Why and how this should be done")
        if item:
            recommendation = Recommendation.objects.get(pk=item.pk)
            self.initial.update({name: getattr(recommendation, name) for name in self.own})

    def apply(self, item: Item) -> None:
        Recommendation.objects.filter(pk=item.pk).update(**{name: self.cleaned_data[name] for name in self.own})


class SuggestionForm(Meant):
    title = forms.CharField(label=_("Title"), max_length=300)
    text = Words(
        label=_("Your text"),
        required=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 16, "dir": "auto"}),
    )
    reason = Words(label=_("Why?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))

    def content(self) -> Content:
        return Content(self.cleaned_data["title"], self.cleaned_data["text"])


class DeclineForm(ReasonForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Why are you declining? The author will be able to read your reason.")


class TranslationForm(forms.Form):
    language = forms.ChoiceField(label=_("Language of the translation"))
    title = forms.CharField(label=_("Title"), max_length=300)
    text = Words(
        label=_("Text"), required=False, max_length=MOST_TEXT, widget=forms.Textarea(attrs={"rows": 14, "dir": "auto"})
    )

    def __init__(self, *args, item: Item, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        others = [choice for choice in Language.choices if choice[0] not in (item.language, Language.OTHER)]
        self.fields["language"].choices = others  # type: ignore[attr-defined]


class TermsForm(forms.Form):
    """How long a round lasts; how many must answer is set for the group by coordinators of both sides."""

    days = forms.IntegerField(
        label=_("Number of days to answer"), min_value=1, max_value=90, initial=consent_rounds.DAYS
    )


class RoundForm(TermsForm):
    about = forms.MultipleChoiceField(
        label=_("Which recommendations do you want to ask about?"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ["about", "days"]

    def __init__(self, *args, recommendations: list[Recommendation], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        choices = [(about.code, f"{about.number}. {about.title}") for about in recommendations]
        self.fields["about"].choices = choices  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    choice = forms.ChoiceField(label=_("Your answer"), choices=Choice.choices, widget=forms.RadioSelect)
    reason = Words(
        label=_("Your reason"),
        required=False,
        max_length=1000,
        help_text=_("Please fill this in if you object or have a reservation."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    proposal = Words(
        label=_("What you propose instead"),
        required=False,
        max_length=1000,
        help_text=_("Please fill this in if you object."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    signed = forms.BooleanField(
        label=_("If my objection is printed in the published paper, print my name with it"), required=False
    )

    def clean(self) -> dict:
        data = self.cleaned_data
        choice = data.get("choice")
        if choice in (Choice.OBJECTION, Choice.RESERVATION) and not data.get("reason", "").strip():
            self.add_error("reason", _("Please give your reason."))
        if choice == Choice.OBJECTION and not data.get("proposal", "").strip():
            self.add_error(
                "proposal", _("An objection must include a proposal. Write what the text should say instead.")
            )
        return data


class ResolvedForm(forms.Form):
    because = Words(
        label=_("How was the objection resolved?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("Word file (docx) or Markdown"),
        help_text=_(
            "The file can be up to 5 MB in size. Each heading begins a section. “Recommendation 1” or "
            "“Recommendation: …” begins a recommendation. These words can be in English, French, Spanish, "
            "Portuguese, Arabic or Dutch."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx,.md,.markdown,.txt"}),
    )
    title = forms.CharField(
        label=_("Title of the paper"),
        max_length=300,
        required=False,
        help_text=_("If you leave this empty, we will use the title in the file."),
    )
    language = forms.ChoiceField(label=_("Language of the text"), choices=Language.choices)

    def clean(self) -> dict:
        data, file = self.cleaned_data, self.cleaned_data.get("file")
        if file is None:
            return data
        try:
            if file.size > drafts.LARGEST:
                raise drafts.NotADraft(_("This file is too large. Choose a file of at most 5 MB."))
            data["draft"] = drafts.parse_draft(file.read())
        except drafts.NotADraft as refusal:
            self.add_error("file", str(refusal))
            return data
        data["title"] = data.get("title") or data["draft"].title
        if not data["title"]:
            self.add_error("title", _("The file contains no title. Please enter one."))
        return data


def suggestion_form(item: Item, data=None) -> SuggestionForm:
    """Return the form in which other words for an item are suggested, beginning with its own."""
    return SuggestionForm(data, initial={"base": item.version, "title": item.title, "text": item.text})
