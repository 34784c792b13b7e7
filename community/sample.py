"""Something worth reading in two groups, told by people of the demo. The document exists; the case is invented."""

from community.access import all_groups
from community.models import (
    Finding,
    GroupKind,
    GroupRole,
    Item,
    ItemKind,
    Measure,
    Membership,
    PolicyPaper,
    Recommendation,
    Section,
    WorkingGroup,
)
from community.services import cases, comments, findings, groups, papers, writing
from community.services.groups import writer_of
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


def _take_part(group: WorkingGroup, user: User, side: str, role: str) -> Membership:
    made = groups.join(group, user, side)
    Membership.objects.filter(pk=made.pk).update(role=role)
    made.role = role
    return made


def _finding(by: Membership, title: str, text: str, factors: list[str], **rest) -> Finding:
    made = Finding(kind=ItemKind.FINDING, group=by.group)
    content = Content(title, text, rest=rest)
    finding = writing.create(made, writer_of(by), content, f"sample-{title[:24]}", publish=True)
    finding.factors.set([one for one in findings.factors() if one.slug in factors])
    return finding


def _say(item: Item, by: Membership, text: str, parent=None):
    return comments.comment(item, writer_of(by), text, f"sample-{text[:24]}", parent)


def _late(noor: Membership, wanjiru: Membership, awa: Membership, ole: Membership, partnership: Partnership) -> None:
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
    case = cases.tell_case(
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
        cases.approve(case, user, cases.digest(case))
    question = "As a donor: our own rules fix the form long before the call. Is that the place to look?"
    first = _say(finding, ole, question)
    _say(finding, awa, "Yes. And it would help if the rules were published with the call.", first)
    _say(finding, noor, "I recognise this from the Northern side. We learn of the form early, and do not pass it on.")
    for member in (noor, awa, ole):
        comments.endorse(finding, member)
    reason = "A document and a case say so, and members of both sides stand behind it."
    findings.change_status(finding, noor.user, "supported", reason)


def _first_to_know(awa: Membership, noor: Membership) -> None:
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


def _language(wanjiru: Membership, ole: Membership) -> None:
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


# --- the third group

PAPER = "Who is asked before the money has a form"
FUNDERS = "Funders of consortium programmes"


def write_paper(noor: User, wanjiru: User) -> PolicyPaper:
    """Write a paper that rests on the findings and on measures of the inventory, unless it is there."""
    there = PolicyPaper.objects.filter(title=PAPER).first()
    if there:
        return there
    members = Membership.objects.filter(group__kind=GroupKind.CHANGE).select_related("group", "user")
    north, south = members.get(user=noor), members.get(user=wanjiru)
    paper = writing.create(
        PolicyPaper(kind=ItemKind.PAPER, group=south.group),
        writer_of(south),
        Content(
            PAPER,
            "Much of what partners later negotiate was settled before they met: by the form of the contract, and by "
            "who heard of it first. Both are in the hands of funders, and both can be changed without new money.",
        ),
        "sample-paper",
        publish=True,
    )
    paper.editors.add(noor)
    _sections(paper, south, north)
    _recommendations(paper, south, north)
    return paper


def _sections(paper: PolicyPaper, wanjiru: Membership, noor: Membership) -> None:
    _section(
        paper,
        wanjiru,
        "What happens before the call",
        "A programme begins long before its call: somebody decides whether there will be sub-grants, a consortium or "
        "single contracts, and who may sign. Partners who come in at the proposal can still change activities. They "
        "can hardly change who decides.\n\nWhoever lives near the funder hears of this early. For the others the "
        "programme begins with the call, and with six weeks to answer it.",
    )
    _section(
        paper,
        noor,
        "What a funder can change by herself",
        "Two things need neither a new law nor a larger budget: *asking earlier*, and *telling everybody at once*.\n\n"
        "What we do not know yet is whether they are enough. Our findings come from programmes with a Northern lead; "
        "those who take up a recommendation should say afterwards what became of it.",
    )


def _section(paper: PolicyPaper, by: Membership, title: str, text: str) -> None:
    made = Section(kind=ItemKind.SECTION, paper=paper)
    papers.add(made, writer_of(by), Content(title, text), f"sample-{title[:24]}")


def _recommendations(paper: PolicyPaper, wanjiru: Membership, noor: Membership) -> None:
    _recommend(
        paper,
        wanjiru,
        "Decide on the form of the money together with those who will work with it",
        "Before a programme has the form of a grant, a consortium or a contract, hear Southern organisations about "
        "this choice, pay them for their time, and publish what they advised and what was made of it.\n\n"
        "Leave open in the call who may lead.",
        "When the rules of a new programme are written",
        ["Southern partners come in when"],
        ["at-the-table-from-design", "southern-leadership"],
    )
    _recommend(
        paper,
        noor,
        "Tell everybody at the same moment what is being prepared",
        "Put on one public page, in the languages of the programme, which consultations there are, who was heard and "
        "what was said. Give as many weeks for applying as it takes without having known before.",
        "Before the first consultation about a programme",
        ["Les organisations du Nord savent"],
        ["introduce-to-donors"],
    )


def _recommend(
    paper: PolicyPaper, by: Membership, title: str, text: str, moment: str, answers: list[str], generalises: list[str]
) -> None:
    made = Recommendation(kind=ItemKind.RECOMMENDATION, paper=paper, addressed_to=FUNDERS, moment=moment)
    recommendation = papers.add(made, writer_of(by), Content(title, text), f"sample-{title[:24]}")
    found = [Finding.objects.get(title__startswith=start) for start in answers]
    measures = [Measure.objects.get(slug=slug) for slug in generalises]
    for item in (*found, *measures):
        papers.rest_on(recommendation, item, by.user)
