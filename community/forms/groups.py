"""Joining and leading a group, and how one is told."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import How, Subject, WorkingGroup
from partnerships.models import Side


class JoinForm(forms.Form):
    side = forms.ChoiceField(
        label=_("Your side"),
        choices=Side.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "You declare it yourself; it is shown beside what you write, and counts when both sides are asked."
        ),
    )
    organisation = forms.CharField(label=_("Your organisation"), max_length=160, required=False)


class GroupForm(forms.ModelForm):
    class Meta:
        model = WorkingGroup
        fields = ["question", "joining_is_open", "is_public"]
        help_texts = {
            "question": _("Leave it empty to keep the question that the group started with."),
            "is_public": _("Texts, comments and the side of those who wrote them are then open to the web."),
        }


class InviteForm(forms.Form):
    note = forms.CharField(
        label=_("For whom"), max_length=160, required=False, help_text=_("A word for yourself; only leads see it.")
    )


class MailForm(forms.Form):
    """One choice for each subject."""

    def __init__(self, *args, chosen: dict[str, str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for subject in Subject:
            self.fields[subject.value] = forms.ChoiceField(
                label=subject.label, choices=How.choices, initial=chosen[subject]
            )
