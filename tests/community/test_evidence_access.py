"""Who gets in where: the pages of the evidence base, asked by everybody in the same set-up."""

from functools import partial

import pytest
from django.urls import reverse

from community.services import evidence
from community.urls import urlpatterns
from tests.community.evidence_making import contribute
from tests.community.making import lead, make_finding, member
from tests.community.test_access import MEMBERS, READERS, undone

# Status by person: a(nonymous) g(uest) o(utsider: an account, in no group) m(ember) l(ead) r(epresentative) and
# f(acilitator) of a partnership that is in no group.
READING = {**READERS, "f": 200}
LEADS = {**READING, **dict.fromkeys("omrf", 403)}
PAGES = {
    "evidence": READING,
    "evidence-file": READING,
    "figure": READING,
    "cite-number": READING,
    "evidence-refresh": {**dict.fromkeys("agomlrf", 405)},
    "real": LEADS,
    "ask-real": {**READING, **dict.fromkeys("oml", 404), "r": 403},
    "stand-behind": {**READING, **dict.fromkeys("oml", 404), "r": 403},
    "cite-figure": {**MEMBERS, "f": 403},
}
POSTS = {
    "evidence": dict.fromkeys("agomlrf", 405),
    "evidence-file": dict.fromkeys("agomlrf", 405),
    "figure": dict.fromkeys("agomlrf", 405),
    "cite-number": dict.fromkeys("agomlrf", 405),
    "evidence-refresh": {**LEADS, "l": 302},
    "real": {**LEADS, "l": 404},  # no partnership is named
    "ask-real": {**PAGES["ask-real"], "f": 422},
    "stand-behind": {**PAGES["ask-real"], "f": 404},  # no member is named
    "cite-figure": {**PAGES["cite-figure"], **dict.fromkeys("ml", 422)},
}


@pytest.fixture
def people(cast):
    return {
        "a": None,
        "g": cast.guest,
        "o": cast.outsider,
        "m": member().user,
        "l": lead().user,
        "r": cast.north_representative,
        "f": cast.north_facilitator,
    }


@pytest.fixture
def addresses(cast, people):
    contribute(5)
    snapshot = evidence.refresh()
    named = {
        "evidence-file": ["evidence.json"],
        "figure": [evidence.freeze(snapshot, "gap-all").code],
        "cite-number": [snapshot.code, "gap-all", 0],
        "ask-real": [cast.partnership.code],
        "stand-behind": [cast.partnership.code],
        "cite-figure": [make_finding(member("Wanda Writer")).code],
    }
    return {name: reverse(f"community:{name}", args=named.get(name, [])) for name in PAGES}


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_gets_in(client, people, addresses, method):
    expected = PAGES if method == "get" else POSTS
    found: dict[str, dict[str, int]] = {name: {} for name in PAGES}
    for who, user in people.items():
        client.logout()
        if user:
            client.force_login(user)
        for name, address in addresses.items():
            found[name][who] = undone(client, partial(getattr(client, method), address)).status_code
    assert found == {name: {who: expected[name][who] for who in people} for name in PAGES}


def test_every_page_has_a_row():
    own = {pattern.name for pattern in urlpatterns if pattern.callback.__module__ == "community.views.evidence"}
    assert own == set(PAGES)
