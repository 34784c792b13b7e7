"""Nothing tells whether somebody else began, answered, submitted, withdrew or ticked (METHOD §4 rule 5)."""

import json
import random
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from assessments import disclosure
from assessments.models import Assessment
from assessments.models.private import EverSubmitted, Rater
from assessments.services.caucus import side_sheet
from assessments.services.rating import private_answers, progress
from partnerships import services
from partnerships.models import ActivityLogEntry, Membership, Notification, Partner, Partnership, Role
from partnerships.services import Refused
from powertool.privacy.erasure import erase_person
from tests.assessments import making
from tests.assessments.fieldworking import row
from tests.assessments.test_fieldwork import bring_in
from tests.factories import PartnerFactory, membership
from tests.security.what_others_see import BACKEND, LIVED_IN, PRIVATE, Watchers, clock_at, differences, rows

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 5, 11, 9, 30, tzinfo=UTC)
FEWER, HALF = "Fewer than half of the organisations have answered.", "At least half of the organisations have answered."
QUARTERS = "At least three quarters of the organisations have answered."


@pytest.fixture
def clock(monkeypatch) -> Callable:
    """Return what lets the site's clock stand still at a moment."""
    return lambda moment: clock_at(monkeypatch, moment)


@pytest.fixture
def watchers(cast, clock) -> Iterator[Watchers]:
    """Six organisations rate on a Monday morning; everybody else looks on."""
    with clock(MORNING):
        assessment = making.rating(cast, rating_due=date(2026, 5, 20))
        yield Watchers(cast, assessment)


def submit(assessment: Assessment, *memberships: Membership) -> None:
    for own in memberships:
        making.answer_all(assessment, own)


def whole(cast) -> list[Membership]:
    """Return one representative of each of the six organisations."""
    represented = list(
        cast.partnership.memberships.representatives().order_by("partner_id", "pk").distinct("partner_id")
    )
    others = cast.partnership.partners.exclude(pk__in=[one.partner_id for one in represented])
    return represented + [membership(cast.partnership, Role.REPRESENTATIVE, partner) for partner in others]


# --- byte by byte


class Acts:
    """What she does, one after the other, by the requests that her browser sends."""

    def __init__(self, watchers: Watchers) -> None:
        self.code, self.membership = watchers.assessment.code, watchers.cast.membership(watchers.her)
        self.client = Client()
        self.client.force_login(watchers.her, backend=BACKEND)

    def at(self, name: str, *args: object) -> str:
        return reverse(f"assessments:{name}", args=[self.code, *args])

    def sends(self, name: str, **data: object) -> None:
        answer = self.client.post(self.at(name), json.dumps(data), "application/json")
        assert answer.status_code == 200, answer.content

    def begins(self) -> None:
        for name, args in (("rate", []), ("rate-practice", []), ("rate-decision", [1]), ("rate-sheet", [])):
            assert self.client.get(self.at(name, *args)).status_code == 200

    def answers(self) -> None:
        at = int(MORNING.timestamp() * 1000)
        common = {"w": self.membership.code, "d": 1, "b": 0, "s": None, "t": at, "n": at}
        self.sends("rate-answer", **common, m=str(uuid.uuid4()), p=1, l=3)
        reason = {"a": False, "u": "group", "r": "They pay."}
        self.sends("rate-answer", **common, m=str(uuid.uuid4()), p=None, **reason)

    def submits(self) -> None:
        assert self.client.post(self.at("rate-hand-in"), {"tick": "no"}).status_code == 302
        assert Rater.objects.get(membership=self.membership).submitted_at

    def ticks(self) -> None:
        self.sends("rate-hand-in", w=self.membership.code, m=str(uuid.uuid4()), s=None, tick=True)
        assert Rater.objects.get(membership=self.membership).show_small_side

    def withdraws(self) -> None:
        assert self.client.post(self.at("rate-withdraw")).status_code == 302
        assert not Rater.objects.filter(membership=self.membership).exists()

    def renews_her_code(self) -> None:
        assert self.client.post(self.at("my-form-code")).status_code == 302


