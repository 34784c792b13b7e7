"""Who gets in where: the pages of measures, asked by everybody in the same set-up."""

import pytest
from django.urls import reverse

from community.models import GroupKind, GroupRole
from community.services import findings
from community.services.groups.memberships import writer_of
from community.services.measures import maturity_decisions, trials
from community.urls import urlpatterns
from partnerships.models import Side
from tests.community.making import member, the_group
from tests.community.test_access import MEMBERS, POST_ONLY_MEMBERS, READERS, undone
from tests.community.test_measures import document, make_measure, make_step
from tests.community.test_measures_adopting import action  # noqa: F401 (a fixture)
from tests.factories import GuestFactory, UserFactory

# Status by person: a(nonymous) g(uest) o(utsider: an account, in no group) m(ember) w(riter of the measure, South)
# l(ead, North) r(epresentative of the partnership whose action adopts, in no group).
PAGES = {
    "measures": READERS,
    "measure": READERS,
    "adopted": {**READERS, **dict.fromkeys("gomwl", 404)},  # to its partnership, its guests included
    "adopt": POST_ONLY_MEMBERS,
    "measure-use": READERS,
    "measure-recommend": READERS,
    "step-add": MEMBERS,
    "step-change": POST_ONLY_MEMBERS,
    "trial-add": MEMBERS,
    "trial-remove": POST_ONLY_MEMBERS,
    "maturity": MEMBERS,
    "maturity-decide": POST_ONLY_MEMBERS,
}
DONE = {**MEMBERS, **dict.fromkeys("mwl", 302)}
POSTS = {
    "adopt": {**READERS, **dict.fromkeys("omwl", 404), "r": 302},
    "step-add": {**MEMBERS, **dict.fromkeys("mwl", 422)},
    "step-change": DONE,
    "trial-add": MEMBERS,
    "trial-remove": {**DONE, "m": 403},
    "maturity": MEMBERS,
    "maturity-decide": DONE,
}


@pytest.fixture
def people(cast):
    group = the_group(GroupKind.MEASURES)
    return {
        "a": None,
        "g": GuestFactory(),
        "o": UserFactory(name="Otto Outsider"),
        "m": member("Mina Member", Side.NORTH, group=group).user,
        "w": member("Wanda Writer", Side.SOUTH, group=group).user,
        "l": member("Lena Lead", Side.NORTH, GroupRole.COORDINATOR, group=group).user,
        "r": cast.north_representative,
    }


@pytest.fixture
def addresses(people, action):  # noqa: F811
    writes = people["w"].group_memberships.get()
    measure = make_measure(writes)
    evidence = document(measure, writes)
    trial = trials.add_trial(measure, writes.user, evidence, "An alliance")
    decision = maturity_decisions.propose(measure, writer_of(writes), "tried", "Because.", evidence)
    codes = {"code": measure.code, "trial": trial.code, "decision": decision.code}
    step = make_step(measure, writes)

    def address(pattern) -> str:
        wanted = {name: codes[name] for name in pattern.pattern.converters}
        if pattern.name == "step-change":
            wanted = {"code": step.code}
        found = reverse(f"community:{pattern.name}", kwargs=wanted)
        return f"{found}?action={action.code}" if pattern.name == "adopted" else found

    return {pattern.name: address(pattern) for pattern in urlpatterns if pattern.name in PAGES}


def test_every_page_has_a_row():
    own = {pattern.name for pattern in urlpatterns if pattern.callback.__module__ == "community.views.measures"}
    assert own == set(PAGES)


@pytest.mark.parametrize("who", "agomwlr")
def test_access(client, people, addresses, who):
    if user := people[who]:
        client.force_login(user)
    found = {name: client.get(address).status_code for name, address in addresses.items()}
    assert found == {name: row[who] for name, row in PAGES.items()}


@pytest.mark.parametrize("who", "agomwlr")
def test_writes(client, people, addresses, action, who):  # noqa: F811
    if user := people[who]:
        client.force_login(user)
    data = {"action": action.code}
    found = {page: undone(client, lambda page=page: client.post(addresses[page], data).status_code) for page in POSTS}
    assert found == {page: row[who] for page, row in POSTS.items()}


def test_public_group_is_read_by_anybody_and_changed_by_nobody_new(client, people, addresses):
    group = the_group(GroupKind.MEASURES)
    type(group).objects.filter(pk=group.pk).update(is_public=True)
    found = {name: client.get(address).status_code for name, address in addresses.items()}
    assert {name for name, status in found.items() if status == 200} == {"measures", "measure"}


def test_parts_of_another_measure_are_not_reached(client, people, addresses):
    client.force_login(people["l"])
    other = make_measure(people["w"].group_memberships.get(), "Another")
    for name in ("trial-remove", "maturity-decide"):
        path = addresses[name].strip("/").split("/")
        path[path.index("measures") + 1] = other.code
        assert client.post(f"/{'/'.join(path)}/", {"do": "sign"}).status_code == 404
        assert client.post(addresses[name], {"do": "sign"}).status_code == 302
    assert not findings.in_force(other)


def test_a_step_is_opened_by_no_page_of_a_measure(client, people, addresses):
    client.force_login(people["m"])
    step = addresses["step-change"].strip("/").split("/")[-2]
    assert client.get(reverse("community:measure", args=[step])).status_code == 404
    assert client.post(addresses["step-change"].replace(step, "nowhere"), {"do": "up"}).status_code == 404
