"""The evidence base: partnerships that are real, snapshots, figures that texts cite."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.evidence import Contributions, contributions
from assessments.published_gaps import PublishedGap
from assessments.scoring import METHOD_VERSION
from community.evidence import adopted, pretend, tables, words
from community.evidence.adoption_steps import Adopting, publish_steps, steps_of
from community.evidence.cuts import Cell, Held, Table, TableOutcome, settle
from community.evidence.publication import coarse, published
from community.models import EvidenceSnapshot, Figure, Finding, Item, RealPartnership, RealState
from community.services.findings import cite_figure
from community.services.measures.adoptions import adopting, adopting_partnerships
from community.services.notifications import notify_members
from partnerships import activity_log
from partnerships.models import Partnership, User
from partnerships.services import Refused
from partnerships.task_sending import send_task

LOCK = "community.evidence"


def newest() -> EvidenceSnapshot | None:
    """Return what is shown: the newest snapshot, or the example as long as no real one ever had anything to show."""
    snapshots = EvidenceSnapshot.objects.defer("basis")
    real = snapshots.real().first()
    if real and snapshots.real().filter(tables__contains=[{"shown": True}]).exists():
        return _as_published(real)
    snapshot = snapshots.filter(is_example=True).first() or real
    return snapshot and _as_published(snapshot)


def _as_published(snapshot: EvidenceSnapshot) -> EvidenceSnapshot:
    """Return a snapshot as it may be shown today, also where it was stored under older rules; its row stays."""
    shown = [published(table) for table in snapshot.tables]
    if shown != snapshot.tables:
        snapshot.tables, snapshot.digest = shown, digest(shown)
    return snapshot


def gaps_for_results() -> list[PublishedGap]:
    """Return the gaps over all decisions and by topic, as the newest real snapshot publishes them; never examples."""
    snapshot = EvidenceSnapshot.objects.real().only("tables").first()
    shown = {table["key"]: published(table)["cells"] for table in snapshot.tables} if snapshot else {}
    return [
        PublishedGap(tuple(cell["of"]) if key == "gap-topic" else (), _about(key, cell), cell["gap"]["mean"], cell["n"])
        for key in ("gap-all", "gap-topic")
        for cell in shown.get(key, ())
    ]


def _about(key: str, cell: dict[str, Any]) -> str:
    if key == "gap-all":
        return _("all decisions")
    return _("decisions about %(topics)s") % {"topics": words.cell(key, cell["of"])}


# --- refreshing


@transaction.atomic
def refresh() -> EvidenceSnapshot:
    """Put the evidence base together as it may be shown now; where nothing has changed, the last snapshot stays."""
    _one_at_a_time()
    networks = networks_of_real_partnerships()
    past = list(EvidenceSnapshot.objects.real().defer("tables").order_by("taken_at", "pk"))
    last = EvidenceSnapshot.objects.real().first()
    contributed = contributions(networks)
    moment = timezone.now()
    _hide_figures(past, tables.contributing(contributed), moment)
    made = _put_together(contributed, adopting(), networks, past, last, moment)
    adopted_by = publish_steps(adopting_partnerships(), _adopting_of(last))
    steps = steps_of(adopted_by)
    before = last and (last.tables, last.measures, last.basis["struck"], last.adoptions)
    if last and before == (made.tables, made.measures, made.struck, steps):
        return last
    return EvidenceSnapshot.objects.create(
        taken_at=moment,
        method_version=METHOD_VERSION,
        tables=made.tables,
        measures=made.measures,
        adoptions=steps,
        digest=digest(made.tables),
        basis={
            "rows": made.rows,
            "struck": made.struck,
            "adopting": {code: sorted(partnerships) for code, partnerships in adopted_by.items()},
        },
    )


def _adopting_of(snapshot: EvidenceSnapshot | None) -> Adopting:
    """Return on which partnerships the steps of five of a snapshot rest."""
    stored = snapshot.basis.get("adopting", {}) if snapshot else {}
    return {code: set(partnerships) for code, partnerships in stored.items()}


@dataclass(frozen=True)
class Made:
    """What a refresh finds: tables to show, and privately what each new one rests on and which cells are struck."""

    tables: list[dict[str, Any]]
    measures: list[dict[str, Any]]
    rows: dict[str, list]
    struck: dict[str, list]


def _put_together(
    contributed: Contributions,
    adopted_decisions: list[tuple],
    networks: dict[int, str],
    past: list[EvidenceSnapshot],
    last: EvidenceSnapshot | None,
    moment: datetime,
) -> Made:
    cuts = tables.cuts_of(contributed) | adopted.cuts_of(contributed, adopted_decisions, _measures_of(past))
    outcomes = _settled(cuts, networks, past, tables.contributing(contributed))
    before = {table["key"]: table for table in [*last.tables, *last.measures]} if last else {}
    ever = [name for name in cuts if name in tables.NAMES or outcomes[name].state != "none"]
    shown = {name: _shown(name, outcomes[name], cuts[name], before.get(name), moment) for name in ever}
    return Made(
        [shown[name] for name in ever if not name.startswith(adopted.PREFIX)],
        [shown[name] for name in ever if name.startswith(adopted.PREFIX)],
        {
            name: _written(outcome.table)
            for name, outcome in outcomes.items()
            if outcome.state == "new" and outcome.table
        },
        {name: _struck(outcomes[name]) for name in ever},
    )


def make_example() -> EvidenceSnapshot:
    """Put pretend partnerships together in the same way, so that the page can be read before there are real ones.

    It has no basis: nothing of it counts when real ones are put together.
    """
    there = EvidenceSnapshot.objects.filter(is_example=True).first()
    if there:
        return there
    moment = timezone.now()
    made = _put_together(pretend.contributions(), [], pretend.NETWORKS, [], None, moment)
    marked = [{**table, "example": True} for table in made.tables]
    return EvidenceSnapshot.objects.create(
        taken_at=moment,
        method_version=METHOD_VERSION,
        tables=marked,
        digest=digest(marked),
        basis={"rows": {}, "struck": {}},
        is_example=True,
    )


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [LOCK])


def networks_of_real_partnerships() -> dict[int, str]:
    """Return the partnerships that a coordinator confirmed to be real, with their network, in one spelling."""
    rows = RealPartnership.objects.filter(state=RealState.CONFIRMED, partnership__is_demo=False)
    networks = rows.order_by("partnership").values_list("partnership_id", "network")
    return {key: " ".join(network.casefold().split()) for key, network in networks}


def _measures_of(past: list[EvidenceSnapshot]) -> set[str]:
    """Return the names of all tables of measures that ever were published."""
    return {name for snapshot in past for name in snapshot.basis["rows"] if name.startswith(adopted.PREFIX)}


def _settled(
    cuts: dict[str, tables.Cut],
    networks: dict[int, str],
    past: list[EvidenceSnapshot],
    member: set[tuple[int, str]],
) -> dict[str, TableOutcome]:
    """Apply the rule to each family of tables, against all that was ever published of it."""
    last_published = _held(past, list(cuts))
    outcomes: dict[str, TableOutcome] = {}
    for family in dict.fromkeys(tables.FAMILY.values()):
        names = [name for name in cuts if tables.family_of(name) == family]
        wanted = [
            (
                name,
                tables.forms(
                    name, cuts[name], networks, last_published[name].table if name in last_published else None
                ),
            )
            for name in names
        ]
        cells = [cell for snapshot in past for name in names for cell in _read(name, snapshot).cells]
        outcomes |= settle(
            wanted,
            last_published,
            cells,
            lambda name: tables.stands(name, member),
            networks,
            tables.fewest_in(family),
        )
    return outcomes


def _held(past: list[EvidenceSnapshot], names: list[str]) -> dict[str, Held]:
    """Return each table as it was last published, with the cells that were struck since."""
    last_published: dict[str, Held] = {}
    for snapshot in past:
        for name in names:
            if name in snapshot.basis["rows"]:
                last_published[name] = Held(_read(name, snapshot))
            elif name in last_published:
                struck = {tuple(key) for key in snapshot.basis["struck"].get(name, [])}
                last_published[name] = Held(last_published[name].table, frozenset(struck))
    return last_published


def _written(table: Table) -> list[list]:
    """Write what a table rests on: per cell its codes, and names, those that count against it with a minus."""
    return [
        [list(cell.key), sorted(name if weight > 0 else f"-{name}" for name, weight in cell.row.items())]
        for cell in table.cells
    ]


def _read(name: str, snapshot: EvidenceSnapshot) -> Table:
    return Table(
        name,
        tuple(
            Cell(
                tuple(key),
                {signed.removeprefix("-"): -1 if signed.startswith("-") else 1 for signed in names},
                tables.world_of(name, tuple(key)),
            )
            for key, names in snapshot.basis["rows"].get(name, [])
        ),
    )


def _struck(outcome: TableOutcome) -> list[list[str]]:
    return sorted(list(key) for key in outcome.struck)


def _shown(name: str, outcome: TableOutcome, cut: tables.Cut, before: dict | None, moment) -> dict[str, Any]:
    """Return what is published of a table: its numbers and since when, or that it is hidden, whatever the reason."""
    if outcome.state == "kept" and before and before["shown"]:
        return published(before)
    if outcome.state != "new" or outcome.table is None:
        return {"key": name, "shown": False, "since": None, "cells": []}
    cells = [coarse({"of": list(cell.key), **cut.numbers(cell.key)}) for cell in outcome.table.cells]
    return {"key": name, "shown": True, "since": moment.isoformat(), "cells": cells}


def digest(content: Any) -> str:
    """Name a content: SHA-256 over its JSON with sorted keys and no spaces (64 hexadecimal digits)."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


