from django import forms
from django.utils.translation import gettext_lazy as _


class SignupExtra(forms.Form):
    """What sign-up asks beside the address: the name that others in a partnership see."""

    name = forms.CharField(label=_("Your name"), max_length=120, help_text=_("As the people you work with know you."))

    def signup(self, request, user) -> None:
        """Nothing more to do: the adapter stores the name."""
