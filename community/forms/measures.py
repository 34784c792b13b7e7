"""The forms of measures: the text, its steps, where it was tried, and its maturity."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.writing import ReasonForm, Words, WritingForm
from community.models import Evidence, Item, Measure, Step, StepPhase, Trial
from community.services import findings
from community.services.findings import in_force
from community.services.measures import maturity_decisions, trials


class MeasureForm(WritingForm):
    factors = forms.MultipleChoiceField(
        label=_("Factors of inequality that this measure addresses"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    costs = Words(
        label=_("What the measure costs each partner"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_(
            "For example, Northern partners, Southern partners or funders may have to give up money, time, control "
            "or comfort."
        ),
    )
    own = ("factors", "costs")

    def __init__(self, *args, item: Item | None = None, **kwargs) -> None:
        super().__init__(*args, item=item, **kwargs)
        self.fields["title"].label = _("The measure in one sentence")
        self.fields["text"].label = _("What the measure changes, and when it is useful")
        self.fields["factors"].choices = [(factor.slug, str(factor)) for factor in findings.factors()]  # type: ignore[attr-defined]
        if item:
            measure = Measure.objects.get(pk=item.pk)
            self.initial["factors"] = [factor.slug for factor in measure.factors.all()]
            self.initial["costs"] = measure.costs

    def apply(self, item: Item) -> None:
        """Set factors and costs; a factor that was retired meanwhile stays where it was."""
        measure = Measure.objects.get(pk=item.pk)
        chosen = [factor for factor in findings.factors() if factor.slug in self.cleaned_data["factors"]]
        measure.factors.set([*chosen, *measure.factors.exclude(retired_at=None)])
        Measure.objects.filter(pk=item.pk).update(costs=self.cleaned_data["costs"])


class StepForm(WritingForm):
    who = forms.CharField(label=_("Who carries out this step"), max_length=160)
    phase = forms.ChoiceField(label=_("Phase of the partnership"), choices=StepPhase.choices)
    takes = forms.CharField(label=_("How long this step takes"), max_length=120, required=False)
    needs = forms.CharField(label=_("What this step needs"), max_length=400, required=False)
    pitfalls = forms.CharField(label=_("What can go wrong"), max_length=600, required=False)
    own = ("who", "phase", "takes", "needs", "pitfalls")
    rest = ("language",)

    def __init__(self, *args, item: Item | None = None, **kwargs) -> None:
        super().__init__(*args, item=item, **kwargs)
        self.fields["title"].label = _("What people do in this step")
        self.fields["text"].label = _("How people carry out this step")
        for name in ("tags", "topics", "translate_me"):
            del self.fields[name]
        if item:
            step = Step.objects.get(pk=item.pk)
            self.initial.update({name: getattr(step, name) for name in self.own})

    def apply(self, item: Item) -> None:
        Step.objects.filter(pk=item.pk).update(**{name: self.cleaned_data[name] for name in self.own})


class TrialForm(forms.ModelForm):
    evidence = forms.ModelChoiceField(
        label=_("Document that describes the example"),
        queryset=Evidence.objects.none(),
        to_field_name="code",
        empty_label=_("Choose a document"),
    )

    class Meta:
        model = Trial
        fields = ["who", "where", "evidence"]

    def __init__(self, *args, measure: Measure, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        sources = [row.pk for row in trials.sources_of(measure)]
        field = self.fields["evidence"]
        field.queryset = Evidence.objects.filter(pk__in=sources)  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: f"{row.title} ({row.source})"  # type: ignore[attr-defined]


class MaturityForm(ReasonForm):
    to = forms.ChoiceField(label=_("New maturity level"), widget=forms.RadioSelect)
    evidence = forms.ModelChoiceField(
        label=_("Evidence for the new level of maturity"),
        queryset=Evidence.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("No evidence"),
        help_text=_("Please add evidence that the measure has reached this level of maturity."),
    )
    field_order = ["to", "evidence", "reason"]

    def __init__(self, *args, measure: Measure, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        following = maturity_decisions.following(measure)
        self.fields["to"].choices = [(maturity.value, maturity.label) for maturity in following]  # type: ignore[attr-defined]
        field = self.fields["evidence"]
        rows = Evidence.objects.filter(pk__in=[row.pk for row in in_force(measure)])
        field.queryset = rows.select_related("case", "figure")  # type: ignore[attr-defined]
        field.label_from_instance = label_of  # type: ignore[attr-defined]


def label_of(evidence: Evidence) -> str:
    """Name an item of evidence in a list."""
    return evidence.title or str(evidence.case or evidence.get_kind_display())
