"""Papers: their parts and order, suggestions through the merge, the way from findings to recommendations and back."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from community.models import Basis, Comment, Item, PolicyPaper, Recommendation, Section, Suggestion
from community.services import comments, findings
from community.services.groups import participation
from community.services.groups.memberships import writer_of
from community.services.papers import consent_rounds, editing, grounds, suggestions
from community.services.writing import Clash, Content
from partnerships.models import Side
from partnerships.services import Refused
from tests.community.making import lead, make_finding, member, mutation, posted, reader, told
from tests.community.papermaking import (
    call,
    leader,
    make_paper,
    make_recommendation,
    make_section,
    someone,
)
from tests.community.test_measures import make_measure

pytestmark = pytest.mark.django_db


def suggested(item, by, text="Money comes very late.\n\nAnd so on.", base=1) -> Suggestion:
    content = Content(item.title, text)
    return suggestions.suggest(item, writer_of(by), content, "It is worse.", base, mutation())


def test_a_paper_is_written_with_sections_and_recommendations(client, wanda):
    client.force_login(wanda.user)
    mina = someone("Mina Member")
    handle = mina.user.profile.handle
    client.post(
        reverse("community:write", args=["change", "paper"]),
        posted("Pay in time", "For funders.", editors=f"@{handle}"),
    )
    paper = PolicyPaper.objects.get()
    assert [one.name for one in paper.editors.all()] == ["Mina Member"]
    for title in ("Why", "How"):
        client.post(reverse("community:part-new", args=[paper.code, "section"]), posted(title))
    client.force_login(mina.user)  # an editor
    ask = {"addressed_to": "The ministry", "moment": "The next framework", "by_day": "2027-03-01"}
    client.post(reverse("community:part-new", args=[paper.code, "recommendation"]), posted("Pay in advance", **ask))
    client.post(reverse("community:part-new", args=[paper.code, "recommendation"]), posted("Listen", **ask))
    assert list(paper.recommendations.values_list("number", "title")) == [(1, "Pay in advance"), (2, "Listen")]
    page = client.get(paper.get_absolute_url()).content.decode()
    for words in (
        "For funders.",
        "Why",
        "How",
        "Pay in advance",
        "The ministry",
        "The next framework",
        "1 March 2027",
    ):
        assert words in page


def test_sections_change_places(client, paper, wanda):
    for title in ("One", "Two", "Three"):
        make_section(paper, wanda, title)
    client.force_login(wanda.user)

    def moved(title: str, to: str) -> list[str]:
        section = Section.objects.get(title=title)
        client.post(reverse("community:section-move", args=[section.code]), {"to": to})
        return list(paper.sections.values_list("title", flat=True))

    assert moved("Three", "up") == ["One", "Three", "Two"]
    assert moved("One", "down") == ["Three", "One", "Two"]
    assert moved("Three", "up") == ["Three", "One", "Two"]


def test_only_editors_change_and_everybody_else_suggests(client, paper, wanda):
    section = make_section(paper, wanda)
    mina = someone("Mina Member")
    edit, suggest = (reverse(f"community:{name}", args=[section.code]) for name in ("edit", "suggest"))
    client.force_login(mina.user)
    assert (client.get(edit).status_code, client.get(suggest).status_code) == (403, 200)
    paper.editors.add(mina.user)
    assert client.get(edit).status_code == 200
    client.force_login(leader().user)
    assert client.get(edit).status_code == 200


def test_a_suggestion_is_accepted_in_its_authors_name(client, paper, wanda):
    section, mina = make_section(paper, wanda), someone("Mina Member", Side.NORTH)
    client.force_login(mina.user)
    form = posted(section.title, "Money comes very late.\n\nAnd so on.", base=1, reason="It is worse.")
    client.post(reverse("community:suggest", args=[section.code]), form)
    client.post(reverse("community:suggest", args=[section.code]), form)  # twice is once
    found = Suggestion.objects.get()
    assert told("suggested") == {"Wanda Writer"}
    client.force_login(mina.user)
    accept = reverse("community:suggestion-accept", args=[found.code])
    assert client.post(accept).status_code == 403
    client.force_login(wanda.user)
    page = client.get(found.get_absolute_url()).content.decode()
    assert "<ins>very </ins>" in page
    editing.save(section, writer_of(wanda), Content("Why", "Money comes late.\n\nAnd so on.\n\nMore."), 1, mutation())
    client.post(accept)
    section.refresh_from_db()
    assert section.text == "Money comes very late.\n\nAnd so on.\n\nMore."  # merged
    newest = section.revisions.first()
    assert (newest.author, newest.side, newest.number) == (mina.user, "north", 3)
    found.refresh_from_db()
    assert (found.state, found.version) == ("accepted", 3)
    assert told("suggestion") == {"Mina Member"}


def test_a_suggestion_that_clashes_is_asked_about(client, paper, wanda):
    section, mina = make_section(paper, wanda), someone("Mina Member")
    found = suggested(section, mina)
    editing.save(section, writer_of(wanda), Content("Why", "Money comes in May.\n\nAnd so on."), 1, mutation())
    client.force_login(wanda.user)
    accept = reverse("community:suggestion-accept", args=[found.code])
    assert client.post(accept).status_code == 409
    assert isinstance(suggestions.accept(found, wanda.user), Clash)
    assert not mina.user.drafts.exists()
    client.post(accept, {"seen": "2", "pick-0": "mine"})
    section.refresh_from_db()
    assert section.text == "Money comes very late.\n\nAnd so on."


def test_a_suggestion_is_declined_with_a_reason_once(client, paper, wanda):
    section, mina = make_section(paper, wanda), someone("Mina Member")
    found = suggested(section, mina)
    client.force_login(wanda.user)
    decline = reverse("community:suggestion-decline", args=[found.code])
    assert client.post(decline, {"reason": ""}).status_code == 422
    client.post(decline, {"reason": "We have no source."})
    client.force_login(mina.user)
    assert "We have no source." in client.get(found.get_absolute_url()).content.decode()
    with pytest.raises(Refused):
        suggestions.accept(found, wanda.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Suggestion.objects.filter(pk=found.pk).update(state="open")
    section.refresh_from_db()
    assert section.version == 1


def test_what_is_no_change_is_no_suggestion(paper, wanda):
    section = make_section(paper, wanda)
    with pytest.raises(Refused):
        suggested(section, someone(), "Money comes late.\n\nAnd so on.")
    with pytest.raises(Refused):
        suggested(section, someone("Other"), base=9)


def test_a_suggestion_waits_while_both_sides_are_asked(paper, wanda):
    ask = make_recommendation(paper, wanda)
    found = suggested(ask, someone(), "All of it.")
    call(paper, ask, by=wanda)
    with pytest.raises(Refused):
        suggestions.accept(found, wanda.user)


def test_the_way_from_a_recommendation_to_evidence_and_from_a_finding_to_what_became_of_it(client, paper, wanda):
    fiona, gives = member("Fiona Finder"), member("Gita Gives")
    finding, measure = make_finding(fiona, "Money comes late"), make_measure(fiona)
    findings.add_document(finding, gives.user, title="A report on payments", source="Somebody")
    ask = make_recommendation(paper, wanda)
    client.force_login(wanda.user)
    page = reverse("community:grounds", args=[ask.code])
    assert "Money comes late" in client.get(page, {"q": "money"}).content.decode()
    client.post(page, {"add": finding.code})
    client.post(page, {"add": finding.code})
    client.post(page, {"add": measure.code})
    assert Basis.objects.count() == 2
    assert told("answered") >= {"Fiona Finder", "Gita Gives"}
    shown = client.get(ask.get_absolute_url()).content.decode()
    evidence = finding.evidence.get()
    assert f'href="{finding.get_absolute_url()}#{evidence.code}"' in shown
    assert "A report on payments" in shown
    assert str(measure) in shown
    for item in (finding, measure):
        page_of = client.get(item.get_absolute_url()).content.decode()
        assert ask.get_absolute_url() in page_of
        assert paper.title in page_of
    client.post(page, {"remove": measure.code})
    assert ask.get_absolute_url() not in client.get(measure.get_absolute_url()).content.decode()


def test_a_recommendation_rests_on_findings_and_measures_only(paper, wanda):
    ask, section = make_recommendation(paper, wanda), make_section(paper, wanda)
    for item in (section, make_finding(publish=False)):
        with pytest.raises(Refused):
            grounds.rest_on(ask, item, wanda.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Basis.objects.create(recommendation=ask, item=section)
    with pytest.raises(IntegrityError), transaction.atomic():
        Section.objects.create(kind="section", group=paper.group, side="south", paper=paper, position=9)


def test_hidden_findings_are_not_led_to(client, paper, wanda):
    finding, ask = make_finding(member("Fiona"), "Money comes late"), make_recommendation(paper, wanda)
    grounds.rest_on(ask, finding, wanda.user)
    Item.objects.filter(pk=finding.pk).update(state="hidden")
    client.force_login(someone().user)
    assert "Money comes late" not in client.get(ask.get_absolute_url()).content.decode()
    assert "Money comes late" not in client.get(paper.get_absolute_url()).content.decode()


def test_a_draft_paper_and_its_parts_are_its_authors(client, wanda):
    paper = make_paper(wanda, "Hush", publish=False)
    section = make_section(paper, wanda, "Quiet")
    client.force_login(leader().user)
    for item in (paper, section):
        assert client.get(item.get_absolute_url()).status_code == 404
    assert "Hush" not in client.get(reverse("community:papers")).content.decode()
    client.force_login(wanda.user)
    assert "Quiet" in client.get(paper.get_absolute_url()).content.decode()


def test_comments_on_a_part_lead_to_its_page(client, paper, wanda):
    ask = make_recommendation(paper, wanda)
    client.force_login(wanda.user)
    made = comments.comment(ask, writer_of(someone()), "Half is too little.", mutation())
    comment = Comment.objects.get(pk=made.pk)
    there = client.get(reverse("community:item", args=[comment.code]))
    assert there.headers["Location"] == f"{ask.get_absolute_url()}#{comment.code}"
    assert "Half is too little." in client.get(ask.get_absolute_url()).content.decode()


def test_the_voice_meter_counts_what_all_may_read_by_side(client, paper, wanda):
    north = someone("Nina North", Side.NORTH)
    section = make_section(paper, wanda)  # south: the paper, the section
    suggested(section, north)
    comments.comment(section, writer_of(north), "Yes.", mutation())
    talk = comments.comment(paper, writer_of(someone("Olu Other", Side.OTHER)), "No.", mutation())
    make_paper(north, "A draft", publish=False)
    meter = participation.of_paper(paper)
    assert (meter.total, meter.north, meter.south, meter.other) == (5, 2, 2, 1)
    assert participation.of_group(paper.group) == meter
    Item.objects.filter(pk=talk.pk).update(state="hidden")
    assert participation.of_paper(paper).other == 0
    client.force_login(wanda.user)
    for page in (paper.get_absolute_url(), reverse("community:papers"), paper.group.get_absolute_url()):
        said = " ".join(client.get(page).content.decode().split())
        assert "Number of contributions: 4. From the North: 2. From the South: 2. From others: 0." in said, page


def test_translations_are_kept_with_their_version(client, paper, wanda):
    ask = make_recommendation(paper, wanda)
    client.force_login(someone().user)
    page = reverse("community:translate", args=[ask.code])
    client.post(page, {"language": "fr", "title": "Payer d'avance", "text": "La **moitié**."})
    shown = client.get(ask.get_absolute_url()).content.decode()
    assert "<strong>moitié</strong>" in shown
    assert "of version 1" not in shown
    editing.save(ask, writer_of(wanda), Content(ask.title, "All of it."), 1, mutation())
    assert "of version 1" in client.get(ask.get_absolute_url()).content.decode()
    assert client.post(page, {"language": "en", "title": "x"}).status_code == 422
    with pytest.raises(Refused):
        consent_rounds.translate(ask, writer_of(wanda), "en", "x", "y")


def fill(paper, by, n: int) -> None:
    for number in range(n):
        section = make_section(paper, by, f"Section {number}")
        ask = make_recommendation(paper, by, f"Ask {number}")
        finding = make_finding(member("Fiona"), f"Finding {number}")
        findings.add_document(finding, by.user, title="A report", source="Somebody")
        grounds.rest_on(ask, finding, by.user)
        suggested(section, by)
        make_paper(by, f"Paper {number}")


def counted(client, page: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


def test_queries_do_not_grow(client, paper, wanda):
    client.force_login(leader().user)
    fill(paper, wanda, 2)
    ask = Recommendation.objects.first()
    asked = call(paper, *Recommendation.objects.all(), by=wanda)
    names = [paper.get_absolute_url(), ask.get_absolute_url(), reverse("community:papers"), asked.get_absolute_url()]
    names += [reverse("community:grounds", args=[ask.code]), reverse("community:group", args=["change"]), "/"]
    few = [counted(client, page) for page in names]
    fill(paper, wanda, 20)
    assert [counted(client, page) for page in names] == few
    assert max(few) <= 32, dict(zip(names, few, strict=True))


def test_a_lead_of_another_group_edits_nothing(client, paper, wanda):
    section = make_section(paper, wanda)
    client.force_login(lead().user)
    assert client.get(reverse("community:edit", args=[section.code])).status_code == 403
    assert not editing.may_edit(section, reader(lead("Other Lead")))
