"""A partnership of the demo in which each side agrees on one open answer."""

from assessments.models import Assessment, Question
from assessments.services import transitions
from assessments.services.caucus import side_sheet
from assessments.services.safeguards import missing_voices
from assessments.workflow.actions import WorkflowAction
from partnerships.access import member_roles_of
from partnerships.models import Kind, Membership, Role, User
from partnerships.services.partners import PartnerData
from powertool.demo.factories import make_assessment, make_membership, make_partnership, make_trusted_person, make_user

HEALTH = [
    PartnerData("Care Bridge", "CB", "NL", "north", Kind.INGO),
    PartnerData("Nordic Health Aid", "NHA", "NO", "north", Kind.INGO),
    PartnerData("Santé pour Toutes", "SPT", "BF", "south", Kind.NATIONAL, "CB"),
    PartnerData("Afya Yetu", "AY", "KE", "south", Kind.COMMUNITY, "CB"),
]


def load(people: dict[str, User]) -> None:
    noor, wanjiru, awa = (people[f"{name}@demo.example"] for name in ("noor", "wanjiru", "awa"))
    context = "Clinics run by women's groups in two countries, and what ministries should pay for."
    partnership = make_partnership(noor, "Health in Our Hands", context, ["BF", "KE"], HEALTH)
    make_membership(partnership, noor, Role.FACILITATOR, "CB")
    make_membership(partnership, wanjiru, Role.FACILITATOR, "AY")
    make_membership(partnership, awa, Role.REPRESENTATIVE, "SPT")
    joost = make_membership(partnership, make_user("joost@demo.example", "Joost Hagen"), Role.REPRESENTATIVE, "CB")
    sigrid = make_membership(partnership, make_user("sigrid@demo.example", "Sigrid Moe"), Role.REPRESENTATIVE, "NHA")
    mary = make_membership(partnership, make_user("mary@demo.example", "Mary Atieno"), Role.REPRESENTATIVE, "AY")
    leads = member_roles_of(noor, partnership)
    gives = [partnership.partners.get(acronym="CB")]
    topics = {"Hiring and paying staff": "staffing", "Which services come first": "theory-of-change"}
    title = "Who decides about our clinics"
    assessment = make_assessment(
        partnership, noor, topics, topics=topics, title=title, mode_wanted="caucus", funders=gives
    )
    for text in ("Patients", "Nurses without a contract"):
        missing_voices.add_answer(assessment, leads, Question.ABSENT, text)
    make_trusted_person(assessment, leads, member_roles_of(wanjiru, partnership))
    assessment = transitions.apply(assessment, leads, WorkflowAction.OPEN_RATING)
    for membership, levels in ((joost, (3, 3, 2, 2)), (mary, (4, 3, 1, 0))):
        _answer_for_side(assessment, membership, 1, levels)
    _answer_for_side(assessment, sigrid, 2, (2, 2, 3, 3))


def _answer_for_side(assessment: Assessment, membership: Membership, number: int, levels: tuple[int, ...]) -> None:
    numbers = assessment.participants.order_by("number").values_list("number", flat=True)
    answers = [side_sheet.Answer(number, 0, level) for number, level in zip(numbers, levels, strict=True)]
    side_sheet.save(assessment, membership, number, [*answers, side_sheet.Answer(None, 0, levels[0] < 4)])
