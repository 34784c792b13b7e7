"""What a Release, an agreed result and their figures carry, as JSON has it. None is hidden, missing or undefined.

Decisions and partners are named by their printed numbers. The rows of the database hold these dicts.
"""

from typing import Any, NotRequired, TypedDict

Figure = dict[str, Any]  # of Plotly
Figures = dict[str, Figure]  # by chart


class PartnerNames(TypedDict):
    acronym: str
    name: str
    side: str | None  # None: an imported partner has not declared it
    donor: bool


class SideNames(TypedDict):
    """The partnership's words for the sides."""

    sides: dict[str, str]


class Names(SideNames):
    """The printed names that go with the numbers; `groups` are the words for the partners of each side."""

    groups: dict[str, str]
    decisions: dict[int, str]
    partners: dict[int, PartnerNames]


class ReleasedViews(TypedDict):
    """The gap as each side sees it, −3..3 levels (±3 reads "3 or more"), and the difference of the two."""

    north: float | None
    south: float | None
    difference: float | None


class ReleasedDecision(ReleasedViews):
    decision: int


class ReleasedOverall(ReleasedViews):
    """Over all shown decisions; `answered` counts organisations by side, or all of them."""

    agreement: float | None
    answered: dict[str, int | None]


class ReleasedCell(TypedDict):
    """The band of the middle answer, where all organisations stand together."""

    decision: int
    partner: int
    band: str | None


class NamedMedian(TypedDict):
    decision: int
    partner: int
    rater_partner: int
    level: float | None


class NamedSelfGap(TypedDict):
    partner: int
    self_gap: float | None


class ReleaseData(TypedDict):
    """What `disclosure.release` returns; the last two in named mode only."""

    mode: str
    decisions: list[ReleasedDecision]
    assessment: ReleasedOverall
    cells: list[ReleasedCell]
    medians: NotRequired[list[NamedMedian]]
    self_gaps: NotRequired[list[NamedSelfGap]]


class CaucusViews(TypedDict):
    """Each side's own gap, −4..4 levels, and the Northern side's less the Southern side's."""

    north: float | None
    south: float | None
    other: float | None
    difference: float | None


class CaucusDecision(CaucusViews):
    decision: int


class CaucusCell(TypedDict):
    decision: int
    partner: int
    side: str
    level: int | None


class SideAgreements(TypedDict):
    decision: int
    north: bool | None
    south: bool | None
    other: bool | None


class CaucusData(TypedDict):
    """What `caucus.release` returns: one open answer of each side."""

    mode: str
    decisions: list[CaucusDecision]
    assessment: CaucusViews
    cells: list[CaucusCell]
    agreements: list[SideAgreements]


class AgreedDecision(TypedDict):
    """The nine statistics of `scoring.score_agreed`, of the agreed and of the desired levels."""

    decision: int
    level: float | None
    north: float | None
    south: float | None
    gap: float | None
    delta: float | None
    superiority: float | None
    balance: float | None
    gini: float | None
    holders: str | None
    level_desired: float | None
    north_desired: float | None
    south_desired: float | None
    gap_desired: float | None
    delta_desired: float | None
    superiority_desired: float | None
    balance_desired: float | None
    gini_desired: float | None
    holders_desired: str | None


class AgreedOverall(TypedDict):
    gap: float | None
    balance: float | None


class AgreedPartner(TypedDict):
    partner: int
    side: str | None
    level: float | None
    rank: float | None


class AgreedCell(TypedDict):
    """What the group recorded of a partner in a decision; `state` is a `LevelState`."""

    decision: int
    partner: int
    state: str
    actual: int | None
    desired: int | None
    one_view: str
    other_view: str


class AgreedOutcome(TypedDict):
    """The group's answer to “Do we agree?”; `review_on` is an ISO date. Older results lack `no_common_wish`."""

    decision: int
    agree: bool | None
    note: str
    no_common_wish: NotRequired[bool]
    route: str
    review_on: str | None


class FactShare(TypedDict):
    """The sides' shares of a fact (METHOD §6): 0..1, or the mean of a rate. `question` is of own facts only.

    `n` partners gave a value and `missing` did not. `off_100`: percentages of one whole that do not add up to 100.
    """

    fact: str
    question: str
    kind: str
    unit: str
    domain: str
    north: float | None
    south: float | None
    other: float | None
    n: int
    missing: int
    off_100: bool


class DomainInfluence(TypedDict):
    """Of `n` decisions of a domain with a level of the side, it decides or co-decides in `k`."""

    domain: str
    side: str
    k: int
    n: int


class FactAnswer(TypedDict):
    """What one partner declared. It does not leave the assessment."""

    fact: str
    partner: int
    value: float


class FactsData(TypedDict):
    shares: list[FactShare]
    influence: list[DomainInfluence]
    values: list[FactAnswer]


class AgreedData(TypedDict):
    """What `AgreedResult.scores` holds; facts only where the assessment uses some."""

    decisions: list[AgreedDecision]
    assessment: AgreedOverall
    partners: list[AgreedPartner]
    cells: list[AgreedCell]
    outcomes: list[AgreedOutcome]
    facts: NotRequired[FactsData]
