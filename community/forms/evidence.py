"""Forms of the evidence base: asking to be counted, deciding it, citing a number."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.evidence import words
from community.markdown import one_line
from community.models import RealPartnership


class AskForm(forms.ModelForm):
    class Meta:
        model = RealPartnership
        fields = ["about", "network"]
        widgets = {"about": forms.Textarea(attrs={"rows": 4, "dir": "auto"})}

    def clean_network(self) -> str:
        return one_line(self.cleaned_data["network"])


class DecideForm(forms.Form):
    """The network is the coordinator's word: it decides how much of a number one alliance may make up."""

    network = forms.CharField(label=_("Network or alliance"), required=False, max_length=160)
    reason = forms.CharField(label=_("Reason, if you decline"), required=False, max_length=600)

    def clean_network(self) -> str:
        return one_line(self.cleaned_data["network"])

    def clean_reason(self) -> str:
        return one_line(self.cleaned_data["reason"])


class CiteFigureForm(forms.Form):
    key = forms.ChoiceField(label=_("Number to cite"), widget=forms.RadioSelect)
    says = forms.CharField(label=_("What this number says about the text"), required=False, max_length=600)
    against = forms.BooleanField(label=_("This number is evidence against the text"), required=False)

    def __init__(self, *args, keys: list[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = [(key, words.TITLES[key]) for key in keys]  # type: ignore[attr-defined]
