"""Asking for a translation names nobody and tells of no activity (METHOD §4 rule 5)."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.translation import override

from assessments.models import WantedLanguage
from assessments.services.rating import wanted_languages
from partnerships.access import member_roles_of
from partnerships.models import Role, User
from partnerships.services import Refused, confirm_membership
from tests.assessments import making
from tests.factories import membership
from tests.security.what_others_see import LIVED_IN, Watchers, clock_at, differences

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 5, 11, 9, 30, tzinfo=UTC)
NEXT_DAY = MORNING + timedelta(days=1)
LOOKED_AT = (*LIVED_IN, "decisions", "wordings", "rate-decision", "rate-review")
ASKED = "Translations requested: French (2 decisions)."


@pytest.fixture
def clock(monkeypatch) -> Callable:
    """Return what lets the site's clock stand still at a moment."""
    return lambda moment: clock_at(monkeypatch, moment)


def read_by(user: User, language: str) -> None:
    User.objects.filter(pk=user.pk).update(language=language)


@pytest.fixture
def watchers(cast, clock) -> Iterator[Watchers]:
    """Six organisations rate on a Monday morning, in English; one of them reads Spanish."""
    read_by(cast.south_representative, "es")
    with clock(MORNING):
        yield Watchers(cast, making.rating(cast, rating_due=date(2026, 5, 20)))


def ask(watchers: Watchers, language: str) -> None:
    member = member_roles_of(watchers.her, watchers.cast.partnership)
    wanted_languages.ask(watchers.assessment, member, language)


def test_one_reader_of_a_language_who_asks_changes_nothing(watchers, clock):
    """Her language is listed since the opening, whether she ever came or not."""
    today = watchers.see(LOOKED_AT)
    with clock(NEXT_DAY):
        tomorrow = watchers.see(LOOKED_AT)
    ask(watchers, "es")
    assert differences(today, watchers.see(LOOKED_AT)) == []
    with clock(NEXT_DAY):
        assert differences(tomorrow, watchers.see(LOOKED_AT)) == []
        assert wanted_languages.missing(watchers.assessment) == {"es": 2}


def test_another_language_is_seen_from_the_next_day_on(watchers, clock):
    before = watchers.see(LOOKED_AT)
    ask(watchers, "fr")
    assert differences(before, watchers.see(LOOKED_AT)) == []
    with clock(NEXT_DAY):
        assert wanted_languages.missing(watchers.assessment) == {"es": 2, "fr": 2}


def test_whoever_asks_and_however_often_the_rows_are_equal(watchers, clock):
    ask(watchers, "fr")
    once = list(WantedLanguage.objects.order_by("language").values_list("language", "counts_from"))
    other = member_roles_of(watchers.cast.north_representative, watchers.cast.partnership)
    with clock(MORNING + timedelta(hours=3)):
        wanted_languages.ask(watchers.assessment, other, "fr")
    assert list(WantedLanguage.objects.order_by("language").values_list("language", "counts_from")) == once
    names = {column.name for column in WantedLanguage._meta.get_fields()}
    assert names == {"id", "assessment", "language", "counts_from"}


def test_a_language_switched_while_rating_is_open_moves_no_list(watchers):
    """The account's language changes with a tap on the rating page: that would tell that somebody is there."""
    pages = ("overview", "decisions", "wordings", "home", "workspace")
    before = watchers.see(pages)
    read_by(watchers.her, "pt")
    assert differences(before, watchers.see(pages)) == []


def test_a_representative_who_joins_later_has_her_language_listed(watchers, clock):
    new = membership(watchers.cast.partnership, Role.REPRESENTATIVE, watchers.cast.partners["s3"], admitted_at=None)
    read_by(new.user, "fr")
    for by in (watchers.cast.north_facilitator, watchers.cast.south_facilitator):
        confirm_membership(new, watchers.cast.membership(by))
    assert wanted_languages.missing(watchers.assessment) == {"es": 2}
    with clock(NEXT_DAY):
        assert wanted_languages.missing(watchers.assessment) == {"es": 2, "fr": 2}


@pytest.mark.parametrize("organisations", [4, 5])
def test_fewer_than_five_organisations_are_told_to_ask_themselves(cast, client, organisations):
    for partner in list(cast.partners.values())[organisations:]:
        partner.left_at = MORNING
        partner.save()
    assessment = making.rating(cast)
    client.force_login(cast.north_representative)
    with override("fr"):
        client.post(reverse("language"), {"language": "fr", "next": "/"})
    page = client.get(reverse("assessments:rate-decision", args=[assessment.code, 1]))
    answer = client.post(reverse("assessments:rate-translation", args=[assessment.code, 1]))
    assert page.context["may_ask"] == (organisations == 5)
    assert answer.status_code == 302
    assert WantedLanguage.objects.filter(language="fr").exists() == (organisations == 5)


def test_facilitators_find_it_on_the_page_and_on_home(watchers, client, clock):
    ask(watchers, "fr")
    assessment = watchers.assessment
    with clock(NEXT_DAY):
        client.force_login(watchers.cast.north_facilitator)
        pages = [client.get(url).content.decode() for url in (assessment.get_absolute_url(), reverse("home"))]
        client.force_login(watchers.cast.north_representative)
        others = client.get(assessment.get_absolute_url()).content.decode()
    assert all("Spanish (2 decisions)" in page and "French (2 decisions)" in page for page in pages)
    assert reverse("assessments:wordings", args=[assessment.code, "es"]) in pages[1]
    assert "Translations requested" not in others


def test_a_language_that_is_complete_is_no_longer_asked_for(watchers, clock):
    for one in watchers.assessment.decisions.active():
        one.translations = {"es": "Repartir el presupuesto"}
        one.save(update_fields=["translations"])
    with clock(NEXT_DAY):
        assert wanted_languages.missing(watchers.assessment) == {}


@pytest.mark.parametrize("ends", ["close_rating", "reopen_decisions"])
def test_what_was_asked_goes_when_rating_ends(cast, ends):
    read_by(cast.south_representative, "es")
    assessment = making.rating(cast)
    assert WantedLanguage.objects.exists()
    making.step(cast, assessment, ends)
    assert not WantedLanguage.objects.exists()


def test_nobody_asks_after_rating_closed(cast):
    assessment = making.in_session(cast)
    member = member_roles_of(cast.north_representative, cast.partnership)
    with pytest.raises(Refused):
        wanted_languages.ask(assessment, member, "fr")
    with pytest.raises(IntegrityError, match="private ratings are closed"), transaction.atomic():
        WantedLanguage.objects.create(assessment=assessment, language="fr", counts_from=MORNING.date())


def test_the_database_moves_no_day(watchers):
    with pytest.raises(IntegrityError, match="counts from one day on"), transaction.atomic(), connection.cursor() as c:
        c.execute("UPDATE assessments_wantedlanguage SET counts_from = '2020-01-01'")
