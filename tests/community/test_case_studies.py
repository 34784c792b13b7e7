"""Redacted cases: both sides approve the exact words, a change asks again, a revocation leaves no word anywhere."""

import pytest
from django.urls import reverse

from community.access import reader_of
from community.models import CaseStudy, Draft, Item, Revision, State
from community.services import case_studies, findings, moderation
from community.services.groups.memberships import writer_of
from community.services.search import Filters, search
from community.services.writing import Content
from partnerships.models import ActivityLogEntry, Notification, Role
from partnerships.services import Refused
from tests.community.making import lead, make_case_study, make_finding, member, mutation, posted
from tests.factories import UserFactory, membership

pytestmark = pytest.mark.django_db
WORDS = "Zebra: we were told in May."


@pytest.fixture
def sara(cast):
    return member(user=cast.south_representative)


@pytest.fixture
def case(cast, sara):
    return make_case_study(make_finding(), cast.partnership, sara, "A zebra case", WORDS)


def approve(case, user):
    case = CaseStudy.objects.get(pk=case.pk)
    case_studies.approve(case, user, case_studies.digest(case))


def state(case) -> str:
    return Item.objects.get(pk=case.pk).state


def readable_by_others(case) -> bool:
    return bool(search(reader_of(UserFactory()), Filters("zebra")))


def test_published_only_when_both_sides_approved_the_words(cast, case):
    assert not readable_by_others(case)
    approve(case, cast.south_representative)
    assert case_studies.missing(case) == ["north"]
    assert not readable_by_others(case)
    approve(case, cast.north_facilitator)
    assert state(case) == State.PUBLISHED
    assert readable_by_others(case)


def test_a_change_voids_the_approvals(cast, sara, case):
    approve(case, cast.south_representative)
    approve(case, cast.north_representative)
    case_studies.save(case, writer_of(sara), Content("A zebra case", f"{WORDS} In June."), 1, mutation())
    assert state(case) == State.DRAFT
    assert case_studies.missing(CaseStudy.objects.get(pk=case.pk)) == ["north", "south"]
    assert not readable_by_others(case)
    with pytest.raises(Refused):
        case_studies.approve(case, cast.north_representative, case_studies.digest(case))
    approve(case, cast.north_representative)
    approve(case, cast.south_facilitator)
    assert readable_by_others(case)


def test_the_same_words_again_need_no_new_approval(cast, sara, case):
    approve(case, cast.south_representative)
    approve(case, cast.north_representative)
    case_studies.save(case, writer_of(sara), Content("A zebra case", WORDS), 1, mutation())
    assert state(case) == State.PUBLISHED


def test_one_person_does_not_approve_for_both_sides(cast, case):
    membership(cast.partnership, Role.FACILITATOR, cast.partners["n2"], user=cast.south_representative)
    approve(case, cast.south_representative)
    case.approvals.create(
        membership=cast.partnership.memberships.get(user=cast.south_representative, role=Role.FACILITATOR),
        side="north",
        digest=case_studies.digest(case),
    )
    assert case_studies.missing(case) != []
    approve(case, cast.north_facilitator)
    assert case_studies.missing(case) == []


@pytest.mark.parametrize("who", ["observer", "outsider", "other_facilitator"])
def test_who_does_not_speak_for_a_side_neither_approves_nor_revokes(cast, case, who):
    with pytest.raises(Refused):
        approve(case, getattr(cast, who))
    with pytest.raises(Refused):
        case_studies.revoke(case, getattr(cast, who))


def test_no_side_is_left_out_by_having_left(cast, case):
    cast.partnership.partners.filter(side="north").update(left_at="2026-01-01T00:00Z")
    approve(case, cast.south_representative)
    assert state(case) == State.DRAFT


def test_revoked_words_are_nowhere(cast, sara, case):
    approve(case, cast.south_representative)
    approve(case, cast.north_representative)
    case_studies.save(case, writer_of(sara), Content("A zebra case", f"{WORDS} Again."), 1, mutation())
    Draft.objects.create(user=sara.user, item=case, group=case.group, kind="case", mutation="d", text=WORDS)
    case_studies.revoke(case, cast.north_facilitator)
    assert set(Revision.objects.filter(item=case).values_list("title", "text", "note")) == {("", "", "")}
    row = Item.objects.filter(pk=case.pk).values("title", "text", "plain", "tags", "search").get()
    assert row == {"title": "", "text": "", "plain": "", "tags": [], "search": ""}
    assert not Draft.objects.exists()
    with pytest.raises(Refused):
        approve(case, cast.south_representative)
    with pytest.raises(Refused):
        case_studies.save(case, writer_of(sara), Content("x", "y"), 2, mutation())


def test_a_revoked_case_counts_as_evidence_no_longer(cast, case):
    finding = case.whole.finding
    approve(case, cast.south_representative)
    approve(case, cast.north_representative)
    assert len(findings.in_force(finding)) == 1
    case_studies.revoke(case, cast.south_representative)
    assert findings.in_force(finding) == []


