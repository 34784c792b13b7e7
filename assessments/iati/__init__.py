"""Money from IATI activity files (versions 2.01–2.03): read them, and add up who manages and who spends it."""

from assessments.iati.money import Money, Number, Part, money_of
from assessments.iati.overview import Overview, overview_of
from assessments.iati.parsing import Activity, BadFile, Organisation, Problem, Transaction, activities, latest

__all__ = [
    "Activity",
    "BadFile",
    "Money",
    "Number",
    "Organisation",
    "Overview",
    "Part",
    "Problem",
    "Transaction",
    "activities",
    "latest",
    "money_of",
    "overview_of",
]
