"""Findings: the list, one finding, its status and what it rests on; the factors."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Topic
from community.access import Reader
from community.forms.findings import DocumentForm, FactorForm, StatusForm
from community.kinds import may_edit
from community.models import EvidenceKind, Factor, Finding, GroupKind, Item, Status, WorkingGroup
from community.services import findings as services
from community.services.papers import grounds
from community.services.search import Filters, excerpts, filtered, matching
from community.views.decorators import child, group_required, item_required, outside, person, reader_required
from community.views.filters import FilterChoice, by_factor, by_topic
from community.views.item_pages import item_page
from community.views.pagination import page_of, without_page
from partnerships import page_sizes

ASK = ["GET", "HEAD", "POST"]


@require_safe
@reader_required("anybody")
def listing(request: HttpRequest, reader: Reader) -> HttpResponse:
    """List findings; the filters live in the address: ?topic=&factor=&status=&q=."""
    group = reader.groups[list(GroupKind).index(GroupKind.UNDERSTANDING)]
    if not reader.may_read(group):
        return outside(request)
    asked = {name: request.GET.get(name, "").strip()[:200] for name in ("topic", "factor", "status", "q", "tag")}
    visible = Item.objects.visible_to(reader)
    findings = Finding.objects.filter(pk__in=filtered(visible, Filters(topic=asked["topic"], tag=asked["tag"])))
    findings = findings.filter(status=asked["status"]) if asked["status"] in Status.values else findings
    findings = findings.filter(factors__slug=asked["factor"]) if asked["factor"] else findings
    findings = matching(findings, asked["q"]) if asked["q"] else findings
    counted = findings.annotate(
        endorsed=Count("endorsements", distinct=True),
        rests=Count("evidence", filter=Q(evidence__withdrawn_at=None), distinct=True),
    )
    rows = counted.select_related("author").prefetch_related("factors").defer("text", "search")
    page = page_of(rows.order_by("-updated_at", "-pk"), request, page_sizes.TEXTS)
    shown = excerpts(list(page.object_list), asked["q"])
    for finding in page.object_list:
        finding.excerpt = shown.get(finding.pk, "")
    context = {
        "reader": reader,
        "group": group,
        "group_membership": reader.group_membership(group),
        "page": page,
        "asked": asked,
        "any_filter": any(asked.values()),
        "query": without_page(request),
        "kept": {"tag": asked["tag"]},
        "choices": [
            FilterChoice("status", _("Status"), _("Any status"), Status.choices, asked["status"]),
            by_factor(_("Any factor of inequality"), services.factors(), asked["factor"]),
            by_topic(asked["topic"]),
        ],
    }
    return render(request, "community/findings/list.html", context)


@require_safe
@item_required("anybody")
def finding(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Show a claim, what it rests on, what speaks against it, and the conversation."""
    finding = child(Finding, item)
    context = item_page(request, reader, finding)
    context |= {
        "factors": finding.factors.all(),
        "changes": finding.status_changes.select_related("by"),
        "became": grounds.became_of(finding, reader),
        "topics": [Topic(topic).label for topic in finding.topics if topic in Topic.values],
    }
    return render(request, "community/findings/finding.html", context)


@require_http_methods(ASK)
@item_required("coordinator")
def status(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Give a finding another status, with a reason."""
    finding = child(Finding, item)
    form = StatusForm(request.POST or None, finding=finding)
    if request.method == "POST" and form.is_valid():
        services.change_status(finding, person(reader), form.cleaned_data["status"], form.cleaned_data["reason"])
        messages.success(request, _("Saved."))
        return redirect(finding)
    context = {"reader": reader, "item": finding, "group": finding.group, "form": form}
    return render(request, "community/findings/status.html", context)


@require_http_methods(ASK)
@item_required("member")
def cite(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Rest an item on a document."""
    if not may_edit(item, reader):
        raise PermissionDenied
    form = DocumentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.add_document(item, person(reader), **form.cleaned_data)
        messages.success(request, _("The evidence has been added."))
        return redirect(item)
    context = {"reader": reader, "item": item, "group": item.group, "form": form}
    return render(request, "community/findings/cite_document.html", context)


@require_POST
@item_required("member")
def uncite(request: HttpRequest, reader: Reader, item: Item, evidence: str) -> HttpResponse:
    """Take a piece of evidence back: whoever added it, and coordinators."""
    piece = get_object_or_404(item.evidence, code=evidence)
    if piece.by != reader.user and not reader.coordinates(item.group):
        raise PermissionDenied
    services.withdraw(piece)
    text = (
        _("The evidence has been removed. The case study will remain until your partnership withdraws it.")
        if piece.kind == EvidenceKind.CASE_STUDY
        else _("The evidence has been removed.")
    )
    messages.success(request, text)
    return redirect(item)


@require_http_methods(ASK)
@group_required("coordinator")
def factors(request: HttpRequest, reader: Reader, group: WorkingGroup) -> HttpResponse:
    """Maintain the list of factors."""
    if group.kind != GroupKind.UNDERSTANDING:
        raise PermissionDenied
    form = FactorForm(request.POST if "name" in request.POST else None)
    if request.method == "POST" and "retire" in request.POST:
        services.retire_factor(get_object_or_404(Factor, slug=request.POST["retire"]))
        return redirect("community:factors", group.kind)
    if request.method == "POST" and form.is_valid():
        services.add_factor(form.cleaned_data["name"])
        return redirect("community:factors", group.kind)
    services.factors()
    listed = Factor.objects.filter(retired_at=None).annotate(used=Count("findings"))
    return render(
        request, "community/findings/factors.html", {"reader": reader, "group": group, "form": form, "factors": listed}
    )
