"""How accounts work here: the seam to allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from allauth.core import context as current
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language

from partnerships import account_errors, account_limits, devices, limits
from partnerships.addresses import canonical
from partnerships.mailing import RaisesMailUnavailable
from partnerships.models import User
from partnerships.openid_adapter import tell_connected
from partnerships.security_log import LogsRefusals
from partnerships.services import confirmed_addresses, connected_accounts


class StepAdapter(LogsRefusals, DefaultMFAAdapter):
    """Second steps, as the library has them, with our own words for errors."""

    error_messages = DefaultMFAAdapter.error_messages | account_errors.OF_SECOND_STEPS


class AccountAdapter(RaisesMailUnavailable, LogsRefusals, DefaultAccountAdapter):
    """Accounts by e-mail; an address in other capitals is the same account."""

    error_messages = DefaultAccountAdapter.error_messages | account_errors.OF_ACCOUNTS

    def clean_email(self, email: str) -> str:
        return canonical(email)

    def save_user(self, request: HttpRequest, user: User, form, commit: bool = True) -> User:
        user.name = form.cleaned_data.get("name", "")
        user.language = get_language() or ""  # of the mails that she gets
        return super().save_user(request, user, form, commit)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm an address for the account whose browser has the code; of two at once, one does."""
        try:
            with transaction.atomic():
                if not confirmed_addresses.lock_account(email_address.user):
                    return False
                confirmed = super().confirm_email(request, email_address)
                if confirmed:
                    confirmed_addresses.delete_other_claims(email_address.user, email_address.email)
                return confirmed
        except IntegrityError:
            return False

    def pre_login(self, request: HttpRequest, user: User, *, email: str | None, **kwargs) -> HttpResponse | None:
        """Send back who comes by an address that was taken off the account since the code was asked for."""
        if email and not confirmed_addresses.may_sign_in_by(user, email):
            clear_login(request)
            return redirect("account_login")
        return super().pre_login(request, user, email=email, **kwargs)

    def post_login(self, request: HttpRequest, user: User, **kwargs) -> HttpResponse:
        """Know the device from now on; ask first whether the account takes over the guest who signed up."""
        response = super().post_login(request, user, **kwargs)
        if "merge_guest" in request.session:
            response = redirect("partnerships:merge")
        if provider := connected_accounts.finish(request.session, user):
            tell_connected(request, provider)
        devices.remember(request, response, user)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Go back to the invitation that brought this person, where no address says otherwise."""
        if code := request.session.pop("invitation", ""):
            return reverse("partnerships:invitation", args=[code])
        return super().get_login_redirect_url(request)

    # --- how often

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count wrong passwords by account and network, so that nobody keeps its owner out from another."""
        return account_limits.attempt_key(request, credentials.get("email", ""))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if account_limits.too_many_unknown_devices(request, "password", credentials.get("email", "")):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        account_limits.count_unknown_device(request, "password", credentials.get("email", ""))

    # --- mails

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send what somebody asked for, unless she, or somebody for this address, asked too often."""
        request = current.request
        if wait := account_limits.mail_wait(request, email):
            raise ImmediateHttpResponse(limits.slow_down(request, wait))
        here = {"signup_url": settings.BASE_URL + reverse("account_signup")}
        super().send_mail(template_prefix, email, context | here)

    def send_account_already_exists_mail(self, email: str) -> None:
        here = {"password_reset_url": settings.BASE_URL + reverse("account_reset_password")}
        self.send_mail("account/email/account_already_exists", email, here)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of a mail; its host is ours, whatever the request called us."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", key)
