"""What is promised above the first question: these words on every surface, and a release that does what they say."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from assessments import disclosure, promises
from assessments.caucus import release as release_of_sides
from assessments.fieldwork.questions import questions_of
from assessments.fieldwork.xlsform import survey
from assessments.models import Assessment, Mode
from assessments.views.rating import device
from partnerships.models import Role
from tests.assessments.making import answer_all, in_mode, make_assessment, rating
from tests.assessments.test_session import as_
from tests.disclosure.attack import attack
from tests.disclosure.tables import decision, table
from tests.disclosure.test_session import FIVE, WRITERS, votes
from tests.factories import membership

pytestmark = pytest.mark.django_db
SAID: dict[str, str] = json.loads((Path(__file__).parents[1] / "data" / "promises.json").read_text())
ALONE = ("by_side", "all_together", "named")
RUN_BY = "This website is run by Blue Server Trust. Its administrators could technically read your answers."
NOT_CALLED_BACK = "Reports that someone has downloaded cannot be withdrawn."


@pytest.fixture(autouse=True)
def run_by(settings) -> None:
    settings.OPERATOR_NAME = "Blue Server Trust"


def text_of(page: str) -> str:
    """Return a page's text in one line, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def get(person, name: str, code: str) -> str:
    return text_of(as_(person).get(reverse(f"assessments:{name}", args=[code])).content.decode())


# The words on each surface


@pytest.mark.parametrize("mode", [*ALONE, "caucus"])
def test_the_promise_of_each_mode_is_said_word_for_word(mode):
    assert " ".join(promises.promise(mode, "north")) == SAID[mode]
    under = [] if mode == "caucus" else [SAID["under_each"]]
    assert " ".join(promises.under_each(mode)) == " ".join([*under, RUN_BY, NOT_CALLED_BACK])


@pytest.mark.parametrize("mode", ALONE)
def test_other_partners_read_by_side_what_becomes_of_their_answers(mode):
    besides = [SAID["other_partners"]] if mode == "by_side" else []
    assert " ".join(promises.promise(mode, "other")) == " ".join([SAID[mode], *besides])
    to_all = [f"For other partners: {SAID['other_partners']}"] if mode == "by_side" else []
    assert " ".join(promises.promise(mode)) == " ".join([SAID[mode], *to_all])


def first_line(mode: str) -> str:
    return SAID["first_line_named" if mode == "named" else "first_line"]


def opened(cast, mode: str) -> Assessment:
    assessment = rating(cast)
    in_mode(assessment, mode)
    return Assessment.objects.get(pk=assessment.pk)


@pytest.mark.parametrize("mode", ALONE)
def test_the_page_above_the_first_question_says_it_all_in_order(cast, mode):
    page = get(cast.guest, "rate", opened(cast, mode).code)
    parts = [first_line(mode), SAID[mode], SAID["under_each"], RUN_BY, NOT_CALLED_BACK, "Begin"]
    at = [page.find(part) for part in parts]
    assert -1 not in at
    assert at == sorted(at)
    assert SAID["other_partners"] not in page


def test_another_partner_reads_more_on_that_page(cast):
    other = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["o1"])
    assert f"{SAID['by_side']} {SAID['other_partners']}" in get(other.user, "rate", opened(cast, "by_side").code)


@pytest.mark.parametrize("mode", ALONE)
def test_a_phone_without_a_line_has_the_same_words(cast, mode):
    kept = as_(cast.guest).get(reverse("assessments:rate-sheet", args=[opened(cast, mode).code])).json()
    assert kept["first"] == first_line(mode)
    assert " ".join(kept["promise"]) == SAID[mode]
    assert " ".join(kept["under"]) == f"{SAID['under_each']} {RUN_BY} {NOT_CALLED_BACK}"


