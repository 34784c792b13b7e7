"""Planning an action, and reporting on it."""

from collections.abc import Collection
from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from assessments.models import Action, Assessment, Participant
from assessments.models.limits import LONGEST_ACTION_NOTE


class ActionForm(forms.ModelForm):
    """What will be done, by which partner, by when, and which partner confirms that it was done."""

    class Meta:
        model = Action
        fields = ["text", "owner", "due", "confirmer"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2}),
            "due": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "confirmer": gettext_lazy(
                "If possible, choose a partner that should gain influence. That partner knows best whether anything "
                "has changed."
            )
        }

    def __init__(
        self,
        *args,
        assessment: Assessment,
        gains: Collection[int] = (),
        partners: list[Participant] | None = None,
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        partners = list(assessment.participants.in_order()) if partners is None else partners
        everyone = [(partner.pk, partner.name) for partner in partners]
        self._offer("owner", assessment, [("", _("Choose a partner")), *everyone])
        self._offer("confirmer", assessment, confirmers(partners, gains))

    def _offer(self, name: str, assessment: Assessment, choices: list) -> None:
        field = cast(forms.ModelChoiceField, self.fields[name])
        field.queryset = assessment.participants.all()
        field.choices = choices

    def clean(self) -> dict:
        given = super().clean() or {}
        if given.get("owner") and given.get("owner") == given.get("confirmer"):
            self.add_error("confirmer", _("Choose a partner other than the responsible partner."))
        return given


def confirmers(partners: list[Participant], gains: Collection[int]) -> list:
    """Return the partners to choose from, those that should gain influence first."""
    first = [(partner.pk, partner.name) for partner in partners if partner.pk in gains]
    rest = [(partner.pk, partner.name) for partner in partners if partner.pk not in gains]
    nobody = ("", _("Any partner that should gain influence"))
    if not first:
        return [nobody, *rest]
    return [nobody, (_("Partners that should gain influence"), first), (_("The other partners"), rest)]


def warn_of_the_past(request: HttpRequest, form: ActionForm) -> None:
    """Warn that a date is not in the future; it may be meant so."""
    if form.cleaned_data["due"] <= timezone.localdate():
        messages.warning(request, _("The action has been saved, but its date is not in the future. Check the date."))


class FollowUpForm(forms.Form):
    """A new status and a word about it."""

    status = forms.ChoiceField(label=gettext_lazy("status"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("comment"),
        required=False,
        max_length=LONGEST_ACTION_NOTE,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_ACTION_NOTE}),
        help_text=gettext_lazy("Everyone in the partnership can read your comment."),
    )

    def __init__(self, *args, statuses: list[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["status"])
        field.choices = [(each, self.label_of_status(each, statuses)) for each in statuses]

    @staticmethod
    def label_of_status(status: str, offered: list[str]) -> str:
        """Return the label of a status. A person who can only confirm is asked yes or no."""
        if status == Action.Status.CONFIRMED:
            return _("Yes, we confirm that it has been done")
        if offered[0] == Action.Status.CONFIRMED and len(offered) == 2:
            return _("No, not yet")
        return {
            Action.Status.PLANNED: _("Planned, not started"),
            Action.Status.STARTED: pgettext("status of an action", "Started"),
            Action.Status.DONE: pgettext("status of an action", "Done"),
            Action.Status.DROPPED: _("Dropped (will not be done)"),
        }[Action.Status(status)]
