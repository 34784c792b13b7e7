"""Measures: steps, trials, maturity by both sides, the list and its filters."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from community.models import Evidence, GroupKind, ItemKind, MaturityDecision, Measure, Signature, Step
from community.services import findings, todo, writing
from community.services.groups.memberships import writer_of
from community.services.measures import maturity_decisions, steps, trials
from community.services.writing import Content
from partnerships.models import Side
from partnerships.services import Refused
from tests.community.making import lead, member, mutation, reader, the_group, told
from tests.refusing import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return the_group(GroupKind.MEASURES)


@pytest.fixture
def south(group):
    return member("Sana South", Side.SOUTH, group=group)


@pytest.fixture
def north(group):
    return member("Nils North", Side.NORTH, group=group)


def make_measure(by, title="Rotate the chair", text="Each year.", publish=True, **rest) -> Measure:
    made = Measure(kind=ItemKind.MEASURE, group=by.group)
    return writing.create(made, writer_of(by), Content(title, text, rest=rest), mutation(), publish=publish)


@pytest.fixture
def measure(south):
    return make_measure(south)


def make_step(measure, by, title="Agree on the order") -> Step:
    return steps.add_step(measure, writer_of(by), Content(title, "Together."), mutation())


def document(measure, by, **fields) -> Evidence:
    return findings.add_document(measure, by.user, title="A report", source="Somebody", **fields)


def maturity(measure) -> str:
    return Measure.objects.get(pk=measure.pk).maturity


def page(name, *args):
    return reverse(f"community:{name}", args=args)


# --- writing and steps


def test_measure_is_written_with_factors_and_costs(client, south):
    client.force_login(south.user)
    data = {"title": "Share the chair", "text": "Words.", "language": "en", "base": 0, "mutation": mutation()}
    factor = findings.factors()[0].slug
    response = client.post(
        page("write", "measures", "measure"),
        data | {"do": "publish", "factors": [factor], "costs": "Time of both.", "topics": ["governance"]},
    )
    made = Measure.objects.get()
    assert response.headers["Location"] == made.get_absolute_url()
    assert (made.costs, made.maturity, [one.slug for one in made.factors.all()]) == (
        "Time of both.",
        "proposed",
        [factor],
    )
    shown = client.get(made.get_absolute_url()).content.decode()
    assert "Share the chair" in shown
    assert "Time of both." in shown


def test_steps_are_added_ordered_and_taken_out(client, measure, south, north):
    client.force_login(north.user)
    data = {"title": "List the tasks", "text": "All.", "language": "en", "base": 0, "mutation": mutation()}
    asked = client.get(page("step-add", measure.code)).content.decode()
    assert 'value="draft"' not in asked
    assert "data-keep" not in asked
    own = {"who": "The secretariat", "phase": "agreeing", "takes": "a day", "needs": "paper", "pitfalls": "haste"}
    response = client.post(page("step-add", measure.code), data | own)
    first = Step.objects.get()
    assert response.headers["Location"] == page("item", first.code)
    second = make_step(measure, south)
    client.post(page("step-change", second.code), {"do": "up"})
    assert steps.steps_of(measure) == [second, first]
    client.post(page("step-change", first.code), {"do": "down"})
    assert steps.steps_of(measure) == [second, first]
    shown = client.get(measure.get_absolute_url()).content.decode()
    assert all(
        word in shown for word in ("The secretariat", "when partners make agreements", "a day", "paper", "haste")
    )
    client.post(page("step-change", second.code), {"do": "out"})
    assert steps.steps_of(measure) == [first]
    assert "Restore this step" not in client.get(measure.get_absolute_url()).content.decode()
    client.force_login(south.user)
    assert "Restore this step" in client.get(measure.get_absolute_url() + "?edit=1").content.decode()
    client.post(page("publish", second.code))
    assert steps.steps_of(measure) == [second, first]


def test_step_is_changed_with_history_like_any_text(client, measure, south, north):
    step = make_step(measure, south)
    client.force_login(north.user)
    data = {"title": "Agree on an order", "text": "By lot.", "language": "en", "base": 1, "mutation": mutation()}
    response = client.post(page("edit", step.code), data | {"who": "All", "phase": "design"})
    assert response.headers["Location"] == page("item", step.code)
    step = Step.objects.get()
    assert (step.title, step.version, step.who) == ("Agree on an order", 2, "All")


def test_step_of_a_draft_is_seen_by_nobody_else(client, south, north):
    step = make_step(make_measure(south, publish=False), south)
    client.force_login(north.user)
    assert client.get(page("item", step.code)).status_code == 404
    client.force_login(south.user)
    assert client.get(page("item", step.code)).status_code == 302


# --- where it was tried


def test_trial_rests_on_a_cited_document(client, measure, south):
    client.force_login(south.user)
    assert "No public source has been cited yet" in client.get(page("trial-add", measure.code)).content.decode()
    other = document(make_measure(south, "Other"), south)
    with pytest.raises(Refused):
        trials.add_trial(measure, south.user, other, "An alliance")
    own = document(measure, south)
    client.post(page("trial-add", measure.code), {"who": "An alliance", "where": "Ghana", "evidence": own.code})
    assert "An alliance" in client.get(measure.get_absolute_url()).content.decode()
    findings.withdraw(own)
    assert trials.trials_of(measure) == []


def test_database_refuses_a_trial_on_the_evidence_of_another(measure, south):
    other = document(make_measure(south, "Other"), south)
    own = document(measure, south)
    assert measure.trials.create(evidence=own, who="X")
    with pytest.raises(IntegrityError, match="public source"):
        measure.trials.create(evidence=other, who="X")


# --- maturity


def test_both_sides_sign_a_rise(client, measure, south, north):
    evidence = document(measure, south)
    client.force_login(south.user)
    client.post(page("maturity", measure.code), {"to": "tried", "reason": "Two did.", "evidence": evidence.code})
    decision = MaturityDecision.objects.get()
    assert maturity(measure) == "proposed"
    assert [one["title"] for one in todo.needs(reader(north))] == [
        "Your side has been asked to sign the decision on “Rotate the chair”"
    ]
    assert todo.needs(reader(south)) == []
    client.force_login(north.user)
    client.post(page("maturity-decide", measure.code, decision.code), {"do": "sign"})
    assert maturity(measure) == "tried"
    assert todo.needs(reader(north)) == []
    assert told("maturity") == {"Sana South"}
    shown = client.get(measure.get_absolute_url()).content.decode()
    assert "Two did." in shown
    assert "Nils North" in shown


def test_one_side_alone_moves_nothing(group, measure, south):
    decision = maturity_decisions.propose(measure, writer_of(south), "tried", "Because.", document(measure, south))
    with pytest.raises(Refused, match="your side"):
        maturity_decisions.sign(decision, writer_of(member("Second South", Side.SOUTH, group=group)))
    with pytest.raises(Refused, match="the North and the South"):
        maturity_decisions.sign(decision, writer_of(member("Oda Other", Side.OTHER, group=group)))
    assert maturity(measure) == "proposed"


def test_who_changes_sides_signs_once(measure, south):
    decision = maturity_decisions.propose(measure, writer_of(south), "tried", "Because.", document(measure, south))
    south.side = Side.NORTH
    south.save()
    maturity_decisions.sign(decision, writer_of(south))
    assert maturity(measure) == "proposed"
    assert Signature.objects.count() == 1


def test_rise_goes_one_step_and_rests_on_evidence_that_stands(measure, south, north):
    evidence = document(measure, south)
    for to, given in (("evaluated", evidence), ("tried", None), ("tried", document(measure, south, against=True))):
        with pytest.raises(Refused):
            maturity_decisions.propose(measure, writer_of(south), to, "Because.", given)
    decision = maturity_decisions.propose(measure, writer_of(south), "tried", "Because.", evidence)
    findings.withdraw(evidence)
    with pytest.raises(Refused, match="evidence"), transaction.atomic():
        maturity_decisions.sign(decision, writer_of(north))
    assert maturity(measure) == "proposed"
    maturity_decisions.drop(decision, south.user, coordinates=False)
    decision = maturity_decisions.propose(measure, writer_of(south), "tried", "Because.", document(measure, south))
    maturity_decisions.sign(decision, writer_of(north))
    assert maturity(measure) == "tried"


def test_fall_is_decided_by_both_sides_too(measure, south, north):
    rise = maturity_decisions.propose(measure, writer_of(south), "tried", "Because.", document(measure, south))
    maturity_decisions.sign(rise, writer_of(north))
    fall = maturity_decisions.propose(measure, writer_of(north), "proposed", "It was something else.")
    assert maturity(measure) == "tried"
    maturity_decisions.sign(fall, writer_of(south))
    assert maturity(measure) == "proposed"


def test_decision_is_dropped_by_who_asked_or_a_coordinator(group, measure, south, north):
    decision = maturity_decisions.propose(measure, writer_of(south), "tried", "Because.", document(measure, south))
    with pytest.raises(Refused, match="coordinator"):
        maturity_decisions.drop(decision, north.user, coordinates=False)
    maturity_decisions.drop(decision, lead(group=group).user, coordinates=True)
    with pytest.raises(Refused, match="no longer open"):
        maturity_decisions.sign(decision, writer_of(north))


def test_database_moves_no_maturity_without_both_signatures(measure, south, north):
    with refused("decision of both sides"), transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(maturity="tried")
    with refused("decision of both sides"), transaction.atomic():
        Measure.objects.create(kind="measure", group=measure.group, side="other", maturity="recommended")
    with refused("rests on evidence"), transaction.atomic():
        MaturityDecision.objects.create(measure=measure, was="proposed", to="tried", reason="x")
    with refused("one step"), transaction.atomic():
        MaturityDecision.objects.create(
            measure=measure, was="proposed", to="evaluated", reason="x", evidence=document(measure, south)
        )
    decision = maturity_decisions.propose(measure, writer_of(south), "tried", "Because.", document(measure, south))
    waiting = MaturityDecision.objects.filter(pk=decision.pk)
    with refused("both sides sign"), transaction.atomic():
        waiting.update(taken_at=decision.at)
    with refused("takes part"), transaction.atomic():
        Signature.objects.create(decision=decision, user=south.user, side="north", version=1)
    with refused("stays"), transaction.atomic():
        waiting.update(to="recommended")
    Signature.objects.create(decision=decision, user=north.user, side="north", version=1)
    waiting.update(taken_at=decision.at)
    Measure.objects.filter(pk=measure.pk).update(maturity="tried")
    with refused("decision of both sides"), transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(maturity="proposed")


# --- the list


def listed(client, **filters) -> list[str]:
    found = client.get(page("measures"), filters)
    return [measure.title for measure in found.context["page"].object_list]


def test_filters_live_in_the_address(client, measure, south, north):
    other = make_measure(south, "Pay overheads", "Indirect costs.", topics=["money-partners"], tags=["money"])
    other.factors.set([one for one in findings.factors() if one.slug == "overheads-stay-north"])
    decision = maturity_decisions.propose(other, writer_of(south), "tried", "Because.", document(other, south))
    maturity_decisions.sign(decision, writer_of(north))
    client.force_login(south.user)
    assert listed(client) == ["Pay overheads", "Rotate the chair"]
    for filters in (
        {"topic": "money-partners"},
        {"factor": "overheads-stay-north"},
        {"maturity": "tried"},
        {"q": "indirect"},
        {"tag": "money"},
    ):
        assert listed(client, **filters) == ["Pay overheads"], filters
    assert listed(client, topic="risk") == listed(client, maturity="recommended") == []
    assert len(listed(client, maturity="nonsense")) == 2


def test_search_finds_measures_and_their_steps(client, measure, south):
    make_step(measure, south, "Draw lots with pebbles")
    client.force_login(south.user)
    found = client.get(page("search"), {"q": "pebbles"})
    assert "Rotate the chair" in found.content.decode()
    assert "Rotate the chair" in client.get(page("search"), {"q": "chair"}).content.decode()


def test_feed_of_the_group_has_measures_but_no_steps(client, measure, south):
    make_step(measure, south, "Draw lots with pebbles")
    client.force_login(south.user)
    feed = client.get(page("feed", "measures")).content.decode()
    assert "Rotate the chair" in feed
    assert "pebbles" not in feed
