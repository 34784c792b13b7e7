"""A shared phone: what it keeps is encrypted from the first write, and sign-out takes the key and what was sent."""

import json
from base64 import b64decode

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.models.private import Rating
from partnerships import services
from partnerships.models import DeviceKey
from powertool.privacy import erasure
from tests.assessments.test_offline import (  # noqa: F401 (fixtures)
    assessment,
    at,
    cast,
    fill,
    held,
    opened,
    phone,
)
from tests.assessments.test_rating_browser import choose, state, stored
from tests.bad_line import line  # noqa: F401 (a fixture)
from tests.browser import sign_in
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = ["south_representative", "guest"]
SWITCH = "Only on this device, for myself"
REASON = "We hear it late."

EVERYTHING = """async () => {
  const done = (request) => new Promise((told, failed) => {
    request.onsuccess = () => told(request.result);
    request.onerror = failed;
  });
  const plain = (name, value) => {
    if (value instanceof CryptoKey) return `key, extractable: ${value.extractable}`;
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
      return Array.from(new Uint8Array(value.buffer || value), (byte) => String.fromCharCode(byte)).join("");
    }
    return value;
  };
  const storage = [...Object.entries(localStorage), ...Object.entries(sessionStorage)];
  const found = { databases: {}, caches: [], storage };
  for (const { name } of await indexedDB.databases()) {
    const open = await done(indexedDB.open(name));
    for (const store of open.objectStoreNames) {
      const rows = await done(open.transaction(store).objectStore(store).getAll());
      found.databases[`${name}/${store}`] = rows.map((row) => JSON.parse(JSON.stringify(row, plain)));
    }
    open.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found.caches.push(await (await cache.match(request)).text());
  }
  return found;
}"""


def everything(page: Page) -> dict:
    """Return all that this browser keeps of the site: each row of each database, each page in a cache, each item."""
    return page.evaluate(EVERYTHING)


def rows(page: Page, name: str) -> list[dict]:
    return everything(page)["databases"].get(name, [])


def assert_says_nothing(page: Page, *names: str) -> None:
    """Fail where a level, a reason, a wording or a name can be read in anything that this browser keeps."""
    found = everything(page)
    text = json.dumps(found, ensure_ascii=False)
    for secret in (
        REASON,
        "Dividing the budget",
        "Hiring the coordinator",
        "North 1",
        "Water for All",
        "answer",
        *names,
    ):
        assert secret not in json.dumps([found["databases"], found["storage"]], ensure_ascii=False), secret
        assert secret == "answer" or secret not in text, secret
    for name, kept in found["databases"].items():
        kind = name.rsplit("/", 1)[-1]
        for row in kept if kind in ALLOWED else []:
            assert set(row) <= ALLOWED[kind], name


ALLOWED = {
    "queue": {"membership", "code", "cell", "m", "b", "iv", "box"},
    "sheets": {"kind", "owner", "code", "membership", "iv", "box"},
    "keys": {"membership", "owner", "key"},
}


def signs_out(page: Page) -> None:
    page.goto(reverse("account_logout"))
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    wait_until(lambda: "signed-in/keys" not in everything(page)["databases"], what="the key is gone")


def answers_and_lets_wait(page: Page, line, sent: str = "4") -> None:  # noqa: F811
    """Give one answer that is sent, then six that wait."""
    choose(page, "p1", sent)
    expect(state(page, "p1")).to_have_text("Saved on the server")
    line.rule = lambda method, path: "cut" if path.endswith("/answer/") else "through"
    for cell in ("p2", "p3", "p4", "p5", "p6"):
        choose(page, cell, "3")
    choose(page, "a", "no")
    choose(page, "use", "me")
    page.get_by_label("Your reason", exact=True).fill(REASON)
    expect(page.locator("#line")).to_contain_text("6 answers on this device have not been sent yet.")
    wait_until(lambda: len(stored(page)) == 6, what="all six are on the disk")


