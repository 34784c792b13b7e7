"""Who manages and who spends the money of a partnership, from transactions that partners and others report.

For each giver, receiver and year, what the giver disbursed counts. What the receiver received counts only where the
giver reports no disbursement to it, so that no payment counts twice. Money within one organisation is left out.

- managed: what a partner spent, and what it paid to anyone; what it received, if it reports neither.
- spent: what it manages, without what it passed on to other partners.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from assessments.iati.parsing import DISBURSED, EXPENDITURE, RECEIVED, Activity, Organisation, Transaction

Party = int | str  # a partner's number, or the key of an organisation that is no partner


class What(StrEnum):
    """What the transactions of a part have in common."""

    SPENT = "spent"
    TO_PARTNERS = "to_partners"
    TO_OTHERS = "to_others"
    RECEIVED = "received"
    WITHIN = "within"  # left out: giver and receiver are the same
    UNKNOWN = "unknown"  # left out: received, but the file does not say from whom


class TransactionLine(NamedTuple):
    """One transaction, with the activity that it is from."""

    activity: str
    one: Transaction


@dataclass(frozen=True)
class Part:
    """Transactions that are added up in a number."""

    what: What
    lines: list[TransactionLine]

    @property
    def total(self) -> Decimal:
        return sum((line.one.value for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class Number:
    """What one partner manages and spends; `own`: by its own reports, otherwise by what others paid to it."""

    partner: int
    own: bool
    managed: Decimal
    spent: Decimal
    parts: list[Part]


@dataclass(frozen=True)
class Money:
    """The numbers of the partners that have one, and the transactions that were left out."""

    numbers: list[Number]
    left_out: list[Part]


@dataclass
class _Ledger:
    """The transactions that concern partners, sorted by who paid whom."""

    partners: Mapping[str, int]
    payments: dict[tuple[Party, Party, int], dict[int, list[TransactionLine]]] = field(default_factory=dict)
    spent: dict[Party, list[TransactionLine]] = field(default_factory=dict)
    reporting: set[Party] = field(default_factory=set)  # those who report what they disbursed or spent themselves
    within: list[TransactionLine] = field(default_factory=list)
    unknown: list[TransactionLine] = field(default_factory=list)

    def party(self, organisation: Organisation | None) -> Party:
        key = organisation.key if organisation else ""
        return self.partners.get(key, key)

    def add(self, activity: Activity, one: Transaction) -> None:
        line, giver, receiver = (
            TransactionLine(activity.identifier, one),
            self.party(one.giver),
            self.party(one.receiver),
        )
        if isinstance(giver, str) and isinstance(receiver, str):
            return
        if one.kind == EXPENDITURE:
            self.spent.setdefault(giver, []).append(line)
        elif giver == receiver:
            self.within.append(line)
            return
        elif one.kind == RECEIVED and not giver:
            self.unknown.append(line)
            return
        else:
            of_kind = self.payments.setdefault((giver, receiver, one.day.year), {})
            of_kind.setdefault(one.kind, []).append(line)
        if one.kind != RECEIVED and giver == self.party(activity.reporter):
            self.reporting.add(giver)

    def number(self, partner: int) -> Number | None:
        """Return what a partner manages and spends; None where no report says it."""
        own = partner in self.reporting
        passed_on = Part(What.TO_PARTNERS, self.paid(partner, to_partners=True))
        if own:
            parts = [
                Part(What.SPENT, self.spent.get(partner, [])),
                Part(What.TO_OTHERS, self.paid(partner, to_partners=False)),
                passed_on,
            ]
            managed = sum((part.total for part in parts), Decimal(0))
        else:
            received = Part(What.RECEIVED, self.received(partner))
            if not received.lines:
                return None
            parts, managed = [received, passed_on], received.total
        return Number(partner, own, managed, managed - passed_on.total, [part for part in parts if part.lines])

    def paid(self, partner: int, *, to_partners: bool) -> list[TransactionLine]:
        return [
            line
            for (giver, receiver, _year), of_kind in self.payments.items()
            if giver == partner and isinstance(receiver, int) == to_partners
            for line in _counted(of_kind)
        ]

    def received(self, partner: int) -> list[TransactionLine]:
        return [
            line
            for (_giver, receiver, _year), of_kind in self.payments.items()
            if receiver == partner
            for line in _counted(of_kind)
        ]


def _counted(of_kind: dict[int, list[TransactionLine]]) -> list[TransactionLine]:
    """Return the giver's disbursements; without any, what the receiver reports."""
    return of_kind.get(DISBURSED) or of_kind.get(RECEIVED, [])


def money_of(
    activities: Iterable[Activity], partners: Mapping[str, int], years: Collection[int], currency: str
) -> Money:
    """Return what partners manage and spend in these years, in one currency.

    `partners` has the number of a partner for the key of each organisation that is one. Several organisations may be
    the same partner. A number can be negative where corrections are larger than payments.
    """
    ledger = _Ledger(partners)
    for activity in activities:
        for one in activity.transactions:
            if one.currency == currency and one.day.year in years:
                ledger.add(activity, one)
    found = [ledger.number(partner) for partner in sorted(set(partners.values()))]
    left_out = [Part(What.WITHIN, ledger.within), Part(What.UNKNOWN, ledger.unknown)]
    return Money([one for one in found if one], [part for part in left_out if part.lines])