WAY = ("begins", "answers", "submits", "ticks", "withdraws", "renews_her_code", "answers", "submits")
LOOKS_AFTER = {3: (), 4: LIVED_IN, 7: LIVED_IN}  # ticked: at all pages; withdrawn, and submitted again


def test_what_others_see_is_the_same_before_and_after_each_act(watchers, mailoutbox):
    acts = Acts(watchers)
    before, kept = {names: watchers.see(names) for names in ((), LIVED_IN)}, rows(PRIVATE)
    for place, act in enumerate(WAY):
        getattr(acts, act)()
        assert {table for table, digest in rows(PRIVATE).items() if kept[table] != digest} == set(), act
        if place in LOOKS_AFTER:
            assert differences(before[LOOKS_AFTER[place]], watchers.see(LOOKS_AFTER[place])) == [], act
    assert mailoutbox == []


def test_a_change_that_all_can_see_is_found_by_this_look(watchers):
    """The look itself works: one entry in the activity log is seen by facilitators, and by nobody else."""
    before, kept = watchers.see(("activity_log", "overview")), rows(PRIVATE)
    ActivityLogEntry.objects.create(partnership=watchers.cast.partnership, actor=watchers.her, verb="vote")
    found = differences(before, watchers.see(("activity_log", "overview")))
    assert [line.split("'")[1] for line in found] == ["facilitator of her side", "facilitator of the other side"]
    assert [table for table, digest in rows(PRIVATE).items() if kept[table] != digest] == [
        "partnerships_activitylogentry"
    ]


def seen_after(watchers: Watchers, *acts: Callable[[], object]) -> dict:
    """Return what others see after some acts, and undo them."""
    with transaction.atomic():
        for act in acts:
            act()
        seen = watchers.see(("overview", "status", "people", "partners", "activity_log", "home"))
        transaction.set_rollback(True)
    return seen


def test_leaving_tells_nobody_whether_she_had_answered(watchers):
    own = watchers.cast.membership(watchers.her)

    def answers() -> None:
        making.answer_all(watchers.assessment, own, tick=True)

    for leaves in (lambda: erase_person(own.user), lambda: services.void_membership(own, own)):
        without, with_answers = seen_after(watchers, leaves), seen_after(watchers, answers, leaves)
        assert differences(without, with_answers) == []


def test_a_form_that_somebody_enters_is_seen_by_her_and_its_owner_alone(watchers):
    facilitator = "facilitator of the other side"
    before = watchers.see(LIVED_IN, but=[facilitator])
    form = row(watchers.assessment, watchers.cast.membership(watchers.her), **{"last/hand_in": "yes"})
    bring_in(watchers.cast, watchers.assessment, form)
    assert differences(before, watchers.see(LIVED_IN, but=[facilitator])) == []
    assert set(Notification.objects.values_list("recipient", flat=True)) >= {watchers.her.pk}
    assert not Notification.objects.filter(kind="assessments.answers_imported").exclude(recipient=watchers.her).exists()


def test_the_other_side_does_not_see_how_far_a_caucus_is(cast, clock):
    with clock(MORNING):
        watchers = Watchers(cast, making.rating(cast, mode_wanted="caucus"))
        her_side = ("colleague", "guest")
        before = watchers.see((*LIVED_IN, "caucus", "caucus-state"), but=her_side)
        everyone = watchers.assessment.participants.all()
        for decision in watchers.assessment.decisions.active():
            answers = [side_sheet.Answer(one.number, 0, 3) for one in everyone]
            own = cast.membership(cast.south_representative)
            side_sheet.save(watchers.assessment, own, decision.number, [*answers, side_sheet.Answer(None, 0, True)])
        assert differences(before, watchers.see((*LIVED_IN, "caucus", "caucus-state"), but=her_side)) == []


