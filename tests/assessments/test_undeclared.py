"""An imported partner has no side until somebody declares it. Results by side wait for it, and for nothing else."""

from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments import report
from assessments.evidence import contributions
from assessments.models import AgreedLevel, AgreedResult, Assessment, Decision, EvidenceConsent, Participant, Stage
from assessments.results import frames, presenters, shift
from assessments.results.agreed import make_agreed_result
from assessments.results.facts import facts_of
from assessments.results.in_short import in_short
from assessments.results.over_time import over_time
from assessments.results.reporting.content import content_of
from assessments.results.sharing import content_of as shared_content_of
from partnerships import services
from partnerships.models import Partner, Role
from partnerships.services import PartnerData, Refused
from tests.assessments.making import choose_fact, declare_fact, make_assessment, step
from tests.factories import Cast, PartnerFactory, UserFactory, membership

WAITS = "We cannot show results by side yet because Undeclared has not declared its side."


@pytest.fixture
def undeclared(cast: Cast) -> Partner:
    return PartnerFactory(
        partnership=cast.partnership, name="Undeclared", acronym="UN", side=None, country="", from_import=True
    )


def imported(cast: Cast, stage: str = Stage.JOINT) -> Assessment:
    """Return an assessment with agreed levels and without private ratings, as an import leaves it."""
    assessment = Assessment.objects.create(
        partnership=cast.partnership, title="Workshop", private_ratings=False, stage=Stage.JOINT, joint_version=1
    )
    participants = [
        Participant.of(assessment, partner, number)
        for number, partner in enumerate(cast.partnership.partners.order_by("pk"), start=1)
    ]
    Participant.objects.bulk_create(participants)
    decision = Decision.objects.create(assessment=assessment, number=1, wording="Budget", original="Budget")
    AgreedLevel.objects.bulk_create(
        AgreedLevel(decision=decision, participant=one, actual=4 - one.number % 5, desired=3) for one in participants
    )
    if stage == Stage.CLOSED:
        assessment.stage, assessment.closed_at = stage, timezone.now()
        assessment.save()
    make_agreed_result(assessment)
    return assessment


def declare(cast: Cast, partner: Partner, side: str = "south") -> None:
    """Let a facilitator declare the side on the partner's page."""
    said = {name: getattr(partner, name) for name in ("name", "acronym", "kind", "identifier")}
    services.change_partner(
        partner, cast.membership(cast.north_facilitator), PartnerData(**said, country="KE", side=side)
    )
    partner.refresh_from_db()


# The database


def test_only_an_imported_partner_may_have_no_side(cast, undeclared):
    with pytest.raises(IntegrityError, match="partner_side_undeclared_in_imports_only"), transaction.atomic():
        PartnerFactory(partnership=cast.partnership, side=None)
    with pytest.raises(IntegrityError, match="stays marked"), transaction.atomic():
        Partner.objects.filter(pk=undeclared.pk).update(from_import=False)
    with pytest.raises(IntegrityError, match="stands once"), transaction.atomic():
        Partner.objects.filter(pk=cast.partners["n1"].pk).update(side=None)
    assert Partner.objects.get(pk=undeclared.pk).side is None


def test_declared_side_is_taken_over_once(cast, undeclared):
    participant = imported(cast).participants.get(partner=undeclared)
    own = Participant.objects.filter(pk=participant.pk)
    with pytest.raises(IntegrityError, match="side is frozen"), transaction.atomic():
        own.update(side="north")
    Partner.objects.filter(pk=undeclared.pk).update(side="north")
    own.update(side="north")
    with pytest.raises(IntegrityError, match="side is frozen"), transaction.atomic():
        own.update(side="south")
    with pytest.raises(IntegrityError, match="stands once"), transaction.atomic():
        Partner.objects.filter(pk=undeclared.pk).update(side="south")


