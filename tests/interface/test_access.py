"""Who reads what by the interface for programs: each address, asked with everybody's token."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.services.setup import rehearsal
from community.models import GroupKind, WorkingGroup
from community.services import evidence
from partnerships import services
from partnerships.models import ApiToken
from partnerships.services import tokens
from powertool.api import api
from tests.assessments import making
from tests.community.evidence_making import contribute
from tests.factories import PASSWORD, Cast
from tests.interface.asking import ask, token_of

pytestmark = pytest.mark.django_db
# Status by person: a(nonymous) o(utsider) e(lsewhere: facilitator of another partnership) s(taff) r(epresentative)
# v(iewer: observer) f(acilitator). A guest has no token.
EVERYBODY = "aoesrvf"
MEMBERS = {"a": 401, **dict.fromkeys("oes", 404), **dict.fromkeys("rvf", 200)}
TOKENS = {"a": 401, **dict.fromkeys("oesrvf", 200)}
NAMES = {
    "partnerships": TOKENS,
    "assessments": MEMBERS,
    "assessment": MEMBERS,
    "data": MEMBERS,
    "release": MEMBERS,
    "agreed": MEMBERS,
    "actions": MEMBERS,
    "evidence": TOKENS,
    "cut": TOKENS,
    "openapi-json": dict.fromkeys(EVERYBODY, 200),
    "api-root": dict.fromkeys(EVERYBODY, 404),
}


def people(cast: Cast) -> dict:
    return {
        "a": None,
        "o": cast.outsider,
        "e": cast.other_facilitator,
        "s": cast.staff,
        "r": cast.north_representative,
        "v": cast.observer,
        "f": cast.south_facilitator,
    }


def arguments(cast: Cast, assessment, name: str) -> list[str]:
    if name in ("partnerships", "evidence", "openapi-json", "api-root"):
        return []
    return [{"cut": "gap-all", "assessments": cast.partnership.code}.get(name, assessment.code)]


@pytest.fixture
def assessment(cast):
    return making.closed(cast)


def test_every_address_has_a_row():
    assert {pattern.name for pattern in api.urls[0]} == set(NAMES)


def test_who_reads_what(cast, assessment):
    contribute(5)
    evidence.refresh()
    given = {who: token_of(user) if user else "" for who, user in people(cast).items()}
    found = {
        name: {
            who: ask(name, *arguments(cast, assessment, name), token=token).status_code for who, token in given.items()
        }
        for name in NAMES
    }
    assert found == NAMES


def test_head_is_answered_as_get_without_the_content(cast, assessment):
    for token in (token_of(cast.observer), "", "pat_wrong"):
        for name in NAMES:
            got, head = (
                ask(name, *arguments(cast, assessment, name), token=token, method=method) for method in ("get", "head")
            )
            assert (name, head.status_code, head.content) == (name, got.status_code, b"")
            told = [{key: answer[key] for key in answer.headers if key != "X-Request-ID"} for answer in (got, head)]
            assert told[0] == told[1] or name == "api-root", name  # a page, whose foot offers languages to GET only
    assert ask("partnerships", token=token, method="post").headers["Allow"] == "GET, HEAD"


def test_the_evidence_is_open_where_its_group_is(cast):
    contribute(5)
    evidence.refresh()
    group, _made = WorkingGroup.objects.get_or_create(kind=GroupKind.UNDERSTANDING)
    assert ask("evidence").status_code == 401
    WorkingGroup.objects.filter(pk=group.pk).update(is_public=True)
    assert ask("evidence").status_code == 200
    assert ask("cut", "gap-all").json()["cells"][0]["n"] == 5
    assert ask("evidence", token="pat_wrong").status_code == 401


def test_a_membership_that_was_taken_back_reads_nothing_more(cast, assessment):
    token = token_of(cast.observer)
    assert ask("data", assessment.code, token=token).status_code == 200
    assert ask("partnerships", token=token).json()["count"] == 1
    services.void_membership(cast.membership(cast.observer), cast.membership(cast.north_facilitator))
    for name in ("assessment", "data", "release", "agreed", "actions"):
        assert ask(name, assessment.code, token=token).status_code == 404
    assert ask("assessments", cast.partnership.code, token=token).status_code == 404
    assert ask("partnerships", token=token).json()["items"] == []


def test_somebody_elses_code_and_none_answer_alike(cast, assessment):
    token = token_of(cast.outsider)
    theirs, nobodys = (ask("data", code, token=token) for code in (assessment.code, "0" * 12))
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content == nobodys.content


def test_rehearsals_are_not_there(cast):
    trial = rehearsal.start(cast.north_facilitator)
    token = token_of(cast.north_facilitator)
    assert trial.code not in [each["code"] for each in ask("partnerships", token=token).json()["items"]]
    assert ask("assessments", trial.code, token=token).status_code == 404
    assert ask("assessment", trial.assessments.get().code, token=token).status_code == 404


@pytest.mark.parametrize("spoil", ["revoked", "expired", "left", "wrong", "cut short", "other scheme"])
def test_a_token_that_is_not_in_force_opens_nothing(cast, spoil):
    token = token_of(cast.observer)
    assert ask("partnerships", token=token).status_code == 200
    if spoil == "revoked":
        assert tokens.revoke(cast.observer, ApiToken.objects.get().code)
    if spoil == "expired":
        # from outside: the row itself lets nobody move its end
        with transaction.atomic():
            ApiToken.objects.all().delete()
            past = timezone.now() - timedelta(days=2)
            ApiToken.objects.create(
                user=cast.observer, name="old", digest=tokens.digest(token), once=uuid.uuid4(), created_at=past,
                expires_at=past + timedelta(days=1),
            )  # fmt: skip
    if spoil == "left":
        cast.observer.is_active = False
        cast.observer.save()
    bad = {"wrong": "pat_" + "0" * 40, "cut short": token[:-1]}.get(spoil, token)
    headers = {"Authorization": f"Basic {token}"} if spoil == "other scheme" else {}
    answer = ask("partnerships", token="" if headers else bad, **headers)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"
    assert "in force" in answer.json()["detail"]


def test_a_session_is_no_token(client, cast):
    client.force_login(cast.north_facilitator)
    assert client.get(reverse("api:partnerships")).status_code == 401


def test_who_guesses_tokens_is_kept_out_and_nobody_beside_her(cast):
    token = token_of(cast.observer)
    for _try in range(40):
        assert ask("partnerships", token="pat_wrong").status_code == 401
    answer = ask("partnerships", token="pat_wrong")
    assert (answer.status_code, answer["Retry-After"]) == (429, "600")
    assert ask("partnerships", token=token).status_code == 200


# --- making and revoking


def form(client) -> str:
    return client.get(reverse("partnerships:tokens")).context["form"]["once"].value()


def make(client, once, days=30, name="Our dashboard"):
    return client.post(reverse("partnerships:tokens"), {"name": name, "days": days, "once": once})


def test_a_token_is_shown_once_and_kept_as_a_hash(client, cast):
    client.force_login(cast.observer)
    answer = make(client, form(client))
    secret = answer.context["secret"]
    assert secret.startswith("pat_")
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    row = ApiToken.objects.get()
    assert secret not in str(row.__dict__)
    assert row.expires_at.date() == (timezone.now() + timedelta(days=30)).date()
    page = client.get(reverse("partnerships:tokens")).content.decode()
    assert "Our dashboard" in page
    assert secret not in page
    assert "Never" in page
    assert ask("partnerships", token=secret).status_code == 200
    row.refresh_from_db()
    assert row.last_used_on == timezone.localdate()


def test_who_has_a_password_proves_once_more_who_she_is_and_nothing_typed_is_lost(client, cast):
    cast.observer.set_password(PASSWORD)
    cast.observer.save()
    client.force_login(cast.observer)  # long ago
    asked = make(client, form(client))
    assert asked.status_code == 302
    assert not ApiToken.objects.exists()
    assert client.post(asked["Location"], {"password": "not it at all"}).status_code == 200
    assert not ApiToken.objects.exists()
    answer = client.post(asked["Location"], {"password": PASSWORD})
    assert answer.context["secret"] in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert ApiToken.objects.get().name == "Our dashboard"
    assert make(client, form(client), name="Another").context["secret"]  # minutes later
    client.logout()
    client.force_login(cast.observer)
    client.post(reverse("partnerships:revoke_token", args=[ApiToken.objects.first().code]))  # which is never too soon
    assert ApiToken.objects.in_force().count() == 1


def test_a_form_sent_twice_makes_one_token(client, cast):
    client.force_login(cast.observer)
    once = form(client)
    make(client, once)
    answer = client.post(reverse("partnerships:tokens"), {"name": "x", "days": 30, "once": once}, follow=True)
    assert "show it only once" in answer.content.decode()
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize("bad", [{"name": ""}, {"days": 3650}, {"once": "x"}])
def test_what_is_wrong_is_said_and_nothing_made(client, cast, bad):
    client.force_login(cast.observer)
    assert (
        client.post(reverse("partnerships:tokens"), {"name": "n", "days": 30, "once": uuid.uuid4()} | bad).status_code
        == 422
    )
    assert not ApiToken.objects.exists()


def test_ten_are_enough_and_a_revoked_one_makes_room(client, cast):
    client.force_login(cast.observer)
    for _one in range(10):
        token_of(cast.observer)
    answer = client.post(reverse("partnerships:tokens"), {"name": "x", "days": 30, "once": form(client)}, follow=True)
    assert "You already have ten tokens" in answer.content.decode()
    with pytest.raises(DatabaseError, match="ten tokens"), transaction.atomic():
        ApiToken.objects.create(
            user=cast.observer, name="x", digest="d", once=uuid.uuid4(), expires_at=timezone.now() + timedelta(1)
        )
    client.post(reverse("partnerships:revoke_token", args=[ApiToken.objects.first().code]))
    assert make(client, form(client)).context["secret"]


def test_nobody_revokes_anothers_and_revoked_stays(client, cast):
    token_of(cast.observer)
    row = ApiToken.objects.get()
    url = reverse("partnerships:revoke_token", args=[row.code])
    client.force_login(cast.outsider)
    assert client.post(url).status_code == 404
    client.force_login(cast.observer)
    assert client.post(url).status_code == 302
    row.refresh_from_db()
    first = row.revoked_at
    assert first
    client.post(url)
    row.refresh_from_db()
    assert row.revoked_at == first
    with pytest.raises(DatabaseError, match="revoked stays so"), transaction.atomic():
        ApiToken.objects.update(revoked_at=None)


def test_guests_have_none(client, cast):
    with pytest.raises(services.Refused):
        token_of(cast.guest)
    with pytest.raises(DatabaseError, match="guests have no tokens"), transaction.atomic():
        ApiToken.objects.create(
            user=cast.guest, name="x", digest="d", once=uuid.uuid4(), expires_at=timezone.now() + timedelta(1)
        )
    client.force_login(cast.guest)
    assert "You need an account" in client.get(reverse("partnerships:tokens"), follow=True).content.decode()


def test_a_token_over_plain_http_is_refused_and_not_redirected(client, cast, settings):
    settings.SECURE_SSL_REDIRECT = True
    address, token = reverse("api:partnerships"), token_of(cast.observer)
    refused = client.get(address, headers={"Authorization": f"Bearer {token}"})
    assert refused.status_code == 403
    assert "without encryption" in refused.json()["detail"]
    assert client.get(address, headers={"Authorization": f"Bearer {token}"}, secure=True).status_code == 200
    assert client.get(address).status_code == 301  # nothing secret was sent
