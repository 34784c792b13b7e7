"""A refresh of the evidence base, at 100, 1,000 and 10,000 contributed assessments: seconds and memory."""

import itertools
import json
import resource
import subprocess
import sys
import time
from random import Random
from typing import Any

MOST_SECONDS, MOST_MIB = 60, 1024
SIZES = (100, 1_000, 10_000)
LEVELS = range(5)
NUMBER = itertools.count(1)
SIDES = ("north", "north", "south", "south", "south")
DECISIONS = 8


def tell() -> list[dict[str, Any]]:
    """Print, and return, what a refresh takes as the evidence base grows; each in a process of its own, as a worker."""
    there, before, rows = 0, 0.0, []
    for size in SIZES:
        contribute(size - there)
        took, most = refreshed()
        more = (took - before) / (size - there) * 1000
        met = took <= MOST_SECONDS and most <= MOST_MIB
        sys.stdout.write(
            f"{took * 1000:9.1f} ms  refresh of the evidence base, {size} assessments contributed "
            f"({most:.0f} MiB; {took / size * 1000:.2f} ms each, {more:.2f} ms for one more; "
            f"at most {MOST_SECONDS} s and {MOST_MIB} MiB: {'kept' if met else 'MISSED'})\n"
        )
        there, before = size, took
        what = f"refresh of the evidence base, {size:,} assessments contributed"
        rows.append({"what": what, "seconds": took, "mib": most, "ms_for_one_more": more, "met": met})
    return rows


def refreshed() -> tuple[float, float]:
    """Return the seconds and the mebibytes of a refresh."""
    done = subprocess.run([sys.executable, "-m", "bench.evidence"], check=True, capture_output=True, text=True)
    seconds, most = json.loads(done.stdout)
    return seconds, most


def main() -> None:
    """Refresh once, and print the seconds and the most memory that this process ever had."""
    import django

    django.setup()
    from community.services import evidence

    begun = time.perf_counter()
    evidence.refresh()
    seconds = time.perf_counter() - begun
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps([seconds, most]))


def contribute(n: int) -> None:
    """Add n contributed assessments: half of them baselines, half the endlines that follow, five organisations each."""
    for _ in range(0, n, 1000):
        _contribute(min(1000, n) // 2)


def _contribute(homes: int) -> None:
    from django.db import transaction

    from assessments.models import Phase
    from partnerships.models import Partner, Partnership

    with transaction.atomic():
        made = Partnership.objects.bulk_create(Partnership(name=f"Bench {next(NUMBER)}") for _ in range(homes))
        _confirm(made)
        partners = Partner.objects.bulk_create(
            Partner(partnership=home, name=f"P{place}", acronym=f"P{place}", country="KE", side=side)
            for home in made
            for place, side in enumerate(SIDES)
        )
        first = _assessments(made, partners, Phase.BASELINE, {})
        _assessments(made, partners, Phase.ENDLINE, first)


def _confirm(made: list) -> None:
    from django.utils import timezone

    from community.models import RealPartnership, RealState

    RealPartnership.objects.bulk_create(
        RealPartnership(partnership=home, about="known", state=RealState.CONFIRMED, decided_at=timezone.now())
        for home in made
    )


def _assessments(made: list, partners: list, phase: str, before: dict) -> dict:
    """Add a closed assessment per partnership; `before` and what is returned: {partnership: (it, its decisions)}."""
    from django.utils import timezone

    from assessments.models import Assessment, Decision, Stage, Topic
    from partnerships.models import User
    from tests.community.evidence_making import agree

    closed = Assessment.objects.bulk_create(
        Assessment(
            partnership=home,
            title="How we decide",
            phase=phase,
            stage=Stage.CLOSED,
            closed_at=timezone.now(),
            predecessor=before[home.pk][0] if before else None,
        )
        for home in made
    )
    topics = list(Topic.values)
    decisions = Decision.objects.bulk_create(
        Decision(
            assessment=one,
            number=number,
            wording="A decision",
            original="A decision",
            topic=topics[(one.partnership_id + number) % len(topics)],
            predecessor=before[one.partnership_id][1][number - 1] if before else None,
        )
        for one in closed
        for number in range(1, DECISIONS + 1)
    )
    user, _new = User.objects.get_or_create(name="Bea Bench", email="bench@example.org")
    agree(closed, partners, user, facts=None)
    _results(closed)
    return {
        one.partnership_id: (one, decisions[place * DECISIONS : (place + 1) * DECISIONS])
        for place, one in enumerate(closed)
    }


def _results(closed: list) -> None:
    from assessments.models import AgreedResult, Release

    known = {"method_version": "2.0", "input_digest": "x"}
    AgreedResult.objects.bulk_create(
        [AgreedResult(assessment=one, version=1, final=True, scores=_scores(one.pk), **known) for one in closed],
        batch_size=500,
    )
    Release.objects.bulk_create(
        Release(assessment=one, mode="by_side", data={"assessment": {"north": 0.5, "south": 1.5}}, **known)
        for one in closed
    )


def _scores(seed: int) -> dict:
    random = Random(seed)  # noqa: S311 (nothing secret)
    levels = {
        number: [random.choice(LEVELS[2:] if side == "north" else LEVELS[:4]) for side in SIDES]
        for number in range(1, DECISIONS + 1)
    }
    means = {number: (sum(own[:2]) / 2, sum(own[2:]) / 3) for number, own in levels.items()}
    return {
        "decisions": [
            {"decision": number, "north": north, "south": south, "gap": north - south}
            for number, (north, south) in means.items()
        ],
        "cells": [
            {"decision": number, "partner": partner, "state": "level", "actual": level, "desired": None}
            for number, own in levels.items()
            for partner, level in enumerate(own, 1)
        ],
    }


if __name__ == "__main__":
    main()
