"""What an attacker found in published numbers: how exact they were, and how a cell may change (METHOD §4, rule 12)."""

import itertools
import json
import random
import re
import statistics
from collections.abc import Callable, Iterator

import pandas as pd
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from assessments.scoring.levels import BOTH_SIDES
from community.evidence import publication, tables, words
from community.evidence.publication import coarse
from community.models import EvidenceSnapshot, Figure, RealPartnership, WorkingGroup
from community.publishing import figures
from community.services import evidence, findings
from partnerships.models import Notification
from tests.assessments.making import past_triggers
from tests.community import making
from tests.community.evidence_making import contribute
from tests.community.test_evidence_cuts import Base, closed_by, frames, shown

# --- three collude against two

NINTHS = [step / 9 for step in range(37)]  # a side's mean level over three decisions and three partners
INSIDE = NINTHS[4:33]
SOUTH = 1.95  # of the two others, whom nobody has as a tie
Pair = tuple[float, float]


def of_five(own: list[Pair], pair: Pair) -> dict:
    """Return the exact numbers of a cell: three who collude, and two others with these Northern levels."""
    levels = [*own, *((north, SOUTH) for north in pair)]
    means = {side: sum(one[place] for one in levels) / len(levels) for place, side in enumerate(BOTH_SIDES)}
    return {"of": ["all"], **tables.leading(pd.Series([north - south for north, south in levels])), **means}


def today(exact: dict, gaps: list[float]) -> dict:
    return coarse(exact)


def with_two_decimals(exact: dict, gaps: list[float]) -> dict:
    """Return what was published before: two decimals, and the standard deviation."""
    means = {name: round(one, 2) for name, one in (("gap", exact["gap"]["mean"]), ("north", exact["north"]))}
    return means | {"k": exact["lead"]["k"], "sd": round(statistics.stdev(gaps), 2)}


def twins(own: list[Pair], pair: Pair, publish: Callable[[dict, list[float]], dict]) -> Iterator[Pair]:
    """Yield the levels that the two others may have, for three who know their own and what is published."""

    def published(pair: Pair) -> dict:
        gaps = [north - south for north, south in own] + [north - SOUTH for north in pair]
        return publish(of_five(own, pair), gaps)

    near = (one for one in itertools.combinations_with_replacement(NINTHS, 2) if abs(sum(one) - sum(pair)) < 0.6)
    wanted = published(pair)
    return (one for one in near if published(one) == wanted)


OWN = [(3.0, 1.0), (2.0, 2.5), (3.5, 0.5)]


def found(own: list[Pair], pair: Pair) -> bool:
    """Say whether no other levels of the two others give the same published numbers."""
    return len(list(itertools.islice(twins(own, pair, today), 2))) == 1


def test_three_who_collude_hardly_ever_find_the_two_others():
    """In about one table of 150 the rounded numbers fit one pair only, by chance."""
    assert not found(OWN, (NINTHS[10], NINTHS[31]))
    drawn = random.Random(1)
    tables_of_five = [[tuple(drawn.choices(INSIDE, k=2)) for _each in range(4)] for _table in range(60)]
    assert sum(found(own, pair) for *own, pair in tables_of_five) <= 1


@pytest.mark.parametrize("pair", [(NINTHS[10], NINTHS[31]), (NINTHS[3], NINTHS[20]), (NINTHS[14], NINTHS[30])])
def test_with_two_decimals_three_who_collude_found_both(pair):
    """The control: the same attack is red on what was published before."""
    assert list(twins(OWN, pair, with_two_decimals)) == [pair]


# --- what is published of a cell


def cell(gaps: list[float]) -> dict:
    """Return what is published of partnerships with one decision each."""
    contributed = closed_by(range(len(gaps)))
    for one, gap in zip(contributed, gaps, strict=True):
        one["decisions"] = [("agenda", 2.0 + gap, 2.0)]
    given = frames(contributed)
    given.levels.loc[:, "count_2"] = 1  # a level between two is at none of the rungs
    return coarse({"of": ["all"], **tables.cuts_of(given)["gap-all"].numbers(("all",))})


def floats(found) -> list[float]:
    """Return every number of a published structure that is no whole number by type."""
    if isinstance(found, dict):
        return [one for value in found.values() for one in floats(value)]
    if isinstance(found, list):
        return [one for value in found for one in floats(value)]
    return [found] if isinstance(found, float) else []


GAPS = st.lists(st.sampled_from([step / 7 for step in range(-13, 14)]), min_size=5, max_size=24)


