"""Proposing, editing and translating decisions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Decision, Topic


class ProposalForm(forms.Form):
    """One decision, in one's own words."""

    wording = forms.CharField(
        label=_("A decision that this partnership takes"),
        max_length=300,
        help_text=_("For example: dividing the budget among countries."),
    )
    topic = forms.ChoiceField(
        label=_("Topic (optional)"), choices=[("", _("no topic")), *Topic.choices], required=False
    )


class DecisionForm(forms.ModelForm):
    """A facilitator's wording and topic; the original words stay."""

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
                max_length=300,
                required=False,
                initial=before,
                disabled=head.language == language or bool(fixed and before),
                widget=forms.TextInput(attrs={"lang": language}),
            )

    def texts(self) -> dict[str, str]:
        return {code: text for code, text in self.cleaned_data.items() if not self.fields[code].disabled}