@pytest.mark.parametrize("who", PEOPLE)
def test_what_waits_and_what_was_sent_lie_there_only_as_ciphertext(cast, at, line, phone, who):  # noqa: F811
    person = getattr(cast, who)
    page = opened(phone, person, at("rate-decision", 1))
    answers_and_lets_wait(page, line)
    assert len(rows(page, "rating/queue")) == 6
    assert len(rows(page, "signed-in/sheets")) == 1
    assert [one["key"] for one in rows(page, "signed-in/keys")] == ["key, extractable: false"]
    assert_says_nothing(page, person.name)


@pytest.mark.parametrize("who", PEOPLE)
def test_signing_out_leaves_nothing_that_was_sent_and_no_key(cast, at, line, phone, who):  # noqa: F811
    person = getattr(cast, who)
    page = opened(phone, person, at("rate-decision", 1))
    fill(page, "012343", "no")
    expect(state(page, "a")).to_have_text("Saved on the server")  # the last one is on its way to the disk at first
    wait_until(lambda: stored(page) == [], what="everything is sent")
    page.evaluate("() => { sessionStorage.setItem('free:x', 'not'); localStorage.setItem('x', 'not'); }")
    signs_out(page)
    found = everything(page)
    assert {name: kept for name, kept in found["databases"].items() if "leases" not in name and kept} == {}
    assert found["storage"] == []
    assert_says_nothing(page, person.name)
    assert "rater" not in {one["name"] for one in phone.context.cookies()}


@pytest.mark.parametrize("who", PEOPLE)
def test_what_waits_outlives_sign_out_unreadable_and_is_sent_once_she_is_back(cast, at, line, phone, who):  # noqa: F811
    person = getattr(cast, who)
    page = opened(phone, person, at("rate-decision", 1))
    answers_and_lets_wait(page, line)
    signs_out(page)
    assert len(rows(page, "rating/queue")) == 6
    assert_says_nothing(page, person.name)

    line.rule = line.through
    other = cast.guest if who == "south_representative" else cast.south_representative
    page = opened(phone, other, at("rate-decision", 1))
    expect(page.locator("#line")).to_contain_text("6 unsent answers from another person are stored on this device.")
    expect(page.locator("#p2 input:checked")).to_have_count(0)
    assert held() == {(1, 1): 4}
    signs_out(page)

    page = opened(phone, person, at("rate-decision", 1))
    wait_until(lambda: stored(page) == [], what="what waited is sent")
    assert held() == {(1, 1): 4} | {(1, n): 3 for n in range(2, 7)}
    assert set(Rating.objects.values_list("rater__membership__user", flat=True)) == {person.pk}


def test_what_is_for_oneself_outlives_sign_out_unreadable_and_is_hers_again(cast, at, line, phone):  # noqa: F811
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    page.get_by_text("Keep answers without sending them").click()
    page.get_by_label(SWITCH).check()
    choose(page, "p1", "4")
    choose(page, "use", "me")
    page.get_by_label("Your reason", exact=True).fill(REASON)
    expect(state(page, "p1")).to_have_text(SWITCH)
    wait_until(lambda: len(rows(page, "for-myself/queue")) == 3, what="two answers and the switch are on the disk")
    assert_says_nothing(page)
    signs_out(page)
    assert_says_nothing(page)
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    expect(page.locator("#p1 input:checked")).to_have_value("4")
    expect(page.get_by_label("Your reason", exact=True)).to_have_value(REASON)
    expect(page.get_by_label(SWITCH)).to_be_checked()
    assert held() == {}


def test_without_a_line_her_own_page_still_opens_what_waits(cast, at, line, phone):  # noqa: F811
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    line.rule = line.cut
    choose(page, "p1", "4")
    expect(page.locator("#line")).to_contain_text("1 answer on this device has not been sent yet.")
    phone.close()
    page = phone.open().pages[0]
    page.goto(at("rate-decision", 1))
    expect(page.locator("main[data-view=shell]")).to_be_visible()
    expect(page.locator("#p1 input:checked")).to_have_value("4")


def test_signed_out_a_page_without_a_line_shows_nothing_of_hers(cast, at, line, phone):  # noqa: F811
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    answers_and_lets_wait(page, line)
    signs_out(page)
    line.rule = line.cut
    page.goto(at("rate-decision", 1))
    expect(page.get_by_role("heading", name="This page needs a connection")).to_be_visible()
    expect(page.locator("#p1")).to_have_count(0)


