"""The attack of the method's §4: what can a coalition of organisations work out about the others from a release?

The attacker knows the release as JSON, the code, the partners, the sides, who answered what, who ticked, and all rows
of the coalition. A *twin* is another set of ratings that shares all of this and gives the same release, byte for byte.
A level is possible if it is the true one, or if a twin has it; a rating with one possible level is recovered.
"""

import json
from itertools import product

import numpy as np

from assessments import disclosure

LEVELS = range(5)
PATIENCE = 1000  # releases computed before the search gives up, and calls recovered what may only be hard to find


def as_json(released):
    """Return the bytes that leave."""
    return json.dumps(released, ensure_ascii=False)


def attack(release, ratings, ticks, mode, coalition, publish=disclosure.release, enough=5, only=None):
    """Return the levels that are possible for each rating of a non-member, by (decision, rater, partner).

    `release` is what the attacker sees of `publish(ratings, ticks, mode)`; give a worse `publish` to attack that one.
    The coalition names organisations, or single raters. The search ends when each rating has `enough` possible levels;
    `only` limits it to some ratings, by the same keys.
    """
    search = _Search(as_json(release), ratings, lambda frame: publish(frame, ticks, mode), coalition, enough, only)
    first, then = (_CELLS, _RATERS) if release["cells"] else (_RATERS, _CELLS)
    for family in (*first, *then, *_ALL):
        for candidate in family(search):
            if search.done() or len(search.tried) > PATIENCE:
                return search.found()
            search.consider(candidate)
    return search.found()


class _Search:
    """The twins found so far."""

    def __init__(self, seen, ratings, publish, coalition, enough, only):
        self.seen, self.publish, self.enough = seen, publish, enough
        self.frame = ratings.reset_index(drop=True)
        self.true = self.frame["level"].to_numpy(dtype=np.float64)
        self.keys = list(zip(self.frame["decision"], self.frame["rater"], self.frame["partner"], strict=True))
        known = self.frame[["rater_partner", "rater"]].isin(coalition).any(axis=1).to_numpy()
        self.free = np.flatnonzero(~np.isnan(self.true) & ~known)
        self.targets = [i for i in self.free if only is None or self.keys[i] in only]
        self.possible = {i: {int(self.true[i])} for i in self.targets}
        self.tried = set()

    def done(self):
        return all(len(levels) >= self.enough for levels in self.possible.values())

    def found(self):
        return {self.keys[i]: levels for i, levels in self.possible.items()}

    def wanted(self, i):
        return i in self.possible and len(self.possible[i]) < self.enough

    def groups(self, *columns):
        """Return the free rows by columns, each group as an array."""
        return [self.free[rows] for rows in self.frame.loc[self.free].groupby(list(columns)).indices.values()]

    def consider(self, changes):
        """Look whether changing rows to levels gives a twin; if only some cells betray it, leave those as they were."""
        changes = {i: v for i, v in changes.items() if v != self.true[i]}
        if not any(self.wanted(i) and v not in self.possible[i] for i, v in changes.items()):
            return
        if (mark := frozenset(changes.items())) in self.tried:
            return
        self.tried.add(mark)
        levels = self.true.copy()
        levels[list(changes)] = list(changes.values())
        twin = self.publish(self.frame.assign(level=levels))
        if as_json(twin) == self.seen:
            for i in changes.keys() & self.possible.keys():
                self.possible[i].add(int(changes[i]))
        elif betrayed := self._betrayed(twin):
            self.consider({i: v for i, v in changes.items() if (self.keys[i][0], self.keys[i][2]) not in betrayed})

    def _betrayed(self, twin):
        """Return the cells in which a release differs from the one seen."""
        seen = json.loads(self.seen)
        pairs = zip(seen.get("cells", ()), json.loads(as_json(twin)).get("cells", ()), strict=False)
        return {(a["decision"], a["partner"]) for a, b in pairs if a != b}


def _shifts(search):
    """Shift everything a rater, or an organisation, says of a decision."""
    for column in ("rater", "rater_partner"):
        for rows in search.groups(column, "decision"):
            for step in (-1, 1, -2, 2, -3, 3, -4, 4):
                shifted = search.true[rows] + step
                if shifted.min() >= 0 and shifted.max() <= 4:
                    yield dict(zip(rows, shifted, strict=True))