def test_a_hidden_case_comes_back_with_the_words_that_were_approved(cast, sara, case):
    approve(case, cast.south_representative)
    approve(case, cast.north_representative)
    leads = lead()
    moderation.decide(case, leads.user, "hid", "A name.")
    with pytest.raises(Refused):
        case_studies.save(
            CaseStudy.objects.get(pk=case.pk), writer_of(sara), Content("x", "other words"), 1, mutation()
        )
    moderation.decide(case, leads.user, "restored", "None.")
    assert Item.objects.get(pk=case.pk).text == WORDS


def test_by_the_pages(client, cast, sara):
    finding = make_finding()
    client.force_login(sara.user)
    write = reverse("community:write-case-study", args=[finding.code])
    assert client.get(write).status_code == 200
    form = posted("A zebra case", WORDS, partnership=cast.partnership.code, do="save")
    answer = client.post(write, form)
    case = CaseStudy.objects.get()
    assert answer.headers["Location"] == case.get_absolute_url()
    asked = {notification.recipient for notification in Notification.objects.filter(kind="community.case")}
    assert asked == {cast.north_representative, cast.north_facilitator, cast.south_facilitator}
    client.force_login(cast.north_representative)
    page = client.get(case.get_absolute_url())
    assert b"Approve this exact text" in page.content
    assert b"Water for All" in page.content
    assert b"Your side has been asked to approve" in client.get("/").content
    client.post(reverse("community:case-study-approve", args=[case.code]), {"digest": page.context["digest"]})
    assert b"Your side has been asked to approve" not in client.get("/").content
    client.force_login(sara.user)
    client.post(reverse("community:case-study-approve", args=[case.code]), {"digest": case_studies.digest(case)})
    client.force_login(cast.outsider)
    shown = client.get(case.get_absolute_url())
    assert b"we were told in May" in shown.content
    assert b"Water for All" not in shown.content
    assert b"A zebra case" in client.get(finding.get_absolute_url()).content
    client.force_login(cast.north_facilitator)
    client.post(reverse("community:case-study-revoke", args=[case.code]))
    client.force_login(sara.user)
    for page in ("case-study", "history", "compare", "item"):
        assert b"told in May" not in client.get(reverse(f"community:{page}", args=[case.code]), follow=True).content
    assert b"has withdrawn this case study." in client.get(finding.get_absolute_url()).content
    verbs = set(ActivityLogEntry.objects.filter(partnership=cast.partnership).values_list("verb", flat=True))
    assert verbs == {"case.written", "case.approved", "case.revoked"}


def test_nobody_tells_from_a_partnership_of_others(client, cast, sara):
    client.force_login(sara.user)
    write = reverse("community:write-case-study", args=[make_finding().code])
    form = posted("A case", WORDS, partnership=cast.other_partnership.code, do="save")
    assert client.post(write, form).status_code == 422
    assert client.post(write, form | {"partnership": cast.partnership.code}).status_code == 302
    assert CaseStudy.objects.count() == 1


def test_general_saving_is_not_a_way_around(client, cast, sara, case):
    approve(case, cast.south_representative)
    approve(case, cast.north_representative)
    client.force_login(sara.user)
    form = posted("A zebra case", "Other words.", base=1, do="publish")
    assert client.post(reverse("community:edit", args=[case.code]), form).status_code == 302
    assert state(case) == State.DRAFT
    assert client.post(reverse("community:publish", args=[case.code])).status_code == 403
    assert state(case) == State.DRAFT


def test_earlier_words_stay_inside(client, cast, sara, case):
    """What a name was redacted from is not for readers outside, and neither is anything that nobody approved."""
    case_studies.save(case, writer_of(sara), Content("A zebra case", "Somebody was told in May."), 1, mutation())
    approve(case, cast.south_representative)
    approve(case, cast.north_representative)
    client.force_login(member().user)
    assert client.get(case.get_absolute_url()).status_code == 200
    for page in ("history", "compare"):
        assert client.get(reverse(f"community:{page}", args=[case.code])).status_code == 403
    for page in ("comment", "endorse", "attach"):
        assert client.post(reverse(f"community:{page}", args=[case.code])).status_code == 403
    client.force_login(cast.north_facilitator)
    assert b"Zebra" in client.get(reverse("community:compare", args=[case.code])).content


def test_a_revoked_case_takes_no_words_any_more(client, cast, sara, case):
    client.force_login(sara.user)
    kept = {"item": case.code, "mutation": "form-one", "base": 1, "sequence": 1, "title": "T", "text": WORDS}
    assert client.post(reverse("community:keep"), kept).status_code == 200
    case_studies.revoke(case, cast.north_facilitator)
    assert client.post(reverse("community:keep"), kept).status_code == 403
    assert client.get(reverse("community:edit", args=[case.code])).status_code == 403
    assert not Draft.objects.exists()
