"""Something worth reading in two groups, told by people of the demo. The document exists; the case is invented."""

from community.access import all_groups
from community.models import (
    Finding,
    GroupKind,
    GroupMembership,
    GroupRole,
    Item,
    ItemKind,
    Measure,
    WorkingGroup,
)
from community.services import case_studies, comments, evidence, findings, writing
from community.services.groups import memberships
from community.services.groups.memberships import writer_of
from community.services.writing import Content
from partnerships.models import Partnership, Side, User

DREAM_PAPER = {
    "title": "Dream Paper Shift the Power",
    "source": "Global Fund for Community Foundations",
    "link": "https://globalfundcommunityfoundations.org/resources/dream-paper-shift-the-power",
}


def fill(noor: User, wanjiru: User, awa: User, ole: User, partnership: Partnership) -> None:
    """Let the four take part in all groups, and write the first findings."""
    for group in all_groups():
        lead_north, lead_south, member, donor = (
            _take_part(group, user, side, role)
            for user, side, role in (
                (noor, Side.NORTH, GroupRole.LEAD),
                (wanjiru, Side.SOUTH, GroupRole.LEAD),
                (awa, Side.SOUTH, GroupRole.MEMBER),
                (ole, Side.OTHER, GroupRole.MEMBER),
            )
        )
        if group.kind == GroupKind.UNDERSTANDING:
            _late(lead_north, lead_south, member, donor, partnership)
            _first_to_know(member, lead_north)
            _language(lead_south, donor)


def _take_part(group: WorkingGroup, user: User, side: str, role: str) -> GroupMembership:
    made = memberships.join(group, user, side)
    GroupMembership.objects.filter(pk=made.pk).update(role=role)
    made.role = role
    return made


def _finding(by: GroupMembership, title: str, text: str, factors: list[str], **rest) -> Finding:
    made = Finding(kind=ItemKind.FINDING, group=by.group, is_example=True)
    content = Content(title, text, rest=rest)
    finding = writing.create(made, writer_of(by), content, f"sample-{title[:24]}", publish=True)
    finding.factors.set([one for one in findings.factors() if one.slug in factors])
    return finding


def _say(item: Item, by: GroupMembership, text: str, parent=None):
    return comments.comment(item, writer_of(by), text, f"sample-{text[:24]}", parent)


def _cite(finding: Finding, user: User) -> None:
    """Cite a number of the example, marked as made up wherever it is read."""
    figure = evidence.freeze(evidence.make_example(), "gap-topic")
    if figure:
        says = "The gap is widest where money is decided on, and the other way round in carrying out the work."
        findings.cite_figure(finding, user, figure, says)


def _late(
    noor: GroupMembership,
    wanjiru: GroupMembership,
    awa: GroupMembership,
    ole: GroupMembership,
    partnership: Partnership,
) -> None:
    finding = _finding(
        wanjiru,
        "Southern partners come in when the form of the money is already decided",
        "When a call is published, it says whether there will be sub-grants, a consortium or a single contract. "
        "That choice decides who will be at the table later, and nobody in the South was asked.\n\n"
        "What we saw:\n\n"
        "- the budget lines follow the form of the contract, not the plan\n"
        "- partners who join at the stage of the proposal can change **activities**, hardly ever **who decides**\n\n"
        "> By the time we were invited, the only open question was our logo.\n\n"
        "It holds for programmes with a Northern lead. We do not know yet whether it holds for funds that are "
        "managed in the South.",
        ["funding-type-fixed", "contract-with-the-north"],
        tags=["calls", "design"],
        topics=["agenda", "money-partners", "theory-of-change"],
    )
    says = "It asks that Southern organisations are at the table from the design of a programme on."
    findings.add_document(finding, wanjiru.user, says=says, **DREAM_PAPER)
    _cite(finding, wanjiru.user)
    case = case_studies.tell_case(
        finding,
        partnership,
        writer_of(wanjiru),
        Content(
            "The line for staff was fixed before we met",
            "In a programme with partners in several countries, the share for staff in the South was set in the "
            "proposal. The partners met for the first time two months after it was signed. When they asked to move "
            "money from travel to staff, the answer was that the donor had agreed to the lines as they were.",
        ),
        "sample-case",
    )
    for user in (wanjiru.user, noor.user):
        case_studies.approve(case, user, case_studies.digest(case))
    question = "As a donor: our own rules fix the form long before the call. Is that the place to look?"
    first = _say(finding, ole, question)
    _say(finding, awa, "Yes. And it would help if the rules were published with the call.", first)
    _say(finding, noor, "I recognise this from the Northern side. We learn of the form early, and do not pass it on.")
    for member in (noor, awa, ole):
        comments.endorse(finding, member)
    reason = "A document and a case say so, and members of both sides stand behind it."
    findings.change_status(finding, noor.user, "supported", reason)


def _first_to_know(awa: GroupMembership, noor: GroupMembership) -> None:
    finding = _finding(
        awa,
        "Les organisations du Nord savent plus tôt que les autres ce que veut un bailleur",
        "Elles parlent sa langue, elles vivent dans la même ville, elles sont invitées aux consultations. "
        "Quand l'appel paraît, elles ont déjà une idée, des partenaires et un budget.\n\n"
        "Nous, nous avons six semaines.",
        ["information-advantage"],
        language="fr",
        translate_me=True,
        tags=["appels", "information"],
        topics=["fundraising"],
    )
    _say(finding, noor, "True in my organisation too. What if consultations were recorded and published?")


def _language(wanjiru: GroupMembership, ole: GroupMembership) -> None:
    finding = _finding(
        wanjiru,
        "Accounting goes up to the funder, and hardly down to the communities",
        "Reports are written in the language and the format of the funder. In none of our programmes was there a "
        "budget for reporting to the people whom the programme is about.",
        ["upward-accountability", "language-of-funders"],
        tags=["reporting"],
        topics=["monitoring"],
    )
    _say(finding, ole, "We pay for community meetings since last year. Does that count?")


# --- the second group

PASSPORT = "due-diligence-passport"


def talk_of_measures(wanjiru: User, awa: User, ole: User) -> None:
    """Let three people talk about a measure of the inventory, which must be there."""
    measure = Measure.objects.get(slug=PASSPORT)
    members = GroupMembership.objects.filter(group__kind=GroupKind.MEASURES).select_related("group", "user")
    south, asking, donor = (members.get(user=user) for user in (wanjiru, awa, ole))
    question = (
        "Four funders looked at the same statutes and the same accounts of ours this year, each with a form of its "
        "own. Which step comes first: a file that we keep, or a promise of theirs to accept it?"
    )
    first = _say(measure, asking, question)
    _say(
        measure, donor, "The promise. Our auditors accept another funder's file if it says who looked, and when.", first
    )
    _say(measure, south, "And the file belongs to the organisation that it is about. She decides who sees it.", first)
    for member in (south, asking):
        comments.endorse(measure, member)
