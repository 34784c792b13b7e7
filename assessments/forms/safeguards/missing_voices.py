"""Who is missing in the room, and what people were not told of."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assessments.models import Question
from assessments.models.limits import LONGEST_MISSING_VOICE


class MissingVoiceForm(forms.Form):
    """One answer to one of the two questions."""

    question = forms.ChoiceField(choices=Question, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Your answer"), max_length=LONGEST_MISSING_VOICE, strip=True)

    def __init__(self, data: QueryDict | None = None, *, question: str) -> None:
        super().__init__(data, initial={"question": question}, auto_id=f"id_{question}_%s")
        if question == Question.ABSENT:
            self.fields["text"].help_text = _(
                "Enter groups, for example “the herders” or “field accountants”, not individuals."
            )
        else:
            self.fields["text"].help_text = _(
                "Describe the decision in a few words, for example “changing the bank account”."
            )
