"""A person takes what is kept about her, and erases herself.

Then nothing leads to her any more, what others need stays, and releases only shrink.
"""

import json
import zipfile
from datetime import datetime
from io import BytesIO

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from assessments.models import AgreedLevel, Assessment, EvidenceConsent, Pledge, Release, Report
from assessments.results import given_pledges
from assessments.results.reporting.content import content_of
from community.models import ConsentAnswer, Item
from partnerships.models import ActivityLogEntry, Notification, Role, User
from powertool.privacy import erasure, export
from powertool.privacy.personal_data import PERSONAL_FIELDS
from tests.community import papermaking
from tests.factories import UserFactory, membership
from tests.privacy import world as made
from tests.privacy.world import EMAIL, NAME, PK, found, lasting, prove

pytestmark = pytest.mark.django_db

# Where a trace of her may be left, and why.
MAY_REMAIN = {
    # The trusted person is named as a person, not as an account; the page of erasure says so.
    "assessments_trustedperson.name",
    "assessments_trustedperson.email",
    # What others wrote about her, in their own words.
    "community_item.text",
    "community_item.plain",
    "community_revision.text",
}
TRUSTED_TOLD = {"partnerships_notice.context"}  # the members of the other partnership were told who it is


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    yield from lasting(django_db_blocker)


def subset(less, more) -> bool:
    """Say whether a JSON value only lost something: None in place of a value, or rows of a list."""
    if isinstance(more, dict):
        return isinstance(less, dict) and less.keys() == more.keys() and all(subset(less[k], more[k]) for k in more)
    if isinstance(more, list):
        return isinstance(less, list) and all(any(subset(one, other) for other in more) for one in less)
    return less == more or less is None


def test_nothing_leads_to_her_any_more(world, django_capture_on_commit_callbacks):
    before = found(*made.MARKS)
    assert {"partnerships_user.name", "account_emailaddress.email", "assessments_vote.membership_id"} - before == {
        "assessments_vote.membership_id"
    }
    assert {"partnerships_invitation.email", "assessments_remark.author", "django_admin_log.object_repr"} <= before
    for place in ("community_profile.handle", "assessments_pledge.name", "usersessions_usersession.user_id"):
        assert place in before
    with django_capture_on_commit_callbacks(execute=True):
        assert erasure.erase_person(world.user)
    assert found(*made.MARKS) == MAY_REMAIN | TRUSTED_TOLD
    contexts = Notification.objects.filter(context__icontains=NAME).values_list("kind", flat=True)
    assert set(contexts) == {"assessments.trusted_named"}


def test_each_entry_of_the_register_says_what_becomes_of_it(world):
    rows = {kept: set(kept.rows_of(world.user).values_list("pk", flat=True)) for kept in PERSONAL_FIELDS if kept.path}
    erasure.erase_person(world.user)
    for kept, pks in rows.items():
        assert not kept.rows_of(User(pk=PK)).exists(), kept
        if kept.erasure == "deleted" and kept.path != "pk":
            assert not kept.model_class()._base_manager.filter(pk__in=pks).exists(), kept


def test_what_the_group_agreed_stays_and_what_was_released_only_shrinks(world):
    levels = list(AgreedLevel.objects.order_by("pk").values_list("pk", "actual", "desired"))
    before = Release.objects.get(assessment=world.assessment)
    assert before.data["assessment"]["north"] is not None
    erasure.erase_person(world.user)
    after = Release.objects.get(assessment=world.assessment)
    assert after.data["assessment"]["north"] is None  # it stood by the ticks of all who answered
    assert subset(after.data, before.data)
    assert [reason["reason"] for reason in after.reasons["signed"]] == []
    assert after.reasons["unsigned"] == before.reasons["unsigned"]
    assert list(AgreedLevel.objects.order_by("pk").values_list("pk", "actual", "desired")) == levels


