"""The evidence base on real rows: what is counted, what a refresh leaves, who sees and decides what."""

import csv
import io
import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.models import Assessment
from community.evidence import downloads, pretend, words
from community.models import Evidence, EvidenceSnapshot, Figure, Finding, ItemKind, RealPartnership, RealState
from community.publishing import figures
from community.services import evidence, findings, writing
from community.services.groups.memberships import writer_of
from community.services.writing import Content
from partnerships.models import Notification
from partnerships.services import Refused
from tests.community import making
from tests.community.evidence_making import contribute, revoke

pytestmark = pytest.mark.django_db
PAGE = "community:evidence"


def table(snapshot: EvidenceSnapshot, key: str) -> dict:
    return next(one for one in snapshot.tables if one["key"] == key)


@pytest.fixture
def refreshed():
    """Eight partnerships where the North stands three levels higher, two where the South does."""
    made = contribute(8) + contribute(2, levels=(1, 3))
    return made, evidence.refresh()


def test_the_founding_claim(refreshed):
    cell = table(refreshed[1], "gap-all")["cells"][0]
    assert (cell["n"], cell["lead"]["k"], cell["lead"]["n"], cell["lead"]["ties"]) == (10, 8, 10, 0)
    assert cell["gap"]["mean"] == 2.0
    assert cell["levels"]["south"] == [0, 0.8, 0, 0.2, 0]


def test_agreed_and_perceived_stand_apart(refreshed):
    views = table(refreshed[1], "seen")["cells"]
    assert [(view["of"], view["gap"]["mean"]) for view in views] == [(["north"], 1.5), (["south"], 0.5)]
    assert "north" not in views[0]


def test_only_partnerships_that_are_real_count():
    made = contribute(6)
    RealPartnership.objects.filter(partnership=made[0].partnership).update(state=RealState.ASKED)
    RealPartnership.objects.filter(partnership=made[1].partnership).delete()
    assert not table(evidence.refresh(), "gap-all")["shown"], "four are left"
    RealPartnership.objects.filter(partnership=made[0].partnership).update(state=RealState.CONFIRMED)
    assert table(evidence.refresh(), "gap-all")["shown"]


def test_a_refresh_without_news_leaves_the_last_snapshot(refreshed):
    assert evidence.refresh() == refreshed[1]
    contribute(4)
    assert evidence.refresh() == refreshed[1], "four more are no news yet"
    contribute(1)
    later = evidence.refresh()
    assert later != refreshed[1]
    assert table(later, "gap-all")["cells"][0]["n"] == 15


def test_a_revocation_hides_the_numbers_that_rest_on_it(refreshed):
    made, first = refreshed
    revoke(made[0])
    hidden = table(evidence.refresh(), "gap-all")
    assert hidden == {"key": "gap-all", "shown": False, "since": None, "cells": []}
    contribute(4)
    assert table(evidence.refresh(), "gap-all")["shown"], "one has gone and four have come"
    first.refresh_from_db()
    assert table(first, "gap-all")["shown"], "the snapshot itself stays"