def test_private_ratings_need_a_declared_side(cast, undeclared):
    private, open_ = (
        Assessment.objects.create(partnership=cast.partnership, title="One", private_ratings=private)
        for private in (True, False)
    )
    with pytest.raises(IntegrityError, match="private ratings need"), transaction.atomic():
        Participant.of(private, undeclared, 1).save()
    Participant.of(open_, undeclared, 1).save()
    declared = Participant.of(open_, cast.partners["n1"], 2)
    declared.side = None
    with pytest.raises(IntegrityError, match="private ratings need"), transaction.atomic():
        declared.save()


def test_final_result_changes_by_the_last_side_only(cast, undeclared):
    assessment = imported(cast, Stage.CLOSED)
    fields = {"scores": {"partners": []}, "final": True, "method_version": "1", "input_digest": ""}
    with pytest.raises(IntegrityError, match="final_once"), transaction.atomic():
        AgreedResult.objects.create(assessment=assessment, version=2, **fields)
    with pytest.raises(IntegrityError, match="last declared side"), transaction.atomic():
        AgreedResult.objects.create(assessment=assessment, version=2, sides_declared=True, **fields)
    declare(cast, undeclared)
    AgreedResult.objects.create(assessment=assessment, version=2, sides_declared=True, **fields)
    with pytest.raises(IntegrityError, match="final_once"), transaction.atomic():
        AgreedResult.objects.create(assessment=assessment, version=3, sides_declared=True, **fields)


# Declaring


def test_representative_declares_her_side_after_closing(client, cast, undeclared):
    assessment = imported(cast, Stage.CLOSED)
    own = membership(cast.partnership, Role.REPRESENTATIVE, undeclared, user__name="Una")
    client.force_login(own.user)
    page = reverse("partnerships:organisation", args=[cast.partnership.code])
    assert "Side not declared" in client.get(page).content.decode()
    client.post(page, {"side": "other"})
    undeclared.refresh_from_db()
    assert (undeclared.side, undeclared.side_confirmed_by) == ("other", own.user)
    assert assessment.participants.get(partner=undeclared).side == "other"
    client.post(page, {"side": "north"})
    undeclared.refresh_from_db()
    assert undeclared.side == "other"


def test_facilitator_declares_a_side_once(cast, undeclared):
    assessment = imported(cast)
    declare(cast, undeclared, "north")
    assert assessment.participants.get(partner=undeclared).side == "north"
    with pytest.raises(Refused):
        declare(cast, undeclared, "south")


def test_partner_is_corrected_while_its_side_waits(client, cast, undeclared):
    assessment = imported(cast)
    client.force_login(cast.north_facilitator)
    typed = {"name": "Undeclared", "acronym": "UN", "country": "KE", "side": "", "kind": "network"}
    page = reverse("partnerships:change_partner", args=[cast.partnership.code, undeclared.code])
    assert client.post(page, typed).status_code == 302
    undeclared.refresh_from_db()
    assert (undeclared.country, undeclared.side) == ("KE", None)
    another = reverse("partnerships:add_partner", args=[cast.partnership.code])
    assert client.post(another, typed | {"name": "New", "acronym": "NE"}).context["form"].errors["side"]
    assert client.post(page, typed | {"side": "other"}).status_code == 302
    assert assessment.participants.get(partner=undeclared).side == "other"


def test_representative_is_asked_for_an_undeclared_side(cast, undeclared):
    imported(cast)
    own = membership(cast.partnership, Role.REPRESENTATIVE, undeclared, user__name="Una")
    asked = [need.title for need in services.needs(own.user)]
    assert asked.count("Confirm that you represent Undeclared") == 1


