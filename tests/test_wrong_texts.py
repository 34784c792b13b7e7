"""Reports of wrong texts: anyone sends one, no row says who, staff read them and mark them as handled."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DataError, IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import WrongText
from partnerships.services import wrong_texts
from tests.security import secondstep

pytestmark = pytest.mark.django_db
REPORT = {"language": "fr", "page": "Accueil", "present_text": "Le parole", "better_text": "La parole"}


def send(client: Client, **changed: str) -> int:
    return client.post(reverse("translations"), REPORT | changed).status_code


def test_a_report_is_stored_and_the_reader_is_thanked(client):
    answer = client.post(reverse("translations"), REPORT, follow=True)
    assert answer.redirect_chain == [(reverse("translations"), 302)]
    assert "Thank you. The staff of this website will read your report." in answer.content.decode()
    assert WrongText.objects.values(*REPORT).get() == REPORT


def test_a_row_says_neither_who_wrote_nor_at_which_hour(client, cast):
    client.force_login(cast.outsider)
    assert send(client) == 302
    names = {field.name for field in WrongText._meta.get_fields()}
    assert names == {"id", "code", *REPORT, "reported_on", "handled_on"}
    assert not any(field.is_relation for field in WrongText._meta.get_fields())
    assert WrongText.objects.get().reported_on == timezone.localdate()


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_form_begins_with_the_readers_language(client, language):
    page = client.get(reverse("translations"), headers={"Accept-Language": language}).content.decode()
    assert f'<option value="{language}" selected' in page


def test_the_same_report_twice_in_a_day_is_one_row(client):
    assert [send(client), send(client)] == [302, 302]
    assert WrongText.objects.count() == 1
    with pytest.raises(IntegrityError):
        WrongText.objects.create(**REPORT)


@pytest.mark.parametrize("name", REPORT)
def test_another_report_on_the_same_day_is_another_row(client, name):
    assert [send(client), send(client, **{name: "nl"})] == [302, 302]
    assert WrongText.objects.count() == 2


def test_the_same_report_on_another_day_is_another_row(client):
    send(client)
    WrongText.objects.update(reported_on=timezone.localdate() - timedelta(days=1))
    send(client)
    assert WrongText.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [{"present_text": ""}, {"language": "xx"}, {"page": "x" * 201}, {"present_text": "x" * 1001}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_wrong_report_is_shown_again_and_not_stored(client, wrong):
    assert send(client, **wrong) == 422
    assert not WrongText.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "error"), [({"present_text": ""}, IntegrityError), ({"better_text": "x" * 1001}, DataError)]
)
def test_the_database_refuses_an_empty_or_long_report(wrong, error):
    with pytest.raises(error):
        wrong_texts.report(REPORT | wrong)


def test_one_address_sends_thirty_reports_in_ten_minutes(client):
    answers = [send(client, present_text=f"Mot {number}") for number in range(31)]
    assert answers == [302] * 30 + [429]


@pytest.fixture
def staff(client, cast):
    secondstep.sign_in(client, cast.staff)
    return client


def mark(staff: Client, code: str, handled: str) -> bool:
    staff.post(reverse("staff-texts"), {"report": code, "handled": handled})
    return WrongText.objects.get().handled_on is not None


def test_staff_read_a_report_and_mark_it_as_handled(staff):
    wrong_texts.report(REPORT)
    assert "Le parole" in staff.get(reverse("staff-texts")).content.decode()
    code = WrongText.objects.get().code
    assert [mark(staff, code, word) for word in ("yes", "yes", "no", "no")] == [True, True, False, False]


def test_reports_that_no_one_handled_come_first(staff):
    texts = ("handled", "open", "newer")
    days = [timezone.localdate() - timedelta(days=number) for number in (3, 2, 1)]
    rows = [WrongText(language="fr", present_text=text, reported_on=day) for text, day in zip(texts, days, strict=True)]
    rows[0].handled_on = days[1]
    WrongText.objects.bulk_create(rows)
    assert [row.present_text for row in wrong_texts.listed(9)] == ["open", "newer", "handled"]
    assert [row.present_text for row in wrong_texts.listed(1)] == ["open"]


def test_staff_are_told_that_a_report_is_gone(staff):
    page = staff.post(reverse("staff-texts"), {"report": "nothing", "handled": "yes"}, follow=True)
    assert "This report has been deleted." in page.content.decode()
