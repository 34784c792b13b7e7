"""A moment in a list: written in the reader's language and zone, whoever read it before."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import expect

from partnerships.models import Notification
from partnerships.notifications import notify
from partnerships.templatetags.partnerships import moment

AT = datetime(2026, 2, 3, 16, 5, tzinfo=UTC)


@pytest.mark.parametrize("_again", range(2))
def test_each_language_and_zone_has_its_own(_again):
    with translation.override("en"), timezone.override(UTC):
        assert moment(AT) == '<time datetime="2026-02-03T16:05:00+00:00" data-local>3 February 2026 at 16:05 UTC</time>'
    with translation.override("fr"), timezone.override(UTC):
        assert "3 février 2026 16:05 UTC" in moment(AT)
    with translation.override("en"), timezone.override(ZoneInfo("Africa/Nairobi")):
        assert moment(AT) == '<time datetime="2026-02-03T19:05:00+03:00" data-local>3 February 2026 at 19:05 EAT</time>'
    with translation.override("en"), timezone.override(ZoneInfo("Asia/Riyadh")):
        assert "19:05 +03" in moment(AT)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("language", "written"), [("en", "3 February 2026 at 16:05"), ("fr", "3 févr. 2026, 16:05")])
def test_scripts_write_a_moment_in_the_readers_way(new_page, cast, language, written):
    notify("partnerships.membership_admitted", [cast.guest], "", "once")
    Notification.objects.update(created_at=AT)
    page = new_page(cast.guest, timezone_id="UTC", locale="en-US")
    page.goto(reverse("partnerships:notifications") + f"?lang={language}")
    expect(page.locator("main time[data-local]").first).to_have_text(written)
