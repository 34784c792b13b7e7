"""Scoring a million ratings, in times of what pandas takes for the plain medians of the same rows; and the memory."""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

MOST, MOST_MIB, REPEATS = 4, 1024, 7
ASSESSMENTS, DECISIONS, PARTNERS = 1_000, 10, 10  # each partner rates every partner in each decision
MOST_OF_MEANS = 6
FACTS = ("amount",) * 10 + ("yes_no",) * 6 + ("rate",) * 3  # as many of each kind as the list has
DOMAINS = ("money", "governance", "agenda", "staff")
SIDES = (0, 0, 0, 1, 1, 1, 1, 1, 1, 2)  # of the ten: north, south, other


def measure() -> list[dict[str, Any]]:
    """Score in processes of their own, as a worker does; print a row for levels and one for facts; return them."""
    return [_told(what) for what in ("levels", "facts")]


def _told(what: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-m", "bench.scoring", what], check=True, capture_output=True, text=True)  # noqa: S603
    row: dict[str, Any] = json.loads(done.stdout)
    kept = "kept" if row["met"] else "MISSED"
    sys.stdout.write(
        f"{row['median_ms']:9.1f} ms  {row['what']}: {row['ratio']:.2f} × the {row['plain']}' "
        f"{row['medians_ms']:.1f} ms, {row['mib']:.0f} MiB (at most {row['most']} × and {MOST_MIB} MiB: {kept})\n"
    )
    return row


def main() -> None:
    """Score, take the plain statistic of the same rows in turn, and print what each took and the most memory."""
    sys.stdout.write(json.dumps(of_facts() if sys.argv[1] == "facts" else of_levels()))


def of_levels() -> dict[str, Any]:
    from assessments.scoring import score_agreed, score_perceptions

    ratings, agreed = frames()
    key = ["assessment", "decision", "partner", "rater_partner"]
    what = f"score_perceptions + score_agreed, {ASSESSMENTS:,} assessments, {len(ratings):,} ratings"
    return in_turn(
        what,
        lambda: (score_perceptions(ratings), score_agreed(agreed)),
        lambda: ratings.groupby(key, observed=True)["level"].median(),
        "medians",
        MOST,
    )


def of_facts() -> dict[str, Any]:
    """Score the facts of all assessments in one call, beside the plain means by fact and side of the same rows."""
    from assessments.scoring import fact_shares, influence_by_domain

    facts, agreed, topics = fact_frames()
    key = ["assessment", "fact", "side"]
    return in_turn(
        f"fact_shares + influence_by_domain, {ASSESSMENTS:,} assessments, {len(facts):,} values",
        lambda: (fact_shares(facts), influence_by_domain(agreed, topics)),
        lambda: facts.groupby(key, observed=True)["value"].mean(),
        "means",
        MOST_OF_MEANS,
    )


def in_turn(
    what: str, score: Callable[[], object], plain: Callable[[], object], name: str, most: float
) -> dict[str, Any]:
    scored, medians = [], []
    for _ in range(REPEATS):
        scored.append(seconds(score))
        medians.append(seconds(plain))
    took, other = statistics.median(scored), statistics.median(medians)
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "what": what,
        "median_ms": took * 1000,
        "plain": name,
        "medians_ms": other * 1000,
        "ratio": took / other,
        "most": most,
        "mib": mib,
        "met": took <= most * other and mib <= MOST_MIB,
    }


def fact_frames() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return facts of all kinds, agreed levels and the domain of each decision, one in twenty values missing."""
    _ratings, agreed = frames()
    random = np.random.default_rng(2)
    assessment, fact, partner = np.indices((ASSESSMENTS, len(FACTS), PARTNERS)).reshape(3, -1)
    kind = np.array(FACTS)[fact]
    values = random.integers(0, np.where(kind == "yes_no", 2, 100)).astype(float)
    values[random.random(values.size) < 0.05] = np.nan
    facts = pd.DataFrame(
        {
            "assessment": pd.Categorical.from_codes(assessment, agreed["assessment"].cat.categories),
            "fact": pd.Categorical.from_codes(fact, pd.Index([f"f{n}" for n in range(len(FACTS))])),
            "kind": kind,
            "partner": pd.Categorical.from_codes(assessment * PARTNERS + partner, agreed["partner"].cat.categories),
            "side": np.array(["north", "south", "other"])[np.array(SIDES)[partner]],
            "value": values,
        }
    )
    decided = agreed[["assessment", "decision"]].drop_duplicates().reset_index(drop=True)
    return facts, agreed, decided.assign(domain=np.array(DOMAINS)[np.arange(len(decided)) % len(DOMAINS)])


def frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ratings and agreed levels with categorical keys, one in twenty levels missing."""

    def keys(codes: Any, name: str) -> Any:
        return pd.Categorical.from_codes(codes, pd.Index([f"{name}{n}" for n in range(codes.max() + 1)]))

    def sides(places: Any) -> Any:
        return pd.Categorical.from_codes(np.array(SIDES)[places], pd.Index(["north", "south", "other"]))

    def levels(count: int) -> Any:
        drawn = random.integers(0, 5, count).astype(float)
        drawn[random.random(count) < 0.05] = np.nan
        return drawn

    random = np.random.default_rng(1)
    shape = (ASSESSMENTS, DECISIONS, PARTNERS, PARTNERS)
    assessment, decision, partner, rater = np.indices(shape).reshape(4, -1)
    ratings = pd.DataFrame(
        {
            "assessment": keys(assessment, "a"),
            "decision": keys(assessment * DECISIONS + decision, "d"),
            "partner": keys(assessment * PARTNERS + partner, "p"),
            "partner_side": sides(partner),
            "rater": keys(assessment * PARTNERS + rater, "r"),
            "rater_partner": keys(assessment * PARTNERS + rater, "p"),
            "rater_side": sides(rater),
            "level": levels(assessment.size),
        }
    )
    cells = ratings.iloc[::PARTNERS][["assessment", "decision", "partner", "partner_side"]].reset_index(drop=True)
    return ratings, cells.assign(actual=levels(len(cells)), desired=levels(len(cells)))


def seconds(work: Callable[[], object]) -> float:
    """Return the processor's seconds: nothing here waits for anything but the processor."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    main()
