"""The rules of the method's §4 once more, slowly: whole fractions and plain loops, without the agreement."""

from fractions import Fraction
from statistics import median

SIDES = ("north", "south")


def plain_release(frame, ticks, mode, k=3):
    """Return what `release` must return, except for the agreement."""
    rows = [row for row in frame.to_dict("records") if row["level"] == row["level"]]
    decisions, partners = sorted(set(frame["decision"])), sorted(set(frame["partner"]))
    side_of = dict(zip(frame["partner"], frame["partner_side"], strict=True))
    rater_side = {row["rater_partner"]: row["rater_side"] for row in rows}
    voice = {}
    for row in rows:
        voice.setdefault((row["rater_partner"], row["decision"], row["partner"]), []).append(Fraction(row["level"]))
    voice = {key: Fraction(median(levels)) for key, levels in voice.items()}

    def gap(organisation, decision):
        means = []
        for side in SIDES:
            levels = [
                voice[key] for p in partners if side_of[p] == side and (key := (organisation, decision, p)) in voice
            ]
            if not levels:
                return None
            means.append(sum(levels) / len(levels))
        return max(Fraction(-3), min(Fraction(3), Fraction(round(2 * (means[0] - means[1])), 2)))

    numbers = {}
    for side in SIDES:
        answering = [o for o, s in rater_side.items() if s == side]
        consent = all(o in ticks for o in answering)
        for decision in decisions:
            c = [g for o in answering if (g := gap(o, decision)) is not None]
            if len(c) >= k or (c and consent):
                numbers[decision, side] = round(2 * sum(c) / len(c)) / 2
    nothing = {"north": None, "south": None, "difference": None}
    if mode == "all_together" or not numbers:
        cells = []
        for decision in decisions:
            for partner in partners:
                levels = sorted(int(voice[key]) for o in rater_side if (key := (o, decision, partner)) in voice)
                middle = levels[(len(levels) - 1) // 2] if len(levels) >= 5 else None
                band = None if middle is None else "0–1" if middle <= 1 else "2" if middle == 2 else "3–4"
                cells.append({"decision": decision, "partner": partner, "band": band})
        return {
            "mode": "all_together",
            "decisions": [{"decision": decision} | nothing for decision in decisions],
            "assessment": nothing | {"answered": {"all": len(rater_side)}},
            "cells": cells,
        }
    shown = []
    for decision in decisions:
        pair = {side: numbers.get((decision, side)) for side in SIDES}
        both = None not in pair.values()
        shown.append({"decision": decision} | pair | {"difference": pair["north"] - pair["south"] if both else None})
    summary = {}
    for name in (*SIDES, "difference"):
        values = [row[name] for row in shown if row[name] is not None]
        summary[name] = round(10 * Fraction(sum(values)) / len(values)) / 10 if values else None
    answered = {
        side: sum(s == side for s in rater_side.values()) if summary[side] is not None else None for side in SIDES
    }
    return {"mode": "by_side", "decisions": shown, "assessment": summary | {"answered": answered}, "cells": []}