def test_her_yes_to_the_evidence_base_goes_and_her_no_stays_without_her(world):
    participant = world.assessment.participants.get(acronym="N2")
    mate = membership(world.membership.partnership, Role.REPRESENTATIVE, world.membership.partner)
    EvidenceConsent.objects.create(participant=participant, membership=mate, agreed=True)
    EvidenceConsent.objects.filter(membership=world.membership).update(agreed=False)
    other = EvidenceConsent.objects.create(
        participant=world.assessment.participants.first(), membership=world.membership, agreed=True
    )
    erasure.erase_person(world.user)
    assert not EvidenceConsent.objects.filter(pk=other.pk).exists()
    assert EvidenceConsent.objects.get(participant=participant, agreed=False).membership is None


def test_the_activity_log_and_the_texts_say_somebody_who_left(world, client):
    cast = world.cast
    assert NAME in page(client, cast.north_facilitator, "partnerships:activity_log", cast.partnership.code)
    erasure.erase_person(world.user)
    told = page(client, cast.north_facilitator, "partnerships:activity_log", cast.partnership.code)
    assert NAME not in told
    assert "Someone left and deleted all their data" in told
    assert "Someone who has left" in told
    finding = page(client, cast.north_facilitator, "community:finding", world.published.code)
    assert "Someone who has left" in finding
    assert "It does, each year." in finding


def page(client: Client, user: User, name: str, *args: str) -> str:
    client.force_login(user)
    return client.get(reverse(name, args=args)).content.decode()


def test_the_report_is_made_anew_without_her_name(world):
    assessment = world.assessment
    Report.objects.create(assessment=assessment, language="en", digest="0" * 64, pdf=b"with her name")
    assert NAME in json.dumps(content_of(assessment), default=str, ensure_ascii=False)
    erasure.erase_person(world.user)
    assert not assessment.reports.exists()
    assessment = Assessment.objects.get(pk=assessment.pk)
    printed = json.dumps(content_of(assessment), default=str, ensure_ascii=False)
    assert NAME not in printed
    with translation.override("en"):
        assert "someone who has left signed for" in " ".join(
            one.sentence for one in given_pledges.pledges_of_funders(assessment)
        )
    assert Pledge.objects.get().name == ""


def test_drafts_go_and_published_texts_stay(world):
    erasure.erase_person(world.user)
    titles = set(Item.objects.values_list("title", flat=True))
    assert "Money comes late" in titles
    assert "Never shown" not in titles


def test_her_answer_in_an_open_round_goes_and_in_a_closed_one_it_stays_without_her(world):
    leader = papermaking.leader()
    paper = papermaking.make_paper(leader)
    asks = papermaking.make_recommendation(paper, leader)
    own = papermaking.confirmed(papermaking.member(user=world.user, side="north", group=papermaking.change()))
    round_ = papermaking.call(paper, asks, by=leader)
    papermaking.say(round_, [own, leader])
    erasure.erase_person(world.user)
    assert [answer.by for answer in ConsentAnswer.objects.all()] == [leader.user]


def test_the_last_mail_comes_in_her_language_and_only_once(world, django_capture_on_commit_callbacks):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert erasure.erase_person(world.user)
        assert not erasure.erase_person(world.user)
    (sent,) = [message for message in mail.outbox if message.to == [EMAIL]]
    assert sent.body.strip()
    assert ActivityLogEntry.objects.filter(verb="person.erased").count() == 1


# --- the file of everything


def everything(user: User) -> dict:
    with translation.override("en"), export.make_archive(user) as held, zipfile.ZipFile(held) as packed:
        return json.loads(packed.read("everything.json"))


def rows_of(told: dict, model: str) -> list[dict]:
    kept = [one for section in told["sections"] for one in section["kept"] if one["from"] == model]
    return [row for one in kept for row in one["rows"]]


def test_the_file_holds_what_she_answered_alone_with_its_history(world):
    told = everything(world.user)
    levels = rows_of(told, "assessments.Rating")
    assert len(levels) == 3 * 6
    assert levels[0] == {
        "decision": "Dividing the budget",
        "participant": "North 1",
        "level": 4,
        "version": 1,
        "answered_at": levels[0]["answered_at"],
    }
    assert datetime.fromisoformat(levels[0]["answered_at"]).tzinfo
    reasons = [row["reason"] for row in rows_of(told, "assessments.PrivateAgreement")]
    assert sorted(reasons) == ["", "Sentence group.", "Sentence signed."]
    assert len(rows_of(told, "assessments.AnswerEvent")) == 3 * 6 + 3 + 2  # two agreements were changed
    assert rows_of(told, "partnerships.Membership")[0]["role"] == "representative"


