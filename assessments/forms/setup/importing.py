"""Importing an assessment from files."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Mode

MOST_UPLOAD = 5_000_000


def at_most_5_mb(file: UploadedFile) -> None:
    """Refuse a file that is larger than the imports of an assessment take."""
    if (file.size or 0) > MOST_UPLOAD:
        raise forms.ValidationError(_("This file is larger than 5 MB. Check that you chose the right file."))


class ImportForm(forms.ModelForm):
    """The zip of CSV files, and the settings that the files do not contain."""

    archive = forms.FileField(
        label=_("Zip file with the CSV files"),
        validators=[at_most_5_mb],
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )
    mode_wanted = forms.ChoiceField(
        label=_("Who sees what from the private ratings?"),
        choices=[(mode.value, mode.label) for mode in (Mode.BY_SIDE, Mode.ALL_TOGETHER)],
        widget=forms.RadioSelect,
        initial=Mode.BY_SIDE,
        help_text=_("Choose what people were told when they answered. Imported answers are never shown with names."),
    )

    class Meta:
        model = Assessment
        fields = ("title", "phase", "archive", "mode_wanted")


class WorkbookForm(forms.ModelForm):
    """A workbook, or cells that were copied from one; and what the assessment is called."""

    workbook = forms.FileField(
        label=_("Workbook (.xlsx or .ods)"),
        required=False,
        validators=[at_most_5_mb],
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods"}),
    )
    cells = forms.CharField(
        label=_("Or paste the cells here"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Copy the sheet with the levels from your spreadsheet program, including the first row and the first "
            "column."
        ),
    )

    class Meta:
        model = Assessment
        fields = ("title", "phase", "workbook", "cells")

    def clean(self):
        data = super().clean() or {}
        if not self.errors and not data.get("workbook") and not data.get("cells", "").strip():
            raise forms.ValidationError(_("Choose a workbook, or paste its cells."))
        return data