def without_the_sentence(seen: dict) -> dict:
    """Return what was seen without the one sentence, the name of a version that follows from it, and the length."""
    sentence = re.compile("|".join(map(re.escape, (FEWER, HALF))).encode())
    version = re.compile(r"v=[0-9a-f]{16}")
    return {
        (who, version.sub("v=", name)): (
            status,
            {header: text for header, text in headers.items() if header != "Content-Length"},
            version.sub("v=", sentence.sub(b"", content).decode(errors="replace")).encode(),
        )
        for (who, name), (status, headers, content) in seen.items()
    }


def test_from_day_to_day_others_see_only_the_sentence_change(watchers, clock):
    own = whole(watchers.cast)[3:]  # of the organisations that nobody here looks on for
    submit(watchers.assessment, *own[:2])
    with transaction.atomic():
        with clock(MORNING + timedelta(days=1)):
            few = watchers.see(LIVED_IN)
        transaction.set_rollback(True)
    submit(watchers.assessment, own[2])
    with clock(MORNING + timedelta(days=1)):
        half = watchers.see(LIVED_IN)
    assert few != half
    assert differences(without_the_sentence(few), without_the_sentence(half)) == []
    overview = ("observer", "assessments:overview")
    assert (FEWER in few[overview][2].decode(), HALF in half[overview][2].decode()) == (True, True)


# --- the one sentence


def test_the_sentence_changes_at_the_fixed_hour_and_never_in_between(cast, clock):
    with clock(MORNING):
        assessment = making.rating(cast)
        submit(assessment, *whole(cast)[:3])
    at = {
        MORNING: FEWER,
        datetime(2026, 5, 12, 2, 59, 59, tzinfo=UTC): FEWER,
        datetime(2026, 5, 12, 3, 0, tzinfo=UTC): HALF,
    }
    for moment, sentence in at.items():
        with clock(moment):
            assert progress.sentence_of(assessment) == sentence, moment


def test_the_sentence_never_falls(cast, clock):
    with clock(MORNING):
        assessment, own = making.rating(cast), whole(cast)
        submit(assessment, *own[:3])
    with clock(MORNING + timedelta(days=1)):
        private_answers.withdraw(assessment, own[0])
        erase_person(own[1].user)
        services.void_membership(own[2], own[2])
        assert progress.sentence_of(assessment) == HALF
    with clock(MORNING + timedelta(days=2)):
        assert progress.sentence_of(assessment) == HALF


def test_the_sentence_counts_organisations_not_people(cast, clock):
    with clock(MORNING):
        assessment, own = making.rating(cast), whole(cast)
        colleague = membership(cast.partnership, Role.REPRESENTATIVE, own[0].partner)
        submit(assessment, own[0], own[1], colleague)
    with clock(MORNING + timedelta(days=1)):
        assert progress.sentence_of(assessment) == FEWER


def test_three_quarters_are_told_from_twelve_organisations_on(cast, clock):
    for _more in range(6):
        PartnerFactory(partnership=cast.partnership)
    with clock(MORNING):
        assessment = making.rating(cast)
        submit(assessment, *whole(cast)[:9])
    with clock(MORNING + timedelta(days=1)):
        assert progress.sentence_of(assessment) == QUARTERS


@pytest.mark.parametrize(
    ("due", "sentence"),
    [
        (None, "Rating is open."),
        (date(2026, 5, 12), "Answers are open until 12 May 2026."),
        (date(2026, 5, 11), "Rating is open."),
    ],
)
def test_with_fewer_than_six_organisations_the_sentence_is_the_last_day(cast, clock, due, sentence):
    cast.partners["o1"].left_at = MORNING
    cast.partners["o1"].save()
    with clock(MORNING):
        assessment = making.rating(cast, rating_due=due)
        submit(assessment, *whole(cast)[:3])
    with clock(MORNING + timedelta(days=1)):
        assert progress.sentence_of(assessment) == sentence


def test_what_the_sentence_rests_on_goes_when_rating_closes(cast):
    assessment = making.rating(cast)
    submit(assessment, cast.membership(cast.south_representative))
    assert EverSubmitted.objects.count() == 1
    making.step(cast, assessment, "close_rating")
    assert not EverSubmitted.objects.exists()


