"""The facts that a partnership can choose from, and the domain of each topic of a decision (METHOD §6)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.scoring.facts import AMOUNT, RATE, YES_NO

Text = str | Promise
PERCENT = "percent"
MONEY = "currency or percent"  # the partnership chooses one currency, or percentages of the whole

DOMAINS: dict[str, Text] = {
    "money": _("money"),
    "governance": _("governance"),
    "agenda": pgettext_lazy("domain of facts", "agenda"),
    "staff": pgettext_lazy("domain of facts", "staff"),
    "access": _("access to donors"),
    "accountability": _("accountability"),
    "visibility": _("visibility"),
}
DOMAIN_OF_TOPIC = {
    "agenda": "agenda",
    "theory-of-change": "agenda",
    "governance": "governance",
    "partner-selection": "governance",
    "money-countries": "money",
    "money-partners": "money",
    "money-projects": "money",
    "fundraising": "access",
    "risk": "accountability",
    "monitoring": "accountability",
    "communication": "visibility",
    "implementation": "staff",
    "staffing": "staff",
}
UNITS: dict[str, Text] = {
    PERCENT: _("per cent"),
    "months": _("months"),
    "seats": pgettext_lazy("unit of a fact", "seats"),
    "full-time posts": _("full-time posts"),
    "people": pgettext_lazy("unit of a fact", "people"),
    "reports": pgettext_lazy("unit of a fact", "reports"),
    "assessments": pgettext_lazy("unit of a fact", "assessments"),
    "publications": pgettext_lazy("unit of a fact", "publications"),
}


@dataclass(frozen=True)
class ListedFact:
    """One fact of the list. `unit` is a key of UNITS, `MONEY`, or empty for a yes or no."""

    key: str
    domain: str
    kind: str
    unit: str
    question: Text
    help: Text
    source: str


FACTS = (
    ListedFact(
        "budget_spent",
        "money",
        AMOUNT,
        MONEY,
        _("How much of this partnership's annual budget does each partner spend itself?"),
        _(
            "Leave out the money that a partner passes on to another partner. Use one currency for all "
            "partners, or percentages that add up to 100."
        ),
        (
            "Charter for Change, commitment 1 (share of funding passed to Southern organisations; 23.3% "
            "reported for 2020)"
        ),
    ),
    ListedFact(
        "budget_managed",
        "money",
        AMOUNT,
        MONEY,
        _("How much of the budget does each partner manage, including the money that it passes on?"),
        _("The partner that signs for a budget line manages that line."),
        (
            "Grand Bargain, caucus on funding for localisation, 2023 (25% to local actors, directly or "
            "through one intermediary)"
        ),
    ),
    ListedFact(
        "overhead_rate",
        "money",
        RATE,
        PERCENT,
        _("What percentage for indirect costs does each partner receive on top of its direct costs?"),
        _("Indirect costs are the costs of running an organisation, for example rent and accounting."),
        "Pledge for Change 2030, accountability and learning mechanism (fair share of administrative costs)",
    ),
    ListedFact(
        "flexible_share",
        "money",
        RATE,
        PERCENT,
        _("What percentage of its money in this partnership can each partner spend freely?"),
        _("Count money that is not tied to a budget line."),
        "OECD, Pathways Towards Effective Locally Led Development Co-operation, 2024, chapter 3 (financing quality)",
    ),
    ListedFact(
        "contract_months",
        "money",
        RATE,
        "months",
        _("For how many months does the current agreement run?"),
        _("Count the months from the start to the end of the current agreement."),
        "OECD 2024, chapter 3 (long-term funding)",
    ),
    ListedFact(
        "paid_in_advance",
        "money",
        YES_NO,
        "",
        _("Is each partner paid before it spends the money?"),
        _("Answer “no” if the partner spends the money first and is reimbursed later."),
        "OECD 2024, chapter 3 (predictable funding)",
    ),
    ListedFact(
        "signs_with_donor",
        "governance",
        YES_NO,
        "",
        _("Does each partner sign the contract with the donor?"),
        "",
        "Charter for Change, commitment 6 (equality: no subcontracting)",
    ),
    ListedFact(
        "governing_seats",
        "governance",
        AMOUNT,
        "seats",
        _("How many seats does each partner have in the body that decides for the partnership?"),
        _("For example, this body may be the steering committee or the board of the alliance."),
        "She Leads, report 2021 (constituency at all levels of governance)",
    ),
    ListedFact(
        "chairs_body",
        "governance",
        YES_NO,
        "",
        _("Does each partner currently chair the body that decides for the partnership?"),
        "",
        "She Leads, report 2021",
    ),
    ListedFact(
        "wrote_proposal",
        "agenda",
        YES_NO,
        "",
        _("Did each partner help to write the proposal before it was sent to the donor?"),
        _("Answer “no” if the partner was only asked to comment."),
        "Partos, Dream Paper 2022 (Southern partners at the table from the design on)",
    ),
    ListedFact(
        "coordination_staff",
        "staff",
        AMOUNT,
        "full-time posts",
        _("How many full-time posts does each partner have in the team that coordinates the programme?"),
        _("Count a half-time post as 0.5."),
        "NEAR, Localisation Performance Measurement Framework (leadership)",
    ),
    ListedFact(
        "programme_staff",
        "staff",
        AMOUNT,
        "full-time posts",
        _("How many full-time posts does each partner have in the whole programme?"),
        "",
        "NEAR, Localisation Performance Measurement Framework (capacity)",
    ),
    ListedFact(
        "staff_recruited_away",
        "staff",
        AMOUNT,
        "people",
        _("During the last two years, how many people left each partner to work for another partner?"),
        "",
        "Charter for Change, commitment 4 (recruitment)",
    ),
    ListedFact(
        "donor_contact",
        "access",
        YES_NO,
        "",
        _("Did each partner speak directly with the donor during the last year?"),
        "",
        "Charter for Change, commitment 2 and 3 (introduction to donors)",
    ),
    ListedFact(
        "reports_written",
        "accountability",
        AMOUNT,
        "reports",
        _("How many reports did each partner write for another partner during the last year?"),
        "",
        "OECD, Practical Guidelines for Supporting Locally Led Development (accountability)",
    ),
    ListedFact(
        "reports_received",
        "accountability",
        AMOUNT,
        "reports",
        _("How many reports did each partner receive from another partner during the last year?"),
        "",
        "OECD, Practical Guidelines for Supporting Locally Led Development (accountability)",
    ),
    ListedFact(
        "due_diligence",
        "accountability",
        AMOUNT,
        "assessments",
        _("How many audits and due-diligence assessments did each partner go through for this partnership?"),
        _("Count the audits and assessments from the last two years."),
        "Charter for Change and Humentum, due diligence passport",
    ),
    ListedFact(
        "named_author",
        "visibility",
        AMOUNT,
        "publications",
        _("In how many publications from the last year is each partner named as an author?"),
        "",
        "Charter for Change, commitment 8 (communications)",
    ),
    ListedFact(
        "working_language",
        "visibility",
        YES_NO,
        "",
        _("Are the agreements and the minutes available in a language in which each partner works?"),
        "",
        "NEAR, Localisation Performance Measurement Framework (partnerships)",
    ),
)
BY_KEY = {fact.key: fact for fact in FACTS}
SHARED = [fact.key for fact in FACTS if fact.kind != RATE]  # of these a side has a share, which has no unit


def unit_words(unit: str) -> str:
    """Return a unit in the reader's language; a currency and a partnership's own unit are as written."""
    return str(UNITS.get(unit, unit))


def question_of(key: str, own: str = "") -> str:
    """Return a fact's question: a partnership's own words, or those of the list in the reader's language."""
    return own or str(BY_KEY[key].question)
