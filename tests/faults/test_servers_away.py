"""Redis and PostgreSQL that go away under load, and a full disk: what can go on goes on, the rest waits and says so."""

import os

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import InternalError, OperationalError
from django.urls import reverse

from assessments.models import Assessment, Report
from partnerships import services
from partnerships.models import Role
from tests.assessments.making import agree_levels, in_session, rating
from tests.factories import PASSWORD, Cast, make_cast
from tests.faults.conftest import Closing, Ground
from tests.processes import Load, Representative, Visitor, lost, sign_in
from tests.waiting import wait_until


def phones(ground: Ground, count: int) -> list[Representative]:
    """Return the phones of as many representatives, each in an assessment that is open for answers."""
    found = []
    for _number in range(count):
        cast = make_cast()
        found.append(Representative(ground.site, rating(cast), cast.membership(cast.south_representative)))
    return found


def answering(people: list[Representative]) -> Load:
    """Let each send one answer after the other, each until it is confirmed."""
    load = Load()
    for person in people:
        load.add(lambda person=person: person.send(1, 1 + len(person.log) % 6, len(person.log) % 5))
    return load


def confirmed_more(people: list[Representative], more: int = 3) -> None:
    so_far = [len(person.confirmed) for person in people]
    wait_until(
        lambda: all(len(person.confirmed) >= n + more for person, n in zip(people, so_far, strict=True)),
        60,
        "everybody's answers are confirmed",
    )


class Reporting:
    """Somebody who wants the report of an assessment as PDF."""

    def __init__(self, ground: Ground, cast: Cast) -> None:
        self.ground, self.assessment = ground, in_session(cast)
        agree_levels(cast, self.assessment)
        self.visitor = sign_in(ground.site, cast.north_facilitator)

    def page(self, name: str = "report", method: str = "GET"):
        return self.visitor.ask(
            method, reverse(f"assessments:{name}", args=[self.assessment.code]), Accept_Language="en"
        )

    def text(self) -> str:
        return self.page().body.decode()

    def ask(self) -> None:
        assert self.page("report-make", "POST").status == 302

    def is_there(self) -> bool:
        return self.page("report-pdf").body.startswith(b"%PDF")


def test_without_redis_only_the_report_waits_and_says_so(ground):
    with ground.site.rows():
        people, cast = phones(ground, 2), make_cast()
        wanted = Reporting(ground, cast)
        cast.north_representative.password = Argon2PasswordHasher().encode(PASSWORD, "saltsaltsalt")
        cast.north_representative.save()
        own = cast.membership(cast.north_facilitator)
        invited = services.invite(own, "link", Role.REPRESENTATIVE, partner=cast.partners["s3"])
    with answering(people):
        confirmed_more(people)
        ground.kill_redis()
        try:
            confirmed_more(people)
            came = Visitor(ground.site).ask(
                "POST", "/accounts/login/", {"login": cast.north_representative.email, "password": PASSWORD}
            )
            assert (came.status, came.headers["Location"]) == (302, "/")
            joined = Visitor(ground.site).ask("POST", f"/i/{invited.code}", {"name": "Joyce"})
            assert "__Host-sessionid" in str(joined.headers), joined.body
            read = people[0].visitor.ask("GET", people[0].path.replace("answer/", "1/"))
            assert (read.status, b" checked" in read.body) == (200, True)
            assert wanted.page("session-state").status == 200
            wanted.ask()
            assert "We are preparing the PDF, which will appear on this page when it is ready." in wanted.text()
            assert wanted.page("report-state").status == 204
            ground.age(wanted.assessment)
            assert wanted.page("report-state").headers["HX-Refresh"] == "true"
            assert "This is taking longer than usual, but nothing has been lost" in (shown := wanted.text())
            assert "/report/state/?shown=late" in shown
        finally:
            ground.start_redis()
        confirmed_more(people)
    wait_until(wanted.is_there, 60, "the report, without a hand")
    assert "Download the" in wanted.text()  # or the earlier one: the agreed result waited too, and may come after it
    assert lost(ground.site, people) == []


def test_postgresql_crashes_under_load_and_nothing_confirmed_is_lost(ground, closing: Closing):
    with ground.site.rows():
        people = phones(ground, 4)
    with answering(people):
        confirmed_more(people)
        ground.crash_postgres()
        confirmed_more(people)
        assert wait_until(closing.close) == 302
    wait_until(closing.released, 60, "the release, without a hand")
    failures = [answer for person in people for answer in person.visitor.failures]
    assert failures, "nobody met it"
    assert all("Everything that you had already saved is safe." in answer.body.decode() for answer in failures)
    assert lost(ground.site, people) == []


def fill_the_disk(assessment: Assessment) -> None:
    """Write reports in invented languages until there is no room for another page of one."""
    number = 0
    for size in (1_000_000, 100_000, 10_000, 2_000):
        try:
            while True:
                number += 1
                Report.objects.create(assessment=assessment, language=f"x-{number}", digest="x", pdf=os.urandom(size))
        except (OperationalError, InternalError) as error:
            assert "could not extend file" in str(error)  # noqa: PT017


def test_a_report_for_which_there_is_no_room_says_so_and_can_be_tried_again(ground):
    with ground.small_disk():
        with ground.site.rows():
            wanted = Reporting(ground, make_cast())
            full = Reporting(ground, make_cast()).assessment
            fill_the_disk(full)
        wanted.ask()
        ground.age(wanted.assessment)
        wait_until(
            lambda: "The calculation failed, but nothing was lost. Please try again." in wanted.text(), 60, "it says so"
        )
        assert wanted.page("report-pdf").status == 404
        with ground.site.rows():
            Report.objects.filter(assessment=full).delete()
            ground.vacuum("assessments_report")
        wanted.ask()
        wait_until(wanted.is_there, 60, "the report")
