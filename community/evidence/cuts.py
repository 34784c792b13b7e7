"""What may be published of the evidence base, alone and beside all that was published before (METHOD §4, rule 12).

Pure: no ORM, no numbers, only what each number rests on. A published cell is a *row*: which partnerships' values are in
it, by name. Sums, means, counts and variances of a cell are combinations of what its row names, so whoever holds many
cells can work out exactly what linear combinations of their rows can say. Nothing may be published if a combination of
rows, old and new, says something about one to four partnerships only.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from assessments.disclosure import FEWEST_PARTNERSHIPS

PRIME = 2**31 - 1  # two of its remainders can be multiplied in 64 bits
SHARE = (
    20  # a table of more than a hundred changes when one in twenty of its partnerships has, so that versions stay few
)

# {name of a value: its weight}. A name begins with its partnership, "17:…"; the same name is the same unknown number.
Row = Mapping[str, int]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """One cell of a table: the codes that it joins (one, or several merged ones), and what it rests on.

    What is published of one side can't be combined with what is published of the other: `world` names the side, where
    a row is only about one. A row without a world is about both alike.
    """

    key: Key
    row: Row
    world: str = ""

    @property
    def partnerships(self) -> set[int]:
        return {owner(name) for name in self.row}


@dataclass(frozen=True)
class Table:
    """A cut; its cells are published together or not at all."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Held:
    """A table as it was last published; `struck` are the cells in which somebody has revoked since."""

    table: Table
    struck: frozenset[Key] = frozenset()


@dataclass(frozen=True)
class TableOutcome:
    """What becomes of a table: `new` (published now), `kept` (as it was), `hidden` or `none` (never published)."""

    state: str
    table: Table | None = None
    struck: frozenset[Key] = field(default_factory=frozenset)


def owner(name: str) -> int:
    return int(name.split(":", 1)[0])


# --- cells of at least five


def merge(members: Mapping[str, set[int]], networks: Mapping[int, str]) -> Iterator[tuple[Key, ...]]:
    """Yield ever coarser ways to merge codes into cells, the finest that is allowed first, down to two cells.

    The smallest cell that is not allowed joins the next smallest; ties go by the order of the codes.
    """
    order = {code: place for place, code in enumerate(members)}
    cells: list[tuple[Key, set[int]]] = [
        ((code,), set(partnerships)) for code, partnerships in members.items() if partnerships
    ]

    def smallest_first(cell: tuple[Key, set[int]]) -> tuple[int, int]:
        return len(cell[1]), order[cell[0][0]]

    while len(cells) > 1:
        cells.sort(key=smallest_first)
        poor = next((cell for cell in cells if not allowed(cell[1], networks)), None)
        if poor is None:
            yield tuple(sorted((key for key, _found in cells), key=lambda key: order[key[0]]))
        first = poor or cells[0]
        other = next(cell for cell in cells if cell is not first)
        joined = tuple(sorted((*first[0], *other[0]), key=order.__getitem__))
        cells = [cell for cell in cells if cell not in (first, other)]
        cells.append((joined, first[1] | other[1]))


def allowed(partnerships: set[int], networks: Mapping[int, str], fewest: int = FEWEST_PARTNERSHIPS) -> bool:
    """Say whether a cell is large enough, and no network makes up more than half of it."""
    if len(partnerships) < fewest:
        return False
    named = Counter(networks[partnership] for partnership in partnerships if networks.get(partnership))
    return not named or max(named.values()) * 2 <= len(partnerships)


# --- nothing to be worked out


def protected(rows: Iterable[Row], fewest: int = FEWEST_PARTNERSHIPS) -> bool:
    """Say whether every combination of the rows that says anything says it of at least `fewest` partnerships.

    Sufficient, not necessary. Values that stand alike in all rows stand or fall together: if so many partnerships have
    such values, every combination that keeps them is harmless. So only those that cancel them are looked at further,
    where other values stand alike; until no combination is left (safe), or no more can be said to be harmless.

    Counted modulo a large prime: whole numbers are exact, where a rounded one that should be zero but isn't would
    pass for a value of so many.
    """
    weights, owners = _alike(rows)
    while len(weights):
        many = [len(partnerships) >= fewest for partnerships in owners]
        if not any(many):
            return False
        weights, owners = _grouped(_times(weights, _cancelling(weights[many])), owners)
    return True


def _alike(rows: Iterable[Row]) -> tuple[np.ndarray, list[set[int]]]:
    """Return the ways in which values stand in the rows (ways × rows), and per way whose values do."""
    different = list({frozenset(row.items()): row for row in rows if row}.values())
    columns: dict[str, list[tuple[int, int]]] = {}
    for place, row in enumerate(different):
        for name, weight in row.items():
            columns.setdefault(name, []).append((place, weight))
    ways: dict[tuple[tuple[int, int], ...], set[int]] = {}
    for name, column in columns.items():
        ways.setdefault(tuple(column), set()).add(owner(name))
    weights = np.zeros((len(ways), len(different)), dtype=np.int64)
    for at, way in enumerate(ways):
        for place, weight in way:
            weights[at, place] = weight % PRIME
    return weights, list(ways.values())


def _cancelling(weights: np.ndarray) -> np.ndarray:
    """Return a basis of the combinations under which all these ways come to nothing (rows × combinations)."""
    left, pivots = _reduced(weights)
    free = [place for place in range(left.shape[1]) if place not in set(pivots)]
    basis = np.zeros((left.shape[1], len(free)), dtype=np.int64)
    basis[free, range(len(free))] = 1
    basis[pivots] = -left[: len(pivots), free] % PRIME
    return basis


