"""Before anybody answers: what is previewed at set-up, what those who give money sign, what all keep to."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.fieldwork.questions import questions_of
from assessments.fieldwork.texts import promise as promised
from assessments.models import Accepted, Assessment, GroundRules, Pledge
from assessments.results import given_pledges
from assessments.results.reporting.how_done import how_done
from assessments.services.rating import private_answers
from assessments.services.safeguards import ground_rules, pledge
from assessments.services.setup import opening, preview
from partnerships.access import member_roles_of
from partnerships.models import Role
from partnerships.services import Refused
from tests.assessments.making import in_session, make_assessment, mutation, rating, step
from tests.assessments.pages import as_, url
from tests.factories import PartnershipFactory, make_partners, membership

pytestmark = pytest.mark.django_db


# Preview


def ways(north, south, other=0, k=3):
    partnership = PartnershipFactory()
    make_partners(partnership, north, south, other)
    return {way.value: way for way in preview.ways(partnership, k)}


@pytest.mark.parametrize(
    ("partners", "proposed"),
    [
        ((1, 3), "by_side"),
        ((2, 5), "by_side"),
        ((3, 3), "by_side"),
        ((1, 3, 2), "by_side"),
        ((2, 2, 1), "all_together"),
        ((2, 2), "caucus"),
        ((1, 1), "joint_only"),
    ],
)
def test_one_of_the_five_ways_is_proposed(partners, proposed):
    found = ways(*partners)
    assert list(found) == ["by_side", "all_together", "named", "caucus", "joint_only"]
    assert [way.value for way in found.values() if way.proposed] == [proposed]


def test_with_one_northern_partner_its_view_hangs_on_it_and_the_southern_one_does_not():
    found = ways(1, 3)
    assert found["by_side"].lines == [
        "There is only one organisation among the Northern partners. It must agree before its view can be shown.",
        "Otherwise, only the view of Southern partners is shown. The difference between the two sides is not shown.",
        "There are 3 Southern partners. Their view of a decision is shown if at least 3 of them answer.",
    ]
    assert found["all_together"].lines == [
        "With only 4 organisations, no answers can be shown. At least five organisations are needed.",
    ]
    assert "There is only one organisation among the Northern partners." in found["caucus"].lines[0]
    assert found["caucus"].lines[1] == "The 3 Southern partners agree on one answer."


def test_with_two_and_five_the_small_side_hangs_on_its_two():
    found = ways(2, 5)
    assert (
        found["by_side"]
        .lines[0]
        .startswith("There are 2 Northern partners. Their view can be shown only if all of those")
    )
    assert "0–1, 2 or 3–4" in found["all_together"].lines[0]
    assert "7 organisations" in found["named"].lines[0]


def test_with_three_and_three_nothing_hangs_on_anybody_until_k_is_raised():
    assert not any("only if" in line for line in ways(3, 3)["by_side"].lines)
    raised = ways(3, 3, k=4)
    assert sum("only if" in line for line in raised["by_side"].lines) == 2
    assert "the middle answer of all organisations instead" in raised["by_side"].lines[-1]


def test_with_one_and_one_all_hangs_on_both_and_nothing_is_left_otherwise():
    lines = ways(1, 1)["by_side"].lines
    assert [line.startswith("There is only one organisation") for line in lines] == [True, True, False]
    assert lines[-1].startswith("If no side can be shown, nothing is")


def test_others_are_told_what_becomes_of_their_answers_and_one_side_alone_has_no_gap():
    assert "2 partners belong to neither side" in ways(1, 3, 2)["by_side"].lines[-1]
    words = "Without partners on both sides, no gap can be calculated, and no side's view can be shown."
    assert ways(0, 4)["by_side"].lines[0] == words


# Set-up

FORM = {"title": "T", "phase": "baseline", "k": 3}


@pytest.mark.parametrize(
    ("way", "private", "mode"), [("joint_only", False, "by_side"), ("caucus", True, "caucus"), ("named", True, "named")]
)
def test_one_choice_says_whether_anybody_answers_before_and_who_sees_it(cast, way, private, mode):
    client = as_(cast.north_facilitator)
    page = reverse("assessments:create", args=[cast.partnership.code])
    client.post(page, FORM | {"mode_wanted": way, "funders": [cast.partners["n1"].pk]})
    made = Assessment.objects.get()
    assert (made.private_ratings, made.mode_wanted) == (private, mode)
    assert [one.partner for one in made.funders.all()] == [cast.partners["n1"]]
    shown = client.get(url(made, "settings")).content.decode()
    assert re.search(rf'value="{way}"[^>]*checked', shown)
    client.post(url(made, "settings"), FORM | {"mode_wanted": "all_together", "funders": [cast.partners["n2"].pk]})
    made.refresh_from_db()
    assert (made.private_ratings, made.mode_wanted) == (True, "all_together")
    assert [one.partner for one in made.funders.all()] == [cast.partners["n2"]]


def test_who_passes_money_on_is_ticked_beforehand_and_outsiders_are_refused(cast):
    cast.partners["s1"].receives_through = cast.partners["n2"]
    cast.partners["s1"].save()
    page = as_(cast.north_facilitator).get(reverse("assessments:create", args=[cast.partnership.code]))
    assert page.context["form"].initial["funders"] == [cast.partners["n2"].pk]
    assessment = make_assessment(cast)
    elsewhere = cast.other_partnership.partners.first()
    with pytest.raises(IntegrityError, match="partner of this partnership"), transaction.atomic():
        assessment.funders.create(partner=elsewhere)
    assessment.funders.create(partner=cast.partners["n1"])


# Pledge


@pytest.fixture
def assessment(cast):
    return make_assessment(cast, funders=[cast.partners["n1"], cast.partners["n2"]])


def roles_of(cast, person):
    return member_roles_of(person, cast.partnership)


def test_a_representative_of_who_gives_money_signs_by_name_and_everybody_sees_it(cast, assessment):
    as_(cast.north_representative).post(url(assessment, "pledge"))
    for person in (cast.guest, cast.observer, cast.north_facilitator):
        page = as_(person).get(url(assessment, "pledge")).content.decode()
        assert "Nora North signed for North 1 on" in page
        assert "North 2 has not signed." in page


@pytest.mark.parametrize("who", ["guest", "south_representative", "north_facilitator", "observer"])
def test_nobody_else_signs(cast, assessment, who):
    assert as_(getattr(cast, who)).post(url(assessment, "pledge")).status_code == 403
    assert not Pledge.objects.exists()


def test_the_database_takes_a_signature_of_a_representative_of_that_partner_only(cast, assessment):
    def signed(membership, partner="n1"):
        return Pledge(assessment=assessment, partner=cast.partners[partner], membership=membership, name="N")

    own = cast.membership(cast.north_representative)
    wrong = [
        signed(cast.membership(cast.guest)),
        signed(cast.membership(cast.north_facilitator)),
        signed(own, "n2"),
        signed(None),
    ]
    for row in [*wrong, signed(cast.membership(cast.south_representative), "s1")]:
        with pytest.raises(IntegrityError, match="partner here signs"), transaction.atomic():
            row.save()
    signed(own).save()
    with pytest.raises(IntegrityError, match="pledge_stands_once"), transaction.atomic():
        signed(own).save()


def test_a_pledge_is_kept_as_signed_and_a_withdrawal_is_shown(cast, assessment):
    nora = roles_of(cast, cast.north_representative)
    row = pledge.sign_pledge(assessment, nora)
    assert pledge.sign_pledge(assessment, nora) == row
    for change in ({"name": "Somebody else"}, {"partner": cast.partners["n2"]}):
        with pytest.raises(IntegrityError, match="kept as it was signed"), transaction.atomic():
            Pledge.objects.filter(pk=row.pk).update(**change)
    as_(cast.north_representative).post(url(assessment, "pledge-withdraw"))
    assert "The signature was withdrawn on " in given_pledges.pledges_of_funders(assessment)[0].sentence
    with pytest.raises(IntegrityError, match="kept as it was signed"), transaction.atomic():
        Pledge.objects.filter(pk=row.pk).update(withdrawn_at=None)
    pledge.sign_pledge(assessment, nora)
    assert [one.state for one in given_pledges.pledges_of_funders(assessment)] == ["signed", "open"]


def test_it_stands_above_the_first_question_on_every_form_and_in_the_report(cast, assessment):
    pledge.sign_pledge(assessment, roles_of(cast, cast.north_representative))
    opened = step(cast, assessment, "open_rating")
    words = "Nora North signed for North 1 on"
    page = as_(cast.guest).get(url(opened, "rate")).content.decode()
    assert page.index(words) < page.index("How it works")
    assert "North 2 has not signed." in page
    assert any(words in line for line in given_pledges.pledge_lines(questions_of(opened).pledge))
    assert any(words in text for _name, text in how_done(opened))
    assert promised("by_side")


def test_facilitators_read_what_is_unsigned_before_they_ask_people(cast, assessment):
    page = url(assessment, "ready")
    asked = as_(cast.north_facilitator)
    assert b"have not signed the pledge: North 1 and North 2" in asked.get(page).content
    pledge.sign_pledge(assessment, roles_of(cast, cast.north_representative))
    assert b"have not signed the pledge: North 2" in asked.get(page).content


def test_it_is_signed_before_any_assessment_and_shown_in_each(cast):
    nora = roles_of(cast, cast.north_representative)
    as_(cast.north_representative).post(reverse("assessments:partnership-pledge", args=[cast.partnership.code]))
    later = [make_assessment(cast, title=title, funders=[cast.partners["n1"]]) for title in ("One", "Two")]
    assert [given_pledges.pledges_of_funders(one)[0].state for one in later] == ["signed", "signed"]
    pledge.withdraw_pledge(later[0], nora)
    assert [given_pledges.pledges_of_funders(one)[0].state for one in later] == ["withdrawn", "withdrawn"]


def test_what_was_signed_when_it_closed_stays_so(cast):
    nora, late = (roles_of(cast, person) for person in (cast.north_representative, cast.guest))
    assessment = make_assessment(cast, funders=[cast.partners["n1"], cast.partners["s2"]])
    pledge.sign_pledge(assessment, nora)
    assessment.closed_at = timezone.now()
    pledge.withdraw_here(cast.partnership, nora)
    pledge.sign_here(cast.partnership, late)
    assert [one.state for one in given_pledges.pledges_of_funders(assessment)] == ["signed", "open"]
    assessment.closed_at = None
    assert [one.state for one in given_pledges.pledges_of_funders(assessment)] == ["withdrawn", "signed"]


def test_the_database_ties_a_pledge_to_one_partnership(cast):
    own = cast.membership(cast.north_representative)
    signed = {"partner": cast.partners["n1"], "membership": own, "name": "N"}
    with pytest.raises(IntegrityError, match="partner here signs"), transaction.atomic():
        Pledge.objects.create(partnership=cast.other_partnership, **signed)
    with pytest.raises(IntegrityError, match="pledge_is_of_one"), transaction.atomic():
        Pledge.objects.create(**signed)
    Pledge.objects.create(partnership=cast.partnership, **signed)
    with pytest.raises(IntegrityError, match="pledge_of_partnership_once"), transaction.atomic():
        Pledge.objects.create(partnership=cast.partnership, **signed)


def test_where_nobody_gives_money_that_is_said(cast):
    assert given_pledges.lines(make_assessment(cast)) == [
        "No partner is listed as a funder or lead partner, so no one has been asked to sign a pledge."
    ]


# Ground rules


def test_each_member_says_that_she_keeps_to_it_and_only_she_sees_that_it_was_her(cast):
    assessment = make_assessment(cast)
    as_(cast.guest).post(url(assessment, "ground-rules"), {"version": "1"})
    as_(cast.guest).post(url(assessment, "ground-rules"), {"version": "1"})
    own = as_(cast.guest).get(url(assessment, "ground-rules")).content.decode()
    assert "You accepted these ground rules on" in own
    for person in (cast.north_facilitator, cast.observer):
        page = as_(person).get(url(assessment, "ground-rules")).content.decode()
        assert "1 of 6 members has accepted" in page
        assert cast.guest.name not in page
        assert "You accepted these ground rules on" not in page


def test_a_person_with_two_memberships_is_one_member(cast):
    assessment = make_assessment(cast)
    membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["n1"], user=cast.north_facilitator)
    assert ground_rules.ground_rules_of(assessment).members == 6


def lines(**changed):
    return {f"line_{n}": str(line) for n, line in enumerate(ground_rules.LINES, start=1)} | changed


def test_other_words_take_back_what_was_accepted_and_ask_anew(cast):
    assessment = make_assessment(cast)
    ground_rules.accept_rules(assessment, roles_of(cast, cast.guest), 1)
    client = as_(cast.south_facilitator)
    client.post(url(assessment, "ground-rules-edit"), lines())
    assert ground_rules.ground_rules_of(assessment).accepted == 1
    client.post(url(assessment, "ground-rules-edit"), lines(line_1="Anybody may stay silent."))
    shown = ground_rules.ground_rules_of(assessment, cast.guest)
    assert (shown.lines[0], shown.accepted, shown.version, shown.mine) == ("Anybody may stay silent.", 0, 2, None)
    with pytest.raises(Refused, match="changed since you opened this page"):
        ground_rules.accept_rules(assessment, roles_of(cast, cast.guest), 1)
    page = as_(cast.guest).get(url(assessment, "ground-rules")).content.decode()
    assert "Please read them again" in page
    ground_rules.accept_rules(assessment, roles_of(cast, cast.guest), 2)
    assert ground_rules.ground_rules_of(assessment).accepted == 1


def test_it_is_worded_while_decisions_are_gathered_and_accepted_until_the_session_ends(cast):
    assessment = make_assessment(cast)
    assert ground_rules.change_rules(assessment, roles_of(cast, cast.north_facilitator), ["Hello"] * 6)
    opened = step(cast, assessment, "open_rating")
    with pytest.raises(Refused):
        ground_rules.change_rules(opened, roles_of(cast, cast.north_facilitator), ["Good bye"] * 6)
    ground_rules.accept_rules(in_session(cast), roles_of(cast, cast.observer), 1)


def test_the_database_holds_six_lines_and_who_accepts_which(cast):
    row = GroundRules.objects.create(assessment=make_assessment(cast))
    with pytest.raises(IntegrityError, match="six_lines"), transaction.atomic():
        GroundRules.objects.filter(pk=row.pk).update(lines=["one"])
    theirs = cast.other_partnership.memberships.first()
    for wrong in ({"membership": theirs, "version": 1}, {"membership": cast.membership(cast.guest), "version": 2}):
        with pytest.raises(IntegrityError, match="accepts the words that stand"), transaction.atomic():
            Accepted.objects.create(ground_rules=row, **wrong)
    Accepted.objects.create(ground_rules=row, membership=cast.membership(cast.guest), version=1)
    GroundRules.objects.filter(pk=row.pk).update(lines=["one"] * 6)
    assert not Accepted.objects.exists()


def open_lines(page) -> set[str]:
    """Return where the open lines of the assessment page's checklist lead."""
    return {line.url for line in page.context["checklist"] if not line.done}