@settings(max_examples=15, deadline=None, phases=[Phase.generate])
@given(GAPS)
def test_numbers_have_one_decimal_and_doing_it_twice_changes_nothing(gaps):
    published = cell(gaps)
    assert all(round(one, 1) == one for one in floats(published))
    assert "sd" not in json.dumps(published)
    assert coarse(published) == published
    for shares in published["levels"].values():
        assert sum(round(10 * share) for share in shares) == 10


def test_an_interval_is_published_from_ten_partnerships():
    nine, ten = cell([1.0, -0.5, 0.5] * 3), cell([1.0, -0.5, 0.5] * 3 + [1.0])
    assert (nine["gap"]["low"], nine["lead"]["low"], nine["levels"]) == (None, None, {})
    assert (ten["gap"]["low"], ten["lead"]["low"]) == (-0.1, 0.4)
    assert set(ten["levels"]) == {"north", "south"}
    [line] = [figures.line("gap-all", one) for one in (nine,)]
    assert "interval" not in line + words.sentence({"key": "gap-all", "shown": True, "cells": [nine]})
    assert "interval" in figures.line("gap-all", ten)


@pytest.mark.parametrize(
    ("up", "down", "said"),
    [(5, 0, "nearly all"), (4, 1, "nearly all"), (3, 2, "3 of 5"), (2, 3, "2 of 5"), (1, 4, "nearly none"), (0, 5, "")],
)
def test_a_leading_share_is_a_number_with_two_on_each_side(up, down, said):
    published = cell([1.0] * up + [-1.0] * down)
    sentence = words.sentence({"key": "gap-all", "shown": True, "cells": [published]})
    assert (said or "nearly none") in sentence
    if "nearly" in sentence:
        assert {published["lead"][name] for name in ("k", "n", "ties", "share", "low", "high")} == {None}
        assert not re.search(r"\d of \d", sentence + figures.line("gap-all", published))


@pytest.mark.parametrize(
    ("ways", "shown"),
    [((3, 2, 2), (3, 2, 2)), ((6, 1, 0), (None, None, None)), ((4, 2, 1), (4, None, None)), ((0, 5, 0), (None,) * 3)],
)
def test_how_many_moved_tells_of_no_one_partnership(ways, shown):
    up, same, down = ways
    change = {"mean": 0.25, "low": -1.0, "high": 1.0}
    published = coarse({"of": ["south"], "n": sum(ways), "change": change, "up": up, "same": same, "down": down})
    assert tuple(published[way] for way in ("up", "same", "down")) == shown
    assert bool(published["words"]) == (shown == (None, None, None))


# --- how a cell changes


def test_a_network_is_no_more_than_half_of_those_who_change_a_cell():
    """Four of a network and one other: the numbers move as the network moved."""
    for ring, state in ((range(10, 14), "kept"), (range(10, 12), "new")):
        base = Base(dict.fromkeys(ring, "ring"))
        base.refresh(closed_by(range(10)))
        assert base.refresh(closed_by(range(15)))["gap-all"].state == state


def test_after_a_revocation_a_network_does_not_bring_a_cell_back():
    for ring, state in ((range(10, 14), "hidden"), (range(10, 12), "new")):
        base = Base(dict.fromkeys(ring, "ring"))
        base.refresh(closed_by(range(10)))
        assert base.refresh(closed_by(range(1, 10)))["gap-all"].state == "hidden"
        assert base.refresh(closed_by(range(1, 14)))["gap-all"].state == state


def test_a_cell_is_hidden_once_a_network_makes_up_more_than_half_of_it():
    base = Base(dict.fromkeys(range(4), "ring"))
    base.refresh(closed_by(range(10)))
    base.networks.update(dict.fromkeys(range(6), "ring"))
    assert base.refresh(closed_by(range(10)))["gap-all"].state == "hidden"
    assert "gap-all" not in shown(base.refresh(closed_by(range(10))))


# --- every surface

pytestmark = pytest.mark.django_db
GEOMETRY = {"0.45", "0.55", "4.45"}  # where the axes of charts begin and end
TOO_EXACT = re.compile(r"\d[.,]\d\d(?!\d*[-:T])")


@pytest.fixture
def stored(db):
    """A snapshot as it was stored under older rules: two decimals, a standard deviation, an interval of seven."""
    lead = {"k": 6, "n": 7, "ties": 0, "share": 0.857, "low": 0.487, "high": 0.974, "p_value": 0.125}
    gap = {"mean": 1.37, "sd": 0.91, "low": 0.53, "high": 2.21}
    levels = {side: [0.114, 0.257, 0.343, 0.143, 0.143] for side in ("north", "south")}
    one = {"of": ["all"], "n": 7, "lead": lead, "gap": gap, "north": 3.14, "south": 1.77, "levels": levels}
    table = {"key": "gap-all", "shown": True, "since": "2026-01-02T00:00:00+00:00", "cells": [one]}
    basis = {"rows": {}, "struck": {}}
    with past_triggers():  # as it was stored under older rules
        return EvidenceSnapshot.objects.create(method_version="1", tables=[table], digest="d" * 64, basis=basis)


