"""A concern goes to one person outside, unsigned and sealed; her answer comes back by a code; nobody else knows."""

import logging
from datetime import timedelta

import pytest
from django.contrib import admin
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Stage, TrustedPerson
from assessments.models.concern import Concern
from assessments.services import concern
from assessments.services.steps import NotNow
from assessments.tasks import sweep
from partnerships import limits
from partnerships.access import standing_of
from partnerships.codes import normalise
from partnerships.models import Notice, TrailEntry
from tests.assessments import making
from tests.factories import Cast

pytestmark = pytest.mark.django_db
WORDS = "The budget was changed after we signed."


def named(cast: Cast, assessment: Assessment, name="Ada", email="ada@example.org") -> TrustedPerson:
    return concern.name_person(assessment, standing_of(cast.north_facilitator, cast.partnership), name, email)


@pytest.fixture
def assessment(cast: Cast) -> Assessment:
    return making.make_assessment(cast)


@pytest.fixture
def link(cast: Cast, assessment: Assessment) -> str:
    """Name a person, and return her page."""
    return reverse("assessments:concern-read", args=[named(cast, assessment).to_mail])


def raised(client, cast: Cast, assessment: Assessment, person=None) -> str:
    """Raise a concern as a member and return the code that is shown."""
    client.force_login(person or cast.observer)
    response = client.post(reverse("assessments:concern", args=[assessment.code]), {"text": WORDS})
    client.logout()
    return response.context["writer_code"]


def shown(client, code: str):
    return client.post(reverse("assessments:concern-answer"), {"code": code})


def test_the_trusted_person_reads_and_answers_by_her_link_and_the_writer_by_the_code(client, cast, assessment, link):
    code = raised(client, cast, assessment)
    assert "There is no answer yet" in shown(client, code).content.decode()
    page = client.get(link)
    assert WORDS in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    (row,) = page.context["concerns"]
    client.post(link, {"concern": row.id, "text": "I will ask for the minutes."})
    client.post(link, {"concern": row.id, "text": "Something else."})
    answer = shown(client, code.lower().replace("-", " ")).content.decode()
    assert "I will ask for the minutes." in answer
    assert "Something else." not in answer


def test_the_database_holds_no_word_of_it_no_writer_and_no_time(client, cast, assessment, link):
    code = raised(client, cast, assessment)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(c)::text FROM assessments_concern c")
        ((row,),) = cursor.fetchall()
        cursor.execute("SELECT encode(sealed, 'escape') FROM assessments_concern")
        ((sealed,),) = cursor.fetchall()
    assert "budget" not in sealed
    assert normalise(code) not in row
    columns = {field.column for field in Concern._meta.fields}
    assert columns == {"id", "trusted_id", "sealed", "writer_digest", "writer_key", "answer", "told"}


def test_no_notice_trail_log_message_or_admin_page_tells_of_a_concern(client, cast, assessment, link, broker, caplog):
    def told() -> tuple:
        return Notice.objects.count(), TrailEntry.objects.count(), sorted(broker.keys("*unheard*"))

    before = told()
    with caplog.at_level(logging.DEBUG):
        caplog.clear()
        raised(client, cast, assessment)
        sweep()
    assert told() == before
    assert not [record for record in caplog.records if "concern" in record.getMessage().lower()]
    assert Concern not in admin.site._registry
    assert TrustedPerson not in admin.site._registry


def test_every_member_sees_the_same_page_before_and_after(client, cast, assessment, link):
    def seen(person) -> list[str]:
        client.force_login(person)
        names = ("concern", "overview")
        pages = [client.get(reverse(f"assessments:{name}", args=[assessment.code])) for name in names]
        return [page.content.decode().split("<main")[1].split("csrfmiddlewaretoken")[0] for page in pages]

    people = (cast.north_facilitator, cast.observer)
    before = [seen(person) for person in people]
    raised(client, cast, assessment, cast.south_representative)
    assert [seen(person) for person in people] == before


