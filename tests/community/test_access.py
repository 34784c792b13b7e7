"""Who gets in where: each page of the community, asked by everybody."""

import pytest
from django.urls import reverse

from community.models import Evidence, ItemKind, WorkingGroup
from community.services import attachments, comments, findings, notifications
from community.services.groups import memberships
from community.urls import urlpatterns
from partnerships.models import Role
from tests.community.making import lead, make_case_study, make_finding, member, mutation, the_group
from tests.factories import GuestFactory, UserFactory, membership
from tests.security.fuzzing import undone

# Status by person: a(nonymous) g(uest) o(utsider: an account, in no group) m(ember) w(riter of the texts) l(ead)
# r(epresentative of the partnership of the case, in no group).
READERS = {"a": 302, "g": 302, "o": 200, "m": 200, "w": 200, "l": 200, "r": 200}
MEMBERS = {**READERS, "o": 403, "r": 403}
LEADS = {**MEMBERS, "m": 403, "w": 403}
POST_ONLY = {**dict.fromkeys("omwlr", 405), "a": 302, "g": 302}
POST_ONLY_MEMBERS = dict.fromkeys("agomwlr", 405)
REDIRECTED = {**READERS, **dict.fromkeys("omwlr", 302)}
AUTHORS = {**READERS, **dict.fromkeys("omlr", 403)}
PAGES = {
    "groups": READERS,
    "search": READERS,
    "preferences": READERS,
    "unsubscribe": dict.fromkeys("agomwlr", 200),
    "invitation": {**READERS, "m": 302, "w": 302, "l": 302},
    "preview": POST_ONLY_MEMBERS,
    "keep": POST_ONLY_MEMBERS,
    "drop": POST_ONLY_MEMBERS,
    "group": READERS,
    "feed": {**READERS, "a": 404, "g": 404},
    "people": READERS,
    "role": POST_ONLY_MEMBERS,
    "confirm-side": POST_ONLY_MEMBERS,
    "ask-partnership": POST_ONLY_MEMBERS,
    "quorum": POST_ONLY_MEMBERS,
    "join": READERS,
    "leave": POST_ONLY_MEMBERS,
    "invite": POST_ONLY_MEMBERS,
    "settings": LEADS,
    "moderation": LEADS,
    "factors": LEADS,
    "write": MEMBERS,
    "findings": READERS,
    "finding": READERS,
    "finding-status": LEADS,
    "case-study": {**READERS, "o": 404, "m": 404, "l": 404},  # a draft: its author's and its partnership's
    "case-study-approve": POST_ONLY_MEMBERS,
    "case-study-revoke": {**READERS, "o": 404, "m": 404, "w": 200, "l": 404},
    "item": REDIRECTED,
    "edit": MEMBERS,
    "settle": POST_ONLY_MEMBERS,
    "publish": POST_ONLY_MEMBERS,
    "discard": {**AUTHORS, "w": 404},  # it is published
    "withdraw": AUTHORS,
    "history": READERS,
    "compare": READERS,
    "comment": POST_ONLY_MEMBERS,
    "endorse": POST_ONLY_MEMBERS,
    "attach": POST_ONLY_MEMBERS,
    "download": READERS,
    "detach": POST_ONLY_MEMBERS,
    "cite": MEMBERS,
    "write-case-study": MEMBERS,
    "uncite": POST_ONLY_MEMBERS,
    "report": READERS,
    "moderate": LEADS,
    "appeal": AUTHORS,
}
# What a post without fields gets; 302 also where a rule says no politely.
DONE = {**MEMBERS, "m": 302, "w": 302, "l": 302}
POSTS = {
    "preview": {**READERS},
    "role": {**LEADS, "l": 302},
    "leave": {**DONE},
    "confirm-side": {**LEADS, "l": 302},
    "ask-partnership": {**DONE},
    "quorum": {**LEADS, "l": 302},
    "invite": {**LEADS, "l": 302},
    "publish": {**MEMBERS, "m": 403, "l": 403, "w": 302},
    "withdraw": {**AUTHORS, "w": 302},
    "comment": {**MEMBERS, **dict.fromkeys("mwl", 422)},
    "endorse": DONE,
    "attach": DONE,
    "detach": {**MEMBERS, "m": 403, "w": 302, "l": 302},
    "uncite": {**MEMBERS, "m": 403, "w": 302, "l": 302},
    "settle": {**MEMBERS, **dict.fromkeys("mwl", 422)},
    "case-study-approve": {**READERS, "o": 404, "m": 404, "l": 404, "w": 302, "r": 302},
    "keep": {**READERS, **dict.fromkeys("omwlr", 404)},
    "drop": {**READERS, **dict.fromkeys("omwlr", 404)},
}


@pytest.fixture
def people(cast):
    """Everybody who may knock."""
    writes = member("Wanda Writer")
    membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s1"], user=writes.user)
    return {
        "a": None,
        "g": GuestFactory(),
        "o": UserFactory(name="Otto Outsider"),
        "m": member("Mina Member").user,
        "w": writes.user,
        "l": lead().user,
        "r": cast.north_representative,
    }


