"""What facilitators choose as facts, and how a number is read that a partner typed."""

import re
from decimal import Decimal, InvalidOperation
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import fact_list
from assessments.models import Assessment, AssessmentFact, Decision, Topic
from assessments.models.facts import LARGEST, OWN_KEYS
from assessments.scoring.facts import AMOUNT, RATE, YES_NO
from assessments.services.setup.facts import FIELDS, OwnFact
from partnerships.locales import currencies

SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "%": fact_list.PERCENT}
VALUES_OF_YES_NO = {"0", "1"}
TYPED = re.compile(r"(?P<before>[^\d.,\-−]*)(?P<number>[-−]?[\d\s.,'’]*\d[\d\s.,'’]*)(?P<after>[^\d.,]*)")


class ChooseFactsForm(forms.Form):
    """Which facts an assessment uses: those of the list, up to five own ones, and the unit of budgets."""

    keys = forms.MultipleChoiceField(
        label=gettext_lazy("Facts from the list"), required=False, widget=forms.CheckboxSelectMultiple
    )
    money = forms.ChoiceField(
        label=gettext_lazy("Unit for budget figures"),
        required=False,
        help_text=gettext_lazy("Use the same unit for all partners. We do not convert amounts."),
    )

    def __init__(self, *args, assessment: Assessment, **kwargs):
        super().__init__(*args, **kwargs)
        there = {fact.key: fact for fact in assessment.facts.all()}
        self.initial["keys"] = [key for key in there if key not in OWN_KEYS]
        self.initial["money"] = next((fact.unit for fact in there.values() if fact.is_money), "EUR")
        cast(forms.MultipleChoiceField, self.fields["keys"]).choices = [
            (fact.key, fact.question) for fact in fact_list.FACTS
        ]
        cast(forms.ChoiceField, self.fields["money"]).choices = [
            (fact_list.PERCENT, _("percentages of the total")),
            *currencies(),
        ]
        for key in OWN_KEYS:
            self._add_own(key, there.get(key))
        self.without_topic = list(assessment.decisions.active().filter(topic=""))
        for decision in self.without_topic:
            self.fields[_topic_name(decision)] = forms.ChoiceField(
                label=decision.wording_for_reader, choices=[("", "–"), *Topic.choices], required=False
            )

    def _add_own(self, key: str, fact: AssessmentFact | None) -> None:
        kinds = [(AMOUNT, _("an amount")), (RATE, _("a rate, for example a percentage")), (YES_NO, _("yes or no"))]
        self.fields[f"{key}-question"] = forms.CharField(
            label=_("Question"), max_length=200, required=False, initial=fact.question if fact else ""
        )
        self.fields[f"{key}-kind"] = forms.ChoiceField(
            label=_("Kind of answer"), choices=kinds, required=False, initial=fact.kind if fact else AMOUNT
        )
        self.fields[f"{key}-unit"] = forms.CharField(
            label=_("Unit, for example “vehicles” or “percent”"),
            max_length=30,
            required=False,
            initial=fact.unit if fact else "",
        )
        self.fields[f"{key}-domain"] = forms.ChoiceField(
            label=_("Subject"),
            choices=list(fact_list.DOMAINS.items()),
            required=False,
            initial=fact.domain if fact else "money",
        )

    def has_own_errors(self) -> bool:
        """Say whether a fact in the partnership's own words has to be corrected."""
        return any(field.errors for fields in self.own_fields() for field in fields)

    def own_fields(self) -> list[list[forms.BoundField]]:
        """Return the fields of each own fact."""
        return [[self[f"{key}-{name}"] for name in FIELDS] for key in OWN_KEYS]

    def topic_fields(self) -> list[forms.BoundField]:
        return [self[_topic_name(decision)] for decision in self.without_topic]

    def clean(self) -> dict:
        """Ask for a unit of each own number, and for a topic of each decision once facts are on."""
        cleaned: dict = super().clean() or {}
        for key in OWN_KEYS:
            counts = cleaned.get(f"{key}-question") and cleaned.get(f"{key}-kind") != YES_NO
            if counts and not cleaned.get(f"{key}-unit"):
                self.add_error(f"{key}-unit", _("Enter the unit, for example “vehicles” or “percent”."))
        if cleaned.get("keys") or self.own_facts():
            for decision in self.without_topic:
                if not cleaned.get(_topic_name(decision)):
                    self.add_error(_topic_name(decision), _("Choose the subject that fits best."))
        return cleaned

    def own_facts(self) -> list[OwnFact]:
        """Return the own facts that have a question."""
        found = {key: {name: self.cleaned_data.get(f"{key}-{name}", "") for name in FIELDS} for key in OWN_KEYS}
        return [
            OwnFact(key, one["question"], one["kind"], "" if one["kind"] == YES_NO else one["unit"], one["domain"])
            for key, one in found.items()
            if one["question"]
        ]

    def topics(self) -> dict[int, str]:
        return {one.pk: topic for one in self.without_topic if (topic := self.cleaned_data.get(_topic_name(one)))}


def _topic_name(decision: Decision) -> str:
    return f"topic-{decision.code}"


def read_value(typed: str, fact: AssessmentFact) -> Decimal | None:
    """Return what a partner typed as the fact's value, None for nothing. Raise ValidationError that says what to do."""
    typed = typed.strip()
    if not typed:
        return None
    if fact.kind == YES_NO:
        if typed not in VALUES_OF_YES_NO:
            raise ValidationError(_("Choose yes or no."))
        return Decimal(typed)
    found = TYPED.fullmatch(typed)
    if not found:
        raise ValidationError(_("Enter a number, for example 12.5."))
    _check_unit(found["before"].strip() or found["after"].strip(), fact)
    return _check_size(_number(found["number"]), fact)


def _check_unit(word: str, fact: AssessmentFact) -> None:
    """Refuse another unit than the fact's."""
    if not word or SYMBOLS.get(word, word).casefold() == fact.unit.casefold():
        return
    unit = fact_list.unit_words(fact.unit)
    if fact.is_money and fact.unit != fact_list.PERCENT:
        raise ValidationError(
            _("All partners use %(currency)s for this fact. Enter the amount in %(currency)s.")
            % {"currency": fact.unit}
        )
    raise ValidationError(_("Enter only the number. The unit is %(unit)s.") % {"unit": unit})


def _number(text: str) -> Decimal:
    """Return a number as people write it: 1 250.5, 1,250.50, 1.250,50 or 12,5. Refuse 1.250, which reads two ways."""
    text = re.sub(r"[\s'’]", "", text).replace("−", "-")
    marks = [mark for mark in text if mark in ".,"]
    if len(set(marks)) == 2 and marks.count(marks[-1]) == 1:
        text = text.replace(marks[0], "").replace(marks[-1], ".")
    elif len(marks) > 1:
        text = text.replace(marks[0], "")
    elif marks:
        if re.search(r"[.,]\d{3}$", text):
            raise ValidationError(_("This number can be read in two ways. Write thousands without “.” or “,”."))
        text = text.replace(",", ".")
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValidationError(_("Enter a number, for example 12.5.")) from error


def _check_size(value: Decimal, fact: AssessmentFact) -> Decimal:
    if value < 0:
        raise ValidationError(_("This number cannot be negative. Enter 0 or more."))
    if fact.unit == fact_list.PERCENT and value > 100:
        raise ValidationError(_("A percentage cannot be over 100. Enter a number from 0 to 100."))
    if value >= LARGEST:
        raise ValidationError(_("This number is too large. Check it."))
    if value != round(value, 2):
        raise ValidationError(_("Enter at most two decimal places."))
    return value
