"""What a representative's phone keeps, so that she can answer without a line: a page without answers, and one sheet's
data. The page (the shell) is the same for everybody and lies in a cache; the data lie in the phone's own database."""

import hashlib
import json

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments import promises
from assessments.middleware import person_id
from assessments.models import Assessment
from assessments.models.limits import LONGEST_REASON
from assessments.results import given_pledges
from assessments.services.rating import private_answers, receipts
from assessments.services.todo import open_sheets
from assessments.views.decorators import assessment_required
from assessments.views.rating import payloads, rating_pages
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles, person, signed_in
from partnerships.models import Role, Side

ASSETS = ("rate.css", "js/rate.js")
CALMLY = {"separators": (",", ":"), "ensure_ascii": False}


@require_safe
@never_cache
@assessment_required(Role.REPRESENTATIVE)
def sheet(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Return all that a device needs to ask the whole sheet by itself; 409 once nothing can be answered any more."""
    actions.require(assessment, member, WorkflowAction.ANSWER)
    asked = rating_pages.sheet_of(assessment, member)
    own = {"owner": person_id(person(request)), "key": asked.device_key, "token": get_token(request)}
    data = questions(asked) | answers(asked) | own
    return JsonResponse(data, json_dumps_params=CALMLY)


def questions(asked: rating_pages.Sheet) -> dict:
    """Return what is asked, and what was promised about it."""
    assessment = asked.assessment
    columns = sorted(asked.participants, key=lambda partner: Side.order(partner.side, partner.number))
    return {
        "code": assessment.code,
        "title": assessment.title,
        "due": assessment.rating_due and assessment.rating_due.isoformat(),
        "mail": bool(asked.membership.user.email),
        "first": str(promises.FIRST_LINES[assessment.mode]),
        "promise": promises.promise(assessment.mode, asked.mine.side),
        "under": promises.under_each(assessment.mode),
        "pledge": given_pledges.lines(assessment),
        "offered": private_answers.tick_is_offered(assessment, asked.membership),
        "k": assessment.k,
        "sides": {side: str(word) for side, word in assessment.partnership.side_words().items()},
        "mine": asked.mine.number,
        "partners": [[partner.number, partner.name, partner.acronym, partner.side] for partner in asked.participants],
        "columns": [partner.number for partner in columns],
        "decisions": [
            [number, wording, asked.originals.get(number, ""), asked.foreign.get(number, "")]
            for number, wording in asked.decisions.items()
        ],
    }


def answers(asked: rating_pages.Sheet) -> dict:
    """Return her own answers as the pages show them: by decision, then cell, each its version and values."""
    own_sheet, rater, last = private_answers.sheet(asked.rater), asked.rater, receipts.last(asked.rater)
    answers_by_decision: dict[int, dict[str, list]] = {}
    for (number, partner), answer in own_sheet["levels"].items():
        answers_by_decision.setdefault(number, {})[f"p{partner}"] = [
            answer.version,
            "none" if answer.level is None else str(answer.level),
        ]
    for number, answer in own_sheet["agreements"].items():
        answers_by_decision.setdefault(number, {})["a"] = [
            answer.version,
            rating_pages.AGREED[answer.agree],
            answer.reason_use,
            answer.reason,
        ]
    return {
        "membership": asked.membership.code,
        "sheet": private_answers.sheet_number(rater),
        "answers": answers_by_decision,
        "tick": bool(rater and rater.show_small_side),
        "receipt": payloads.hand_in_receipt(last) if last else None,
    }


def shell_text() -> str:
    """Return the page that asks every sheet, without a wording, an answer or a name; nothing of a request is in it."""
    shell = {
        "OPERATOR_NAME": settings.OPERATOR_NAME,
        "rows": [BLANK],
        "options": rating_pages.options(),
        "longest_reason": LONGEST_REASON,
        "reason_note": promises.REASON_NOTE,
        "shell": True,
    }
    return render_to_string("assessments/rating/shell.html", shell)


BLANK = {"number": "", "one": {"name": "", "side": "other"}, "value": ""}


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    return HttpResponse(shell_text())


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker, told what it keeps. Whatever of that changes makes another version of it."""
    with staticfiles_storage.open("js/worker.js") as file:
        script = file.read().decode()
    keeps = {
        "shell": reverse("assessments:rater-shell"),
        "assets": [static(name) for name in ASSETS],
        "root": root(),
        "language": get_language(),
        "patience": settings.RATER_PATIENCE,
    }
    text = json.dumps(keeps) + script + shell_text()
    keeps["version"] = hashlib.sha256(text.encode()).hexdigest()[:12]
    response = HttpResponse(f"self.RATE={json.dumps(keeps)};\n{script}", content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = root()
    response.headers["Cache-Control"] = "no-cache"
    return response


def root() -> str:
    """Return the address under which all assessments lie."""
    return reverse("assessments:rater").removesuffix("rater/")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Say how the rating pages look on a phone's home screen, in the reader's language."""
    data = {
        "name": _("Power Awareness Tool"),
        "short_name": _("Power"),
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "id": reverse("assessments:rater"),
        "start_url": reverse("assessments:rater"),
        "scope": root(),
        "display": "standalone",
        "background_color": "#fbfaf7",
        "theme_color": "#17594a",
        "icons": [
            {"src": static("favicon.svg"), "type": "image/svg+xml", "sizes": "any"},
            {"src": static("icon-512.png"), "type": "image/png", "sizes": "512x512", "purpose": "maskable"},
        ],
    }
    return JsonResponse(data, content_type="application/manifest+json", json_dumps_params=CALMLY)


@require_safe
@never_cache
@signed_in
def sheets(request: HttpRequest) -> HttpResponse:
    """List what a representative can answer now; the icon on a home screen leads here."""
    return render(request, "assessments/rating/sheets.html", {"sheets": open_sheets(person(request))})