@pytest.mark.parametrize("mode", ALONE)
def test_forms_begin_with_who_sees_them_and_say_the_rest(cast, mode):
    assessment = opened(cast, mode)
    (first, *others) = [row["label"] for row in survey(questions_of(assessment)) if row["name"].startswith("promise_")]
    assert SAID["first_line_forms"] in first
    assert text_of(" ".join(others)).startswith(SAID[mode])
    assert SAID["under_each"] in text_of(" ".join(others))
    page = get(cast.guest, "my-form", assessment.code)
    assert all(part in page for part in (first_line(mode), SAID[mode], SAID["under_each"], SAID["first_line_forms"]))
    assert SAID["first_line_forms"] in get(cast.north_facilitator, "fieldwork", assessment.code)


def test_a_caucus_says_its_own_words_and_none_of_those_who_answer_alone(cast):
    assessment = rating(cast, mode_wanted=Mode.CAUCUS)
    page = get(cast.guest, "caucus", assessment.code)
    assert all(part in page for part in (SAID["caucus"], RUN_BY, NOT_CALLED_BACK))
    assert SAID["under_each"] not in page


def test_setting_up_shows_each_promise_before_a_mode_is_chosen(cast):
    page = get(cast.north_facilitator, "settings", make_assessment(cast).code)
    assert all(SAID[mode] in page for mode in (*ALONE, "caucus"))
    assert page.count(SAID["under_each"]) == 1
    assert f"For other partners: {SAID['other_partners']}" in page


def test_the_question_about_names_is_asked_in_the_words_of_the_promise(cast):
    assert SAID["named"] in get(cast.guest, "named", make_assessment(cast, mode_wanted=Mode.NAMED).code)


def test_withdrawing_says_what_others_may_notice(cast):
    assessment = opened(cast, "by_side")
    answer_all(assessment, cast.membership(cast.guest))
    assert SAID["withdrawing"] in get(cast.guest, "rate-withdraw", assessment.code)


@pytest.mark.parametrize("agree", ["yes", "no"])
def test_a_reason_is_asked_for_alike_whoever_agrees_and_told_of_before(cast, agree):
    """The field, its choices and what is said before are the same; only the chosen answer differs."""
    pages = {}
    for said in ("yes", "no"):
        chosen = {"agree": said, "rows": [], "options": [], "reason_note": promises.REASON_NOTE, "shell": True}
        pages[said] = render_to_string("assessments/rating/_decision.html", chosen)
    alike = [re.sub(r'(name="agree" value="\w+") checked', r"\1", pages[said]) for said in ("yes", "no")]
    assert alike[0] == alike[1]
    shown = text_of(pages[agree])
    assert shown.index("Others can count the reasons, and may recognise your words or your language.") < shown.index(
        "Your reason"
    )
    assert str(promises.REASON_NOTE) in text_of(device.shell_text())


def test_forms_say_it_before_a_reason_is_written_too(cast):
    rows = survey(questions_of(opened(cast, "by_side")))
    uses = [row for row in rows if row.get("type") == "select_one uses"]
    assert uses
    assert all(str(promises.REASON_NOTE) in row["hint"] for row in uses)


def test_a_website_that_names_nobody_names_its_address():
    named = (settings.BASE_DIR / "powertool" / "settings.py").read_text()
    assert '_("the organisation behind {host}")' in named


# Each sentence against the release of small cases


@dataclass
class Case:
    """Ratings of one decision, who ticked, and who looks for her own promise."""

    ratings: pd.DataFrame
    ticks: set[str] = field(default_factory=set)

    def released(self, mode: str) -> dict:
        return disclosure.release(self.ratings, self.ticks, mode)

    def answering(self, side: str) -> set[str]:
        rows = self.ratings[self.ratings["level"].notna() & (self.ratings["rater_side"] == side)]
        return set(rows["rater_partner"])

    def gap_of(self, organisation: str) -> float:
        own = self.ratings[self.ratings["rater_partner"] == organisation]
        means = own.groupby(["partner", "partner_side"])["level"].median().groupby("partner_side").mean()
        return float(disclosure.coarse_gap(means["north"] - means["south"]))


