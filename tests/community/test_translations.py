"""Whoever is asked to translate a text can: findings, measures, papers and their parts; never a case."""

import pytest
from django.urls import reverse

from community.models import Translation
from community.services import case_studies
from community.services.groups.memberships import writer_of
from tests.community.making import make_case_study, make_finding, member, told
from tests.community.papermaking import make_paper, make_recommendation, make_section, someone
from tests.community.test_measures import make_measure
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
FRENCH = {"language": "fr", "title": "L'argent arrive tard", "text": "Toujours.\n\n<script>alert(1)</script>"}


def address(item) -> str:
    return reverse("community:translate", args=[item.code])


def test_a_member_translates_what_asks_for_it_and_its_author_is_told(client):
    mina, tara = member("Mina Member"), member("Tara Translates")
    finding = make_finding(mina, translate_me=True)
    client.force_login(tara.user)
    assert address(finding) in client.get(finding.get_absolute_url()).content.decode()
    assert client.post(address(finding), FRENCH).status_code == 302
    page = client.get(finding.get_absolute_url()).content.decode()
    assert "L&#x27;argent arrive tard" in page
    assert "<script>alert" not in page
    assert told("translated") == {"Mina Member"}
    client.post(address(finding), FRENCH | {"title": "Mieux"})
    page = client.get(finding.get_absolute_url()).content.decode()
    assert "Mieux" in page
    assert "L&#x27;argent" not in page
    assert Translation.objects.count() == 2


def test_everything_that_stands_in_lists_and_papers_can_be_translated(client):
    wanda = someone("Wanda Writer")
    client.force_login(wanda.user)
    paper = make_paper(wanda)
    items = [paper, make_section(paper, wanda), make_recommendation(paper, wanda), make_measure(wanda)]
    for item in items:
        assert client.get(address(item)).status_code == 200
        client.post(address(item), FRENCH)
        assert "L&#x27;argent arrive tard" in client.get(item.get_absolute_url()).content.decode()
    assert told("translated") == set()  # one's own


def test_a_draft_a_comment_and_a_case_cannot(client, cast):
    fatma = member("Fatma South", user=cast.south_facilitator)
    client.force_login(fatma.user)
    finding = make_finding(fatma)
    case = make_case_study(finding, cast.partnership, fatma)
    for user in (cast.north_facilitator, cast.south_facilitator):
        case_studies.approve(case, user, case_studies.digest(case))
    case.refresh_from_db()
    assert case.is_published
    for item in (make_finding(fatma, publish=False), case):
        assert client.get(address(item)).status_code == 404
        assert client.post(address(item), FRENCH).status_code == 404
    assert client.get(address(finding)).status_code == 200
    assert not Translation.objects.exists()


def test_nobody_is_asked_for_a_translation_that_cannot_be_given(client, cast):
    fatma = member("Fatma South", user=cast.south_facilitator)
    finding, measure = make_finding(fatma), make_measure(fatma)
    client.force_login(fatma.user)
    for form, asks in (
        (reverse("community:edit", args=[finding.code]), True),
        (reverse("community:write-case-study", args=[finding.code]), False),
        (reverse("community:step-add", args=[measure.code]), False),
    ):
        assert ("Please translate this text" in client.get(form).content.decode()) == asks


def test_only_members_translate_and_everybody_reads_the_translation(client):
    mina = member()
    finding = make_finding(mina, translate_me=True)
    client.force_login(UserFactory())
    assert client.post(address(finding), FRENCH).status_code == 403
    assert address(finding) not in client.get(finding.get_absolute_url()).content.decode()
    client.force_login(mina.user)
    client.post(address(finding), FRENCH)
    client.force_login(UserFactory())
    assert "L&#x27;argent arrive tard" in client.get(finding.get_absolute_url()).content.decode()


def test_the_translation_into_the_readers_language_is_open(client):
    mina = member()
    finding = make_finding(mina, "L'argent arrive tard", language="fr")
    client.force_login(mina.user)
    for language, title in (("es", "El dinero llega tarde"), ("en", "Money comes late")):
        client.post(address(finding), {"language": language, "title": title, "text": ""})
    page = client.get(finding.get_absolute_url()).content.decode()
    [before_english] = [part for part in page.split("<details")[1:] if "Money comes late" in part]
    [before_spanish] = [part for part in page.split("<details")[1:] if "El dinero" in part]
    assert " open>" in before_english[:60]
    assert " open>" not in before_spanish[:60]
    assert writer_of(mina).side == Translation.objects.first().side
