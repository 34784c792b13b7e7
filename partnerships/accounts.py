"""How accounts work here: the seam to allauth."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from partnerships.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by e-mail; an address in other capitals is the same account."""

    def save_user(self, request: HttpRequest, user: User, form, commit: bool = True) -> User:
        user.name = form.cleaned_data.get("name", "")
        return super().save_user(request, user, form, commit)