TRIO = {"S1": [3, 1], "S2": [4, 0], "S3": [2, 1]}
CASES = {
    "four organisations": Case(table("N1 S1", {"N1": [4, 0], "N2": [3, 2], "S1": [3, 1], "S2": [4, 1]})),
    "one hidden side": Case(table("N1 S1", {"N1": [4, 2], **TRIO})),
    "a ticking side of one": Case(table("N1 S1", {"N1": [4, 2], **TRIO}), {"N1"}),
    "a side of two, of which one ticks": Case(table("N1 S1", {"N1": [4, 2], "N2": [1, 2], **TRIO}), {"N1"}),
    "a side of two that ticks": Case(table("N1 S1", {"N1": [4, 2], "N2": [1, 2], **TRIO}), {"N1", "N2"}),
    "other partners": Case(table("N1 S1", {"O1": [4, 0], "O2": [0, 4], **TRIO})),
    "no side, five organisations": Case(
        table("N1 S1", {"N1": [4, 2], "S1": [3, 1], "S2": [4, 0], "O1": [4, 0], "O2": [0, 4]})
    ),
    "colleagues": Case(table("N1 S1", {"N1.a": [4, 1], "N1.b": [1, 0], **TRIO}), {"N1"}),
    "three colleagues of one organisation": Case(
        table("N1 S1", {"S1.a": [4, 1], "S1.b": [1, 0], "S1.c": [3, 2], "N1": [2, 2]})
    ),
}
NOTHING = {"north": None, "south": None, "difference": None}


def falls_back(case: Case) -> bool:
    shown = decision(case.released("by_side"))
    return shown["north"] is None and shown["south"] is None


def shows_the_gap_as_each_side_sees_it(case: Case) -> bool:
    shown = decision(case.released("by_side"))
    for side in ("north", "south"):
        own = [case.gap_of(one) for one in case.answering(side)]
        if shown[side] is not None and shown[side] != round(2 * sum(own) / len(own)) / 2:
            return False
    return falls_back(case) or shown["difference"] is None or shown["difference"] == shown["north"] - shown["south"]


def shows_no_level_that_somebody_gave(case: Case) -> bool:
    released = case.released("by_side")
    cells = {cell["band"] for cell in released["cells"]} <= {None, "0–1", "2", "3–4"}
    return cells and "medians" not in released and (falls_back(case) or released["cells"] == [])


def shows_a_small_side_only_if_all_of_it_agreed(case: Case) -> bool:
    shown = decision(case.released("by_side"))
    sides = {side: case.answering(side) for side in ("north", "south")}
    return all(
        (shown[side] is not None) == (len(own) >= 3 or (len(own) > 0 and own <= case.ticks))
        for side, own in sides.items()
    )


def shows_the_own_gap_of_a_side_of_one(case: Case) -> bool:
    shown = decision(case.released("by_side"))
    alone = [(side, *own) for side in ("north", "south") if len(own := case.answering(side)) == 1]
    return all(shown[side] in (None, case.gap_of(only)) for side, only in alone)


def shows_the_middle_if_no_side_can_be_shown(case: Case) -> bool:
    released = case.released("by_side")
    return released["mode"] == ("all_together" if falls_back(case) else "by_side") and (
        not falls_back(case) or released == case.released("all_together")
    )


def shows_nothing_else(case: Case) -> bool:
    """Nothing but gaps of shown sides, or bands; how similar the shown gaps are is the one number made of them."""
    released = case.released("by_side")
    if not falls_back(case):
        return released["cells"] == [] and released.keys() == {"mode", "decisions", "assessment", "cells"}
    return shows_only_middles(released, case)


def shows_only_middles(released: dict, case: Case) -> bool:
    enough = len({*case.ratings["rater_partner"]}) >= 5
    rows = all(row == {"decision": row["decision"]} | NOTHING for row in released["decisions"])
    summary = released["assessment"] == NOTHING | {"agreement": None, "answered": released["assessment"]["answered"]}
    return rows and summary and all((cell["band"] is not None) == enough for cell in released["cells"])