def test_each_row_that_the_register_exports_is_in_the_file(world):
    told = everything(world.user)
    for kept in PERSONAL_FIELDS:
        if kept.is_exported and (n := kept.rows_of(world.user).count()):
            assert len([row for row in rows_of(told, kept.model) if set(row) == set(kept.exported_fields)]) >= n, kept
    with export.make_archive(world.user) as held, zipfile.ZipFile(held) as packed:
        assert packed.read("files/001-zahlen.pdf") == b"%PDF-1.4 numbers"


def test_the_file_is_about_her_alone_and_opens_no_door(world):
    """Nobody else is named but where she wrote it herself, or was told; no secret, no other's answer is in it."""
    told = everything(world.user)
    text = json.dumps(told["sections"], ensure_ascii=False)
    others = User.objects.exclude(pk=PK)
    told_her = json.dumps(rows_of(told, "partnerships.Notification"), ensure_ascii=False)
    for name, email in others.values_list("name", "email"):
        assert text.count(name) == told_her.count(name), name
        assert not email or email not in text
    own = User.objects.get(pk=PK)
    for secret in (own.password, own.profile.feed_key, "7" * 64, '"x"', "secret"):
        assert secret not in text


def test_somebody_new_has_a_file_too(db):
    told = everything(UserFactory(name="Nadia New"))
    assert [row["name"] for row in rows_of(told, "partnerships.User") if "name" in row] == ["Nadia New"]
    assert not rows_of(told, "assessments.Rating")


def test_she_takes_it_from_the_page_and_no_cache_keeps_it(world):
    client = Client()
    prove(client, world.user)
    assert "réponses privées" in client.get(reverse("my-data")).content.decode()
    response = client.post(reverse("my-data"))
    assert response.headers["Content-Type"] == "application/zip"
    assert "no-store" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]
    with zipfile.ZipFile(BytesIO(response.getvalue())) as packed:
        assert packed.namelist() == ["everything.json", "files/001-zahlen.pdf"]


def test_the_number_of_queries_does_not_grow_with_the_rows(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(len([kept for kept in PERSONAL_FIELDS if kept.is_exported]) + 3):
        export.make_archive(world.user).close()


# --- the page of erasure

WORDS = {"name": NAME}


@pytest.mark.parametrize("name", ["my-data", "erase-me"])
def test_an_account_proves_once_more_who_it_is(world, name):
    client = Client()
    client.force_login(User.objects.get(pk=PK), backend="django.contrib.auth.backends.ModelBackend")
    for method in ("get", "post"):
        response = getattr(client, method)(reverse(name), WORDS)
        assert response.status_code == 302
        assert "/reauthenticate/?next=" in response.headers["Location"]
    assert User.objects.filter(pk=PK).exists()


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("my-data", "download your data"),
        ("erase-me", "delete everything about you"),
        ("mfa_add_webauthn", "see or change access to your account"),
    ],
)
def test_the_password_prompt_says_what_was_asked_for(world, name, asked):
    world.user.set_password("tall green river boat")
    world.user.language = "en"
    world.user.save()
    client = Client()
    client.force_login(world.user, backend="django.contrib.auth.backends.ModelBackend")
    prompt = client.get(reverse(name), follow=True).content.decode()
    assert prompt.count("You asked to") == 1
    assert f"You asked to {asked}." in prompt


def test_she_types_her_name_and_is_gone(world):
    client = Client()
    prove(client, world.user)
    shown = client.get(reverse("erase-me")).content.decode()
    assert "How we decide" in shown  # what goes dark
    assert "Elsewhere" in shown  # she is the trusted person there
    refused = client.post(reverse("erase-me"), {"name": "Zaïra"})
    assert refused.status_code == 422
    assert User.objects.filter(pk=PK).exists()
    gone = client.post(reverse("erase-me"), {"name": " zaïra   QUIMBY "})
    assert gone.status_code == 200
    assert gone.headers["Clear-Site-Data"]
    assert not User.objects.filter(pk=PK).exists()
    assert client.post(reverse("erase-me"), WORDS).headers["Location"].startswith(reverse("account_login"))