# --- figures


def _hide_figures(past: list[EvidenceSnapshot], member: set[tuple[int, str]], moment: datetime) -> None:
    """Hide for good what texts cite, where something it rests on was revoked; later changes bring new figures."""
    cited: dict[int, list[Figure]] = {}
    for figure in Figure.objects.filter(hidden_at=None).only("key", "snapshot"):
        cited.setdefault(figure.snapshot_id, []).append(figure)
    last_published: dict[str, Table] = {}
    gone: list[int] = []
    for snapshot in past:
        last_published |= {name: _read(name, snapshot) for name in snapshot.basis["rows"]}
        gone += [
            figure.pk for figure in cited.get(snapshot.pk, []) if _is_struck(last_published.get(figure.key), member)
        ]
    Figure.objects.filter(pk__in=gone).update(hidden_at=moment)


def _is_struck(table: Table | None, member: set[tuple[int, str]]) -> bool:
    cells = table.cells if table else ()
    return not all(tables.stands(name, member) for cell in cells for name in cell.row)


def freeze(snapshot: EvidenceSnapshot, key: str) -> Figure | None:
    """Keep one table as it is in a snapshot, so that a text can cite it as it was; None where it is not shown."""
    table = next((candidate for candidate in snapshot.tables if candidate["key"] == key and candidate["shown"]), None)
    if table is None:
        return None
    content = {"key": key, "values": table, "date": table["since"], "method": snapshot.method_version}
    figure, _new = Figure.objects.get_or_create(
        snapshot=snapshot,
        key=key,
        defaults={
            "values": table,
            "method_version": snapshot.method_version,
            "taken_at": snapshot.taken_at,
            "digest": digest(content),
        },
    )
    return figure


