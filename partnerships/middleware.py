from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


class GuestsStayOutside:
    """Keep guests out of the pages of accounts, which take an e-mail address for granted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        of_accounts = name.startswith(("account_", "mfa_", "usersessions_")) and name != "account_logout"
        if of_accounts and request.user.is_authenticated and request.user.is_guest:
            return redirect("partnerships:account")
        return None