def test_a_session_that_ends_by_itself_takes_the_key_and_loses_nothing(cast, at, line, phone):  # noqa: F811
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    Session.objects.all().delete()
    choose(page, "p1", "4")
    expect(page.locator("#line")).to_contain_text("You are signed out, but nothing is lost")
    wait_until(lambda: "signed-in/keys" not in everything(page)["databases"], what="the key is gone")
    choose(page, "p2", "3")
    wait_until(lambda: len(stored(page)) == 2, what="the open page goes on")
    assert_says_nothing(page)
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    wait_until(lambda: stored(page) == [], what="everything is sent")
    assert held() == {(1, 1): 4, (1, 2): 3}


def test_where_the_session_ran_out_any_page_of_the_site_takes_the_key(cast, at, line, phone):  # noqa: F811
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    assert len(rows(page, "signed-in/keys")) == 1
    Session.objects.all().delete()
    page.goto("/")
    wait_until(lambda: "signed-in/keys" not in everything(page)["databases"], what="the key is gone")


def test_somebody_else_who_signs_in_finds_no_key_of_hers(cast, at, line, phone):  # noqa: F811
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    sign_in(phone.context, cast.observer, phone.url)
    page.goto("/")
    wait_until(lambda: "signed-in/keys" not in everything(page)["databases"], what="the key is gone")


def test_signing_out_in_one_tab_takes_her_answers_off_the_other(cast, at, line, phone):  # noqa: F811
    one = opened(phone, cast.south_representative, at("rate-decision", 1))
    choose(one, "p1", "4")
    expect(state(one, "p1")).to_have_text("Saved on the server")
    two = phone.context.new_page()
    two.goto(at("rate"))
    signs_out(two)
    expect(one.locator("#p1")).to_have_count(0)
    assert_says_nothing(two)


@pytest.mark.parametrize("missing", ["crypto.subtle", "a place for keys"])
def test_where_nothing_can_be_encrypted_nothing_is_kept_and_that_is_said(cast, at, line, phone, missing):  # noqa: F811
    gone = {
        "crypto.subtle": "Object.defineProperty(Crypto.prototype, 'subtle', {value: undefined})",
        "a place for keys": """
            const open = IDBFactory.prototype.open;
            IDBFactory.prototype.open = function (name, ...more) {
                if (name === "signed-in") throw new Error("no room");
                return open.call(this, name, ...more);
            }""",
    }
    phone.context.add_init_script(gone[missing])
    sign_in(phone.context, cast.south_representative, phone.url)
    page = phone.page
    page.goto(at("rate-decision", 1))
    expect(page.locator("main[data-ready=yes]")).to_be_visible()
    expect(page.get_by_label(SWITCH)).to_be_hidden()
    line.rule = lambda method, path: "cut" if path.endswith("/answer/") else "through"
    choose(page, "p1", "4")
    expect(page.locator("#line")).to_contain_text("This browser cannot store your answers. Leave this page open")
    clean = phone.context.new_page()
    clean.goto("/privacy/")
    assert [kept for name, kept in everything(clean)["databases"].items() if "leases" not in name and kept] == []
    line.rule = line.through
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(state(page, "p1")).to_have_text("Saved on the server")
    assert held() == {(1, 1): 4}


OLD = """([seat, code]) => new Promise((done) => {
  const open = indexedDB.open("rating", 1);
  open.onupgradeneeded = () => {
    open.result.createObjectStore("sheets", { keyPath: ["owner", "code"] });
    open.result.createObjectStore("queue", { keyPath: ["seat", "code", "cell"] });
    open.result.createObjectStore("leases");
  };
  open.onsuccess = () => {
    const work = open.result.transaction(["sheets", "queue"], "readwrite");
    work.objectStore("sheets").put({ owner: "x", code, data: { seat, answers: { 1: { p1: [1, "4"] } } } });
    const item = { seat, code, cell: "1/p2", d: 1, m: crypto.randomUUID(), b: 0, s: null, t: Date.now() };
    work.objectStore("queue").put({ ...item, answer: ["3"] });
    work.oncomplete = () => { open.result.close(); done(); };
  };
})"""


