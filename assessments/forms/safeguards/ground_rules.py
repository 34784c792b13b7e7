"""The six lines of the ground rules."""

from django import forms
from django.utils.translation import gettext as _

from assessments.services.safeguards.ground_rules import LINES, LONGEST_LINE


class GroundRulesForm(forms.Form):
    """One field a line; none may be left empty, since every session keeps to six."""

    def __init__(self, *args, lines: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        for number, line in enumerate(lines, start=1):
            self.fields[f"line_{number}"] = forms.CharField(
                label=_("Rule %(number)d") % {"number": number},
                max_length=LONGEST_LINE,
                initial=line,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def lines(self) -> list[str]:
        return [self.cleaned_data[f"line_{number}"] for number in range(1, len(LINES) + 1)]