def test_joining_confirms_no_side_that_is_not_declared(cast, undeclared):
    imported(cast)
    north, south = cast.membership(cast.north_facilitator), cast.membership(cast.south_facilitator)
    invitation = services.invite(north, "link", Role.REPRESENTATIVE, undeclared)
    own = services.accept(invitation, UserFactory(), confirms=True)
    services.confirm_membership(own, south)
    own.refresh_from_db()
    undeclared.refresh_from_db()
    assert (own.admitted_at is None, undeclared.side_confirmed_at) == (False, None)
    assert "Confirm that you represent Undeclared" in [need.title for need in services.needs(own.user)]
    services.confirm_organisation(own, "south")
    undeclared.refresh_from_db()
    assert (undeclared.side, undeclared.side_confirmed_by) == ("south", own.user)
    assert "Confirm that you represent Undeclared" not in [need.title for need in services.needs(own.user)]
    with pytest.raises(IntegrityError, match="declared_before_confirmed"), transaction.atomic():
        PartnerFactory(partnership=cast.partnership, side=None, from_import=True, side_confirmed_at=timezone.now())


def test_last_declaration_makes_version_2(cast, undeclared):
    second = PartnerFactory(
        partnership=cast.partnership, name="Second", acronym="SE", side=None, country="", from_import=True
    )
    assessment = imported(cast, Stage.CLOSED)
    first = assessment.agreed_results.get()
    declare(cast, undeclared)
    assert not assessment.jobs.exists()
    declare(cast, second)
    assert assessment.jobs.get().kind == "agreed"
    assessment.refresh_from_db()
    result = make_agreed_result(assessment)
    assert make_agreed_result(assessment).pk == result.pk
    assert (result.version, result.final, result.sides_declared) == (2, True, True)
    assert first.scores["cells"] == result.scores["cells"]
    assert first.scores["decisions"][0]["gap"] is None
    assert result.scores["decisions"][0]["gap"] is not None


# What works, and what waits


def test_levels_and_ranks_work_without_sides(cast, undeclared):
    scores = imported(cast).agreed_results.get().scores
    row = scores["decisions"][0]
    assert row["level"] == pytest.approx(15 / 7)
    assert row["gini"] is not None
    assert {name: row[name] for name in ("north", "south", "gap", "balance", "holders", "holders_desired")} == {
        "north": None, "south": None, "gap": None, "balance": None, "holders": None, "holders_desired": None,
    }  # fmt: skip
    partners = {one["partner"]: one for one in scores["partners"]}
    assert [partners[number]["rank"] for number in (4, 5, 1)] == [7, 1, 2]
    assert [partners[number]["side"] for number in (1, 7)] == ["north", None]


def test_results_by_side_wait_and_name_the_partner(client, cast, undeclared):
    assessment = imported(cast)
    client.force_login(cast.south_representative)
    page = client.get(reverse("assessments:dashboard", args=[assessment.code])).content.decode()
    assert WAITS in page
    assert "Side not declared" in page
    assert "decide or co-decide in" not in page
    shown = presenters.agreed(presenters.results_of(assessment))
    assert (len(shown["matrix"][0]["cells"]), len(shown["partners"]), shown["holding"]) == (7, 7, [])
    declare(cast, undeclared)
    make_agreed_result(assessment)
    page = client.get(reverse("assessments:dashboard", args=[assessment.code])).content.decode()
    assert "We cannot show results by side yet" not in page
    assert "decide or co-decide in" in page


def test_report_and_files_to_share_wait_for_the_side(cast, undeclared):
    assessment = imported(cast)
    results = presenters.results_of(assessment)
    assert in_short(results).headline == WAITS
    content = content_of(assessment)
    assert (content["agreed"]["summary"], content["agreed"]["rows"]) == (WAITS, [])
    assert [one["side_word"] for one in content["partners"]][-1] == "Side not declared"
    assert [one["name"] for one in shared_content_of(assessment)["pictures"]] == ["all-levels"]


def test_report_prints_a_partner_without_a_side(client, cast, undeclared):
    assert report.pdf(content_of(imported(cast)), timezone.now()).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["overview", "session", "dashboard", "report", "closing", "report-data"])
