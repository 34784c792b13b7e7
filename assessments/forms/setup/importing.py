"""Importing an assessment from files."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Mode

MOST_UPLOAD = 5_000_000


class ImportForm(forms.ModelForm):
    """The zip of CSV files, and the settings that the files do not contain."""

    archive = forms.FileField(
        label=_("Zip file with the CSV files"),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )
    mode_wanted = forms.ChoiceField(
        label=_("Who sees what of the private ratings"),
        choices=[(mode.value, mode.label) for mode in (Mode.BY_SIDE, Mode.ALL_TOGETHER)],
        widget=forms.RadioSelect,
        initial=Mode.BY_SIDE,
        help_text=_("Choose what the people were told when they answered. Names are never shown of imported answers."),
    )

    class Meta:
        model = Assessment
        fields = ("title", "phase", "archive", "mode_wanted")

    def clean_archive(self):
        archive = self.cleaned_data["archive"]
        if archive.size > MOST_UPLOAD:
            raise forms.ValidationError(_("This file is larger than 5 MB. An assessment takes far less."))
        return archive
