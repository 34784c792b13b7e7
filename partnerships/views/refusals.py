"""What a person reads when a rule says no: the sentence of the refusal, on the page that the view leads back to."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from partnerships.access import wants_fragment
from partnerships.services import Refused

View = Callable[..., HttpResponse]


def refusals_shown(page_of: Callable[..., Any]) -> Callable[[View], View]:
    """Decorate a view to show what a rule refuses, and lead to another page (409 for htmx and fetch).

    `page_of` takes what the view takes after the request, and returns what `redirect` takes.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except Refused as refusal:
                if wants_fragment(request):
                    return JsonResponse({"error": str(refusal)}, status=409)
                messages.error(request, str(refusal))
                return redirect(page_of(*args, **kwargs))

        return wrapper

    return decorate