def figure_of(snapshot: EvidenceSnapshot) -> Figure:
    with past_triggers():  # as it was stored under older rules
        return Figure.objects.create(
            snapshot=snapshot, key="gap-all", values=snapshot.tables[0], method_version="1", digest="e" * 64,
            taken_at=snapshot.taken_at,
        )  # fmt: skip


def numbers_in(text: str) -> list[str]:
    found = TOO_EXACT.findall(re.sub(r"20\d\d-\d\d-\d\dT[\d:.+]*|[0-9a-f]{64}", "", text))
    return [one for one in found if one not in GEOMETRY]


def test_every_surface_shows_one_decimal_also_of_what_is_older(client, stored):
    member = making.member()
    finding, figure = making.make_finding(member), figure_of(stored)
    findings.cite_figure(finding, member.user, figure)
    client.force_login(member.user)
    files = [reverse("community:evidence-file", args=[name]) for name in ("evidence.csv", "evidence.json")]
    pages = [reverse("community:evidence"), figure.get_absolute_url(), finding.get_absolute_url()]
    interface = [reverse("api:evidence"), reverse("api:cut", args=["gap-all"])]
    WorkingGroup.objects.filter(pk=finding.group_id).update(is_public=True)
    for address in (*files, *pages, *interface):
        response = client.get(address)
        assert response.status_code == 200
        text = response.content.decode()
        main = text.split("<main", 1)[-1].split("</main>", 1)[0]
        assert not numbers_in(main), (address, numbers_in(main))
        assert "interval 0.5" not in main
        assert '"sd"' not in text
        assert "6 of 7" not in main
    assert not numbers_in(" ".join(figures.lines_of_figure(figure.values)))


def test_the_json_of_an_older_snapshot_has_the_digest_of_what_it_says(client, stored):
    client.force_login(making.member().user)
    found = client.get(reverse("community:evidence-file", args=["evidence.json"])).json()
    assert evidence.digest(found["tables"]) == found["digest"]


def test_the_database_takes_no_second_decimal_and_no_deviation():
    basis = {"rows": {}, "struck": {}}
    right = {"key": "gap-all", "shown": True, "since": None, "cells": [{"of": ["all"], "n": 7, "north": 3.1}]}
    for name in ("tables", "measures"):
        for wrong in ({"north": 3.14}, {"gap": {"sd": 1}}):
            rows = {"tables": [right], "measures": [right]}
            rows[name] = [{**right, "cells": [{**right["cells"][0], **wrong}]}]
            with pytest.raises(IntegrityError, match="one decimal"), transaction.atomic():
                EvidenceSnapshot.objects.create(method_version="1", digest="x", basis=basis, **rows)
    snapshot = EvidenceSnapshot.objects.create(method_version="1", tables=[right], digest="x", basis=basis)
    with pytest.raises(IntegrityError, match="one decimal"), transaction.atomic():
        Figure.objects.create(
            snapshot=snapshot,
            key="gap-all",
            values={"cells": [{"north": 3.14}]},
            digest="x",
            taken_at=snapshot.taken_at,
        )


def test_a_refresh_stores_what_is_published():
    contribute(8)
    contribute(2, levels=(1, 3))
    snapshot = evidence.refresh()
    for table in snapshot.tables:
        assert publication.published(table) == table
    assert all(round(one, 1) == one for one in floats(snapshot.tables))


# --- whose name coordinators see


def test_coordinators_see_the_name_of_a_partnership_once_it_asks(client, cast):
    lead = making.lead()
    client.force_login(lead.user)
    pages = [reverse("community:groups"), reverse("community:real"), reverse("community:evidence")]
    pages += [reverse(f"community:{name}", args=["understanding"]) for name in ("group", "people", "moderation")]

    def read() -> str:
        notifications = " ".join(str(one.context) for one in Notification.objects.filter(recipient=lead.user))
        return notifications + "".join(client.get(page).content.decode() for page in pages)

    assert cast.partnership.name not in read()
    evidence.ask_real(cast.partnership, cast.north_facilitator, "", "See our site.")
    assert RealPartnership.objects.count() == 1
    assert cast.partnership.name in read()
