"""Naming the trusted person, raising a concern, and answering it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms import AddressField

LONGEST = 3000


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Name of the person"), max_length=120)
    email = AddressField(
        label=_("E-mail address"),
        help_text=_(
            "All members can see this address. We will use the address to send the person a link to their own page."
        ),
    )


class OwnForm(forms.Form):
    """Name and role, as the trusted person gives them."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    role = forms.CharField(
        label=_("Who you are"),
        max_length=200,
        help_text=_(
            "Write, for example, “retired judge” or “ombudsperson at …”. All members of the partnership can see what "
            "you enter here."
        ),
    )


class ConcernForm(forms.Form):
    text = forms.CharField(label=_("Your concern"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8}))


class AnswerForm(forms.Form):
    concern = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("Your answer"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}))


class CodeForm(forms.Form):
    code = forms.CharField(label=_("Your code"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
