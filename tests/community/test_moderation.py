"""Report, hide with a reason, tell the author, appeal, restore or keep; coordinators read the log."""

import pytest
from django.urls import reverse

from community.models import GroupRole, Item, ModerationEntry, State
from community.services import comments, moderation
from community.services.groups import memberships
from community.services.groups.memberships import writer_of
from partnerships.services import Refused
from tests.community.making import lead, make_finding, member, mutation, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return {"author": member("Ama"), "reporter": member("Rita"), "lead": lead("Lena"), "other": lead("Lars")}


@pytest.fixture
def item(people):
    return make_finding(people["author"], "Claim", "It was Mr X of Y.")


def post(client, who, page, item, **form):
    client.force_login(who.user)
    return client.post(reverse(f"community:{page}", args=[item.code]), form)


def state(item) -> str:
    return Item.objects.get(pk=item.pk).state


def test_the_whole_way(client, people, item):
    post(client, people["reporter"], "report", item, reason="It names a person.")
    assert told("reported") == {"Lena", "Lars"}
    client.force_login(people["lead"].user)
    queue = reverse("community:moderation", args=["understanding"])
    assert b"It names a person." in client.get(queue).content
    post(client, people["lead"], "moderate", item, verb="hid", reason="Please leave the name out.")
    assert state(item) == State.HIDDEN
    assert told("hidden") == {"Ama"}
    client.force_login(people["reporter"].user)
    assert client.get(item.get_absolute_url()).status_code == 404
    client.force_login(people["author"].user)
    why = client.get(reverse("community:appeal", args=[item.code])).content
    assert b"Please leave the name out." in why
    assert b"Rita" not in why
    assert b"It names a person." not in why
    post(client, people["author"], "appeal", item, reason="The name is public.")
    assert told("appealed") == {"Lars"}
    assert post(client, people["lead"], "moderate", item, verb="kept", reason="No.").status_code == 302
    assert state(item) == State.HIDDEN
    assert told("kept") == set()
    post(client, people["other"], "moderate", item, verb="restored", reason="It is.")
    assert state(item) == State.PUBLISHED
    assert told("restored") == {"Ama"}
    client.force_login(people["lead"].user)
    activity_log = client.get(queue).content.decode()
    for words in ("It names a person.", "Please leave the name out.", "The name is public.", "It is."):
        assert words in activity_log
    assert not ModerationEntry.objects.filter(verb__in=moderation.WAITING, settled_by=None).exists()


def test_kept_hidden_by_another_lead(people, item):
    moderation.decide(item, people["lead"].user, "hid", "A name.")
    item.refresh_from_db()
    moderation.appeal(item, people["author"].user, "Public.")
    moderation.decide(item, people["other"].user, "kept", "Still.")
    assert state(item) == State.HIDDEN
    assert told("kept") == {"Ama"}


def test_the_only_lead_answers_the_appeal_herself(people, item):
    memberships.appoint(people["other"], people["lead"].user, GroupRole.MEMBER)
    moderation.decide(item, people["lead"].user, "hid", "A name.")
    item.refresh_from_db()
    moderation.appeal(item, people["author"].user, "Public.")
    moderation.decide(item, people["lead"].user, "kept", "Still.")
    assert told("kept") == {"Ama"}


def test_nobody_judges_her_own_text(people):
    own = make_finding(people["lead"])
    moderation.report(own, people["reporter"].user, "Spam.")
    assert moderation.waiting(own.group, people["lead"].user) == []
    assert len(moderation.waiting(own.group, people["other"].user)) == 1
    with pytest.raises(Refused):
        moderation.decide(own, people["lead"].user, "dismissed", "It is fine.")
    moderation.decide(own, people["other"].user, "dismissed", "It is fine.")
    assert state(own) == State.PUBLISHED


def test_reported_twice_by_one_waits_once(people, item):
    moderation.report(item, people["reporter"].user, "One.")
    with pytest.raises(Refused):
        moderation.report(item, people["reporter"].user, "Two.")
    moderation.decide(item, people["lead"].user, "dismissed", "Fine.")
    moderation.report(item, people["reporter"].user, "Again.")


def test_a_reason_is_always_given(client, people, item):
    assert b"required" in post(client, people["lead"], "moderate", item, verb="hid", reason=" ").content
    assert state(item) == State.PUBLISHED


def test_hidden_text_is_not_edited_endorsed_or_commented(client, people, item):
    moderation.decide(item, people["lead"].user, "hid", "A name.")
    for page in ("edit", "comment", "endorse", "attach"):
        assert post(client, people["author"], page, item, text="x", mutation=mutation(), base=1).status_code in (
            302,
            403,
            422,
        )
    assert Item.objects.get(pk=item.pk).version == 1
    assert not item.comments.exists()
    assert not item.endorsements.exists()


def test_hidden_comment_keeps_its_place_where_it_was_answered(client, people, item):
    first = comments.comment(item, writer_of(people["author"]), "Insult.", mutation())
    comments.comment(item, writer_of(people["reporter"]), "Please not.", mutation(), first)
    alone = comments.comment(item, writer_of(people["author"]), "Another insult.", mutation())
    for one in (first, alone):
        moderation.decide(one, people["lead"].user, "hid", "An insult.")
    client.force_login(people["reporter"].user)
    page = client.get(item.get_absolute_url()).content.decode()
    assert "nsult" not in page
    assert page.count("This comment has been hidden.") == 1
    assert "Please not." in page


def test_a_lead_of_another_group_decides_nothing_here(client, people, item):
    from community.models import GroupKind
    from tests.community.making import the_group

    elsewhere = lead("Elsa", group=the_group(GroupKind.CHANGE))
    assert post(client, elsewhere, "moderate", item, verb="hid", reason="x").status_code == 403
    assert state(item) == State.PUBLISHED


def test_the_queue_leads_to_the_decision_and_the_activity_log_does_not(client, people, item):
    moderation.report(item, people["reporter"].user, "A name.")
    client.force_login(people["lead"].user)
    queue = reverse("community:moderation", args=[item.group.kind])
    assert client.get(queue).content.decode().count("Read the text and decide") == 1
    moderation.decide(item, people["lead"].user, "dismissed", "Nobody is named.")
    assert "Read the text and decide" not in client.get(queue).content.decode()
