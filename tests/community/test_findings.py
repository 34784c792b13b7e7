"""Findings: the list and its filters, status with reasons, evidence, factors; endorsements and comments beside them."""

import pytest
from django.urls import reverse

from community.models import FACTORS, Factor, Finding, Status
from community.services import comments, findings
from community.services.groups.memberships import writer_of
from partnerships.services import Refused
from tests.community.making import lead, make_finding, member, mutation

pytestmark = pytest.mark.django_db


@pytest.fixture
def mina():
    return member()


def listed(client, **filters) -> set[str]:
    page = client.get(reverse("community:findings"), filters)
    return {finding.title for finding in page.context["page"].object_list}


def test_filters_live_in_the_address(client, mina):
    one = make_finding(mina, "One", "Money comes late.", topics=["risk"], tags=["money"])
    make_finding(mina, "Two", "Reports are long.")
    one.factors.set(findings.factors()[:1])
    Finding.objects.filter(pk=one.pk).update(status="contested")
    client.force_login(mina.user)
    assert listed(client) == {"One", "Two"}
    for filters in (
        {"topic": "risk"},
        {"factor": "funding-type-fixed"},
        {"status": "contested"},
        {"q": "money"},
        {"tag": "money"},
        {"topic": "risk", "factor": "funding-type-fixed", "status": "contested", "q": "late"},
    ):
        assert listed(client, **filters) == {"One"}, filters
    assert listed(client, factor="risk-passed-down") == listed(client, q="overheads") == set()
    assert listed(client, status="nonsense") == {"One", "Two"}


def test_status_changes_with_a_reason_and_not_at_will(client, mina):
    leads = lead()
    item = make_finding(mina)
    page = reverse("community:finding-status", args=[item.code])
    client.force_login(leads.user)
    client.post(page, {"status": "supported", "reason": "Seen often."})
    item.refresh_from_db()
    assert item.status == Status.PROPOSED
    findings.add_document(item, mina.user, title="A report", source="Somebody", against=True)
    client.post(page, {"status": "supported", "reason": "Seen often."})
    item.refresh_from_db()
    assert item.status == Status.PROPOSED
    findings.add_document(item, mina.user, title="A report", source="Somebody")
    client.post(page, {"status": "supported", "reason": ""})
    item.refresh_from_db()
    assert item.status == Status.PROPOSED
    client.post(page, {"status": "supported", "reason": "Seen often."})
    item.refresh_from_db()
    assert item.status == Status.SUPPORTED
    assert b"Seen often." in client.get(item.get_absolute_url()).content
    with pytest.raises(Refused):
        findings.change_status(item, leads.user, "proposed", "Back.")


def test_documents_are_cited_and_taken_back(client, mina):
    item = make_finding(mina)
    client.force_login(mina.user)
    form = {"title": "A report", "source": "Somebody", "year": "2024", "link": "https://example.org/a", "says": "So."}
    cite = reverse("community:cite", args=[item.code])
    for wrong in (
        {"year": "1066"},
        {"link": "javascript:alert(1)"},
        {"link": "https://example.org/"},
        {"title": ""},
        {"source": ""},
    ):
        client.post(cite, form | wrong)
    assert not item.evidence.exists()
    client.post(cite, form)
    page = client.get(item.get_absolute_url()).content.decode()
    assert '<a href="https://example.org/a" rel="nofollow noopener">A report</a>' in page
    assert "2024" in page
    client.post(reverse("community:uncite", args=[item.code, item.evidence.get().code]))
    assert "A report" not in client.get(item.get_absolute_url()).content.decode()


def test_factors_are_maintained_by_leads(client, mina):
    leads = lead()
    page = reverse("community:factors", args=["understanding"])
    client.force_login(leads.user)
    assert client.get(page).status_code == 200
    assert Factor.objects.count() == len(FACTORS) == 11
    client.post(page, {"name": "Visas are refused"})
    client.post(page, {"name": "Visas are refused"})
    assert {str(one) for one in findings.factors()} >= {"Visas are refused"}
    item = make_finding(mina)
    item.factors.set(Factor.objects.filter(slug="visas-are-refused"))
    client.post(page, {"retire": "visas-are-refused"})
    assert "visas-are-refused" not in {one.slug for one in findings.factors()}
    client.force_login(mina.user)
    edit = client.get(reverse("community:edit", args=[item.code]))
    form = {"title": item.title, "text": "New.", "language": "en", "base": 1, "mutation": mutation(), "do": "save"}
    client.post(edit.wsgi_request.path, form | {"factors": ["risk-passed-down"]})
    assert {one.slug for one in item.factors.all()} == {"visas-are-refused", "risk-passed-down"}
    assert client.get(page).status_code == 403


def test_endorsing(client, mina):
    nora = member("Nora", side="north")
    item = make_finding(mina)
    client.force_login(nora.user)
    endorse = reverse("community:endorse", args=[item.code])
    client.post(endorse)
    client.post(endorse)
    assert [(row.user, row.side) for row in item.endorsements.all()] == [(nora.user, "north")]
    assert b"Withdraw your endorsement" in client.get(item.get_absolute_url()).content
    client.post(endorse, {"do": "take-back"})
    assert not item.endorsements.exists()


def test_comments_are_threads(client, mina):
    nora = member("Nora", side="north")
    item = make_finding(mina)
    first = comments.comment(item, writer_of(nora), "First.", mutation())
    comments.comment(item, writer_of(nora), "Second.", mutation())
    client.force_login(mina.user)
    form = {"text": "Answer.", "language": "en", "base": 0, "mutation": mutation(), "parent": first.code}
    post = reverse("community:comment", args=[item.code])
    client.post(post, form)
    answer = client.post(post, form)
    page = client.get(answer.headers["Location"], follow=True)
    assert [(row.comment.plain, row.depth) for row in page.context["comments"]] == [
        ("First.", 0),
        ("Answer.", 1),
        ("Second.", 0),
    ]
    assert client.post(post, form | {"text": "", "mutation": mutation()}).status_code == 422
    assert client.post(post, form | {"parent": "nowhere", "mutation": mutation()}).status_code == 404


def test_a_comment_on_a_later_page_is_led_to(client, mina):
    item = make_finding(mina)
    made = [comments.comment(item, writer_of(mina), f"Comment {n}.", mutation()) for n in range(41)]
    client.force_login(mina.user)
    answer = client.get(made[-1].get_absolute_url())
    assert answer.headers["Location"] == f"{item.get_absolute_url()}?comments=2#{made[-1].code}"
    assert b"Comment 40." in client.get(answer.headers["Location"]).content


def test_one_changes_ones_own_comment_only(client, mina):
    nora = member("Nora")
    item = make_finding(mina)
    made = comments.comment(item, writer_of(mina), "First.", mutation())
    edit = reverse("community:edit", args=[made.code])
    client.force_login(nora.user)
    assert client.get(edit).status_code == 403
    client.force_login(mina.user)
    form = {"text": "Better.", "language": "en", "base": 1, "mutation": mutation()}
    assert client.post(edit, form).status_code == 302
    page = client.get(item.get_absolute_url()).content
    assert b"Better." in page
    assert b"First." not in page
