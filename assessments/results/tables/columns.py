"""The columns of all tables, each with its code, HXL tag, heading and meaning, and how a table is made of them."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from assessments.exports import Column, Table, Value
from assessments.ladder import NOT_SHOWN
from assessments.models import Assessment

NOT_DISCUSSED = "not_discussed"
HIDDEN = "not_shown"

# Code: (HXL tag, heading, what it means and in which unit). A column means the same in every table that has it.
COLUMNS: dict[str, tuple[str, str | Promise, str | Promise]] = {
    "assessment": ("#meta+assessment", gettext_lazy("Assessment"), gettext_lazy("code of the assessment")),
    "example": (
        "#meta+example",
        gettext_lazy("Invented"),
        gettext_lazy(
            "yes: this is a rehearsal or a demonstration, in which everything is invented. no: the assessment is real"
        ),
    ),
    "decision": (
        "#indicator+code",
        gettext_lazy("Decision"),
        gettext_lazy("number that is printed next to the decision"),
    ),
    "wording": ("#indicator+name", gettext_lazy("Wording"), gettext_lazy("what the decision is about")),
    "partner": ("#org+code", gettext_lazy("Partner"), gettext_lazy("number of the partner in this assessment")),
    "name": ("#org+name", gettext_lazy("Name"), gettext_lazy("name of the partner when rating opened")),
    "acronym": ("#org+acronym", gettext_lazy("Short name"), gettext_lazy("short name of the partner")),
    "side": ("#org+side", gettext_lazy("Side"), gettext_lazy("code of the side that the partner declared")),
    "kind": ("#org+type", gettext_lazy("Kind of organisation"), gettext_lazy("code of the kind of organisation")),
    "state": (
        "#status+level",
        gettext_lazy("State"),
        gettext_lazy(
            "state of the level: “level” (agreed), “differs” (seen differently), “unknown” (no one knows it) or "
            "“not_discussed” (not discussed)"
        ),
    ),
    "actual": (
        "#indicator+level+actual+num",
        gettext_lazy("Agreed level"),
        gettext_lazy("today's level on the ladder, from 0 to 4"),
    ),
    "desired": (
        "#indicator+level+desired+num",
        gettext_lazy("Desired level"),
        gettext_lazy("level on the ladder that the group wants, from 0 to 4"),
    ),
    "one_view": (
        "#description+view+one",
        gettext_lazy("One view"),
        gettext_lazy("one of the two views, where members of the group see the level differently"),
    ),
    "other_view": (
        "#description+view+other",
        gettext_lazy("The other view"),
        gettext_lazy("one of the two views, where members of the group see the level differently"),
    ),
    "level": (
        "#indicator+level+mean",
        gettext_lazy("Average level"),
        gettext_lazy("average agreed level of all partners, from 0 to 4"),
    ),
    "north": (
        "#indicator+north+mean",
        gettext_lazy("Average level: North"),
        gettext_lazy("average agreed level of Northern partners, from 0 to 4"),
    ),
    "south": (
        "#indicator+south+mean",
        gettext_lazy("Average level: South"),
        gettext_lazy("average agreed level of Southern partners, from 0 to 4"),
    ),
    "gap": (
        "#indicator+gap",
        gettext_lazy("Gap"),
        gettext_lazy("average level of Northern partners minus that of Southern partners, in levels, from -4 to 4"),
    ),
    "balance": (
        "#indicator+balance",
        gettext_lazy("Balance"),
        gettext_lazy(
            "100 means that both sides have equal influence. 0 means that one side decides and the other is "
            "excluded. Read the balance together with the level."
        ),
    ),
    "holders": (
        "#indicator+holders",
        gettext_lazy("Who decides or co-decides"),
        gettext_lazy(
            "sides with a partner at level 3 or 4: none, or any of north, south, donor and other, joined by +"
        ),
    ),
    "north_desired": (
        "#indicator+north+desired+mean",
        gettext_lazy("Average desired level: North"),
        gettext_lazy("average desired level of Northern partners, from 0 to 4"),
    ),
    "south_desired": (
        "#indicator+south+desired+mean",
        gettext_lazy("Average desired level: South"),
        gettext_lazy("average desired level of Southern partners, from 0 to 4"),
    ),
    "agree": (
        "#indicator+agree",
        gettext_lazy("Do we agree with how partners are involved?"),
        gettext_lazy("answer of the group, or of those who answered privately: yes or no"),
    ),
    "no_common_wish": (
        "#indicator+wish+none",
        gettext_lazy("No agreement on what we want"),
        gettext_lazy(
            "“yes” if the group said that it does not agree on a desired level, empty if nothing was recorded"
        ),
    ),
    "route": (
        "#activity+route",
        gettext_lazy("Way forward without consensus"),
        gettext_lazy("code of the way forward chosen where no consensus was reached"),
    ),
    "review_on": (
        "#date+review",
        gettext_lazy("Review date"),
        gettext_lazy("date on which the group will look at the decision again"),
    ),
    "note": ("#description+note", gettext_lazy("What was said"), gettext_lazy("what the group noted")),
    "seen_by_north": (
        "#indicator+gap+seen+north",
        gettext_lazy("Gap seen by Northern partners"),
        gettext_lazy(
            "how many levels higher Northern organisations rate Northern partners than Southern partners (3 and -3 "
            "mean 3 or more)"
        ),
    ),
    "seen_by_south": (
        "#indicator+gap+seen+south",
        gettext_lazy("Gap seen by Southern partners"),
        gettext_lazy(
            "how many levels higher Southern organisations rate Northern partners than Southern partners (3 and -3 "
            "mean 3 or more)"
        ),
    ),
    "difference": (
        "#indicator+gap+seen+difference",
        gettext_lazy("Difference"),
        gettext_lazy("one side's view minus the other side's view, in levels"),
    ),
    "agreement": (
        "#indicator+alpha",
        gettext_lazy("Agreement"),
        gettext_lazy(
            "agreement among the answers shown (1: everyone sees the same gaps, 0: no more agreement than expected "
            "by chance)"
        ),
    ),
    "answered_north": (
        "#reach+organisations+north",
        gettext_lazy("Number of Northern organisations that answered"),
        gettext_lazy("number of organisations that answered, if the side is shown"),
    ),
    "answered_south": (
        "#reach+organisations+south",
        gettext_lazy("Number of Southern organisations that answered"),
        gettext_lazy("number of organisations that answered, if the side is shown"),
    ),
    "answered": (
        "#reach+organisations",
        gettext_lazy("Number of organisations that answered"),
        gettext_lazy("number of organisations that answered"),
    ),
    "band": (
        "#indicator+level+band",
        gettext_lazy("Range of levels"),
        gettext_lazy("part of the ladder that contains the middle of all answers: 0–1, 2 or 3–4"),
    ),
    HIDDEN: (
        "#meta+hidden",
        gettext_lazy("Not shown"),
        gettext_lazy("remark that appears if a number in this row is not shown"),
    ),
    "answer_of": (
        "#org+side+answering",
        gettext_lazy("Side that answered"),
        gettext_lazy("code of the side that agreed on this answer"),
    ),
    "answer": ("#indicator+level+num", gettext_lazy("Level"), gettext_lazy("level on the ladder, from 0 to 4")),
    "own_gap": (
        "#indicator+gap+own",
        gettext_lazy("Gap as this side sees it"),
        gettext_lazy(
            "the side's average level for Northern partners minus its average level for Southern partners, in "
            "levels, from -4 to 4"
        ),
    ),
    "rater": (
        "#org+code+answering",
        gettext_lazy("Rated by"),
        gettext_lazy("the answering partner's number in this assessment"),
    ),
    "median": (
        "#indicator+level+median",
        gettext_lazy("Answer"),
        gettext_lazy("middle of the organisation's answers, from 0 to 4"),
    ),
    "self_gap": (
        "#indicator+gap+self",
        gettext_lazy("Own answer minus others' answers"),
        gettext_lazy("average of the organisation's own level minus the middle of the others' answers, in levels"),
    ),
    "before": (
        "#indicator+level+before+num",
        gettext_lazy("Before"),
        gettext_lazy("agreed level in the previous assessment, from 0 to 4"),
    ),
    "after": (
        "#indicator+level+after+num",
        gettext_lazy("Now"),
        gettext_lazy("agreed level in this assessment, from 0 to 4"),
    ),
    "action": ("#activity+code", gettext_lazy("Action"), gettext_lazy("code of the action")),
    "text": (
        "#activity+description",
        gettext_lazy("Planned action"),
        gettext_lazy("the action, in the group's own words"),
    ),
    "owner": (
        "#org+code+owner",
        gettext_lazy("Responsible partner"),
        gettext_lazy("the responsible partner's number"),
    ),
    "confirmer": (
        "#org+code+confirmer",
        gettext_lazy("Confirmed by"),
        gettext_lazy("number of the partner confirming that the action has been done"),
    ),
    "due": ("#date+due", gettext_lazy("By when"), gettext_lazy("day")),
    "status": ("#status+activity", gettext_lazy("Status"), gettext_lazy("code of the status")),
    "reply": (
        "#description+reply",
        gettext_lazy("Reply"),
        gettext_lazy("the organisation's reply. Wherever you use the numbers, keep the reply with them."),
    ),
    "fact": ("#indicator+fact+code", gettext_lazy("Fact"), gettext_lazy("code of the fact")),
    "question": ("#indicator+fact+name", gettext_lazy("Question"), gettext_lazy("what each partner was asked")),
    "fact_kind": (
        "#indicator+fact+type",
        gettext_lazy("Kind of fact"),
        gettext_lazy(
            "share of the sum (amount), share of partners that answered yes (yes_no), or the side's average (rate)"
        ),
    ),
    "fact_unit": ("#indicator+fact+unit", gettext_lazy("Unit"), gettext_lazy("unit of the partners' answers")),
    "subject": (
        "#sector+code",
        gettext_lazy("Subject"),
        gettext_lazy("code of the subject that the facts and decisions concern"),
    ),
    "held_north": (
        "#indicator+fact+north+num",
        gettext_lazy("Northern partners"),
        gettext_lazy("share from 0 to 1, or average rate"),
    ),
    "held_south": (
        "#indicator+fact+south+num",
        gettext_lazy("Southern partners"),
        gettext_lazy("share from 0 to 1, or average rate"),
    ),
    "held_other": (
        "#indicator+fact+other+num",
        gettext_lazy("Other partners"),
        gettext_lazy("share from 0 to 1, or average rate"),
    ),
    "given": ("#reach+partners", gettext_lazy("Partners that answered"), gettext_lazy("number of partners")),
    "missing": (
        "#reach+partners+missing",
        gettext_lazy("Number of partners that did not answer"),
        gettext_lazy("number of partners"),
    ),
    "decides": (
        "#indicator+decisions+num",
        gettext_lazy("Number of decisions decided or co-decided"),
        gettext_lazy("number of decisions in which a partner on the side is at level 3 or 4"),
    ),
    "decisions": (
        "#indicator+decisions+all",
        gettext_lazy("Decisions"),
        gettext_lazy("number of decisions on this subject in which the side has an agreed level"),
    ),
    "list": ("#meta+list", gettext_lazy("List"), gettext_lazy("list to which the code belongs")),
    "code": ("#meta+code", gettext_lazy("Code"), gettext_lazy("the code, which is the same in every language")),
    "words": ("#description+words", gettext_lazy("In words"), gettext_lazy("what the code means")),
}
KEYS = ("assessment", "example")  # on every row, so that files put together can be told apart


def make_table(assessment: Assessment, code: str, title: str, columns: str, rows: Iterable[tuple[Value, ...]]) -> Table:
    keys = (assessment.code, "yes" if is_made_up(assessment) else "no")
    described = tuple(
        Column(c, str(COLUMNS[c][1]), COLUMNS[c][0], str(COLUMNS[c][2])) for c in (*KEYS, *columns.split())
    )
    return Table(code, title, described, tuple(keys + row for row in rows))


def is_made_up(assessment: Assessment) -> bool:
    return assessment.partnership.is_demo


def rounded(value: Value) -> Value:
    return round(value, 6) + 0.0 if isinstance(value, float) else value


def yes_or_no(value: bool | None) -> str | None:
    return None if value is None else "yes" if value else "no"


def hidden_note(*values: Value) -> str | None:
    return str(NOT_SHOWN) if None in values else None