# --- rules that the database holds, too


def checked_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_keeps_a_submission_until_rating_closes(cast):
    assessment = making.rating(cast)
    submit(assessment, cast.membership(cast.south_representative))
    refused = (
        lambda: EverSubmitted.objects.update(counts_from=date(2030, 1, 1)),
        lambda: (EverSubmitted.objects.all().delete(), checked_now()),
    )
    for act in refused:
        with pytest.raises(IntegrityError, match="counts"), transaction.atomic():
            act()
    with transaction.atomic():
        Partnership.objects.filter(pk=cast.partnership.pk).delete()
        checked_now()
        transaction.set_rollback(True)
    making.step(cast, assessment, "close_rating")
    checked_now()
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        EverSubmitted.objects.create(participant=assessment.participants.first(), counts_from=date(2030, 1, 1))


def test_a_side_is_corrected_until_rating_opens_and_never_after(cast):
    own, partner = cast.membership(cast.south_representative), cast.partners["s1"]
    services.confirm_organisation(own, "other")
    Partner.objects.filter(pk=partner.pk).update(side="south")
    making.rating(cast)
    with pytest.raises(Refused):
        services.confirm_organisation(own, "other")
    with pytest.raises(IntegrityError, match="stands"), transaction.atomic():
        Partner.objects.filter(pk=partner.pk).update(side="other")
    Partner.objects.filter(pk=partner.pk).update(name="South one", side="south")


# --- confirming the organisation


def joins(cast, channel="link", **answers) -> Membership:
    partner = None if channel == "join_code" else cast.partners["s3"]
    invitation = services.invite(cast.membership(cast.north_facilitator), channel, Role.REPRESENTATIVE, partner)
    chosen = {"partner": cast.partners["s3"].pk} if partner is None else {}
    page = reverse("partnerships:invitation", args=[invitation.code])
    assert Client().post(page, {"name": "Gathoni", **chosen, **answers}).status_code == 200
    return Membership.objects.get(user__name="Gathoni")


def confirmed(cast) -> list[str]:
    return list(ActivityLogEntry.objects.filter(verb="organisation.confirmed").values_list("actor__name", flat=True))


@pytest.mark.parametrize("channel", ["link", "join_code"])
def test_a_side_confirmed_at_joining_counts_once_the_membership_does(cast, channel):
    own = joins(cast, channel, confirms="on")
    assert (confirmed(cast), Partner.objects.get(pk=own.partner_id).side_confirmed_at) == ([], None)
    for facilitator in (cast.north_facilitator, cast.south_facilitator):
        services.confirm_membership(own, cast.membership(facilitator))
    assert confirmed(cast) == ["Gathoni"]
    assert Partner.objects.get(pk=own.partner_id).side_confirmed_by == own.user


def test_who_leaves_the_question_open_at_joining_is_asked_before_rating_opens(client, cast):
    own = joins(cast)
    for facilitator in (cast.north_facilitator, cast.south_facilitator):
        services.confirm_membership(own, cast.membership(facilitator))
    assessment, asked = making.make_assessment(cast), reverse("partnerships:organisation", args=[cast.partnership.code])
    client.force_login(own.user)
    assert asked in client.get(assessment.get_absolute_url()).content.decode()
    assert [need.url for need in services.needs(own.user)] == [asked]
    making.step(cast, assessment, "open_rating")
    assert asked not in client.get(assessment.get_absolute_url()).content.decode()
    assert services.needs(own.user) == []


def test_a_side_that_was_corrected_meanwhile_is_asked_again(cast):
    own = joins(cast, "join_code", confirms="on")
    north, partner = cast.membership(cast.north_facilitator), cast.partners["s3"]
    fields = {name: getattr(partner, name) for name in ("name", "acronym", "country", "kind")}
    services.change_partner(partner, north, services.PartnerData(**fields, side="other"))
    for facilitator in (cast.north_facilitator, cast.south_facilitator):
        services.confirm_membership(own, cast.membership(facilitator))
    own.refresh_from_db()
    assert (own.confirmed_at, confirmed(cast)) == (None, [])