def test_what_was_published_never_changes(refreshed):
    snapshot = refreshed[1]
    figure = evidence.freeze(snapshot, "gap-all")
    for change in (
        lambda: EvidenceSnapshot.objects.update(tables=[]),
        lambda: EvidenceSnapshot.objects.all().delete(),
        lambda: Figure.objects.filter(pk=figure.pk).update(values={}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_basis_names_values_and_does_not_hold_them(refreshed):
    text = json.dumps(refreshed[1].basis["rows"]["seen"])
    assert "1.5" not in text


def test_a_figure_is_cited_as_it_was(client, refreshed):
    member = making.member()
    item = making.make_finding(member)
    client.force_login(member.user)
    address = reverse("community:cite-figure", args=[item.code])
    assert client.post(address, {"key": "gap-phase"}).status_code == 422, "one phase is no cut"
    assert client.post(address, {"key": "gap-all", "says": "So it is."}).status_code == 302
    figure = findings.evidence_of(item)[0].figure
    contribute(10)
    assert table(evidence.refresh(), "gap-all")["cells"][0]["n"] == 20
    page = client.get(figure.get_absolute_url()).content.decode()
    assert "8 of 10" in page
    assert figure.digest in page
    assert figure.get_absolute_url() in client.get(item.get_absolute_url()).content.decode()


@pytest.fixture
def cited(refreshed):
    """A finding that cites the ten, who are twenty by now."""
    member = making.member()
    item = making.make_finding(member)
    evidence.cite(item, member.user, "gap-all", "SAID-OF-IT: 8 of 10")
    contribute(10)
    evidence.refresh()
    return item


def pages_of(client, item) -> str:
    """Return the finding's page and the figure's own."""
    client.force_login(item.author)
    addresses = (item.get_absolute_url(), findings.evidence_of(item)[0].figure.get_absolute_url())
    return "".join(client.get(address).content.decode() for address in addresses)


@pytest.mark.parametrize("is_back", [False, True])
def test_a_revocation_hides_what_texts_cite_for_good(client, refreshed, cited, is_back):
    assert "8 of 10" in pages_of(client, cited)
    assert findings.in_force(cited)
    revoke(refreshed[0][0])
    evidence.refresh()
    if is_back:
        revoke(refreshed[0][0], agreed=True)
        contribute(10)
        assert table(evidence.refresh(), "gap-all")["shown"]
    page = pages_of(client, cited)
    assert "8 of 10" not in page
    assert "SAID-OF-IT" not in page
    assert "Not shown, to protect answers." in page
    assert findings.evidence_of(cited)[0].figure.digest in page
    assert not findings.in_force(cited)


def test_a_revocation_in_what_came_later_leaves_an_older_figure(client, cited):
    revoke(Assessment.objects.latest("pk"))
    assert not table(evidence.refresh(), "gap-all")["shown"]
    assert "8 of 10" in pages_of(client, cited)


def test_what_is_hidden_cannot_be_cited_and_does_not_come_back(refreshed, cited):
    figure = findings.evidence_of(cited)[0].figure
    revoke(refreshed[0][0])
    evidence.refresh()
    with pytest.raises(Refused):
        evidence.cite(cited, cited.author, "gap-all")
    with pytest.raises(IntegrityError), transaction.atomic():
        Figure.objects.filter(pk=figure.pk).update(hidden_at=None)


def test_the_page_says_of_whom_it_is_true(client, refreshed):
    client.force_login(making.member().user)
    page = client.get(reverse(PAGE)).content.decode()
    assert "Northern partners have higher levels than Southern partners in 8 of 10" in page
    assert "These partnerships have chosen to use this tool" in page
    assert "Not shown, to protect answers." in page
    assert "Real " not in page


def test_the_empty_page_says_what_is_counted(client):
    client.force_login(making.member().user)
    assert "There are no numbers yet" in client.get(reverse(PAGE)).content.decode()


def test_statements_of_the_page_do_not_grow(client, django_assert_max_num_queries, refreshed):
    client.force_login(making.member().user)
    contribute(30, topics=("agenda", "risk", "governance"))
    evidence.refresh()
    with django_assert_max_num_queries(12):
        client.get(reverse(PAGE))


# --- files


def file(client, name: str):
    return client.get(reverse("community:evidence-file", args=[name]))


def test_csv_with_hxl_tags_and_its_dictionary(client, refreshed):
    client.force_login(making.member().user)
    rows = list(csv.reader(io.StringIO(file(client, "evidence.csv").content.decode())))
    assert all(tag.startswith("#") for tag in rows[1])
    found = [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]
    total = next(row for row in found if row["table"] == "gap-all")
    assert (total["north_leads"], total["without_ties"], total["gap"], total["north_4"]) == ("8", "10", "2.0", "0.8")
    meant = list(csv.reader(io.StringIO(file(client, "dictionary.csv").content.decode())))
    assert [row[0] for row in meant[1:]] == rows[0]
    assert file(client, "secrets.csv").status_code == 404


def test_json_is_the_snapshot_without_its_basis(client, refreshed):
    client.force_login(making.member().user)
    found = file(client, "evidence.json").json()
    assert found["tables"] == refreshed[1].tables
    assert evidence.digest(found["tables"]) == found["digest"]
    assert set(found) == {"example", "taken_at", "method", "digest", "population", "tables"}


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_text_is_a_formula(start):
    assert downloads.written([[start]]).startswith(("'", "\"'"))
    assert downloads.written([[-1.5]]) == "-1.5\r\n"


# --- partnerships that are real


def ask(client, cast, **data):
    client.force_login(cast.north_facilitator)
    address = reverse("community:ask-real", args=[cast.partnership.code])
    return client.post(address, {"about": "See our site.", "network": "Ring"} | data)


def test_facilitators_ask_and_leads_confirm(client, cast):
    assert ask(client, cast).status_code == 302
    row = RealPartnership.objects.get()
    assert evidence.networks_of_real_partnerships() == {}
    lead = making.lead()
    client.force_login(lead.user)
    assert (
        "One partnership has asked to be counted in the evidence base"
        in client.get(reverse("community:groups")).content.decode()
    )
    page = client.get(reverse("community:real")).content.decode()
    assert "Water for All" in page
    client.post(reverse("community:real"), {"row": row.code, "decision": "confirm", "network": "The  RING"})
    assert evidence.networks_of_real_partnerships() == {cast.partnership.pk: "the ring"}
    assert set(Notification.objects.filter(kind="community.real").values_list("recipient", flat=True)) == {
        cast.north_facilitator.pk,
        cast.south_facilitator.pk,
    }


def test_other_words_need_a_new_decision(client, cast):
    ask(client, cast)
    evidence.decide_real(RealPartnership.objects.get(), making.lead().user, True)
    ask(client, cast)
    assert evidence.networks_of_real_partnerships(), "asked again with the same words"
    ask(client, cast, network="")
    assert not evidence.networks_of_real_partnerships()


def test_declining_needs_a_reason(client, cast):
    ask(client, cast)
    row = RealPartnership.objects.get()
    with pytest.raises(Refused):
        evidence.decide_real(row, making.lead().user, False)
    evidence.decide_real(row, making.lead("Lea").user, False, "Nobody knows it.")
    row.refresh_from_db()
    assert row.state == RealState.DECLINED


def test_no_lead_confirms_her_own_partnership(client, cast):
    ask(client, cast)
    own = making.lead(user=cast.south_facilitator)
    with pytest.raises(Refused):
        evidence.decide_real(RealPartnership.objects.get(), own.user, True)


def test_a_demo_is_never_real(client, cast):
    cast.partnership.is_demo = True
    cast.partnership.save()
    ask(client, cast)
    assert not RealPartnership.objects.exists()


# --- refreshing


def test_only_leads_refresh(client):
    address = reverse("community:evidence-refresh")
    client.force_login(making.member().user)
    assert client.post(address).status_code == 403
    client.force_login(making.lead().user)
    assert client.post(address).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_the_worker_refreshes(client, celery_worker):
    from tests.waiting import wait_until

    contribute(5)
    client.force_login(making.lead().user)
    client.post(reverse("community:evidence-refresh"))
    wait_until(EvidenceSnapshot.objects.exists, what="a snapshot is there")
    assert table(EvidenceSnapshot.objects.get(), "gap-all")["shown"]


# --- the example


@pytest.fixture
def example():
    return evidence.make_example()


def example_finding(title="An example") -> Finding:
    """A finding as the demo writes them."""
    member = making.member("Eve Example")
    made = Finding(kind=ItemKind.FINDING, group=member.group, is_example=True)
    return writing.create(made, writer_of(member), Content(title, "Text."), title, publish=True)


def test_the_example_is_marked_wherever_it_is_read(client, example):
    finding = example_finding()
    evidence.cite(finding, finding.author, "gap-topic")
    client.force_login(finding.author)
    page = client.get(reverse(PAGE)).content.decode()
    assert "Invented example: these numbers are not evidence" in page
    shown = [one for one in example.tables if one["shown"]]
    assert page.count("Invented example, not evidence:") >= len(shown) > 2
    figure = findings.evidence_of(finding)[0].figure
    for address in (finding.get_absolute_url(), figure.get_absolute_url()):
        assert "Invented example, not evidence:" in client.get(address).content.decode()
    assert figures.lines_of_figure(figure.values)[0].startswith("Invented example, not evidence:")
    rows = list(csv.DictReader(io.StringIO(file(client, "evidence.csv").content.decode())))
    assert {row["example"] for row in rows} == {"#meta+example", "yes"}
    assert "example-evidence.csv" in file(client, "evidence.csv")["Content-Disposition"]
    found = file(client, "evidence.json").json()
    assert found["example"]
    assert all(one["example"] for one in found["tables"])
    assert found["population"].startswith("These numbers do not")


def test_the_example_teaches_what_the_page_can_say(example):
    lead = table(example, "gap-all")["cells"][0]["lead"]
    assert lead["ties"] > 0
    assert 0.5 < lead["share"] < 1
    assert any(len(cell["of"]) > 1 for cell in table(example, "gap-topic")["cells"]), "small cells are merged"
    assert table(example, "shift")["shown"]
    assert not table(example, "seen")["shown"], "something is hidden"
    check_cells_of(example)


def check_cells_of(snapshot: EvidenceSnapshot) -> None:
    assert all(cell["n"] >= 5 for one in snapshot.tables for cell in one["cells"])


def test_the_example_is_the_same_each_time(example):
    again = evidence._put_together(pretend.contributions(), [], pretend.NETWORKS, [], None, example.taken_at)
    assert [one["cells"] for one in again.tables] == [one["cells"] for one in example.tables]
    assert evidence.make_example() == example


def test_the_example_goes_once_there_is_something_real_and_counts_for_nothing(example):
    contribute(4)
    evidence.refresh()
    assert evidence.newest() == example, "four are not shown"
    made = contribute(1)
    real = evidence.refresh()
    assert table(real, "gap-all")["cells"][0]["n"] == 5
    assert "example" not in json.dumps(real.tables)
    assert evidence.newest() == real
    revoke(made[0])
    hidden = evidence.refresh()
    assert not any(one["shown"] for one in hidden.tables)
    assert evidence.newest() == hidden, "the example does not come back"


def test_only_examples_cite_the_example(client, example):
    member = making.member()
    real, pretended = making.make_finding(member), example_finding()
    client.force_login(member.user)
    address = reverse("community:cite-figure", args=[real.code])
    assert "You cannot cite a number yet" in client.get(address).content.decode()
    with pytest.raises(Refused):
        evidence.cite(real, member.user, "gap-all")
    figure = evidence.freeze(example, "gap-all")
    with pytest.raises(IntegrityError, match="examples only"), transaction.atomic():
        findings.cite_figure(real, member.user, figure)
    row = findings.cite_figure(pretended, member.user, figure)
    with pytest.raises(IntegrityError, match="examples only"), transaction.atomic():
        Evidence.objects.filter(pk=row.pk).update(item=real)
    with pytest.raises(IntegrityError, match="stays one"), transaction.atomic():
        Finding.objects.filter(pk=real.pk).update(is_example=True)


def test_the_database_wants_the_mark(example):
    plain = [{**one, "example": False} for one in example.tables]
    for is_example, content in ((True, plain), (False, example.tables)):
        with pytest.raises(IntegrityError, match="evidence_example_is_marked"), transaction.atomic():
            EvidenceSnapshot.objects.create(method_version="1", tables=content, digest="x", is_example=is_example)
    EvidenceSnapshot.objects.create(method_version="1", tables=example.tables, digest="x", is_example=True)


def test_shares_are_rounded_not_cut():
    assert words.percent(17 / 23) == "74%"
    assert words.interval({"low": 0.535, "high": 0.875}, as_percent=True) == "54 to 88%"


def test_a_cited_row_says_what_its_number_counts():
    causes = {"key": "causes", "cells": [{"of": ["all"], "n": 17}, {"of": ["overheads-stay-north"], "n": 9}]}
    assert words.cell_sentence(causes, 0) == "17 partnerships named a cause."
    assert words.cell_sentence(causes, 1).endswith(": 9 partnerships named this cause.")
    shift = {"key": "shift", "cells": [{"of": ["north"], "n": 10, "change": {"mean": -0.21}}]}
    said = "Across 10 partnerships, the average level of Northern partners changed by −0.2."
    assert words.cell_sentence(shift, 0) == said
