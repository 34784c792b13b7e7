"""An author withdraws a text: its place says so, its words are gone, figures that it cites stay."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from community.markdown import excerpt
from community.models import (
    Evidence,
    Item,
    Revision,
    State,
    Translation,
)
from community.services import comments, evidence, findings, withdrawal
from community.services.groups.memberships import writer_of
from community.services.papers import consent_rounds, grounds, publishing
from partnerships.models import Role
from tests.community.evidence_making import contribute
from tests.community.making import lead, make_case_study, make_finding, member, mutation, reader
from tests.factories import membership

pytestmark = pytest.mark.django_db


def test_an_author_withdraws_a_finding_and_the_place_says_so(client):
    contribute(10)
    evidence.refresh()
    mina, other = member(), member("Otis")
    finding = make_finding(mina, "SECRET-TITLE", "SECRET-WORDS")
    evidence.cite(finding, mina.user, "gap-all", "SECRET-SAYING")
    consent_rounds.translate(finding, writer_of(other), "fr", "SECRET-TITRE", "SECRET-MOTS")
    comment = comments.comment(finding, writer_of(other), "A comment of another.", mutation())
    address = reverse("community:withdraw", args=[finding.code])
    client.force_login(other.user)
    assert client.post(address).status_code == 403
    client.force_login(mina.user)
    assert b"Withdraw my text" in client.get(address).content
    client.post(address)
    figure = Evidence.objects.get().figure
    for who in (mina, other, lead()):
        client.force_login(who.user)
        page = client.get(finding.get_absolute_url()).content.decode()
        assert "Withdrawn by its author" in page
        assert figure.get_absolute_url() in page, "cited figures stay"
        elsewhere = [reverse("community:history", args=[finding.code]), reverse("community:findings")]
        elsewhere += [reverse("community:group", args=["understanding"]), reverse("community:search") + "?q=SECRET"]
        shown = page + "".join(client.get(one).content.decode() for one in elsewhere)
        assert "SECRET-" not in shown
    assert client.get(figure.get_absolute_url()).status_code == 200
    assert not Revision.objects.filter(text__contains="SECRET").exists()
    assert not Translation.objects.exists()
    assert comment.text


def test_an_author_withdraws_a_comment_that_others_answered(client):
    finding, mina = make_finding(member("Fay")), member()
    first = comments.comment(finding, writer_of(mina), "SECRET-WORDS", mutation())
    alone = comments.comment(finding, writer_of(mina), "SECRET-WORDS too", mutation())
    comments.comment(finding, writer_of(member("Otis")), "I do not agree.", mutation(), first)
    client.force_login(mina.user)
    for one in (first, alone):
        client.post(reverse("community:withdraw", args=[one.code]))
    page = client.get(finding.get_absolute_url()).content.decode()
    assert page.count("Withdrawn by its author") == 2
    assert "I do not agree." in page
    assert "SECRET" not in page


def test_the_page_of_withdrawing_names_a_comment_by_whole_words(client):
    mina = member()
    text = "We met the partners in May and again in September, and nobody objected."
    comment = comments.comment(make_finding(mina), writer_of(mina), text, mutation())
    client.force_login(mina.user)
    page = client.get(reverse("community:withdraw", args=[comment.code])).content.decode()
    assert "We met the partners in May and again in September, and …" in page
    assert "We met the partners in May and again in September, and n" not in page


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Two\nlines.", "Two lines."),
        ("a" * 60, "a" * 60),
        ("a" * 61, "a" * 60 + "…"),
        ("word " * 13, "word " * 12 + "…"),
    ],
)
def test_an_excerpt_says_whether_words_were_left_out(words, named):
    assert excerpt(words) == named


def test_an_author_withdraws_a_case_also_after_leaving_the_partnership(client, cast):
    tells = member("Tess")
    own = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s1"], user=tells.user)
    finding = make_finding(tells)
    case = make_case_study(finding, cast.partnership, tells, "SECRET-TITLE", "SECRET-WORDS")
    type(own).objects.filter(pk=own.pk).update(voided_at=timezone.now())
    client.force_login(tells.user)
    client.post(reverse("community:withdraw", args=[case.code]))
    for address in (case.get_absolute_url(), finding.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "Withdrawn by its author" in page
        assert "SECRET" not in page


def test_a_withdrawn_ground_keeps_its_figures_in_later_versions(ask, wanda):
    contribute(10)
    evidence.refresh()
    mina = member()
    finding = make_finding(mina, "SECRET-TITLE")
    evidence.cite(finding, mina.user, "gap-all", "SECRET-SAYING")
    findings.add_document(finding, wanda.user, title="A report", source="Somebody")
    grounds.rest_on(ask, finding, wanda.user)
    withdrawal.withdraw(finding, mina.user)
    version = publishing.publish(ask.paper, wanda.user, reader(wanda))
    [reference] = version.content["references"]
    assert [row["kind"] for row in reference["evidence"]] == ["figure"]
    assert "SECRET" not in str(version.content)
    assert "Withdrawn by its author" in publishing.version_html(version)


def test_a_withdrawn_text_stays_withdrawn(client):
    mina, leads = member(), lead()
    finding = make_finding(mina)
    withdrawal.withdraw(finding, mina.user)
    own = Item.objects.filter(pk=finding.pk)
    for wrong in (
        lambda: own.update(state=State.PUBLISHED),
        lambda: own.update(text="Back."),
        lambda: Translation.objects.create(item=finding, language="fr", version=1, title="T", side="south"),
        lambda: Revision.objects.create(item=finding, number=2, title="T", text="T", side="south", mutation="m"),
        lambda: Item.objects.filter(pk=make_finding(member("Fay")).pk).update(state=State.WITHDRAWN),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
    client.force_login(leads.user)
    for name in ("moderate", "edit", "comment", "endorse", "publish", "withdraw"):
        assert client.post(reverse(f"community:{name}", args=[finding.code])).status_code == 404
