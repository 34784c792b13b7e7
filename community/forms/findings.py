"""Findings, what they rest on, and their status."""

from datetime import date
from urllib.parse import urlsplit

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from community.forms.writing import ReasonForm, WritingForm
from community.models import Evidence, Finding, Item, Status
from community.services import findings
from partnerships.models import Partnership


class FindingForm(WritingForm):
    factors = forms.MultipleChoiceField(
        label=_("Factors in the wider system that this finding is about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    own = ("factors",)

    def __init__(self, *args, item: Item | None = None, **kwargs) -> None:
        super().__init__(*args, item=item, **kwargs)
        self.fields["title"].label = _("The claim, in one sentence")
        self.fields["text"].label = _("What you saw, where you saw it, and where else it may apply")
        self.fields["factors"].choices = [(factor.slug, str(factor)) for factor in findings.factors()]  # type: ignore[attr-defined]
        if item:
            self.initial["factors"] = [factor.slug for factor in Finding.objects.get(pk=item.pk).factors.all()]

    def apply(self, item: Item) -> None:
        """Set the factors; one that was retired meanwhile stays where it was."""
        finding = Finding.objects.get(pk=item.pk)
        chosen = [factor for factor in findings.factors() if factor.slug in self.cleaned_data["factors"]]
        finding.factors.set([*chosen, *finding.factors.exclude(retired_at=None)])


class CaseStudyForm(WritingForm):
    """Only what both sides approve: title and text. Tags, notes and translations they would not have read."""

    partnership = forms.ModelChoiceField(
        label=_("Partnership"),
        queryset=Partnership.objects.none(),
        to_field_name="code",
        empty_label=_("Choose a partnership"),
    )
    own = ("partnership",)
    rest = ("language",)

    def __init__(self, *args, item: Item | None = None, partnerships=None, **kwargs) -> None:
        super().__init__(*args, item=item, **kwargs)
        self.fields["title"].label = _("A title that does not name anyone")
        self.fields["text"].label = _("The case study, without names")
        self.fields["text"].help_text = _(
            "Leave out names, places and amounts that could identify someone. Also leave out anyone's private answers."
        )
        for name in ("tags", "topics", "note", "translate_me"):
            self.fields.pop(name, None)
        if item:
            del self.fields["partnership"]
        else:
            self.fields["partnership"].queryset = partnerships  # type: ignore[attr-defined]


class DocumentForm(forms.ModelForm):
    class Meta:
        model = Evidence
        fields = ["title", "source", "year", "link", "says", "against"]

    link = forms.URLField(
        label=_("link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = self.fields["source"].required = True

    def clean_link(self) -> str:
        link = self.cleaned_data["link"]
        if link and not urlsplit(link)._replace(scheme="", netloc="").geturl().strip("/"):
            raise forms.ValidationError(_("Give the address of the exact page, not of the whole website."))
        return link

    def clean_year(self) -> int | None:
        year = self.cleaned_data["year"]
        if year and not 1900 <= year <= date.today().year + 1:
            raise forms.ValidationError(_("Please enter the year in which the document was published."))
        return year


class StatusForm(ReasonForm):
    status = forms.ChoiceField(label=_("New status"), widget=forms.RadioSelect)
    field_order = ["status", "reason"]

    def __init__(self, *args, finding: Finding, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        following = findings.NEXT[Status(finding.status)]
        self.fields["status"].choices = [(status.value, status.label) for status in following]  # type: ignore[attr-defined]


class FactorForm(forms.Form):
    name = forms.CharField(
        label=_("Factor"), max_length=200, help_text=_("What in the wider system makes partners unequal?")
    )
