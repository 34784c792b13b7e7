"""Importing answers from forms that were filled in elsewhere."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.fieldwork.cells import MOST_UPLOAD


class FilledForm(forms.Form):
    """One file of filled-in forms."""

    accept = ".xlsx"
    filled = forms.FileField(label=_("File with the answers"), allow_empty_file=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["filled"].widget.attrs["accept"] = self.accept

    def clean_filled(self):
        filled = self.cleaned_data["filled"]
        if filled.size > MOST_UPLOAD:
            raise forms.ValidationError(
                _("This file is larger than 2.5 MB. Check that you chose the file with the answers.")
            )
        return filled


class ExportForm(FilledForm):
    """One file that Kobo or ODK exported."""

    accept = ".xlsx,.csv"
