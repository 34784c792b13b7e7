"""What a person reads when a rule says no."""

import json

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.translation import gettext_lazy, override

from partnerships.services import Refused
from partnerships.views.refusals import refusals_shown


@refusals_shown(lambda place, **_more: f"/{place}/")
def view(request, place, refuses=True):
    if refuses:
        raise Refused(gettext_lazy("Vote"))
    return HttpResponse("done")


def post(**headers):
    request = RequestFactory().post("/", headers=headers)
    request.session = {}
    request._messages = FallbackStorage(request)
    request.htmx = bool(headers)
    return request


@pytest.mark.parametrize("refuses", [True, False])
def test_a_refusal_is_said_on_the_page_it_leads_to(refuses):
    request = post()
    with override("fr"):
        response = view(request, "here", refuses=refuses)
    told = [str(message) for message in get_messages(request)]
    assert (response.status_code, response.headers.get("Location"), told) == (
        (302, "/here/", ["Voter"]) if refuses else (200, None, [])
    )


def test_a_script_gets_the_refusal_as_an_answer():
    response = view(post(HX_Request="true"), "here")
    assert (response.status_code, json.loads(response.content)) == (409, {"error": "Vote"})
