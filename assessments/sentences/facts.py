"""Facts beside influence, by domain: what the partners of a side hold, and in how many decisions they decide.

A fact and an influence stand side by side, and no word says that one causes the other. Takes `FactsData`.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from assessments import fact_list, numbers
from assessments.scoring.facts import AMOUNT, RATE
from assessments.scoring.levels import SIDES
from assessments.sentences.sentence import Sentence, Text, sentence_of
from assessments.shapes import DomainInfluence, FactsData, FactShare, Names

SHARES: dict[str, Text] = {
    "budgets": _("%(side)s spend %(spent)s of the budget and manage %(managed)s of it."),
    "budget_spent": _("%(side)s spend %(share)s of the budget."),
    "budget_managed": _("%(side)s manage %(share)s of the budget."),
    "paid_in_advance": _("%(share)s of %(side)s are paid before they spend the money."),
    "signs_with_donor": _("%(share)s of %(side)s sign the contract with the donor."),
    "governing_seats": _("%(side)s have %(share)s of the seats in the body that decides for the partnership."),
    "chairs_body": _("%(share)s of %(side)s chair the body that decides for the partnership."),
    "wrote_proposal": _("%(share)s of %(side)s helped to write the proposal."),
    "coordination_staff": _("%(side)s have %(share)s of the posts in the team that coordinates the programme."),
    "programme_staff": _("%(side)s have %(share)s of the posts in the programme."),
    "staff_recruited_away": _("%(share)s of the people who moved to another partner had worked for %(side)s."),
    "donor_contact": _("%(share)s of %(side)s spoke directly with the donor."),
    "reports_written": _("%(side)s wrote %(share)s of the reports for other partners."),
    "reports_received": _("%(side)s received %(share)s of the reports from other partners."),
    "due_diligence": _("%(side)s underwent %(share)s of the audits and due-diligence assessments."),
    "named_author": _("In publications, %(share)s of the named authors are from %(side)s."),
    "working_language": _("%(share)s of %(side)s have agreements and minutes in a language in which they work."),
    "own_amount": _("%(side)s have %(share)s of the total for “%(question)s”"),
    "own_yes_no": _("%(share)s of %(side)s answered yes to “%(question)s”"),
}
NO_SHARE: dict[str, Text] = {
    "incomplete": _("Not all partners answered “%(question)s”"),
    "off_100": _("The percentages for “%(question)s” do not add up to 100."),
    "all_zero": _("All partners answered 0 to “%(question)s”"),
}
EQUAL: dict[str, Text] = {"equal": _("%(other)s have the same share.")}
INFLUENCE: dict[str, Text] = {
    "money": ngettext_lazy(
        "%(who)s decide or co-decide in %(k)d of %(count)d decision about money.",
        "%(who)s decide or co-decide in %(k)d of %(count)d decisions about money.",
        "count",
    ),
    "governance": ngettext_lazy(
        "%(who)s decide or co-decide in %(k)d of %(count)d decision about governance.",
        "%(who)s decide or co-decide in %(k)d of %(count)d decisions about governance.",
        "count",
    ),
    "agenda": ngettext_lazy(
        "%(who)s decide or co-decide in %(k)d of %(count)d decision about the agenda.",
        "%(who)s decide or co-decide in %(k)d of %(count)d decisions about the agenda.",
        "count",
    ),
    "staff": ngettext_lazy(
        "%(who)s decide or co-decide in %(k)d of %(count)d decision about staff.",
        "%(who)s decide or co-decide in %(k)d of %(count)d decisions about staff.",
        "count",
    ),
    "access": ngettext_lazy(
        "%(who)s decide or co-decide in %(k)d of %(count)d decision about access to donors.",
        "%(who)s decide or co-decide in %(k)d of %(count)d decisions about access to donors.",
        "count",
    ),
    "accountability": ngettext_lazy(
        "%(who)s decide or co-decide in %(k)d of %(count)d decision about accountability.",
        "%(who)s decide or co-decide in %(k)d of %(count)d decisions about accountability.",
        "count",
    ),
    "visibility": ngettext_lazy(
        "%(who)s decide or co-decide in %(k)d of %(count)d decision about visibility.",
        "%(who)s decide or co-decide in %(k)d of %(count)d decisions about visibility.",
        "count",
    ),
    "no_decision": _("No decision on this subject has an agreed level yet."),
}


def facts_by_domain(facts: FactsData, names: Names) -> dict[str, list[Sentence]]:
    """Return the sentences of each domain that has facts with shares, in the order of the list.

    They are about the Southern side, or about the Northern one where no Southern partner takes part.
    """
    there = _sides(names)
    side = "south" if "south" in there else "north"
    said = {}
    for domain in fact_list.DOMAINS:
        rows = [row for row in facts["shares"] if row["domain"] == domain and row["kind"] != RATE]
        if rows:
            shares = _shares(rows, side, there, names)
            influence = _influence(facts["influence"], domain, side, names["groups"][side])
            said[domain] = [*shares, influence, *_problems(rows)]
    return said


def shares_of(rows: list[FactShare], names: Names) -> list[Sentence]:
    """Return what the partners of one side hold of some facts, without decisions: for the talk about one of them."""
    there = _sides(names)
    side = "south" if "south" in there else "north"
    countable = [row for row in rows if row["kind"] != RATE]
    return [*_shares(countable, side, there, names), *_problems(countable)]


def average_share(fact: str, share: float, side: str) -> str:
    """Say the share that the partners of a side have of a fact of the list."""
    return sentence_of(SHARES, fact, {"side": side, "share": numbers.share(share)}).text


def _sides(names: Names) -> set[str]:
    """Return the sides that have a partner."""
    return {partner["side"] for partner in names["partners"].values() if partner["side"]}


def _shares(rows: list[FactShare], side: str, there: set[str], names: Names) -> list[Sentence]:
    known = {row["fact"]: row for row in rows if row[side] is not None}  # type: ignore[literal-required]
    said = []
    if known.keys() >= {"budget_spent", "budget_managed"}:
        spent, managed = (_printed(known.pop(key), side) for key in ("budget_spent", "budget_managed"))
        said.append(sentence_of(SHARES, "budgets", {"side": names["groups"][side], "spent": spent, "managed": managed}))
    return said + [sentence for row in known.values() for sentence in _share(row, side, there, names)]


def _share(row: FactShare, side: str, there: set[str], names: Names) -> list[Sentence]:
    case = row["fact"] if row["fact"] in SHARES else f"own_{row['kind']}"
    values = {"side": names["groups"][side], "share": _printed(row, side), "question": _question(row)}
    said = [sentence_of(SHARES, case, values)]
    if {"north", "south"} <= there and row["north"] is not None and _printed(row, "north") == _printed(row, "south"):
        said.append(sentence_of(EQUAL, "equal", {"other": names["groups"]["north"]}))
    return said


def _printed(row: FactShare, side: str) -> str:
    return numbers.share(row[side])  # type: ignore[literal-required]


def _influence(rows: list[DomainInfluence], domain: str, side: str, who: str) -> Sentence:
    found = next((row for row in rows if row["domain"] == domain and row["side"] == side and row["n"]), None)
    if found is None:
        return sentence_of(INFLUENCE, "no_decision", {})
    return sentence_of(INFLUENCE, domain, {"k": found["k"], "who": who}, found["n"])


def _problems(rows: list[FactShare]) -> list[Sentence]:
    return [
        sentence_of(NO_SHARE, problem, {"question": _question(row)}) for row in rows if (problem := problem_of(row))
    ]


def problem_of(row: FactShare) -> str | None:
    """Return the case of NO_SHARE in which something is wrong with a fact's shares; None where nothing is."""
    if row["off_100"]:
        return "off_100"
    if row["missing"]:
        return "incomplete"
    nothing = all(row[side] is None for side in SIDES)  # type: ignore[literal-required]
    return "all_zero" if row["kind"] == AMOUNT and nothing else None


def _question(row: FactShare) -> str:
    return fact_list.question_of(row["fact"], row["question"])