def _reduced(weights: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """Return the reduced row echelon form, and in which columns its rows begin."""
    left, pivots = weights.copy(), list[int]()
    for column in range(left.shape[1]):
        top = len(pivots)
        rows = np.flatnonzero(left[top:, column])
        if not rows.size:
            continue
        left[[top, top + rows[0]]] = left[[top + rows[0], top]]
        left[top] = left[top] * pow(int(left[top, column]), -1, PRIME) % PRIME
        others = np.flatnonzero(left[:, column])
        others = others[others != top]
        left[others] = (left[others] - left[others, column, None] * left[top]) % PRIME
        pivots.append(column)
    return left, pivots


def _times(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Multiply modulo the prime, in two halves, since a sum of whole products would not fit."""
    return (left @ (right >> 16) % PRIME * (1 << 16) + left @ (right & 0xFFFF)) % PRIME


def _grouped(weights: np.ndarray, owners: list[set[int]]) -> tuple[np.ndarray, list[set[int]]]:
    """Join the ways that have become multiples of each other; drop those that came to nothing."""
    groups: dict[tuple[int, ...], set[int]] = {}
    for way, partnerships in zip(weights, owners, strict=True):
        if way.any():
            first = pow(int(way[np.flatnonzero(way)[0]]), -1, PRIME)
            groups.setdefault(tuple((way * first % PRIME).tolist()), set()).update(partnerships)
    return np.array(list(groups), dtype=np.int64), list(groups.values())


# --- one refresh


def settle(
    wanted: Sequence[tuple[str, Iterable[Table]]],
    held: Mapping[str, Held],
    past: Sequence[Cell],
    stands: Callable[[str], bool],
    networks: Mapping[int, str],
    fewest: int = FEWEST_PARTNERSHIPS,
) -> dict[str, TableOutcome]:
    """Decide what becomes of each table of a family, in the order in which they are wanted.

    `wanted`: per table the forms that it could take now, best first. `held`: what was last published. `past`: every
    cell that ever was published. `stands`: whether a value is still contributed. A table that cannot change yet stays
    as it was; if something in it was revoked, it is hidden until it can. `fewest`: how many partnerships a cell needs,
    and each change of it.
    """
    outcomes: dict[str, TableOutcome] = {}
    published = list(past)
    for name, forms in wanted:
        last = _struck(held.get(name), stands, networks, fewest)
        best = iter(forms)
        first = next(best, None)
        if first is None or is_little(first, last):
            outcomes[name] = _outcome(None, last)
            continue
        chosen = next(
            (table for table in chain([first], best) if _may_follow(table, last, published, networks, fewest)), None
        )
        if chosen:
            published += chosen.cells
        outcomes[name] = _outcome(chosen, last)
    return outcomes


def _struck(last: Held | None, stands: Callable[[str], bool], networks: Mapping[int, str], fewest: int) -> Held | None:
    """Add the cells that rest on something that was revoked, or of which one network makes up too much by now."""
    if last is None:
        return None
    cells = last.table.cells
    gone = {
        cell.key for cell in cells if not all(map(stands, cell.row)) or not allowed(cell.partnerships, networks, fewest)
    }
    return Held(last.table, last.struck | gone)


def is_little(table: Table, last: Held | None) -> bool:
    """Say whether too little has changed in a large table for another version of it, which all later ones weigh."""
    if last is None or last.struck or [cell.key for cell in table.cells] != [cell.key for cell in last.table.cells]:
        return False
    pairs = zip(table.cells, last.table.cells, strict=True)
    moved = {partnership for now, then in pairs for partnership in changed_by(now.row, then.row)}
    everybody = {partnership for cell in table.cells for partnership in cell.partnerships}
    return FEWEST_PARTNERSHIPS <= len(moved) < len(everybody) / SHARE


def changed_by(now: Row, then: Row) -> set[int]:
    """Return the partnerships by which two versions of a cell differ."""
    return {owner(name) for name, _weight in now.items() ^ then.items()}


def _changes_enough(table: Table, last: Held | None, networks: Mapping[int, str], fewest: int) -> bool:
    """Say whether each cell that changes does so by enough partnerships, no network being more than half of them."""
    before = {cell.key: cell.row for cell in last.table.cells} if last else {}
    changes = [changed_by(cell.row, before[cell.key]) for cell in table.cells if cell.key in before]
    return all(allowed(moved, networks, fewest) for moved in changes if moved)


def _may_follow(
    table: Table, last: Held | None, published: list[Cell], networks: Mapping[int, str], fewest: int
) -> bool:
    if not table.cells or not all(allowed(cell.partnerships, networks, fewest) for cell in table.cells):
        return False
    if not _changes_enough(table, last, networks, fewest):
        return False
    if last and last.struck:
        before = {cell.key: cell.row for cell in last.table.cells if cell.key in last.struck}
        if any(before.get(cell.key) == cell.row for cell in table.cells):
            return False  # who revoked is back: nothing has changed, so nothing is shown
    rows = [*published, *table.cells]
    worlds = {cell.world for cell in rows if cell.world} or {""}
    return all(protected((cell.row for cell in rows if cell.world in ("", world)), fewest) for world in worlds)


def _outcome(table: Table | None, last: Held | None) -> TableOutcome:
    if table and last and not last.struck and table == last.table:
        return TableOutcome("kept", table)
    if table:
        return TableOutcome("new", table)
    if last is None:
        return TableOutcome("none")
    return TableOutcome("hidden" if last.struck else "kept", last.table, last.struck)
