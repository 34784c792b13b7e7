"""Proposing, editing and translating decisions."""

from collections.abc import Sequence
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Decision, Topic
from assessments.models.limits import LONGEST_WORDING

MOST_LINES = 40  # decisions at once
LONGEST_LIST = MOST_LINES * (LONGEST_WORDING + 1)  # with the ends of lines


def topic_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Topic (optional)"), choices=[("", _("No topic")), *Topic.choices], required=False)


class ProposalForm(forms.Form):
    """Decisions in one's own words, one per line."""

    wording = forms.CharField(
        label=_("Decisions that this partnership takes"),
        max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Enter one decision per line, for example “dividing the budget among countries”."),
    )
    topic = topic_field()

    def clean_wording(self) -> list[str]:
        """Return the lines; each is a decision."""
        return lines_of(self.cleaned_data["wording"])


def lines_of(text: str) -> list[str]:
    """Return the lines that say something; too many, or one too long, is an error."""
    lines = [line for typed in text.splitlines() if (line := " ".join(typed.split()))]
    if len(lines) > MOST_LINES:
        raise forms.ValidationError(_("Please enter no more than %(n)d decisions at a time.") % {"n": MOST_LINES})
    if long := next((line for line in lines if len(line) > LONGEST_WORDING), ""):
        raise forms.ValidationError(_("This decision is too long. Shorten it: “%(start)s…”") % {"start": long[:40]})
    return lines


class OwnProposalForm(forms.Form):
    """A proposal in other words."""

    wording = forms.CharField(label=_("Your proposal"), max_length=LONGEST_WORDING)


class FirstDecisionsForm(forms.Form):
    """The decisions to begin with: ready sentences to tick, and one's own, one per line."""

    topics = forms.MultipleChoiceField(
        label=_("Decisions that many partnerships take"), required=False, widget=forms.CheckboxSelectMultiple
    )
    wordings = forms.CharField(
        label=_("Your own decisions, one per line"),
        required=False,
        max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args, offered: Sequence[tuple[str, object]], **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["topics"]).choices = list(offered)
        if not offered:
            del self.fields["topics"]

    def clean_wordings(self) -> list[str]:
        return lines_of(self.cleaned_data["wordings"])


class DecisionForm(forms.ModelForm):
    """A facilitator's wording and topic; the original words stay."""

    topic = topic_field()

    class Meta:
        model = Decision
        fields = ("wording", "topic")


class WordingsForm(forms.Form):
    """The decisions in another language: one field each, named by the decision's code."""

    def __init__(self, *args, heads: list[Decision], language: str, fixed: bool, **kwargs):
        super().__init__(*args, **kwargs)
        for head in heads:
            before = head.translations.get(language, "")
            self.fields[head.code] = forms.CharField(
                label=head.wording,
                max_length=LONGEST_WORDING,
                required=False,
                initial=before,
                disabled=head.language == language or bool(fixed and before),
                widget=forms.TextInput(attrs={"lang": language}),
            )

    def texts(self) -> dict[str, str]:
        return {code: text for code, text in self.cleaned_data.items() if not self.fields[code].disabled}
