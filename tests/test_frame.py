"""The frame of every page: parts that are rendered once show nothing of a person, and change with their words."""

import re

import pytest
from django.conf import settings as configured
from django.template import Context
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Notification
from partnerships.templatetags.frame import unread_notifications
from tests.assessments.making import make_assessment
from tests.community.making import the_group

pytestmark = pytest.mark.django_db
PARTS = ("main_links", "account_links", "language_buttons", "foot_links")
PRESENT = re.compile(r'<a href="([^"]+)"\s+aria-current="(?:page|true)">')


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_rendered_once_knows_no_person(part):
    text = (configured.BASE_DIR / "templates" / "parts" / f"{part}.html").read_text()
    assert not re.search(r"\b(user|request|csrf_token|messages|perms|unread)\b", text)


def test_each_person_sees_her_own_frame(client, cast):
    for person, other in (
        (cast.observer, cast.outsider),
        (cast.outsider, cast.observer),
        (cast.observer, cast.outsider),
    ):
        client.force_login(person)
        page = client.get(reverse("privacy")).content.decode()
        assert f'<p class="menu-note">{person.email}</p>' in page
        assert other.email not in page
    client.force_login(cast.guest)
    assert reverse("account_email") not in client.get(reverse("privacy")).content.decode()


def test_the_present_area_is_marked_and_no_other(client, cast):
    client.force_login(cast.observer)
    assessment = make_assessment(cast)
    places = {reverse("home"): "home", reverse("help:index"): "help:index", reverse("privacy"): None}
    places |= {assessment.get_absolute_url(): "partnerships:list", reverse("partnerships:account"): None}
    for _twice in range(2):
        for address, name in places.items():
            found = PRESENT.findall(client.get(address).content.decode().split("</nav>")[0])
            assert found == ([reverse(name)] if name else [])
    client.logout()
    assert PRESENT.findall(client.get(reverse("help:index")).content.decode().split("</nav>")[0]) == ["/help/"]


def test_the_way_to_a_page_ends_with_the_page_itself(client, cast):
    assessment, group = make_assessment(cast), the_group()
    pages = {
        reverse("help:words"): "Words used in the method",
        reverse("community:search"): "Search",
        group.get_absolute_url(): str(group),
        reverse("community:people", args=[group.kind]): "Participants",
        reverse("partnerships:add_partner", args=[cast.partnership.code]): "Add a partner",
        reverse("assessments:settings", args=[assessment.code]): "Settings",
        assessment.get_absolute_url(): assessment.title,
    }
    client.force_login(cast.north_facilitator)
    for address, name in pages.items():
        page = client.get(address).content.decode()
        way = page.split('<nav class="crumbs"')[1].split("</nav>")[0]
        assert re.findall(r'<li aria-current="page">(.*?)</li>', way) == [name], address
        assert re.search(rf"<title>\s*{re.escape(name)}\s+·", page)
        assert way.rstrip().removesuffix("</ol>").rstrip().endswith(f"{name}</li>")


def test_the_frame_follows_language_and_operator(client, settings):
    for name in ("First operator", "Second <operator>", "First operator"):
        settings.OPERATOR_NAME = name
        page = client.get(reverse("privacy")).content.decode()
        assert name.replace("<", "&lt;").replace(">", "&gt;") in page
    for code in ("fr", "en", "fr"):
        page = client.get(reverse("privacy"), {"lang": code}).content.decode()
        assert f'value="{code}" lang="{code}" aria-current="true"' in page
        assert page.count('lang="ar"') >= 1


def test_unread_notifications_are_counted_by_one_statement(cast, django_assert_num_queries):
    def count(user) -> int:
        request = RequestFactory().get("/")
        request.user = user
        with django_assert_num_queries(1):
            return unread_notifications(Context({"request": request}))

    Notification.objects.all().delete()
    assert count(cast.observer) == 0
    for person in (cast.observer, cast.observer, cast.outsider):
        Notification.objects.create(recipient=person, kind="partnerships.membership_admitted")
    assert (count(cast.observer), count(cast.outsider)) == (2, 1)
    Notification.objects.filter(recipient=cast.observer).update(read_at=timezone.now())
    assert count(cast.observer) == 0
