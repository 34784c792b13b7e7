"""One-laptop mode: a page that holds the whole session on a facilitator's machine, also without a network.

The page is the same for every assessment and lies in a cache; what is in it comes from the machine's own database.
"""

import hashlib
import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.middleware import person_id
from assessments.models import Assessment, Moment, Outcome, SpokenWord, limits
from assessments.sentences.moments import SAY_NOW
from assessments.services import wire_keys
from assessments.services.session import board, laptop
from assessments.services.session.laptop import LaptopChange
from assessments.views.decorators import assessment_required, sent
from assessments.views.rating import device
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles, person
from partnerships.models import Membership, Role
from partnerships.services import Refused, device_key

ASSETS = ("site.css", "js/laptop.js", "js/site.js", "favicon.svg", "icons.svg")
LARGEST = 2**31 - 1


@require_safe
@never_cache
@assessment_required(Role.FACILITATOR)
def page(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show the page that goes on without a network, once the session has begun."""
    actions.require(assessment, member, WorkflowAction.RECORD)
    return HttpResponse(page_text())


def page_text() -> str:
    """Return the page, without a wording, a level or a name; nothing of a request is in it."""
    shown = {
        "choices": board.CHOICES,
        "limits": limits,
        "levels": board.CHOICES[:5],
        "words": SpokenWord.Word.choices,
        "routes": Outcome.Route.choices,
        "moments": Moment.choices,
        "say_now": SAY_NOW,
        "said": answer_words(),
        "head": json.dumps(
            [_("No."), _("Decision"), _("Partner"), _("Recorded entry"), _("Where the entry is stored")]
        ),
    }
    return render_to_string("assessments/session/laptop.html", shown)


def answer_words() -> str:
    """Return every answer in words, for what the script tells: conflicts, the list of actions, the file."""
    levels = {value: f"{sign} {whole}" for value, sign, _short, whole in board.CHOICES}
    return json.dumps(
        {
            "choice": {"": str(board.CHOICE_WORDS[""]), **levels},
            "word": {value: str(label) for value, label in SpokenWord.Word.choices},
            "agree": {
                "open": str(board.AGREE_WORDS[None]),
                "yes": str(board.AGREE_WORDS[True]),
                "no": str(board.AGREE_WORDS[False]),
            },
            "route": {value: str(label) for value, label in Outcome.Route.choices},
        },
        ensure_ascii=False,
    )


@require_safe
@never_cache
@assessment_required(Role.FACILITATOR)
def sheet(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Return the whole session as it stands; 204 while it is as `v` says, 409 once nothing can be recorded any more."""
    actions.require(assessment, member, WorkflowAction.RECORD)
    if request.GET.get("v") == str(assessment.joint_version):
        return HttpResponse(status=204)
    membership = membership_of(member)
    own = {
        "membership": membership.code,
        "key": device_key(membership),
        "owner": person_id(person(request)),
        "token": get_token(request),
    }
    return JsonResponse(laptop.session_of(assessment) | own, json_dumps_params=device.CALMLY)


def membership_of(member: MemberRoles) -> Membership:
    """Return the facilitator's membership; for views that only facilitators pass."""
    return member.any


@require_POST
@assessment_required(Role.FACILITATOR)
def save(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Record what a machine sends, and return a receipt that names its mutation; `receipts` for many at once."""
    try:
        whose, changes, many = from_json(sent(request))
        if whose != membership_of(member).code:
            return JsonResponse({"error": "another membership"}, status=403)
        if many:
            receipt: dict[str, Any] = {"receipts": laptop.save_levels(assessment, member, changes)}
        else:
            receipt = laptop.save(assessment, member, changes[0])
    except Refused as error:
        return JsonResponse({"error": str(error.message)}, status=409)
    except (ValueError, BadRequest) as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse(receipt, json_dumps_params=device.CALMLY)


def from_json(body: bytes) -> tuple[object, list[LaptopChange], bool]:
    """Return whose changes a machine sends, the changes, and whether they came as a list.

    With the keys of `wire_keys.CELL`, the answer a list of texts; or, of levels only, with a list `changes` of such
    objects. Raises ValueError for anything else.
    """
    try:
        data = json.loads(body)
        many = "changes" in data
        changes = [_change(entry) for entry in data["changes"]] if many else [_change(data)]
        if many and not all(change.cell.startswith("p") for change in changes):
            raise ValueError("cell: only levels come together")
        return wire_keys.readable(data, wire_keys.CELL).get("membership"), changes, many
    except (KeyError, TypeError, AttributeError, RecursionError, UnicodeDecodeError):
        raise ValueError(_("We could not read what you sent. Please reload the page.")) from None


def _change(entry: Any) -> LaptopChange:
    data = wire_keys.readable(entry, wire_keys.CELL)
    number, base, cell, answer = data["decision"], data["base"], data["cell"], data["answer"]
    if type(number) is not int or type(base) is not int or not (0 <= number <= LARGEST and 0 <= base <= LARGEST):
        raise ValueError("decision, base: whole numbers are needed")
    if not isinstance(cell, str) or not isinstance(answer, list) or not all(isinstance(one, str) for one in answer):
        raise ValueError("cell, answer: text is needed")
    clean = [one.replace("\x00", "").replace("\r\n", "\n").strip() for one in answer]
    "".join(clean).encode()  # half a sign is no text
    return LaptopChange(UUID(data["mutation"]), number, cell, base, clean)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker, told what it keeps. Whatever of that changes makes another version of it."""
    with staticfiles_storage.open("js/laptop-worker.js") as file:
        script = file.read().decode()
    keeps = {"assets": [static(name) for name in ASSETS], "patience": settings.RATER_PATIENCE}
    text = json.dumps(keeps) + script + page_text()
    keeps["version"] = hashlib.sha256(text.encode()).hexdigest()[:12]
    body = f"self.LAPTOP={json.dumps(keeps)};\n{script}"
    response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = device.root()
    response.headers["Cache-Control"] = "no-cache"
    return response
