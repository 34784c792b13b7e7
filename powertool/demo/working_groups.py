"""What people of the demo write in two working groups. The cited documents exist, the case study is invented."""

from typing import Any

from community.access import all_groups
from community.models import (
    Comment,
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
from powertool.demo.texts import read_texts

REST = ("language", "translate_me", "tags", "topics")  # fields of a text that its form has, too
PASSPORT = "due-diligence-passport"  # a measure of the first list


def fill(noor: User, wanjiru: User, awa: User, ole: User, partnership: Partnership) -> None:
    """Let the four take part in all groups, which anybody may read, and write the first findings."""
    texts = read_texts("working_groups")
    groups = all_groups()
    WorkingGroup.objects.update(is_public=True)
    for group in groups:
        lead_north, lead_south, member, donor = (
            _take_part(group, user, side, role)
            for user, side, role in (
                (noor, Side.NORTH, GroupRole.COORDINATOR),
                (wanjiru, Side.SOUTH, GroupRole.COORDINATOR),
                (awa, Side.SOUTH, GroupRole.MEMBER),
                (ole, Side.OTHER, GroupRole.MEMBER),
            )
        )
        if group.kind == GroupKind.UNDERSTANDING:
            _write_late(texts, lead_north, lead_south, member, donor, partnership)
            _comment(_write_finding(member, texts["first_to_know"]), lead_north, texts["first_to_know"]["answer"])
            _comment(_write_finding(lead_south, texts["accounting"]), donor, texts["accounting"]["answer"])


def discuss_measure(wanjiru: User, awa: User, ole: User) -> None:
    """Let three people discuss a measure of the first list, which must be there."""
    measure = Measure.objects.get(slug=PASSPORT)
    texts = read_texts("working_groups")["passport"]
    members = GroupMembership.objects.filter(group__kind=GroupKind.MEASURES).select_related("group", "user")
    south, asking, donor = (members.get(user=user) for user in (wanjiru, awa, ole))
    question = _comment(measure, asking, texts["question"])
    _comment(measure, donor, texts["answer_donor"], question)
    _comment(measure, south, texts["answer_south"], question)
    for member in (south, asking):
        comments.endorse(measure, member)


def _take_part(group: WorkingGroup, user: User, side: str, role: str) -> GroupMembership:
    membership = memberships.join(group, user, side)
    GroupMembership.objects.filter(pk=membership.pk).update(role=role)
    membership.role = role
    return membership


def _write_finding(by: GroupMembership, texts: dict[str, Any]) -> Finding:
    rest: dict[str, Any] = {name: texts[name] for name in REST if name in texts}
    new = Finding(kind=ItemKind.FINDING, group=by.group, is_example=True)
    content = Content(texts["title"], texts["text"], rest=rest)
    finding = writing.create(new, writer_of(by), content, f"sample-{texts['title'][:24]}", publish=True)
    finding.factors.set([factor for factor in findings.factors() if factor.slug in texts["factors"]])
    findings.add_document(finding, by.user, **texts["document"])
    return finding


def _comment(item: Item, by: GroupMembership, text: str, parent: Comment | None = None) -> Comment:
    return comments.comment(item, writer_of(by), text, f"sample-{text[:24]}", parent)


def _write_late(
    texts: dict[str, Any],
    noor: GroupMembership,
    wanjiru: GroupMembership,
    awa: GroupMembership,
    ole: GroupMembership,
    partnership: Partnership,
) -> None:
    """Write the finding that has everything: a document, a figure, a case study, comments, endorsements, a status."""
    late = texts["late"]
    finding = _write_finding(wanjiru, late)
    _cite_figure(finding, wanjiru.user, texts["figure"]["says"])
    _write_case_study(finding, partnership, wanjiru, noor, late["case_study"])
    question = _comment(finding, ole, late["question"])
    _comment(finding, awa, late["answer_south"], question)
    _comment(finding, noor, late["answer_north"])
    for member in (noor, awa, ole):
        comments.endorse(finding, member)
    findings.change_status(finding, noor.user, "supported", late["supported"])


def _cite_figure(finding: Finding, user: User, says: str) -> None:
    """Cite a number of the example, marked as made up wherever it is read."""
    figure = evidence.freeze(evidence.make_example(), "gap-topic")
    if figure:
        findings.cite_figure(finding, user, figure, says)


def _write_case_study(
    finding: Finding,
    partnership: Partnership,
    author: GroupMembership,
    other: GroupMembership,
    texts: dict[str, str],
) -> None:
    content = Content(texts["title"], texts["text"])
    case = case_studies.write_case_study(finding, partnership, writer_of(author), content, "sample-case")
    for user in (author.user, other.user):
        case_studies.approve(case, user, case_studies.digest(case))