def _side_sums(search):
    """Give an organisation's decision every pair of side sums and each rating each level; the same coarse gap first."""
    for rows in search.groups("rater_partner", "decision"):
        if not any(search.wanted(i) for i in rows):
            continue
        partners = search.frame.loc[rows].groupby("partner").indices
        sides = search.frame.loc[rows].drop_duplicates("partner").set_index("partner")["partner_side"]
        north, south = ([p for p in partners if sides[p] == side] for side in ("north", "south"))
        seen_gap = _gap(*(search.frame.loc[rows].groupby("partner")["level"].median()[side] for side in (north, south)))
        later = []
        for own, other, partner in [(north, south, p) for p in north] + [(south, north, p) for p in south]:
            if not any(search.wanted(rows[i]) for i in partners[partner]):
                continue
            for level, a, b in product(LEVELS, range(4 * len(own) + 1), range(4 * len(other) + 1)):
                mine, theirs = _spread(a - level, len(own) - 1), _spread(b, len(other))
                if mine is None or theirs is None:
                    continue
                new = {partner: level} | dict(zip([p for p in own if p != partner], mine, strict=True))
                new |= dict(zip(other, theirs, strict=True))
                changes = {rows[i]: float(v) for p, v in new.items() for i in partners[p]}
                same = _gap(*([new[p] for p in side] for side in (north, south))) == seen_gap
                if same:
                    yield changes
                else:
                    later.append(changes)
        yield from later


def _gap(north, south):
    """Return the coarse gap as the method words it, None if it is missing."""
    if not len(north) or not len(south):
        return None
    return min(3, max(-3, round(2 * round(float(np.mean(north) - np.mean(south)), 9)) / 2))


def _spread(total, places):
    """Return a total as that many levels, as even as can be, or None."""
    if not 0 <= total <= 4 * places:
        return None
    return [total // places + (i < total % places) for i in range(places)] if places else []


def _neighbours(search):
    """Change every rating at once to the other level of its band."""
    yield {i: float({0: 1, 1: 0, 2: 2, 3: 4, 4: 3}[int(search.true[i])]) for i in search.free}


def _rotations(search):
    """Pass the levels of each cell around among its raters."""
    cells = search.groups("decision", "partner")
    for step in range(1, max(map(len, cells), default=0)):
        yield {i: v for rows in cells for i, v in zip(rows, np.roll(search.true[rows], step), strict=True)}


def _one_in_each_cell(search):
    """Change one rating of each cell at once: cells that do not depend on each other are answered together."""
    cells = search.groups("decision", "partner")
    for place, level in product(range(max(map(len, cells), default=0)), LEVELS):
        yield {rows[place]: float(level) for rows in cells if place < len(rows) and search.wanted(rows[place])}


def _fill_each_cell(search):
    """Give one organisation of each cell a level, and the others what keeps the lower median in its band."""
    seen = {(c["decision"], c["partner"]): c["band"] for c in json.loads(search.seen)["cells"]}
    cells = []
    for rows in search.groups("decision", "partner"):
        cell = search.frame.loc[rows[0], ["decision", "partner"]]
        answers = search.frame[(search.frame[["decision", "partner"]] == cell).all(axis=1) & ~np.isnan(search.true)]
        voices = answers.groupby("rater_partner")["level"].median()
        own = [rows[i] for i in search.frame.loc[rows].groupby("rater_partner").indices.values()]
        known = list(voices.drop(search.frame.loc[rows, "rater_partner"]))
        cells.append((own, known, seen.get(tuple(cell))))
    for place, level in product(range(max((len(own) for own, _, _ in cells), default=0)), LEVELS):
        changes = {}
        for own, known, band in cells:
            if place < len(own) and any(search.wanted(i) for i in own[place]):
                others = own[place + 1 :] + own[:place]
                for rows, new in zip(
                    [own[place], *others], [level, *_filling(known, level, len(others), band)], strict=False
                ):
                    changes |= dict.fromkeys(rows, float(new))
        yield changes


def _filling(known, level, others, band):
    """Return levels of the others that put the lower median into the band; none if it is hidden, or cannot be."""
    for low, middle in product(range(others + 1), repeat=2):
        new = [0] * low + [2] * middle + [4] * (others - low - middle)
        voices = sorted([*known, level, *new])
        if band and low + middle <= others and band == _band(voices[(len(voices) - 1) // 2]):
            return new
    return []


def _band(level):
    """Return the band of a level as the method words it."""
    return "0–1" if level < 2 else "2" if level < 3 else "3–4"


def _single(search):
    """Change one rating."""
    for i, level in product(search.targets, LEVELS):
        yield {i: float(level)}


def _double(search):
    """Change two ratings, whosever and wherever they are."""
    for i, j in product(search.targets, search.free):
        if i != j and search.wanted(i):
            yield from ({i: float(v), j: float(w)} for v, w in product(LEVELS, LEVELS))


def _opposite(search):
    """Raise what one organisation says of a decision, or of a partner, and lower what another says."""
    for columns in (("decision", "rater_partner"), ("decision", "partner", "rater_partner")):
        groups = search.groups(*columns)
        for one, other in product(groups, groups):
            for step in (1, 2, 3, 4):
                up, down = search.true[one] + step, search.true[other] - step
                if one is not other and up.max() <= 4 and down.min() >= 0:
                    yield dict(zip(one, up, strict=True)) | dict(zip(other, down, strict=True))


_CELLS = (_neighbours, _rotations, _fill_each_cell, _one_in_each_cell)
_RATERS = (_shifts, _side_sums)
_ALL = (_single, _double, _opposite)
