"""The forms of signing up and in, where the library's own would let an unconfirmed address count."""

from allauth.account import forms as library
from allauth.account.adapter import get_adapter
from allauth.core import context as current
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from partnerships import account_limits
from partnerships.addresses import canonical, known_as
from partnerships.models import User
from partnerships.services import confirmed_addresses

Made = tuple[User | None, HttpResponse | None]


class AddressForm(Form):
    """A form that asks for an address, by the name that the rest of the site gives it."""

    address = "email"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields[self.address]
        field.label = _("E-mail")
        field.widget.attrs["placeholder"] = _("E-mail address")


class SignInForm(AddressForm, library.LoginForm):
    """Address and password."""

    address = "login"

    def clean_login(self) -> str:
        typed = self.cleaned_data["login"]
        return known_as(typed) or typed.strip()


class SignUpForm(AddressForm, library.SignupForm):
    """An address that was never confirmed is free. A confirmed one is not, and only its owner hears so."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if address := current.request.session.get("mailed_to"):  # she came by the link that was mailed there
            self.fields["email"].initial = address

    def validate_unique_email(self, value: str) -> str:
        if not account_limits.may_mail(current.request, value):
            raise get_adapter().validation_error("rate_limited")
        self.account_already_exists = confirmed_addresses.is_taken(value)
        return value

    def try_save(self, request: HttpRequest) -> Made:
        """Make the account. Of two at once the later stays, whose browser shows the page for the newest code."""
        try:
            return self._make(request)
        except IntegrityError:
            self.account_already_exists = confirmed_addresses.is_taken(self.cleaned_data["email"])
            return self._make(request)

    @transaction.atomic
    def _make(self, request: HttpRequest) -> Made:
        if not self.account_already_exists:
            confirmed_addresses.delete_unconfirmed(self.cleaned_data["email"])
        return super().try_save(request)


class CodeRequestForm(AddressForm, library.RequestLoginCodeForm):
    """A code by mail signs in to the account that has confirmed the address, and to no other."""

    def clean_email(self) -> str:
        self.cleaned_data["email"] = canonical(self.cleaned_data["email"])
        email = super().clean_email()
        self._user = confirmed_addresses.owner(email)
        return email


class ResetForm(AddressForm, library.ResetPasswordForm):
    """A mailed link sets the password of the account that has confirmed the address, and of no other."""

    def clean_email(self) -> str:
        self.cleaned_data["email"] = canonical(self.cleaned_data["email"])
        email = super().clean_email()
        self.users = list(confirmed_addresses.accounts_of(email).filter(is_active=True))
        return email


class AddAddressForm(AddressForm, library.AddEmailForm):
    """One more address of an account."""


class ConfirmAddressForm(library.ConfirmEmailVerificationCodeForm):
    """The mailed code, in the browser that asked for it."""

    def clean_code(self) -> str:
        code = super(library.ConfirmEmailVerificationCodeForm, self).clean_code()
        if self.user is None:
            raise ValidationError(
                _("Someone has signed up again with this e-mail address. Cancel this sign-up, then start again.")
            )
        if confirmed_addresses.is_taken(self.email, by_another_than=self.user):
            raise get_adapter().validation_error("email_taken")
        return code