def counts_other_partners_only_in_the_middle(case: Case) -> bool:
    others = case.ratings["rater_side"] == "other"
    changed = Case(
        case.ratings.assign(level=case.ratings["level"].where(~others, 4 - case.ratings["level"])), case.ticks
    )
    return falls_back(case) or case.released("by_side") == changed.released("by_side")


def shows_each_partners_middle(case: Case) -> bool:
    bands = {cell["partner"]: cell["band"] for cell in case.released("all_together")["cells"]}
    voices = case.ratings.groupby(["partner", "rater_partner"])["level"].median()
    for partner, levels in voices.groupby("partner"):
        middle = sorted(levels)[(len(levels) - 1) // 2]
        said = "0–1" if middle < 2 else "2" if middle < 3 else "3–4"
        if bands[partner] != (said if len(levels) >= 5 else None):
            return False
    return True


def shows_no_side_and_no_organisation(case: Case) -> bool:
    released = case.released("all_together")
    return shows_only_middles(released, case) and released["assessment"]["answered"].keys() == {"all"}


def shows_levels_beside_the_name(case: Case) -> bool:
    medians = case.released("named")["medians"]
    voices = case.ratings.groupby(["rater_partner", "partner"])["level"].median()
    return {(one["rater_partner"], one["partner"]): one["level"] for one in medians} == voices.to_dict()


def shows_the_middle_of_colleagues(case: Case) -> bool:
    raters = {name for name in case.ratings["rater"] if "." in name}
    return not any(f'"{name}"' in json.dumps(case.released("named")) for name in raters)


def tells_how_many_answered(case: Case) -> bool:
    for mode in ALONE:
        released = case.released(mode)
        for side, said in released["assessment"]["answered"].items():
            true = case.ratings["rater_partner"].nunique() if side == "all" else len(case.answering(side))
            if said not in (None, true):
                return False
    return True


OF_RATINGS: dict[str, dict[str, Callable[[Case], bool]]] = {
    "by_side": {
        "After closing, other people see the average gap between Northern and Southern partners, as each side sees "
        "it.": (shows_the_gap_as_each_side_sees_it),
        "They are not shown the levels that you gave.": shows_no_level_that_somebody_gave,
        "A side with fewer than three answering organisations is shown only if all of them agreed.": (
            shows_a_small_side_only_if_all_of_it_agreed
        ),
        "If it is one organisation, the average is its own gap.": shows_the_own_gap_of_a_side_of_one,
        "If no side can be shown, they see the middle answer of all organisations, where at least five answered.": (
            shows_the_middle_if_no_side_can_be_shown
        ),
        "Otherwise they see nothing.": shows_nothing_else,
    },
    "other_partners": {"Your answers count only in the middle answer.": counts_other_partners_only_in_the_middle},
    "all_together": {
        "After closing, other people see, for each partner, the middle answer of all organisations (0–1, 2 or 3–4), "
        "where at least five answered.": shows_each_partners_middle,
        "They are not shown the answers of your side or organisation.": shows_no_side_and_no_organisation,
        "Otherwise they see nothing.": shows_no_side_and_no_organisation,
    },
    "named": {
        "After closing, everyone in this assessment, including your funder, sees the levels of your organisation next "
        "to its name.": shows_levels_beside_the_name,
        "If several of you answered, they see the middle of your levels.": shows_the_middle_of_colleagues,
    },
}


def sentences(text: str) -> list[str]:
    return [one.strip() for one in re.findall(r".+?\.(?= |$)", text)]


@pytest.mark.parametrize("promise", OF_RATINGS)
def test_each_sentence_of_a_promise_is_looked_at(promise):
    assert sentences(SAID[promise]) == list(OF_RATINGS[promise])


@pytest.mark.parametrize(
    ("claim", "case"),
    [
        pytest.param(claim, case, id=f"{claim.__name__}: {name}")
        for claims in OF_RATINGS.values()
        for claim in dict.fromkeys(claims.values())
        for name, case in CASES.items()
    ],
)
def test_the_release_of_a_small_case_does_what_the_promise_says(claim, case):
    assert claim(case)


def test_the_cases_are_what_their_names_say():
    shown = {name: decision(case.released("by_side")) for name, case in CASES.items()}
    sides = {name: (row["north"] is not None, row["south"] is not None) for name, row in shown.items()}
    assert sides["one hidden side"] == sides["a side of two, of which one ticks"] == (False, True)
    assert sides["a ticking side of one"] == sides["a side of two that ticks"] == sides["colleagues"] == (True, True)
    assert sides["four organisations"] == sides["no side, five organisations"] == (False, False)
    assert sides["three colleagues of one organisation"] == (False, False)


# Under each promise


def verdict(answers) -> str | None:
    return disclosure.all_agree(votes(answers))[0]["agree"]


def says_all_or_not_all_from_five() -> bool:
    four = {f"S{i}": True for i in range(4)}
    answers = [four | {"S4": fifth} for fifth in (True, False, None)]
    return [verdict(each) for each in answers] == ["all agree", "not all agree", None]


def shows_that_each_agreed() -> bool:
    several = [dict(zip(FIVE, agrees, strict=True)) for agrees in product((True, False), repeat=5)]
    return [answers for answers in several if verdict(answers) == "all agree"] == [FIVE]


def tells_how_many_answered_in_each_case() -> bool:
    return all(tells_how_many_answered(case) for case in CASES.values())


def shows_shared_reasons_as_they_were_written() -> bool:
    (shown,) = disclosure.shared_reasons(votes(FIVE), WRITERS)
    return set(shown["reasons"]) == {text for *_who, text in WRITERS}


def can_be_worked_out_further_by_those_who_combine_answers() -> bool:
    frame = table("N1", {"S1": [0], "S2": [0], "S3": [4], "N1": [3], "O1": [3]})
    released = disclosure.release(frame, (), "all_together")
    alone = attack(released, frame, (), "all_together", set())
    together = attack(released, frame, (), "all_together", {"S1", "S2", "S3"})
    return any(len(levels) < len(alone[rating]) for rating, levels in together.items())


UNDER_EACH: dict[str, Callable[[], bool]] = {
    "For 'Do we agree?' they see 'all agree' or 'not all agree', where at least five organisations answered.": (
        says_all_or_not_all_from_five
    ),
    "'All agree' shows that you agreed.": shows_that_each_agreed,
    "They see how many organisations answered.": tells_how_many_answered_in_each_case,
    "They see the reasons that you share, and may recognise your words or your language.": (
        shows_shared_reasons_as_they_were_written
    ),
    "Partners who combine their own answers with these results can work out more.": (
        can_be_worked_out_further_by_those_who_combine_answers
    ),
}
# Whoever enters a form is named on every page that tells who imported: tests/assessments/test_fieldwork_pages.py.
OF_FORMS = "If someone enters a form for you, that person sees your answers and is named."


def test_each_sentence_under_the_promises_is_looked_at():
    assert sentences(SAID["under_each"]) == [*UNDER_EACH, OF_FORMS]


@pytest.mark.parametrize("claim", UNDER_EACH.values(), ids=lambda claim: claim.__name__)
def test_what_is_under_each_promise_is_what_leaves(claim):
    assert claim()


def test_a_caucus_shows_what_each_side_answered_and_nobodys_name():
    columns = ["assessment", "decision", "partner", "partner_side", "side", "level"]
    levels = pd.DataFrame([("A1", 1, 1, "north", "north", 4), ("A1", 1, 2, "south", "north", 1)], columns=columns)
    agreements = pd.DataFrame([("A1", 1, "north", False)], columns=["assessment", "decision", "side", "agree"])
    released = release_of_sides(levels, agreements)
    assert [cell["level"] for cell in released["cells"]] == [4, 1]
    assert released["agreements"][0]["north"] is False
    with pytest.raises(ValueError, match="none that names anybody"):
        release_of_sides(levels.assign(rater="N1"), agreements)
