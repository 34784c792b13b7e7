"""Find a measure: by any word of a problem, by a domain, in any language; which comes first, and what to do then."""

import pytest
from django.urls import reverse

from community.access import reader_of
from community.models import Basis, EvidenceSnapshot, GroupKind, GroupMembership, GroupRole, Measure
from community.services.groups.memberships import writer_of
from community.services.measures import inventory, maturity_decisions
from community.services.measures.inventory import Wanted
from community.services.papers import consent_rounds
from partnerships.models import Side
from tests.community.making import member, posted, the_group
from tests.community.papermaking import make_paper, someone
from tests.community.test_measures import document, make_measure, make_step
from tests.community.test_measures_adopting import make_action
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PROBLEM = "Southern partners are excluded from budget decisions"


@pytest.fixture
def mina():
    return member(group=the_group(GroupKind.MEASURES))


def found(user, **wanted) -> list[str]:
    return [measure.title for measure in inventory.find(Wanted(**wanted), reader_of(user))]


def test_a_problem_in_ones_own_words_is_two_clicks_from_a_measure(client, mina):
    make_measure(mina, "Let partners in the South set the lines for money", topics=["money-partners"])
    make_measure(mina, "Rotate the chair", topics=["governance"])
    client.force_login(UserFactory())
    page = client.get(reverse("community:measures"), {"q": PROBLEM})  # the first click sends the words
    address = page.context["cards"][0]["measure"].get_absolute_url()
    assert f'href="{address}"' in page.content.decode()
    assert "set the lines for money" in client.get(address).content.decode()  # the second opens it


@pytest.mark.parametrize(
    "q",
    ["money", "financement", "presupuesto", "orçamento", "begroting", "الميزانية", "shared budgets", "finance -tax"],
)
def test_words_of_the_field_find_each_other(mina, q):
    make_measure(mina, "Share the budget", topics=["money-partners"])
    make_measure(mina, "Rotate the chair")
    assert found(mina.user, q=q) == ["Share the budget"]


def test_a_word_after_a_minus_sign_must_not_be_there(mina):
    make_measure(mina, "Share the budget")
    make_measure(mina, "Share the budget and the tax")
    assert found(mina.user, q="budget -tax") == ["Share the budget"]


def test_more_of_the_words_come_first(mina):
    make_measure(mina, "Publish the minutes")
    make_measure(mina, "Simplify and publish the minutes")
    assert found(mina.user, q="simplify minutes")[0] == "Simplify and publish the minutes"


def test_a_measure_is_found_by_its_steps_and_translations(mina):
    by_step, translated = make_measure(mina, "Rotate"), make_measure(mina, "Listen")
    make_step(by_step, mina, "Invite the treasurer")
    consent_rounds.translate(translated, writer_of(mina), "fr", "Écouter les communautés", "Chaque trimestre.")
    assert found(mina.user, q="treasurer") == ["Rotate"]
    assert found(mina.user, q="trimestres") == ["Listen"]


def test_a_card_shows_the_translation_for_its_reader(client, mina):
    measure = make_measure(mina, "Listen")
    consent_rounds.translate(measure, writer_of(mina), "fr", "Écouter les communautés", "Chaque trimestre.")
    mina.user.language = "fr"
    mina.user.save()
    client.force_login(mina.user)
    page = client.get(reverse("community:measures"), {"q": "trimestre"}, headers={"accept-language": "fr"})
    assert "Écouter les communautés" in page.content.decode()
    assert "Chaque <mark>trimestre</mark>" in page.content.decode()


def test_a_domain_finds_what_is_about_its_topics(client, mina):
    make_measure(mina, "Share the budget", topics=["money-partners"])
    make_measure(mina, "Hire together", topics=["staffing"])
    assert found(mina.user, domain="budget") == ["Share the budget"]
    assert found(mina.user, domain="staff") == ["Hire together"]
    assert len(found(mina.user, domain="nothing")) == 2
    client.force_login(mina.user)
    page = client.get(reverse("community:measures"), {"domain": "staff"}).content.decode()
    assert "Hire together" in page
    assert "Share the budget" not in page


