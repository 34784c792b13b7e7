"""Pages say what to do next: to a newcomer, to a member, to whoever is asked, to whoever publishes."""

import pytest
from django.urls import reverse

from community.access import reader_of
from community.models import GroupKind, WorkingGroup
from community.services.groups.memberships import writer_of
from community.services.papers import editing, publishing
from community.services.writing import Content
from tests.community.making import member, mutation, the_group
from tests.community.papermaking import call, closed, make_paper, make_recommendation, people, say, someone
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "first", "members"),
    [
        (GroupKind.UNDERSTANDING, "Read the findings", "Propose a finding"),
        (GroupKind.MEASURES, "Look through the measures", "Add an example to a proposed measure"),
        (GroupKind.CHANGE, "Read the policy papers", "Suggest a change"),
    ],
)
def test_a_group_says_where_to_begin(client, kind, first, members):
    group, newcomer = the_group(kind), UserFactory()
    client.force_login(newcomer)
    page = client.get(group.get_absolute_url()).content.decode()
    assert first in page
    assert "Join to comment and write" in page
    assert members not in page
    member(group=group, user=newcomer)
    page = client.get(group.get_absolute_url()).content.decode()
    assert first in page
    assert members in page
    assert "Join to comment" not in page


def test_nobody_is_told_to_join_what_takes_in_by_invitation(client):
    the_group()  # makes the three
    WorkingGroup.objects.update(joining_is_open=False, is_public=True)
    for user in (UserFactory(), None):
        client.logout()
        if user:
            client.force_login(user)
        page = client.get(the_group().get_absolute_url()).content.decode()
        assert "Read the findings" in page
        assert "Join to comment" not in page


def test_a_paper_says_that_both_sides_are_asked_until_one_has_answered(client):
    wanda, mina = someone("Wanda Writer"), someone("Mina Member")
    paper = make_paper(wanda)
    asked = call(paper, make_recommendation(paper, wanda), by=wanda)
    publish = reverse("community:paper-publish", args=[paper.code])
    client.force_login(wanda.user)
    assert "A consent round is open." in client.get(publish).content.decode()
    for user, said in ((mina.user, "Give your answer"), (UserFactory(), "See the consent round")):
        client.force_login(user)
        assert said in client.get(paper.get_absolute_url()).content.decode()
    say(asked, [mina])
    client.force_login(mina.user)
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "See the answers that you gave" in page
    assert "Give your answer" not in page
    closed(asked)
    assert "A consent round about this text is open" not in client.get(paper.get_absolute_url()).content.decode()
    client.force_login(wanda.user)
    assert "A consent round is open." not in client.get(publish).content.decode()


def test_a_paper_leads_to_the_version_that_is_to_be_cited(client):
    wanda = someone("Wanda Writer")
    paper = make_paper(wanda)
    ask = make_recommendation(paper, wanda)
    client.force_login(wanda.user)
    assert "This is the working text" not in client.get(paper.get_absolute_url()).content.decode()
    publish = reverse("community:paper-publish", args=[paper.code])
    assert "None of the recommendations has been adopted by both sides." in client.get(publish).content.decode()
    asked = call(paper, ask, by=wanda)
    say(asked, people("north") + people("south"))
    closed(asked)
    assert "Both sides have adopted one of the recommendations." in client.get(publish).content.decode()
    assert "1 adopted" in client.get(reverse("community:papers")).content.decode()
    version = publishing.publish(paper, wanda.user, reader_of(wanda.user))
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "This is the working text. Version 1 (" in page
    assert page.count(version.get_absolute_url()) == 2
    editing.save(ask, writer_of(wanda), Content(ask.title, "Other words."), 1, mutation())
    assert "0 adopted" in client.get(reverse("community:papers")).content.decode()
