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
SIDES = (0, 0, 0, 1, 1, 1, 1, 1, 1, 2)  # of the ten: north, south, other


def measure() -> list[dict[str, Any]]:
    """Score in a process of its own, as a worker does; print a row, and return it."""
    done = subprocess.run([sys.executable, "-m", "bench.scoring"], check=True, capture_output=True, text=True)
    row: dict[str, Any] = json.loads(done.stdout)
    kept = "kept" if row["met"] else "MISSED"
    sys.stdout.write(
        f"{row['median_ms']:9.1f} ms  {row['what']}: {row['ratio']:.2f} × the medians' {row['medians_ms']:.1f} ms, "
        f"{row['mib']:.0f} MiB (at most {MOST} × and {MOST_MIB} MiB: {kept})\n"
    )
    return [row]


def main() -> None:
    """Score and take the medians in turn, and print what each took and the most memory this process ever had."""
    from assessments.scoring import score_agreed, score_perceptions

    ratings, agreed = frames()
    key = ["assessment", "decision", "partner", "rater_partner"]
    scored, medians = [], []
    for _ in range(REPEATS):
        scored.append(seconds(lambda: (score_perceptions(ratings), score_agreed(agreed))))
        medians.append(seconds(lambda: ratings.groupby(key, observed=True)["level"].median()))
    took, plain = statistics.median(scored), statistics.median(medians)
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    row = {
        "what": f"score_perceptions + score_agreed, {ASSESSMENTS:,} assessments, {len(ratings):,} ratings",
        "median_ms": took * 1000,
        "medians_ms": plain * 1000,
        "ratio": took / plain,
        "most": MOST,
        "mib": mib,
        "met": took <= MOST * plain and mib <= MOST_MIB,
    }
    sys.stdout.write(json.dumps(row))


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
