"""Reading 50 MB of IATI and adding it up, in a process of its own as a worker does: the time, and growth of memory."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

MOST_SECONDS, MOST_MIB = 30, 100
SIZE = 50_000_000
ORGANISATIONS, PARTNERS = 2_000, 8

ACTIVITY = """<iati-activity xml:lang="en" default-currency="EUR" last-updated-datetime="2025-01-01T00:00:00Z">
<iati-identifier>XM-BENCH-{number}</iati-identifier><reporting-org ref="XM-BENCH-{reporter}" type="22"><narrative>
Organisation {reporter}</narrative></reporting-org><title><narrative>Activity {number}</narrative></title>"""
TRANSACTION = """<transaction ref="{number}"><transaction-type code="{kind}"/><transaction-date iso-date="{day}"/>
<value currency="EUR" value-date="{day}">{value}.50</value>
<provider-org ref="XM-BENCH-{giver}"/><receiver-org ref="XM-BENCH-{receiver}"/><aid-type code="C01"/></transaction>"""


def measure() -> list[dict[str, Any]]:
    """Read in a process of its own; print a row for each shape of file, and return them."""
    rows = []
    for activities in (4_000, 1):
        done = subprocess.run([sys.executable, "-m", "bench.iati", str(activities)], check=True, capture_output=True)  # noqa: S603
        row: dict[str, Any] = json.loads(done.stdout)
        kept = "kept" if row["met"] else "MISSED"
        sys.stdout.write(
            f"{row['seconds']:9.1f} s   {row['what']}, {row['mib']:.0f} MiB more memory "
            f"(at most {MOST_SECONDS} s and {MOST_MIB} MiB: {kept})\n"
        )
        rows.append(row)
    return rows


def main() -> None:
    """Read a file as the worker does: for the choices first, then for the numbers; print what it took."""
    from assessments import iati

    activities = int(sys.argv[1])
    for _warm in iati.activities(written(2, 2_000)):
        pass
    before, begun = most_memory(), time.process_time()
    overview = iati.overview_of(iati.latest(lambda: written(activities, SIZE)))
    partners = {f"xm-bench-{number}": number for number in range(PARTNERS)}
    years = overview.years["EUR"]
    iati.money_of(iati.latest(lambda: written(activities, SIZE)), partners, years, "EUR")
    seconds, mib = time.process_time() - begun, most_memory() - before
    transactions = sum(years.values())
    row = {
        "what": f"50 MB of IATI, {activities:,} activities, {transactions:,} transactions, {len(partners)} partners",
        "seconds": seconds,
        "mib": mib,
        "met": seconds <= MOST_SECONDS and mib <= MOST_MIB,
    }
    sys.stdout.write(json.dumps(row))


def written(activities: int, size: int) -> Iterator[bytes]:
    """Yield a file of about this size, with so many activities."""
    yield b'<iati-activities version="2.03">'
    left, number = size, 0
    for place in range(activities):
        yield ACTIVITY.format(number=place, reporter=place % ORGANISATIONS).encode()
        end = left - size // activities
        while left > end:
            data = payment(number).encode()
            left, number = left - len(data), number + 1
            yield data
        yield b"</iati-activity>"
    yield b"</iati-activities>"


def payment(number: int) -> str:
    """Return a transaction; a third each is received, disbursed and spent."""
    return TRANSACTION.format(
        number=number,
        kind=(1, 3, 4)[number % 3],
        day=f"{2022 + number % 4}-{1 + number % 12:02}-{1 + number % 28:02}",
        value=number % 10_000,
        giver=number % PARTNERS,
        receiver=number * 7 % ORGANISATIONS,
    )


def most_memory() -> float:
    """Return the most memory that this process ever had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
