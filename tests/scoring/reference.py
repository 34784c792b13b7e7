"""The frame functions once more: slow, row by row, in plain Python, to be compared with the fast ones."""

import math
from itertools import groupby
from statistics import mean, median

import krippendorff

NAN = math.nan


def present(values):
    return [value for value in values if not math.isnan(value)]


def average(values):
    known = present(values)
    return mean(known) if known else NAN


def by(rows, *names):
    """Group rows by their sorted keys."""
    key = lambda row: tuple(row[name] for name in names)  # noqa: E731
    return [(found, list(group)) for found, group in groupby(sorted(rows, key=key), key=key)]


def gini(levels):
    n = len(levels)
    if n < 2 or sum(levels) == 0:
        return NAN
    return sum(abs(x - y) for x in levels for y in levels) / (2 * n * n * mean(levels)) * n / (n - 1)


def delta(north, south):
    if not north or not south:
        return NAN
    return mean((x > y) - (x < y) for x in north for y in south)


def holders(cells):
    if not cells:
        return None
    sides = {side for side, level in cells if level >= 3}
    return "none" if not sides else sides.pop() if len(sides) == 1 else "shared"


def consensus(levels):
    if len(levels) < 2:
        return NAN
    centre = mean(levels)
    return 1 + sum(math.log2(1 - abs(x - centre) / 4) for x in levels) / len(levels)


def statistics(rows, column):
    cells = [(row["partner_side"], row[column]) for row in rows if not math.isnan(row[column])]
    levels = [level for _, level in cells]
    north, south = ([level for side, level in cells if side == wanted] for wanted in ("north", "south"))
    gap = average(north) - average(south)
    return {
        "level": average(levels),
        "north": average(north),
        "south": average(south),
        "gap": gap,
        "delta": delta(north, south),
        "superiority": (delta(north, south) + 1) / 2,
        "balance": 100 * (1 - abs(gap) / 4),
        "gini": gini(levels),
        "holders": holders(cells),
    }


def score_agreed(rows):
    decisions = [
        {"assessment": a, "decision": d}
        | statistics(group, "actual")
        | {f"{name}_desired": value for name, value in statistics(group, "desired").items()}
        for (a, d), group in by(rows, "assessment", "decision")
    ]
    assessments = [
        {"assessment": a, "gap": average(r["gap"] for r in group), "balance": average(r["balance"] for r in group)}
        for (a,), group in by(decisions, "assessment")
    ]
    partners = [
        {"assessment": a, "partner": p, "side": group[0]["partner_side"], "level": average(r["actual"] for r in group)}
        for (a, p), group in by(rows, "assessment", "partner")
    ]
    for row in partners:
        peers = [peer["level"] for peer in partners if peer["assessment"] == row["assessment"]]
        row["rank"] = NAN if math.isnan(row["level"]) else 1 + sum(level > row["level"] for level in peers)
    return {"decisions": decisions, "assessments": assessments, "partners": partners}


def voices(rows):
    """One row per organisation and cell that it answered."""
    names = ("assessment", "decision", "partner", "rater_partner")
    found = []
    for key, group in by(rows, *names):
        levels = present(row["level"] for row in group)
        if levels:
            sides = {side: group[0][side] for side in ("partner_side", "rater_side")}
            found.append(dict(zip(names, key, strict=True)) | sides | {"level": median(levels)})
    return found


def own_gaps(spoken):
    found = []
    for (a, d, o), group in by(spoken, "assessment", "decision", "rater_partner"):
        north, south = (
            average(row["level"] for row in group if row["partner_side"] == side) for side in ("north", "south")
        )
        gap = {"own_gap": north - south}
        found.append({"assessment": a, "decision": d, "rater_partner": o, "rater_side": group[0]["rater_side"]} | gap)
    return found


def seen(gaps):
    north, south = ([gap for side, gap in gaps if side == wanted] for wanted in ("north", "south"))
    views = {"seen_by_north": average(north), "seen_by_south": average(south)}
    counts = {"n_north": len(present(north)), "n_south": len(present(south))}
    return views | {"perception_gap": views["seen_by_north"] - views["seen_by_south"]}, counts


def alpha(spoken):
    cells = {key: group for key, group in by(spoken, "decision", "partner") if len(group) > 1}
    if len({row["level"] for group in cells.values() for row in group}) < 2:
        return NAN
    organisations = sorted({row["rater_partner"] for row in spoken})
    matrix = [
        [next((row["level"] for row in group if row["rater_partner"] == o), NAN) for group in cells.values()]
        for o in organisations
    ]
    return krippendorff.alpha(reliability_data=matrix, level_of_measurement="ordinal")


def cell(group):
    levels = [row["level"] for row in group]
    counts = {f"count_{level}": sum(math.floor(x) == level for x in levels) for level in range(5)}
    middle = median(levels) if levels else NAN
    return {"n": len(levels), "mean": average(levels), "median": middle} | counts | {"consensus": consensus(levels)}


def self_gap(group):
    """Own level minus the median of the others', averaged over the decisions that have both."""
    differences = []
    for _, ratings in by(group, "decision"):
        own = [row["level"] for row in ratings if row["rater_partner"] == row["partner"]]
        others = [row["level"] for row in ratings if row["rater_partner"] != row["partner"]]
        if own and others:
            differences.append(own[0] - median(others))
    return average(differences)


def score_perceptions(rows):
    spoken = voices(rows)
    gaps = own_gaps(spoken)
    decisions, assessments = [], []
    for (a, d), _ in by(rows, "assessment", "decision"):
        here = [(row["rater_side"], row["own_gap"]) for row in gaps if (row["assessment"], row["decision"]) == (a, d)]
        views, counts = seen(here)
        decisions.append({"assessment": a, "decision": d} | views | counts)
    for (a,), _ in by(rows, "assessment"):
        here = [row for row in gaps if row["assessment"] == a]
        means = [(g[0]["rater_side"], average(r["own_gap"] for r in g)) for _, g in by(here, "rater_partner")]
        agreement = alpha([row for row in spoken if row["assessment"] == a])
        assessments.append({"assessment": a} | seen(means)[0] | {"agreement": agreement})
    cells = [
        {"assessment": a, "decision": d, "partner": p}
        | cell([row for row in spoken if (row["assessment"], row["decision"], row["partner"]) == (a, d, p)])
        for (a, d, p), _ in by(rows, "assessment", "decision", "partner")
    ]
    partners = [
        {"assessment": a, "partner": p}
        | {"self_gap": self_gap([row for row in spoken if (row["assessment"], row["partner"]) == (a, p)])}
        for (a, p), _ in by(rows, "assessment", "partner")
    ]
    return {
        "decisions": decisions,
        "assessments": assessments,
        "own_gaps": gaps,
        "cells": cells,
        "partners": partners,
    }
