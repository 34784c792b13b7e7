"""What is asked of somebody who starts a partnership: its name, its partners in lines, its people in lines."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.forms import AddressField, offer
from partnerships.locales import country_code
from partnerships.models import Role, Side

MOST_LINES = 60


class StartForm(forms.Form):
    """The name of the partnership, and for whom its first facilitator works."""

    name = forms.CharField(label=_("Name of the partnership"), max_length=160)
    organisation = forms.CharField(
        label=_("Your organisation"),
        max_length=160,
        help_text=_("Everyone in the partnership sees each facilitator's organisation."),
    )


class CountryField(forms.CharField):
    """A country as somebody types it, in the reader's language or in English; its code of ISO 3166 comes out."""

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if code := country_code(typed):
            return code
        raise forms.ValidationError(_("We do not know this country. Type a few letters and choose from the list."))


class Line(forms.Form):
    """One line of a list. It counts only once somebody has typed into one of its `counts` fields."""

    counts: ClassVar[tuple[str, ...]] = ("name",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            kind = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs["class"] = kind

    def has_changed(self) -> bool:
        return any(str(self.data.get(self.add_prefix(name), "")).strip() for name in self.counts)


class PartnerLine(Line):
    """One organisation. The rest of what is said about it is asked of its own representative."""

    counts = ("name", "acronym")
    name = forms.CharField(label=_("Organisation"), max_length=160)
    acronym = forms.CharField(label=_("Short name"), max_length=20, required=False)
    country = CountryField(label=_("Country"), max_length=80, widget=forms.TextInput(attrs={"list": "countries"}))
    side = forms.ChoiceField(label=_("Side"), choices=[("", _("Choose a side")), *Side.choices])


class PersonLine(Line):
    """One person to invite."""

    counts = ("name", "email")
    name = forms.CharField(label=_("Name"), max_length=120)
    partner = forms.ChoiceField(label=_("Organisation"), required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.REPRESENTATIVE)
    email = AddressField(
        label=_("E-mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"placeholder": _("Or invite by message")}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args, partners: Iterable[str] = (), **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "partner", [("", _("Choose an organisation")), *((name, name) for name in partners)])
        self.fields["language"].initial = get_language() or settings.LANGUAGE_CODE

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("role") != Role.OBSERVER and not data.get("partner") and "partner" not in self.errors:
            self.add_error("partner", _("Choose this person's organisation."))
        return data


class Lines(BaseFormSet):
    """Lines that are typed at once. Empty lines do not count."""

    default_error_messages: ClassVar = {  # Django's are not in all languages
        "missing_management_form": _("Part of the form did not reach us. Open this page again, then fill in the form."),
        "too_many_forms": _("Enter at most %(num)d lines. You can add more later."),
    }

    def __init__(self, data: QueryDict | None = None, **kwargs):
        super().__init__(data, prefix="lines", **kwargs)

    @classmethod
    def showing(cls, typed: list[dict[str, str]], fewest: int, **kwargs) -> "Lines":
        """Return the lines as they were typed, unchecked, and empty ones up to `fewest`."""
        lines = cls(**kwargs)
        lines.extra = min(max(len(typed), fewest), MOST_LINES)
        for form, line in zip(lines.forms, typed, strict=False):
            form.initial.update({name: value for name, value in line.items() if value})
        return lines

    @classmethod
    def typed(cls, data: QueryDict) -> list[dict[str, str]]:
        """Return what was typed, unchecked; empty lines at the end are left out."""
        total = data.get("lines-TOTAL_FORMS", "")
        n = min(int(total), MOST_LINES) if total.isdecimal() and len(total) < 5 else 0
        names = cls.form.base_fields
        lines = [{name: data.get(f"lines-{row}-{name}", "").strip()[:200] for name in names} for row in range(n)]
        while lines and not any(lines[-1][name] for name in cls.form.counts):
            lines.pop()
        return lines

    def filled(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.forms if form.has_changed()]

    def problems(self) -> Iterator[tuple[str, str]]:
        """Return each error with the id of its field, for the summary above the form."""
        for number, form in enumerate(self.forms, start=1):
            for name, errors in form.errors.items():
                field = form[name]
                for error in errors:
                    about = _("Line %(number)d, %(field)s: %(error)s")
                    yield str(field.auto_id), about % {"number": number, "field": field.label, "error": error}


class _PartnerLines(Lines):
    """At least two organisations."""

    def clean(self) -> None:
        if any(self.errors):
            return
        lines = self.filled()
        if len(lines) < 2:
            raise forms.ValidationError(_("A partnership needs at least two partners. Add another partner first."))
        if _twice([line["name"] for line in lines]):
            raise forms.ValidationError(_("Two partners have the same name. Change one of them."))
        if _twice([line["acronym"] for line in lines if line["acronym"]]):
            raise forms.ValidationError(_("Two partners have the same short name. Change one of them."))

    def filled(self) -> list[dict[str, Any]]:
        """Return what was typed, each line with a short name of its own."""
        lines, taken = super().filled(), set[str]()
        taken.update(line["acronym"].casefold() for line in lines if line["acronym"])
        for line in lines:
            line["acronym"] = line["acronym"] or short_name(line["name"], taken)
            taken.add(line["acronym"].casefold())
        return lines


def short_name(name: str, taken: set[str]) -> str:
    """Return the initials of a name, or the start of its only word, that no other partner has."""
    parts = name.replace("-", " ").split()
    capitals = "".join(word[0] for word in parts if word[0].isupper())[:18] if len(parts) > 1 else ""
    short = capitals if len(capitals) > 1 else name.split()[0][:12]
    tries = [short, *(f"{short}{n}" for n in range(2, MOST_LINES + 2))]
    return next(candidate for candidate in tries if candidate.casefold() not in taken)


def _twice(values: list[str]) -> bool:
    return len({value.casefold() for value in values}) < len(values)


def _of(line: type[Line], lines: type[Lines]) -> type[Lines]:
    return cast(
        type[Lines],
        formset_factory(line, formset=lines, extra=0, max_num=MOST_LINES, absolute_max=MOST_LINES),
    )


PartnerLines = _of(PartnerLine, _PartnerLines)
PersonLines = _of(PersonLine, Lines)


def pasted_partners(text: str) -> list[dict[str, str]]:
    """Return a line for each organisation of a pasted list: name, then short name, country and side in any order."""
    return [_partner(line) for line in text.splitlines()[:MOST_LINES] if line.strip()]


def _partner(line: str) -> dict[str, str]:
    name, *others = _parts(line)
    sides = {str(word).casefold(): value for value, word in Side.choices} | {value: value for value in Side.values}
    side = next((sides[part.casefold()] for part in others if part.casefold() in sides), "")
    rest = [part for part in others if part.casefold() not in sides]
    country = next((part for part in reversed(rest) if country_code(part)), "")  # a short name may look like a code
    acronym = next((part for part in rest if part != country), "")
    return {"name": name[:160], "acronym": acronym[:20], "country": country, "side": side}


def pasted_people(text: str, partners: Iterable[str]) -> list[dict[str, str]]:
    """Return a line for each person of a pasted list: name, then organisation and e-mail address in any order."""
    own = {name.casefold(): name for name in partners}
    return [_person(line, own) for line in text.splitlines()[:MOST_LINES] if line.strip()]


def _person(line: str, partners: dict[str, str]) -> dict[str, str]:
    name, *others = _parts(line)
    address = next((part for part in others if "@" in part), "")
    partner = next((partners[part.casefold()] for part in others if part.casefold() in partners), "")
    return {"name": name[:120], "partner": partner, "role": "", "email": address[:200], "language": ""}


def _parts(line: str) -> list[str]:
    """Return what a pasted line holds: cells of a spreadsheet, or what semicolons or commas part, Arabic ones too."""
    mark = next((mark for mark in ("\t", ";", "\u061b", ",", "\u060c") if mark in line), "\t")
    return [part.strip() for part in line.split(mark) if part.strip()] or [line.strip()]
