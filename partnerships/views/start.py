"""Starting a partnership, one thing per screen: name, partners, people. What is typed is kept as a draft."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from partnerships import services
from partnerships.access import person, signed_in
from partnerships.codes import new_code
from partnerships.forms import SIDE_HELP
from partnerships.locales import countries
from partnerships.models import Draft, Membership, Partnership
from partnerships.services import PartnerData, PersonData
from partnerships.start_forms import (
    Lines,
    PartnerLines,
    PersonLines,
    StartForm,
    pasted_partners,
    pasted_people,
)
from partnerships.views.partners import facilitator
from partnerships.views.shared import attempt, signed, unsigned

Typed = list[dict[str, str]]
PARTNERS, PEOPLE = 5, 6  # empty lines to begin with
STAYS = ("keep", "more", "paste")


def with_account(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a page of the start to people with an account; a guest is asked to make one first."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @signed_in
    @wraps(view)
    def wrapper(request: HttpRequest) -> HttpResponse:
        if person(request).is_guest:
            messages.info(request, _("To start a partnership, please create an account first."))
            return redirect("partnerships:account")
        return view(request)

    return wrapper


def code_of(request: HttpRequest, draft: Draft | None) -> str:
    """Return the code of what is being started: the form's, else the draft's, else a new one.

    On a shared device the form may be another person's, opened before this person signed in.
    """
    code = unsigned(request.POST.get("code", ""), "partnership")
    if code and not services.is_of_another(person(request), code):
        return code
    return draft.code if draft else new_code()


@with_account
def name(request: HttpRequest) -> HttpResponse:
    """Ask for the name of the partnership and for the own organisation."""
    draft = services.draft_of(person(request))
    code = code_of(request, draft)
    if made := services.made_from(person(request), code):
        return redirect(made)
    form = StartForm(request.POST if request.method == "POST" else None, initial=draft.data if draft else None)
    if request.method == "POST":
        typed = {field: request.POST.get(field, "")[:160] for field in form.fields}
        services.keep_draft(person(request), code, **typed)
        if response := left(request):
            return response
        if form.is_valid():
            return redirect("partnerships:create_partners")
    return show(request, "name", 1, code, form=form, draft=draft)


@with_account
def partners(request: HttpRequest) -> HttpResponse:
    """Ask for the partners, one line each; the own organisation is the first line."""
    draft = services.draft_of(person(request))
    if draft is None:
        return began(request)
    data = draft.data
    if request.method != "POST":
        lines = data.get("partners") or [{"name": data.get("organisation", "")}]
        return show_partners(request, draft, PartnerLines.showing(lines, max(PARTNERS, fewest(request))))
    code = code_of(request, draft)
    typed = added(request, PartnerLines, pasted_partners)
    services.keep_draft(person(request), code, partners=typed)
    if response := left(request, "partnerships:create_partners", len(typed)):
        return response
    lines = PartnerLines(request.POST)
    if lines.is_valid():
        return redirect("partnerships:create_people")
    return show_partners(request, draft, lines)


def show_partners(request: HttpRequest, draft: Draft, lines: Lines) -> HttpResponse:
    return show(request, "partners", 2, draft.code, lines=lines, countries=countries(), side_help=SIDE_HELP)


@with_account
def people(request: HttpRequest) -> HttpResponse:
    """Ask whom to invite, then start the partnership and send all invitations at once."""
    draft = services.draft_of(person(request))
    if draft is None:
        return began(request)
    partners = [partner["name"] for partner in draft.data.get("partners", []) if partner["name"]]
    options = {"form_kwargs": {"partners": partners}}
    represents = bool(draft.data.get("represents"))
    if request.method == "POST":
        represents = bool(request.POST.get("represents"))
        typed = added(request, PersonLines, lambda text: pasted_people(text, partners))
        services.keep_draft(person(request), code_of(request, draft), people=typed, represents=represents)
        if response := left(request, "partnerships:create_people", len(typed)):
            return response
        lines = PersonLines(request.POST, **options)
        if lines.is_valid() and (made := start(request, draft, lines, represents)):
            return redirect(reverse("assessments:create", args=[made.code]))
    else:
        lines = PersonLines.showing(draft.data.get("people") or [], max(PEOPLE, fewest(request)), **options)
    own = draft.data.get("organisation", "")
    named = own if own.casefold() in {partner.casefold() for partner in partners} else ""
    more = {"represents": represents, "organisation": named, "new": True}
    return show(request, "people", 3, draft.code, lines=lines, **more)


def start(request: HttpRequest, draft: Draft, lines: Lines, represents: bool) -> Partnership | None:
    """Make the partnership of the draft, or say what is missing on the page where it is typed."""
    there = PartnerLines(as_posted(draft.data.get("partners", [])))
    if not there.is_valid():
        messages.error(request, _("The list of partners is not complete. Go back one step and complete the list."))
        return None
    partners = [PartnerData(**fields) for fields in there.filled()]
    people = [PersonData(**fields) for fields in lines.filled()]
    made: list[Partnership] = []
    own = draft.data.get("organisation", "")
    attempt(
        request,
        lambda: made.append(
            services.start(person(request), draft.code, draft.data["name"], partners, own, people, represents)
        ),
    )
    if made:
        tell_invited(request, made[0], people)
    return made[0] if made else None


def as_posted(lines: list[dict[str, str]]) -> Any:
    """Return kept lines as a form would send them, to check them as one."""
    flat = {f"lines-{row}-{name}": value for row, line in enumerate(lines) for name, value in line.items()}
    return flat | {"lines-TOTAL_FORMS": str(len(lines)), "lines-INITIAL_FORMS": "0"}


def tell_invited(request: HttpRequest, partnership: Partnership, people: list[PersonData]) -> None:
    """Say how many e-mails go out, and how many people wait for a message."""
    mailed = sum(bool(invited.email) for invited in people)
    if mailed:
        text = ngettext(
            "We are sending %(n)d invitation by e-mail.", "We are sending %(n)d invitations by e-mail.", mailed
        )
        messages.success(request, text % {"n": mailed})
    if waiting := len(people) - mailed:
        text = ngettext(
            "%(n)d person will not receive an e-mail. The “Messages” page contains a message that you can send to "
            "this person yourself.",
            "%(n)d people will not receive an e-mail. The “Messages” page contains a message that you can send to "
            "these people yourself.",
            waiting,
        )
        messages.info(request, text % {"n": waiting})


def show(request: HttpRequest, page: str, step: int, code: str, **more: Any) -> HttpResponse:
    problems = list(more["lines"].problems()) if "lines" in more else []
    if "lines" in more and not problems:
        begin_at(more["lines"], request.GET.get("line") or str(more.get("line", "")))
    context = {"code": signed(code, "partnership"), "step": step, "problems": problems, **more}
    return render(request, f"partnerships/start/{page}.html", context)


def begin_at(lines: Lines, line: str) -> None:
    """Put the focus into the line that was asked for."""
    if line.isdecimal() and len(line) < 3 and 0 < int(line) <= len(lines.forms):
        lines.forms[int(line) - 1].fields["name"].widget.attrs["autofocus"] = True


def began(request: HttpRequest) -> HttpResponse:
    """Answer where no draft is: the form was sent twice, or somebody came by an old address."""
    code = unsigned(request.POST.get("code", ""), "partnership")
    if code and (made := services.made_from(person(request), code)):
        return redirect(made)
    return redirect("partnerships:create")


def added(
    request: HttpRequest, lines: type[Lines], parse: Callable[[str], list[dict[str, str]]]
) -> list[dict[str, str]]:
    """Return the lines as they were typed, with those of a pasted list behind them."""
    return lines.typed(request.POST) + parse(request.POST.get("pasted", "")[:20_000])


def fewest(request: HttpRequest) -> int:
    """Return how many lines the page shows at least: one more was asked for."""
    asked = request.GET.get("lines", "")
    return int(asked) if asked.isdecimal() and len(asked) < 3 else 0


def left(request: HttpRequest, here: str = "", typed: int = 0) -> HttpResponse | None:
    """Answer whoever does not go on: she wants a line more, goes back, or leaves it for today."""
    pasted = "paste" if request.POST.get("pasted", "").strip() else ""
    match request.POST.get("do") or pasted:
        case "keep":
            return HttpResponse(status=204)
        case "later":
            messages.success(request, _("Your draft is saved. You can find it on your start page."))
            return redirect("home")
        case "back":
            return redirect("partnerships:create" if here.endswith("partners") else "partnerships:create_partners")
        case "more" | "paste" if here:
            return redirect(f"{reverse(here)}{more_lines(request, typed)}")
    return None


def more_lines(request: HttpRequest, typed: int) -> str:
    """Return what leads to the first free line, with one line more than the page had."""
    total = request.POST.get("lines-TOTAL_FORMS", "")
    lines = max(typed, int(total) if total.isdecimal() and len(total) < 3 else 0)
    lines += request.POST.get("do") == "more"
    return f"?lines={lines}&line={typed + 1}#line-{typed + 1}"


@signed_in
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Delete the draft of a new partnership."""
    services.discard_draft(person(request))
    messages.success(request, _("The draft has been deleted."))
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def invite_several(request: HttpRequest, code: str) -> HttpResponse:
    """Invite several people to a partnership that is there."""
    partnership, membership = facilitator(request, code)
    if partnership.is_rehearsal:
        attempt(request, lambda: services.refuse_in_rehearsal(partnership))
        return redirect("partnerships:people", code)
    names = list(partnership.partners.filter(left_at=None).values_list("name", flat=True))
    options = {"form_kwargs": {"partners": names}}
    if request.method != "POST":
        return show_several(request, partnership, PersonLines.showing([], PEOPLE, **options))
    if request.POST.get("do") in STAYS or request.POST.get("pasted", "").strip():
        typed = added(request, PersonLines, lambda text: pasted_people(text, names))
        lines = PersonLines.showing(typed, len(typed) + 1, **options)
        return show_several(request, partnership, lines, len(typed) + 1)
    lines = PersonLines(request.POST, **options)
    if lines.is_valid() and invited_all(request, membership, lines):
        return redirect("partnerships:messages", code)
    return show_several(request, partnership, lines)


def show_several(request: HttpRequest, partnership: Partnership, lines: Lines, at: int = 0) -> HttpResponse:
    more = {"partnership": partnership, "line": at}
    return show(request, "people", 0, partnership.code, lines=lines, **more)


def invited_all(request: HttpRequest, membership: Membership, lines: Lines) -> bool:
    people = [PersonData(**fields) for fields in lines.filled()]
    if attempt(request, lambda: services.invite_all(membership, people)):
        tell_invited(request, membership.partnership, people)
        return True
    return False


@require_POST
@signed_in
def represent(request: HttpRequest, code: str) -> HttpResponse:
    """Let a facilitator represent her own organisation as well."""
    _partnership, membership = facilitator(request, code)
    done = _(
        "You now represent your organisation. If another side has a facilitator, your role counts only after that "
        "facilitator has confirmed it."
    )
    attempt(request, lambda: services.represent(membership), done)
    return redirect("partnerships:people", code)
