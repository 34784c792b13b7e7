"""Case studies: told, read by both sides, approved word for word, withdrawn."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.access import Reader, item_for
from community.forms.findings import CaseStudyForm
from community.kinds import may_edit
from community.models import CaseStudy, Item
from community.services import case_studies as services
from community.views.decorators import View, item_required, outside, person, reader_required, withdrawn, writer
from community.views.item_pages import item_page, reading_language
from community.views.writing import ASK, form_page, wish
from partnerships.models import Side


def case_study_required(who: str):
    """Open a view to whoever may see the case as others do, and to those who speak for its sides (`speaking`)."""

    def decorate(view: View) -> View:
        @reader_required("anybody" if who == "anybody" else "account")
        @wraps(view)
        def wrapper(request: HttpRequest, reader: Reader, code: str, **kwargs) -> HttpResponse:
            case = CaseStudy.objects.select_related("group", "whole", "author", "partnership").filter(code=code).first()
            speaks = case is not None and reader.user is not None and speaks_for(reader, case)
            if case is None or (not speaks and item_for(reader, code) is None):
                if reader.user is None:
                    return outside(request)
                raise Http404
            if case.is_withdrawn:
                return withdrawn(request, reader, case)
            if who == "speaking" and not speaks:
                raise PermissionDenied
            return view(request, reader, case, speaks=speaks, **kwargs)

        return wrapper

    return decorate


def speaks_for(reader: Reader, case: CaseStudy) -> bool:
    return services.speaking_memberships(person(reader), case.partnership).exists()


@require_http_methods(ASK)
@item_required("member")
def write(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Write a case study from a partnership as evidence for an item."""
    if item.whole is not None or not item.is_published:
        raise Http404
    mine = services.partnerships_of(person(reader))
    form = CaseStudyForm(request.POST or None, partnerships=mine, initial={"language": reading_language()})
    if request.method == "POST" and form.is_valid() and wish(request) != "preview":
        data = form.cleaned_data
        who = writer(reader, item.group)
        made = services.write_case_study(item, data["partnership"], who, form.content(), data["mutation"])
        messages.success(request, _("Both sides have been asked to approve this exact text."))
        return redirect(made)
    return form_page(request, reader, item.group, form, "case", drafts=[], about=item)


@require_safe
@case_study_required("anybody")
def case_study(request: HttpRequest, reader: Reader, case: CaseStudy, speaks: bool) -> HttpResponse:
    """Show a case; to those who speak for its sides also who has approved it."""
    context = item_page(request, reader, case)
    own = speaks or case.author == reader.user
    approvals = services.approvals(case) if own else []
    context |= {
        "speaks": speaks,
        "own": own,
        "approvals": approvals,
        "mine": any(row.membership.user_id == reader.user.pk for row in approvals) if reader.user else False,
        "missing": [Side(side).label for side in services.missing(case)] if own else [],
        "digest": services.digest(case),
    }
    context["may"]["edit"] = may_edit(case, reader)
    return render(request, "community/case_studies/case_study.html", context)


@require_POST
@case_study_required("speaking")
def approve(request: HttpRequest, reader: Reader, case: CaseStudy, speaks: bool) -> HttpResponse:
    services.approve(case, person(reader), request.POST.get("digest", ""))
    messages.success(request, _("You have approved this exact text."))
    return redirect(case)


@require_http_methods(ASK)
@case_study_required("speaking")
def revoke(request: HttpRequest, reader: Reader, case: CaseStudy, speaks: bool) -> HttpResponse:
    """Ask, then take the case back in every version."""
    if request.method == "POST":
        services.revoke(case, person(reader))
        messages.success(request, _("The case study has been withdrawn. Its text has been deleted from every version."))
        return redirect(case.whole or case.group)
    return render(request, "community/case_studies/revoke.html", {"reader": reader, "item": case, "group": case.group})
