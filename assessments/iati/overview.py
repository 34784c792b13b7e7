"""What a file contains, for the choices of a person: years, currencies and organisations."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from assessments.iati.parsing import Activity, BadFile, Organisation, Problem

MOST_ORGANISATIONS = 20_000


@dataclass
class Overview:
    """Numbers of transactions by currency and year, and by organisation (its key), with one of its names each."""

    years: dict[str, Counter[int]] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    transactions: Counter[str] = field(default_factory=Counter)

    def add(self, activity: Activity) -> None:
        for one in activity.transactions:
            self.years.setdefault(one.currency, Counter())[one.day.year] += 1
            for organisation in {one.giver, one.receiver}:
                self.add_organisation(organisation)

    def add_organisation(self, organisation: Organisation | None) -> None:
        if organisation is None:
            return
        key = organisation.key
        self.transactions[key] += 1
        if key not in self.organisations or (organisation.name and not self.organisations[key].name):
            self.organisations[key] = organisation
        if len(self.organisations) > MOST_ORGANISATIONS:
            raise BadFile(Problem.TOO_MANY)


def overview_of(activities: Iterable[Activity]) -> Overview:
    """Return what activities contain. Raise BadFile if nobody received, disbursed or spent anything."""
    found = Overview()
    for activity in activities:
        found.add(activity)
    if not found.years:
        raise BadFile(Problem.NO_PAYMENTS)
    return found