def citable(item: Item) -> EvidenceSnapshot | None:
    """Return the snapshot that an item may cite; the example is for findings that are examples themselves."""
    snapshot = newest()
    if snapshot and snapshot.is_example and not Finding.objects.filter(pk=item.pk, is_example=True).exists():
        return None
    return snapshot


@transaction.atomic
def cite(item: Item, user: User, key: str, says: str = "", against: bool = False) -> None:
    """Rest an item on a table as it is shown today."""
    snapshot = citable(item)
    figure = freeze(snapshot, key) if snapshot else None
    if figure is None:
        raise Refused(_("This number is not shown at the moment, so you cannot cite it. Choose another number."))
    cite_figure(item, user, figure, says, against)


# --- partnerships that are real


@transaction.atomic
def ask_real(partnership: Partnership, user: User, network: str, about: str) -> RealPartnership:
    """Ask the coordinators to confirm a partnership; asking again with other words needs a new decision."""
    if partnership.is_demo:
        raise Refused(_("This is an example, not a real partnership."))
    asked = {"network": network, "about": about}
    row = RealPartnership.objects.select_for_update(no_key=True).filter(partnership=partnership).first()
    if row and row.state != RealState.DECLINED and asked == {"network": row.network, "about": row.about}:
        return row
    anew = {"state": RealState.ASKED, "asked_by": user, "asked_at": timezone.now(), "decided_by": None}
    row, _new = RealPartnership.objects.update_or_create(
        partnership=partnership, defaults=asked | anew | {"decided_at": None, "reason": ""}
    )
    activity_log.record(partnership, user, "evidence.asked")
    return row


@transaction.atomic
def decide_real(
    row: RealPartnership, coordinator: User, confirmed: bool, reason: str = "", network: str | None = None
) -> None:
    """Confirm that a partnership is real, or decline with a reason; its facilitators are told.

    What it confirmed of members' sides remains after it is declined: one coordinator declines, and could otherwise take
    answers of the other side out of an open consent round.
    """
    locked = RealPartnership.objects.select_for_update(no_key=True).select_related("partnership").get(pk=row.pk)
    if not confirmed and not reason:
        raise Refused(_("Please give a reason."))
    if coordinator.pk in set(locked.partnership.memberships.in_force().values_list("user_id", flat=True)):
        raise Refused(_("You take part in this partnership. Another coordinator must confirm that it is real."))
    locked.state = RealState.CONFIRMED if confirmed else RealState.DECLINED
    locked.decided_by, locked.decided_at, locked.reason = coordinator, timezone.now(), reason
    locked.network = locked.network if network is None else network
    locked.save()
    activity_log.record(locked.partnership, coordinator, "evidence.confirmed" if confirmed else "evidence.declined")
    facilitators = User.objects.filter(pk__in=locked.partnership.memberships.in_force().facilitators().values("user"))
    url = reverse("community:ask-real", args=[locked.partnership.code])
    facts = {"partnership": locked.partnership.name, "confirmed": confirmed, "reason": reason}
    notify_members("real", facilitators, url, f"{locked.code}:{locked.decided_at:%Y%m%d%H%M%S}", **facts)


def request_refresh() -> None:
    """Ask a worker for a refresh; without a broker it is done here and now."""
    if not send_task("community.tasks.refresh_evidence"):
        refresh()