def test_measures_for_a_decision_come_the_most_mature_first(mina):
    zoo, _bee, _ant, cow = (make_measure(mina, title, topics=["risk"]) for title in ("Zoo", "Bee", "Ant", "Cow"))
    make_measure(mina, "Other", topics=["agenda"])
    basis = {"rows": {}, "struck": {}}
    EvidenceSnapshot.objects.create(
        method_version="1", tables=[], digest="d" * 64, basis=basis, adoptions={cow.code: 5}
    )
    raise_to_tried(zoo, mina)
    ordered = inventory.measures_for(("risk",), reader_of(mina.user))
    assert [measure.title for measure in ordered] == ["Zoo", "Cow", "Ant", "Bee"]


def raise_to_tried(measure: Measure, south: GroupMembership) -> None:
    """Let both sides decide that a measure was tried."""
    north = member("Nora North", Side.NORTH, group=measure.group)
    source = document(measure, south)
    decision = maturity_decisions.propose(measure, writer_of(south), "tried", "Because.", source)
    maturity_decisions.sign(decision, writer_of(north))


def test_a_draft_is_not_found_by_others(mina):
    Measure.objects.filter(pk=make_measure(mina, "Zebra budget").pk).update(state="draft")
    assert found(UserFactory(), q="zebra") == []
    assert found(mina.user, q="zebra") == ["Zebra budget"]


# --- what to do with it


def test_a_measure_is_used_for_ones_own_planned_action(client, cast, mina):
    action, measure = make_action(cast), make_measure(mina, "Rotate the chair")
    address = reverse("community:measure-use", args=[measure.code])
    for who, there in ((cast.north_facilitator, True), (cast.observer, False), (cast.outsider, False)):
        client.force_login(who)
        assert (action.text in client.get(address).content.decode()) == there
    client.force_login(cast.north_facilitator)
    client.post(reverse("community:adopt", args=[measure.code]), {"action": action.code, "do": "adopt"})
    assert measure.adoptions.get().action == action


def test_a_drafted_recommendation_rests_on_its_measure(client, mina):
    measure = make_measure(mina, "Rotate the chair", "Each year.")
    editor = someone("Edda Editor", Side.SOUTH, GroupRole.COORDINATOR)
    paper = make_paper(editor)
    client.force_login(editor.user)
    choice = client.get(reverse("community:measure-recommend", args=[measure.code])).content.decode()
    address = f"{reverse('community:part-new', args=[paper.code, 'recommendation'])}?measure={measure.code}"
    assert address in choice
    form = client.get(address).context["form"]
    assert (form["title"].value(), form["text"].value()) == ("Rotate the chair", measure.text)
    asks = {"addressed_to": "The ministry", "moment": "The next framework"}
    client.post(address, posted("Let the chair rotate", **asks))
    [basis] = Basis.objects.select_related("recommendation")
    assert (basis.item_id, basis.recommendation.paper_id) == (measure.pk, paper.pk)


def test_nothing_is_edited_before_one_asks_for_it(client, mina):
    measure = make_measure(mina, "Rotate the chair")
    make_step(measure, mina)
    client.force_login(mina.user)
    edit = reverse("community:edit", args=[measure.code])
    page = client.get(measure.get_absolute_url()).content.decode()
    assert "?edit=1" in page
    assert edit not in page
    assert "Add a step" not in page
    editing = client.get(measure.get_absolute_url() + "?edit=1").content.decode()
    assert edit in editing
    assert "Add a step" in editing


def test_the_number_of_queries_does_not_grow_with_cards(client, mina, django_assert_max_num_queries):
    for n in range(30):
        make_step(make_measure(mina, f"Budget {n}", topics=["money-partners"]), mina)
    client.force_login(mina.user)
    with django_assert_max_num_queries(22):
        client.get(reverse("community:measures"), {"q": PROBLEM, "domain": "budget"})


def test_a_phrase_asks_for_synonyms_and_is_none_by_a_part(mina):
    make_measure(mina, "Nobody is excluded")
    make_measure(mina, "Turn left")
    assert found(mina.user, q="sidelined") == ["Nobody is excluded"]
