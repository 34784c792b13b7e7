from django import forms
from django.utils.translation import gettext as _

from partnerships.models import User


class ErasureForm(forms.Form):
    """Typing one's own name, so that nobody erases herself by a slip."""

    name = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.expected = user.get_full_name()
        self.fields["name"].label = _("To continue, type: %(name)s") % {"name": self.expected}

    def clean_name(self) -> str:
        typed = " ".join(self.cleaned_data["name"].split())
        if typed.casefold() != self.expected.casefold():
            raise forms.ValidationError(_("Your text does not match. Type: %(name)s") % {"name": self.expected})
        return typed
