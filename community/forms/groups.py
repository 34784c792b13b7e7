"""Joining and coordinating a group, and how one is told."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.markdown import one_line
from community.models import How, Subject, WorkingGroup
from community.models.groups import LEAST_ORGANISATIONS, LEAST_PEOPLE
from partnerships.models import Side


class JoinForm(forms.Form):
    side = forms.ChoiceField(
        label=_("Your side"),
        choices=Side.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "You state it yourself, and it is shown beside what you write. It counts in consent rounds once it is "
            "confirmed."
        ),
    )
    organisation = forms.CharField(
        label=_("Your organisation"),
        max_length=160,
        required=False,
        help_text=_("Your side cannot be confirmed without it."),
    )

    def clean_organisation(self) -> str:
        return one_line(self.cleaned_data["organisation"])


class GroupForm(forms.ModelForm):
    class Meta:
        model = WorkingGroup
        fields = ["question", "joining_is_open", "is_public"]
        help_texts = {
            "question": _("Leave it empty to keep the question that the group started with."),
            "is_public": _("Texts, comments and the side of those who wrote them are then open to the web."),
        }


class QuorumForm(forms.Form):
    """What a valid consent round needs of each side."""

    people = forms.IntegerField(label=_("People of each side"), min_value=LEAST_PEOPLE, max_value=500)
    organisations = forms.IntegerField(
        label=_("Organisations that they come from"), min_value=LEAST_ORGANISATIONS, max_value=500
    )

    def clean(self) -> dict:
        data = self.cleaned_data
        if data.get("organisations", 0) > data.get("people", 500):
            self.add_error("organisations", _("There cannot be more organisations than people."))
        return data


class InviteForm(forms.Form):
    note = forms.CharField(
        label=_("For whom"),
        max_length=160,
        required=False,
        help_text=_("A note for yourself. Only coordinators see it."),
    )


class MailForm(forms.Form):
    """One choice for each subject."""

    def __init__(self, *args, chosen: dict[str, str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for subject in Subject:
            self.fields[subject.value] = forms.ChoiceField(
                label=subject.label, choices=How.choices, initial=chosen[subject]
            )
