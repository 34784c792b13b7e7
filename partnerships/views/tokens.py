"""A person's tokens for programs: making, listing and revoking them."""

import uuid
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.access import person, proven, signed_in
from partnerships.forms import TokenForm
from partnerships.services import tokens as services
from partnerships.views.refusals import refusals_shown


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@partial(proven, allow_get=True)
@refusals_shown(lambda: "partnerships:tokens")
def tokens(request: HttpRequest) -> HttpResponse:
    """List a person's tokens, and make a new one, whose secret only this response shows."""
    user = person(request)
    if user.is_guest:
        messages.info(request, _("You need an account to create tokens for programs. Create an account first."))
        return redirect("partnerships:account")
    form, secret = TokenForm(request.POST or None, initial={"once": uuid.uuid4()}), ""
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        secret = services.make(user, fields["name"], fields["days"], fields["once"])
        form = TokenForm(initial={"once": uuid.uuid4()})
    context = {"form": form, "secret": secret, "rows": user.api_tokens.in_force(), "most": services.MOST}
    return render(request, "partnerships/tokens.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def revoke(request: HttpRequest, token_code: str) -> HttpResponse:
    """Revoke a token."""
    if not services.revoke(person(request), token_code):
        raise Http404
    messages.success(request, _("The token has been revoked. Programs can no longer use it."))
    return redirect("partnerships:tokens")