def test_what_an_older_version_kept_in_the_clear_is_encrypted_or_gone(cast, assessment, at, line, phone):  # noqa: F811
    own = cast.membership(cast.south_representative)
    page = phone.page
    page.goto("/privacy/")
    page.evaluate(OLD, [own.code, assessment.code])
    line.rule = lambda method, path: "cut" if path.endswith("/answer/") else "through"
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    expect(page.locator("#p2 input:checked")).to_have_value("3")
    assert len(rows(page, "rating/queue")) == 1
    assert "rating/sheets" not in everything(page)["databases"]
    assert_says_nothing(page)
    line.rule = line.through
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    wait_until(lambda: held() == {(1, 2): 3}, what="it is sent")


def test_no_length_tells_a_yes_from_a_no(cast, at, line, phone):  # noqa: F811
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    line.rule = lambda method, path: "cut" if path.endswith("/answer/") else "through"
    sizes = set()
    for agree in ("yes", "no", "none"):
        choose(page, "a", agree)
        expect(state(page, "a")).to_have_text("On this device")
        (row,) = stored_sizes(page)
        sizes.add(row)
    assert len(sizes) == 1


def stored_sizes(page: Page) -> list[int]:
    return [len(row["box"]) for row in rows(page, "rating/queue")]


def test_the_page_itself_does_not_hold_the_key_once_it_is_open(cast, at, line, phone):  # noqa: F811
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    key = services.device_key(cast.membership(cast.south_representative))
    assert key not in page.content()


# Whose key it is


def keys_in(client, path: str) -> set[str]:
    """Return which memberships' keys a page holds."""
    body = client.get(path).content.decode()
    return {
        one.membership.user.name for one in DeviceKey.objects.select_related("membership__user") if spelt(one) in body
    }


def spelt(key: DeviceKey) -> str:
    return services.device_key(key.membership)


@pytest.mark.parametrize("name", ["rate-decision", "rate-review", "rate-sheet"])
def test_a_key_is_given_to_its_own_person_alone(cast, client, at, name):  # noqa: F811
    for one in cast.partnership.memberships.all():
        services.device_key(one)
    path = at(name, 1) if name == "rate-decision" else at(name)
    for person in (cast.south_representative, cast.guest):
        client.force_login(person)
        assert keys_in(client, path) == {person.name}
        assert "no-store" in client.get(path).headers["Cache-Control"]
    for person in (cast.north_facilitator, cast.observer, cast.outsider):
        client.force_login(person)
        assert keys_in(client, path) == set()
    client.logout()
    assert keys_in(client, path) == set()


def test_a_voided_membership_gets_no_key_any_more(cast, client, at):  # noqa: F811
    own = cast.membership(cast.south_representative)
    client.force_login(cast.south_representative)
    assert keys_in(client, at("rate-sheet")) == {cast.south_representative.name}
    services.void_membership(own, own)
    assert client.get(at("rate-sheet")).status_code in (403, 404)
    assert keys_in(client, at("rate-sheet")) == set()


def test_a_key_is_the_same_on_every_device_and_another_for_each_membership(cast):  # noqa: F811
    one, two = cast.membership(cast.south_representative), cast.membership(cast.guest)
    assert services.device_key(one) == services.device_key(one) != services.device_key(two)
    assert len(b64decode(services.device_key(one))) == 32


def test_a_key_has_256_bits_and_never_changes(cast):  # noqa: F811
    own = cast.membership(cast.south_representative)
    services.device_key(own)
    for sql in (
        "UPDATE partnerships_devicekey SET secret = sha256('x')",
        "INSERT INTO partnerships_devicekey (membership_id, secret) "
        "SELECT id, 'short' FROM partnerships_membership LIMIT 1",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_whoever_erases_herself_takes_her_key_along(cast, assessment):  # noqa: F811
    services.device_key(cast.membership(cast.guest))
    erasure.erase_person(cast.guest)
    assert not DeviceKey.objects.exists()


def test_signing_out_tells_the_browser_to_forget_its_pages_and_nothing_else_does(cast, client):  # noqa: F811
    client.force_login(cast.south_representative)
    assert "Clear-Site-Data" not in client.get("/").headers
    answer = client.post(reverse("account_logout"))
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in Client().get("/").headers
