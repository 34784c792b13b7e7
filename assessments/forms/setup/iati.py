"""Importing an IATI file: the file itself, and what a person chooses from it."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assessments.models import AssessmentFact
from assessments.services.setup.iati import MOST_BYTES
from partnerships.models import Partner

NO_PARTNER = "none"


class IatiFileForm(forms.Form):
    file = forms.FileField(
        label=_("IATI activity file"),
        help_text=_("Choose an IATI XML file, version 2.01, 2.02 or 2.03, up to 50 MB."),
        widget=forms.FileInput(attrs={"accept": ".xml,text/xml,application/xml"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than 50 MB. Export fewer activities or years."))
        return file


class IatiChoicesForm(forms.Form):
    """One currency, years, and for each organisation of the file whether it is a partner."""

    def __init__(
        self,
        *args: Any,
        found: dict[str, Any],
        chosen: dict[str, Any] | None,
        partners: Iterable[Partner],
        facts: Iterable[AssessmentFact],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.units = {fact.unit for fact in facts}
        self.organisations = found["organisations"]
        self.by_code = {partner.code: partner for partner in partners}
        self._add_currency(found["years"], chosen)
        self._add_years(found["years"], chosen)
        for number, organisation in enumerate(self.organisations):
            self.fields[f"organisation_{number}"] = self._partner_field(organisation, chosen)

    def _add_currency(self, years: dict[str, dict[str, int]], chosen: dict[str, Any] | None) -> None:
        usual = next((unit for unit in sorted(self.units) if unit in years), None)
        self.fields["currency"] = forms.ChoiceField(
            label=_("Currency"),
            choices=[(currency, currency) for currency in sorted(years)],
            initial=chosen["currency"] if chosen else usual,
            widget=forms.RadioSelect,
        )

    def _add_years(self, years: dict[str, dict[str, int]], chosen: dict[str, Any] | None) -> None:
        counts: Counter[int] = Counter()
        for by_year in years.values():
            counts.update({int(year): count for year, count in by_year.items()})
        self.fields["years"] = forms.TypedMultipleChoiceField(
            label=_("Years"),
            choices=[(year, _year(year, counts[year])) for year in sorted(counts)],
            coerce=int,
            initial=chosen["years"] if chosen else None,
            widget=forms.CheckboxSelectMultiple,
        )

    def _partner_field(self, organisation: dict[str, Any], chosen: dict[str, Any] | None) -> forms.ChoiceField:
        """Return the choice of a partner; a name like a partner's has to be decided by a person."""
        codes = {partner.pk: code for code, partner in self.by_code.items()}
        matched = chosen["partners"].get(organisation["key"]) if chosen else organisation["partner"]
        undecided = organisation["like"] and not chosen
        choices = [(NO_PARTNER, _("Not a partner")), *((code, str(one)) for code, one in self.by_code.items())]
        return forms.ChoiceField(
            label=organisation["name"] or organisation["reference"],
            choices=[("", _("Please choose")), *choices] if undecided else choices,
            initial="" if undecided else codes.get(matched, NO_PARTNER),
            help_text=_about(organisation),
            error_messages={
                "required": _(
                    "This organisation's name is similar to that of a partner. Choose whether the "
                    "organisation is that partner."
                )
            },
        )

    @property
    def organisation_fields(self) -> list[forms.BoundField]:
        return [self[f"organisation_{number}"] for number in range(len(self.organisations))]

    def clean_currency(self) -> str:
        currency = self.cleaned_data["currency"]
        if currency not in self.units:
            message = _("The facts of this assessment use %(unit)s. We do not convert amounts. Choose %(unit)s.")
            raise forms.ValidationError(message % {"unit": ", ".join(sorted(self.units))})
        return currency

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.partners():
            raise forms.ValidationError(_("Match at least one organisation with a partner."))
        return cleaned

    def partners(self) -> dict[str, int]:
        """Return the partner chosen for each organisation that is one, by the organisation's key."""
        chosen = [
            (organisation["key"], self.by_code.get(self.cleaned_data.get(f"organisation_{number}", "")))
            for number, organisation in enumerate(self.organisations)
        ]
        return {key: partner.pk for key, partner in chosen if partner}


def _year(year: int, count: int) -> str:
    said = ngettext("%(year)s (%(count)s transaction)", "%(year)s (%(count)s transactions)", count)
    return said % {"year": year, "count": count}


def _about(organisation: dict[str, Any]) -> str:
    """Return the identifier and the number of transactions."""
    count = organisation["transactions"]
    said = ngettext("%(count)s transaction", "%(count)s transactions", count) % {"count": count}
    return f"{organisation['reference']} · {said}" if organisation["reference"] else said
