"""The last day to answer, while rating is open."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DayForm(forms.Form):
    """A day from today on; today is allowed, where everyone is in one room."""

    day = forms.DateField(
        label=_("Last day to answer"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("You can choose today's date if everyone is in the same room and has submitted their answers."),
    )

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("This date has passed. Choose today or a later date."))
        return day