# --- logs


def test_the_log_tells_no_act_and_no_person_apart(watchers, caplog):
    caplog.set_level("INFO", "powertool.access")
    acts, said = Acts(watchers), []
    for act in WAY:
        caplog.clear()
        getattr(acts, act)()
        said += [(one.route, one.getMessage()) for one in caplog.records if one.name == "powertool.access"]
    assert {route for route, _line in said} == {"assessments:rate"}
    known = (watchers.assessment.code, acts.membership.code, watchers.her.code, watchers.her.name)
    assert not [line for _route, line in said if any(word in line for word in known)]


# --- somebody who knows who is online

SIX, DAYS, RUNS, PROGRESS_HOUR = range(6), 10, 1000, 3


@dataclass
class Week:
    """When each of six organisations is online, and in which of these hours it submits."""

    online: list[list[datetime]]
    submits: list[datetime] = field(default_factory=list)

    def third(self) -> int:
        """Return who submits last before the sentence changes."""
        return sorted(SIX, key=lambda one: self.submits[one])[2]


def draw(dice: random.Random, presence: float) -> Week:
    """Draw ten days; on a day an organisation is online with this probability, in one to three of ten hours."""
    begin = datetime(2026, 5, 11, 8, tzinfo=UTC)
    week = Week([])
    for _one in SIX:
        days = [day for day in range(DAYS) if dice.random() < presence] or [0]
        drawn = [(day, hour) for day in days for hour in dice.sample(range(10), dice.randint(1, 3))]
        hours = [begin + timedelta(days=day, hours=hour) for day, hour in drawn]
        week.online.append(hours)
        week.submits.append(dice.choice(hours) + timedelta(seconds=dice.randrange(3600)))
    return week


def daily(week: Week) -> tuple[datetime, datetime]:
    """Return between which moments the sentence changed, as it is shown: refreshed daily."""
    for day in range(DAYS + 1):
        now = datetime(2026, 5, 11, PROGRESS_HOUR, tzinfo=UTC) + timedelta(days=day)
        shown = disclosure.refreshed_on(now, PROGRESS_HOUR)
        ever = sum(disclosure.counts_from(at, PROGRESS_HOUR) <= shown for at in week.submits)
        if disclosure.progress(ever, len(SIX)) == "half or more":
            return now - timedelta(days=1), now
    raise AssertionError("all have submitted")


def at_once(week: Week) -> tuple[datetime, datetime]:
    """Return the same of a sentence that changes at once: within the hour of the submission."""
    hour = week.submits[week.third()].replace(minute=0, second=0)
    return hour, hour + timedelta(hours=1)


def success(changed: Callable[[Week], tuple[datetime, datetime]], presence: float) -> tuple[float, float]:
    """Return how often an observer names the last to submit, whoever was online most in the time of the change; and how
    often anybody would who picks one of those who were online then."""
    dice, hits, chance = random.Random(20260511), 0, 0.0
    for _run in range(RUNS):
        week = draw(dice, presence)
        since, until = changed(week)
        seen = Counter({one: sum(since <= hour < until for hour in week.online[one]) for one in SIX})
        most = max(seen.values())
        hits += dice.choice([one for one in SIX if seen[one] == most]) == week.third()
        chance += 1 / sum(count > 0 for count in seen.values())
    return hits / RUNS, chance / RUNS


def test_who_is_online_does_not_tell_who_submitted_last():
    """All are online on each day, as people at work are: the sentence tells an observer little more than chance."""
    named, _chance = success(daily, presence=1)
    assert named <= 1 / len(SIX) + 0.1
    assert success(at_once, presence=1)[0] > 0.5, "at once, presence would give the last one away"


def test_where_some_stay_away_a_day_hides_among_those_who_came():
    named, chance = success(daily, presence=0.6)
    assert named <= chance + 0.1
