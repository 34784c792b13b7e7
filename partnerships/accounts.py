"""How accounts work here: the seam to allauth."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language

from partnerships.events import TellsRefusals
from partnerships.mailing import SendsNow
from partnerships.models import User


class StepAdapter(TellsRefusals, DefaultMFAAdapter):
    """Second steps, as the library has them."""


class AccountAdapter(SendsNow, TellsRefusals, DefaultAccountAdapter):
    """Accounts by e-mail; an address in other capitals is the same account."""

    def save_user(self, request: HttpRequest, user: User, form, commit: bool = True) -> User:
        user.name = form.cleaned_data.get("name", "")
        user.language = get_language() or ""  # of the mails that she gets
        return super().save_user(request, user, form, commit)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Go back to the invitation that brought this person, where no address says otherwise."""
        if code := request.session.pop("invitation", ""):
            return reverse("partnerships:invitation", args=[code])
        return super().get_login_redirect_url(request)

    def post_login(self, request: HttpRequest, user: User, **kwargs) -> HttpResponse:
        """Ask first whether the account takes over the guest who signed up."""
        response = super().post_login(request, user, **kwargs)
        return redirect("partnerships:merge") if "merge_guest" in request.session else response