def test_the_overview_asks_until_it_is_answered(cast):
    assessment = make_assessment(cast, funders=[cast.partners["n1"]])
    page = as_(cast.north_representative).get(url(assessment, "overview"))
    assert open_lines(page) >= {url(assessment, "pledge"), url(assessment, "ground-rules")}
    ground_rules.accept_rules(assessment, roles_of(cast, cast.north_representative), 1)
    pledge.sign_pledge(assessment, roles_of(cast, cast.north_representative))
    page = as_(cast.north_representative).get(url(assessment, "overview"))
    assert not open_lines(page) & {url(assessment, "pledge"), url(assessment, "ground-rules")}


def test_a_set_up_by_name_still_works_through_the_service(cast):
    made = opening.create_assessment(cast.partnership, cast.north_facilitator, title="T")
    assert not made.funders.exists()
    assert rating(cast).funders.count() == 0


# The tick of a small side


def review(cast, person, assessment) -> str:
    private_answers.save_level(assessment, cast.membership(person), 1, 1, 2, mutation())
    return as_(person).get(url(assessment, "rate-review")).content.decode()


def test_the_tick_is_offered_to_the_side_that_gives_money_and_to_others_behind_a_line(cast):
    assessment = step(cast, make_assessment(cast, funders=[cast.partners["n2"]]), "open_rating")
    assert '<details class="more tick" open>' in review(cast, cast.north_representative, assessment)
    page = review(cast, cast.guest, assessment)
    assert '<details class="more tick">' in page
    assert re.search(r'type="checkbox" id="tick" name="tick"', page)
    for person, offered in ((cast.north_representative, True), (cast.guest, False)):
        assert as_(person).get(url(assessment, "rate-sheet")).json()["offered"] is offered


def test_who_ticked_does_not_change_how_it_is_offered(cast):
    assessment = step(cast, make_assessment(cast, funders=[cast.partners["n2"]]), "open_rating")
    for person, offered in ((cast.north_representative, " open"), (cast.guest, "")):
        review(cast, person, assessment)
        for ticked in ("yes", ""):
            as_(person).post(url(assessment, "rate-hand-in"), {"tick": ticked})
            page = as_(person).get(url(assessment, "rate-review")).content.decode()
            assert f'<details class="more tick"{offered}>' in page


def test_without_anybody_who_gives_money_nobody_is_asked(cast):
    assessment = rating(cast)
    assert '<details class="more tick">' in review(cast, cast.north_representative, assessment)
