"""Joining and coordinating a group, and how one is told."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.markdown import one_line
from community.models import How, Language, Subject, WorkingGroup
from community.models.groups import LEAST_ORGANISATIONS, LEAST_PEOPLE
from partnerships.models import Side


class JoinForm(forms.Form):
    side = forms.ChoiceField(
        label=_("Your side"),
        choices=Side.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Please declare your own side. Readers will see it next to what you write. You can answer in consent "
            "rounds once your side has been confirmed."
        ),
    )
    organisation = forms.CharField(
        label=_("Your organisation"),
        max_length=160,
        required=False,
        help_text=_("Your side can be confirmed only if you enter an organisation."),
    )

    def clean_organisation(self) -> str:
        return one_line(self.cleaned_data["organisation"])


class GroupForm(forms.ModelForm):
    class Meta:
        model = WorkingGroup
        fields = ["question", "joining_is_open", "is_public"]
        help_texts = {
            "question": _("If you leave this empty, the group will keep its original question."),
            "is_public": _(
                "If you choose this, anyone on the internet can read texts and comments, and see their authors' sides."
            ),
        }


class QuorumForm(forms.Form):
    """What a valid consent round needs of each side."""

    people = forms.IntegerField(label=_("Number of people on each side"), min_value=LEAST_PEOPLE, max_value=500)
    organisations = forms.IntegerField(
        label=_("Number of organisations on each side"), min_value=LEAST_ORGANISATIONS, max_value=500
    )

    languages = forms.MultipleChoiceField(
        label=_("Languages of the consent round"),
        choices=[choice for choice in Language.choices if choice[0] != Language.OTHER],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Choose languages in addition to the language of the paper. A consent round will open once each "
            "recommendation has been translated into all of them."
        ),
    )

    def clean(self) -> dict:
        data = self.cleaned_data
        if data.get("organisations", 0) > data.get("people", 500):
            self.add_error(
                "organisations", _("The number of organisations cannot be higher than the number of people.")
            )
        return data


class InviteForm(forms.Form):
    note = forms.CharField(
        label=_("Name of the person"),
        max_length=160,
        required=False,
        help_text=_("Only coordinators can see this name."),
    )


class MailForm(forms.Form):
    """One choice for each subject."""

    def __init__(self, *args, chosen: dict[str, str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for subject in Subject:
            self.fields[subject.value] = forms.ChoiceField(
                label=subject.label, choices=How.choices, initial=chosen[subject]
            )