@pytest.fixture
def addresses(cast, people):
    """Return the address of each page by name; the text, the file, the case and the comment are the writer's."""
    writes = people["w"].group_memberships.get()
    finding = make_finding(writes)
    case = make_case_study(finding, cast.partnership, writes)
    file = attachments.attach(finding, people["w"], "notes.txt", b"words")
    evidence = findings.add_document(finding, people["w"], title="A report", source="Somebody")
    codes = {"group": the_group().kind, "kind": "finding", "code": finding.code, "file": file.code}
    codes |= {"evidence": evidence.code, "handle": writes.user.profile.handle, "mutation": "nothing-like-it"}
    codes |= {"token": notifications.stop_address(people["w"], "mention").rsplit("/", 2)[1]}

    def address(pattern) -> str:
        wanted = {name: codes[name] for name in pattern.pattern.converters}
        if pattern.name == "invitation":
            wanted = {"code": memberships.invite(the_group(), people["l"]).code}
        if pattern.name.startswith("case"):
            wanted = {"code": case.code}
        return reverse(f"community:{pattern.name}", kwargs=wanted)

    own = [pattern for pattern in urlpatterns if pattern.name in PAGES]
    return {pattern.name: address(pattern) for pattern in own}


def test_every_page_has_a_row():
    """Of the rooms that these pages are in; other rooms hold tables of their own."""
    rooms = {"case_studies", "feeds", "findings", "groups", "moderation", "search"}
    rooms |= {"comments", "notifications", "writing"}
    own = {pattern.name for pattern in urlpatterns if pattern.callback.__module__.rsplit(".", 1)[1] in rooms}
    assert own == set(PAGES)


@pytest.mark.parametrize("who", "agomwlr")
def test_access(client, people, addresses, who):
    if user := people[who]:
        client.force_login(user)
    found = {name: client.get(address).status_code for name, address in addresses.items()}
    assert found == {name: row[who] for name, row in PAGES.items()}


@pytest.mark.parametrize("who", "agomwlr")
def test_writes(client, people, addresses, who):
    if user := people[who]:
        client.force_login(user)
    found = {page: undone(client, lambda page=page: client.post(addresses[page]).status_code) for page in POSTS}
    assert found == {page: row[who] for page, row in POSTS.items()}


def test_a_refusal_in_a_group_names_the_group(client, cast, people, addresses):
    client.force_login(people["m"])
    in_group = client.get(addresses["settings"]).content.decode()
    assert "Your role in this working group does not allow you to open this page." in in_group
    client.force_login(cast.south_representative)
    invite = reverse("partnerships:invite", args=[cast.partnership.code])
    in_partnership = client.get(invite).content.decode()
    assert "You are a member of this partnership, but your role does not allow you to open this page." in in_partnership


def test_public_group_is_read_by_anybody_and_changed_by_nobody_new(client, people, addresses):
    WorkingGroup.objects.filter(pk=the_group().pk).update(is_public=True)
    open_pages = {"groups", "search", "group", "feed", "findings", "finding", "history", "compare", "download"}
    found = {name: client.get(address).status_code for name, address in addresses.items()}
    assert {name for name, status in found.items() if status == 200} == open_pages | {"unsubscribe"}
    assert client.get(reverse("community:group", args=["change"])).status_code == 302
    client.force_login(people["g"])
    assert client.get(addresses["finding"]).status_code == 200


def test_anonymous_is_sent_to_sign_in_before_any_look_up(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(reverse("community:edit", args=["nowhere"]))
    assert response.headers["Location"].startswith(reverse("account_login"))
    assert client.get(reverse("community:edit", args=["nowhere"]), HTTP_HX_REQUEST="true").status_code == 401


def test_what_is_not_there_and_what_is_not_public_answer_alike(client, people, addresses):
    there = client.get(addresses["finding"])
    nowhere = client.get(reverse("community:finding", args=["nowhere"]))
    assert (there.status_code, nowhere.status_code) == (302, 302)


def test_pages_of_one_kind_open_no_other(client, people, addresses):
    client.force_login(people["m"])
    finding = people["w"].items.get(kind=ItemKind.FINDING)
    comment = comments.comment(finding, memberships.writer_of(member("Carla")), "Yes.", mutation())
    assert client.get(reverse("community:finding", args=[comment.code])).status_code == 404
    assert client.get(reverse("community:finding", args=[finding.code])).status_code == 200


def test_evidence_and_files_of_another_text_are_not_reached(client, people, addresses):
    client.force_login(people["l"])
    other = make_finding()
    evidence = Evidence.objects.filter(kind="document").get()
    assert client.post(reverse("community:uncite", args=[other.code, evidence.code])).status_code == 404
    assert client.post(reverse("community:uncite", args=[evidence.item.code, evidence.code])).status_code == 302