def test_her_link_and_that_something_waits_go_out_by_mail_without_a_word_of_it(client, cast, assessment, link):
    raised(client, cast, assessment)
    raised(client, cast, assessment)
    concern.sweep()
    concern.sweep()
    first, second = mail.outbox
    assert (first.to, second.to) == (["ada@example.org"], ["ada@example.org"])
    assert link in first.body
    assert "budget" not in first.body + second.body
    assert TrustedPerson.objects.get().to_mail == ""


def test_another_link_or_code_finds_nothing_and_many_wrong_ones_are_stopped(client, cast, assessment, link):
    code = raised(client, cast, assessment)
    wrong = reverse("assessments:concern-read", args=["0" * concern.LONG])
    assert client.get(wrong).status_code == 404
    assert shown(client, "0" * concern.SHORT).status_code == 404
    assert shown(client, code).status_code == 200
    for _n in range(limits.MOST):
        client.get(wrong)
    assert (client.get(wrong).status_code, shown(client, "0" * concern.SHORT).status_code) == (429, 429)
    assert (client.get(link).status_code, shown(client, code).status_code) == (200, 200)


def test_another_person_is_told_to_all_each_time_and_reads_nothing_of_before(client, cast, assessment, link):
    raised(client, cast, assessment)
    members = cast.partnership.seats.in_force().values("user").distinct().count()
    assert Notice.objects.filter(kind="assessments.trusted_named").count() == members
    other = named(cast, assessment, "Bea", "bea@example.org")
    assert Notice.objects.filter(kind="assessments.trusted_named").count() == 2 * members
    new = client.get(reverse("assessments:concern-read", args=[other.to_mail]))
    assert new.context["concerns"] == []
    assert WORDS in client.get(link).content.decode()


def test_who_has_a_seat_here_cannot_be_named(cast, assessment):
    with pytest.raises(NotNow):
        named(cast, assessment, "Ole", cast.north_representative.email)
    assert named(cast, assessment, "Ole", cast.outsider.email)


def test_the_database_keeps_concern_answer_and_person_as_they_are(client, cast, assessment, link):
    raised(client, cast, assessment)
    person, row = TrustedPerson.objects.get(), Concern.objects.get()
    Concern.objects.update(answer=b"one")
    for change in ({"answer": b"two"}, {"answer": None}, {"sealed": b"x"}):
        with pytest.raises(IntegrityError, match="stay as they were"), transaction.atomic():
            Concern.objects.update(**change)
    with pytest.raises(IntegrityError, match="another row"), transaction.atomic():
        TrustedPerson.objects.update(key=b"mine")
    named(cast, assessment, "Bea", "bea@example.org")
    with pytest.raises(IntegrityError, match="person who is named"), transaction.atomic():
        Concern.objects.create(trusted=person, sealed=b"x", writer_digest="d", writer_key=b"k")
    now = TrustedPerson.objects.get(replaced_at=None)
    assert Concern.objects.create(trusted=now, sealed=b"x", writer_digest="d", writer_key=b"k").pk != row.pk


@pytest.mark.parametrize(("days", "left"), [(364, 1), (366, 0)])
def test_all_is_erased_a_year_after_closing(client, cast, assessment, link, days, left):
    raised(client, cast, assessment)
    at = timezone.now() - timedelta(days=days)
    Assessment.objects.filter(pk=assessment.pk).update(stage=Stage.CLOSED, closed_at=at)
    concern.sweep()
    assert (Concern.objects.count(), TrustedPerson.objects.count()) == (left, left)


def test_in_a_rehearsal_nothing_is_mailed(client, cast):
    from assessments.services.before import rehearsal

    trial = rehearsal.start(cast.north_facilitator)
    standing = standing_of(cast.north_facilitator, trial)
    concern.name_person(trial.assessments.get(), standing, "Ada", "ada@example.org")
    concern.raise_concern(trial.assessments.get(), WORDS)
    concern.sweep()
    assert mail.outbox == []
    assert Concern.objects.get().told