def test_pages_open_while_a_side_is_not_declared(client, cast, undeclared, name):
    assessment = imported(cast)
    client.force_login(cast.north_facilitator)
    arguments = [assessment.code, "json"] if name == "report-data" else [assessment.code]
    response = client.get(reverse(f"assessments:{name}", args=arguments), follow=True)
    assert response.status_code == 200


def test_shift_by_side_waits(client, cast, undeclared):
    before = imported(cast, Stage.CLOSED)
    after = imported(cast)
    after.predecessor = before
    after.save()
    Decision.objects.filter(assessment=after).update(predecessor=before.decisions.get())
    compared = shift.compare(after, after.agreed_results.get().scores)
    assert compared["all"]["n"] == 7
    assert [compared["sides"][side]["n"] for side in ("north", "south")] == [0, 0]
    assert compared["changed_sides"] == []
    client.force_login(cast.south_representative)
    assert WAITS in client.get(reverse("assessments:shift", args=[after.code])).content.decode()
    declare(cast, undeclared)
    compared = shift.compare(after, after.agreed_results.get().scores)
    assert [compared["sides"][side]["n"] for side in ("north", "south")] == [2, 4]


def test_line_over_time_waits(cast, undeclared):
    chain = [imported(cast) for _each in range(3)]
    for before, after in pairwise(chain):
        Assessment.objects.filter(pk=after.pk).update(predecessor=before)
        Decision.objects.filter(assessment=after).update(predecessor=before.decisions.get())
    last = Assessment.objects.get(pk=chain[-1].pk)
    scores = last.agreed_results.get().scores
    assert over_time(last, scores) is None
    declare(cast, undeclared)
    assert len(over_time(last, scores)["points"]) == 3


def test_evidence_waits_for_the_side(client, cast, undeclared):
    assessment = imported(cast, Stage.CLOSED)
    people = {
        partner.pk: membership(cast.partnership, Role.REPRESENTATIVE, partner)
        for partner in cast.partnership.partners.all()
    }
    EvidenceConsent.objects.bulk_create(
        EvidenceConsent(participant=one, membership=people[one.partner_id], agreed=True)
        for one in assessment.participants.all()
    )
    client.force_login(people[undeclared.pk].user)
    page = reverse("assessments:contribute", args=[assessment.code])
    assert (
        "The evidence base cannot count this assessment yet because Undeclared has not declared its side."
        in client.get(page).content.decode()
    )
    assert not contributions([cast.partnership.pk]).assessments.size
    declare(cast, undeclared)
    assessment.refresh_from_db()
    make_agreed_result(assessment)
    given = contributions([cast.partnership.pk])
    assert len(given.assessments) == len(given.decisions) == 1
    assert given.decisions["gap"].notna().all()


def test_rating_opens_once_every_side_is_declared(cast, undeclared):
    assessment = make_assessment(cast)
    with pytest.raises(Refused, match="Undeclared has not declared its side"):
        step(cast, assessment, "open_rating")
    declare(cast, undeclared)
    assert step(cast, assessment, "open_rating").stage == Stage.RATING


def test_session_starts_while_a_side_is_not_declared(cast, undeclared):
    assessment = make_assessment(cast, private_ratings=False)
    assert step(cast, assessment, "start_session").sides == ["north", "other", "south"]


def test_facts_by_side_wait(cast, undeclared):
    assessment = imported(cast)
    fact = choose_fact(assessment, "governing_seats")
    for partner in cast.partnership.partners.all():
        declare_fact(fact, partner, 2)
    waiting = facts_of(assessment, frames.agreed(assessment))
    assert (waiting["shares"], waiting["influence"], len(waiting["values"])) == ([], [], 7)
    declare(cast, undeclared)
    assert facts_of(assessment, frames.agreed(assessment))["shares"][0]["south"] == pytest.approx(4 / 7)
