"""A partnership that requires a second step of its facilitators: who decides it, and which pages it guards."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from community.services.measures import adoptions
from partnerships.access import SecondStepNeeded
from partnerships.models import Invitation, Membership, Notification, Partnership, Role, SecondStepYes
from partnerships.services import Refused, second_step, void_membership
from partnerships.services.archiving import leave
from tests import test_permissions as permissions
from tests.assessments import making
from tests.factories import PASSWORD, membership
from tests.flush import empty_caches
from tests.interface.asking import ask, token_of
from tests.partnerships.test_access import PAGES, addresses, people  # noqa: F401 (a fixture)
from tests.security import secondstep

pytestmark = pytest.mark.django_db


def decide(cast, required: bool = True) -> None:
    """Let facilitators of both sides say yes."""
    for person in (cast.north_facilitator, cast.south_facilitator):
        second_step.say_yes(cast.partnership, cast.membership(person, Role.FACILITATOR), required)
    cast.partnership.refresh_from_db()
    assert cast.partnership.second_step_required is required


def gate(cast) -> str:
    return reverse("partnerships:take_second_step", args=[cast.partnership.code])


# --- who decides


def test_it_takes_a_yes_of_both_sides(cast):
    north, south = (cast.membership(each) for each in (cast.north_facilitator, cast.south_facilitator))
    another = membership(cast.partnership, Role.FACILITATOR, cast.partners["n2"])
    for required in (True, False):
        assert not second_step.say_yes(cast.partnership, north, required)
        assert not second_step.say_yes(cast.partnership, north, required)  # the same again
        assert not second_step.say_yes(cast.partnership, another, required)  # the same side
        assert Partnership.objects.get(pk=cast.partnership.pk).second_step_required is not required
        assert second_step.say_yes(cast.partnership, south, required)
        assert Partnership.objects.get(pk=cast.partnership.pk).second_step_required is required
        assert not SecondStepYes.objects.exists()


def test_without_a_facilitator_of_one_side_all_say_yes(cast):
    leave(cast.partnership, cast.south_facilitator)
    another = membership(cast.partnership, Role.FACILITATOR, cast.partners["n2"])
    assert not second_step.say_yes(cast.partnership, another, True)
    assert second_step.say_yes(cast.partnership, cast.membership(cast.north_facilitator), True)


def test_a_yes_can_be_withdrawn_and_ends_with_its_membership(cast):
    north, south = (cast.membership(each) for each in (cast.north_facilitator, cast.south_facilitator))
    second_step.say_yes(cast.partnership, north, True)
    second_step.withdraw_yes(cast.partnership, north)
    second_step.withdraw_yes(cast.partnership, north)
    assert not second_step.say_yes(cast.partnership, south, True)
    membership(cast.partnership, Role.FACILITATOR, cast.partners["s1"])
    void_membership(south, south)
    assert second_step.yeses(cast.partnership) == []
    assert not second_step.say_yes(cast.partnership, north, True)


def test_only_facilitators_of_this_partnership_decide(cast):
    for person in (cast.north_representative, cast.observer):
        with pytest.raises(PermissionDenied):
            second_step.say_yes(cast.partnership, cast.membership(person), True)
    with pytest.raises(PermissionDenied):
        second_step.say_yes(cast.partnership, cast.other_partnership.memberships.get(), True)
    assert not SecondStepYes.objects.exists()


def test_the_database_takes_no_change_by_one_side(cast):
    partnerships = Partnership.objects.filter(pk=cast.partnership.pk)
    SecondStepYes.objects.create(by=cast.membership(cast.north_facilitator))
    for write in (
        lambda: partnerships.update(second_step_required=True),
        lambda: Partnership.objects.create(name="New", second_step_required=True),
        lambda: SecondStepYes.objects.create(by=cast.membership(cast.north_representative)),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
    SecondStepYes.objects.create(by=cast.membership(cast.south_facilitator))
    partnerships.update(second_step_required=True)
    SecondStepYes.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        partnerships.update(second_step_required=False)
    partnerships.update(name="Water", second_step_required=True)  # no change


def test_facilitators_are_told_and_the_log_says_it(cast):
    kind = "partnerships.second_step"
    second_step.say_yes(cast.partnership, cast.membership(cast.north_facilitator), True)
    second_step.say_yes(cast.partnership, cast.membership(cast.south_facilitator), True)
    told = Notification.objects.filter(kind=kind)
    assert sorted(each.context["what"] for each in told) == ["asked", "asked", "required", "required"]
    assert {each.recipient for each in told} == {cast.north_facilitator, cast.south_facilitator}
    verbs = list(cast.partnership.activity_log.order_by("id").values_list("verb", flat=True))[-3:]
    assert verbs == ["second_step.yes", "second_step.yes", "second_step.required"]


def test_the_page_says_what_happens_and_takes_the_yes(client, cast):
    page = reverse("partnerships:second_step", args=[cast.partnership.code])
    client.force_login(cast.north_facilitator)
    assert b"do not need a second step" in client.get(page).content
    client.post(page, {"do": "require"})
    assert "Withdraw my agreement" in client.get(page).content.decode()
    client.post(page, {"do": "withdraw"})
    assert not SecondStepYes.objects.exists()
    client.post(page, {"do": "require"})
    client.force_login(cast.south_facilitator)
    shown = client.get(page).content.decode()
    assert str(cast.north_facilitator) in shown
    assert client.post(page, {"do": "require"}).headers["Location"] == page
    assert client.get(page).headers["Location"].startswith(gate(cast))
    secondstep.sign_in(client, cast.south_facilitator)
    assert b"Agree not to require the second step" in client.get(page).content


def test_a_rehearsal_has_none(cast):
    Partnership.objects.filter(pk=cast.other_partnership.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Partnership.objects.create(name="R", is_rehearsal=True, is_demo=True, second_step_required=True)


# --- what it guards


def asked(client, method: str, url: str, data: dict | None = None) -> tuple[int, str]:
    """Return the status and where it leads, and take back what was changed."""
    empty_caches()
    with transaction.atomic():
        answer = getattr(client, method)(url, data or {})
        transaction.set_rollback(True)
    return answer.status_code, answer.headers.get("Location", "").split("?")[0]


def is_guarded(row: dict[str, int]) -> bool:
    """Return whether a page shows something of the partnership to its facilitators."""
    return row["f"] not in (403, 404, 405) and row["o"] != row["f"]


@pytest.mark.parametrize("stage", permissions.STAGES)
def test_each_page_of_an_assessment_asks_facilitators_for_it(client, cast, stage):
    assessment = permissions.brought_to(cast, stage)
    decide(cast)
    rows = {name: row for name, row in permissions.ROWS.items() if row.stage == stage}
    wrong = {}
    for stepped in (False, True):
        client.force_login(cast.south_facilitator)
        if stepped:
            secondstep.sign_in(client, cast.south_facilitator)
        for name, row in rows.items():
            url = permissions.address(cast, name, assessment)
            for method, expected in (("get", row.get), ("post", row.post)):
                if not is_guarded(expected):
                    continue
                status, to = asked(client, method, url, row.data if method == "post" else None)
                right = status == expected["f"] if stepped else (status, to) == (302, gate(cast))
                if not right:
                    wrong[name, method, stepped] = (status, to)
    assert wrong == {}


def test_each_page_of_a_partnership_asks_facilitators_for_it(client, cast, addresses):  # noqa: F811
    decide(cast)
    client.force_login(cast.south_facilitator)
    found = {name: asked(client, "get", addresses[name]) for name, row in PAGES.items() if is_guarded(row)}
    open_to_all = {"leave": (200, ""), "take_second_step": (403, "")}
    assert found == dict.fromkeys(found, (302, gate(cast))) | open_to_all
    secondstep.sign_in(client, cast.south_facilitator)
    found = {name: asked(client, "get", addresses[name])[0] for name, row in PAGES.items() if is_guarded(row)}
    assert found == {name: row["f"] for name, row in PAGES.items() if is_guarded(row)}


@pytest.mark.parametrize("who", "grv")
def test_nothing_changes_for_others(client, cast, addresses, who):  # noqa: F811
    decide(cast)
    client.force_login(people(cast)[who])
    found = {name: asked(client, "get", address)[0] for name, address in addresses.items() if name in PAGES}
    assert found == {name: row[who] for name, row in PAGES.items()} | {"take_second_step": 403}


def test_a_facilitator_who_also_represents_needs_it_too(client, cast):
    membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s1"], user=cast.south_facilitator)
    assessment = making.rating(cast)
    decide(cast)
    client.force_login(cast.south_facilitator)
    for name in ("rate", "status", "caucus-state"):
        assert asked(client, "get", reverse(f"assessments:{name}", args=[assessment.code])) == (302, gate(cast))


def test_htmx_and_fetch_get_401(client, cast):
    decide(cast)
    client.force_login(cast.south_facilitator)
    page = reverse("partnerships:people", args=[cast.partnership.code])
    assert client.get(page, HTTP_HX_REQUEST="true").status_code == 401
    assert client.get(page, HTTP_ACCEPT="application/json").status_code == 401


def test_programs_of_facilitators_find_nothing_there(cast):
    assessment = making.closed(cast)
    decide(cast)
    for person, status in ((cast.south_facilitator, 404), (cast.observer, 200)):
        token = token_of(person)
        assert ask("assessments", cast.partnership.code, token=token).status_code == status
        assert ask("data", assessment.code, token=token).status_code == status


def test_pages_of_the_evidence_ask_for_it(client, cast):
    decide(cast)
    client.force_login(cast.south_facilitator)
    for name in ("ask-real", "stand-behind"):
        assert asked(client, "get", reverse(f"community:{name}", args=[cast.partnership.code])) == (302, gate(cast))


def test_another_partnership_is_open_without_it(client, cast):
    decide(cast)
    membership(
        cast.other_partnership, Role.FACILITATOR, cast.other_partnership.partners.first(), user=cast.south_facilitator
    )
    client.force_login(cast.south_facilitator)
    assert client.get(reverse("partnerships:people", args=[cast.other_partnership.code])).status_code == 200


# --- the way there and back


def test_who_has_none_sets_it_up_and_comes_back(client, cast):
    decide(cast)
    facilitator = cast.south_facilitator
    facilitator.set_password(PASSWORD)
    facilitator.save()
    client.force_login(facilitator)
    wanted = reverse("partnerships:people", args=[cast.partnership.code])
    to_gate = client.get(wanted).headers["Location"]
    told = client.get(to_gate)
    assert told.status_code == 403
    assert reverse("mfa_index") in told.content.decode()
    assert to_gate in client.get(reverse("mfa_index")).content.decode()  # the way back
    assert "Go back to the partnership" not in client.get(reverse("account_email")).content.decode()
    device = secondstep.set_up(facilitator)
    told = client.get(to_gate).content.decode()
    assert reverse("mfa_reauthenticate") in told
    again = f"{reverse('mfa_reauthenticate')}?next={to_gate}"
    back = client.post(again, {"code": secondstep.code_of(device)})
    assert back.headers["Location"] == to_gate
    assert client.get(to_gate).headers["Location"] == wanted
    assert client.get(wanted).status_code == 200
    assert "Go back to the partnership" not in client.get(reverse("mfa_index")).content.decode()
    Authenticator.objects.filter(pk=device.pk).delete()
    assert client.get(wanted).headers["Location"] == to_gate  # what was switched off counts no more


def test_a_form_that_was_sent_leads_back_to_the_partnership(client, cast):
    decide(cast)
    client.force_login(cast.south_facilitator)
    sent = client.post(reverse("partnerships:confirm_all", args=[cast.partnership.code]))
    secondstep.sign_in(client, cast.south_facilitator)
    assert client.get(sent.headers["Location"]).headers["Location"] == cast.partnership.get_absolute_url()


def test_the_way_back_leads_nowhere_else(client, cast):
    secondstep.sign_in(client, cast.south_facilitator)
    for evil in ("https://evil.example/", "//evil.example/"):
        assert client.get(gate(cast), {"next": evil}).headers["Location"] == cast.partnership.get_absolute_url()


def test_nobody_is_kept_from_leaving_and_from_the_own_data(client, cast):
    decide(cast)
    client.force_login(cast.south_facilitator)
    told = client.get(gate(cast)).content.decode()
    leaving = reverse("partnerships:leave", args=[cast.partnership.code])
    for page in (leaving, reverse("my-data"), reverse("erase-me")):
        assert page in told
        assert client.get(page).status_code == 200
    assert client.post(leaving).headers["Location"] == reverse("partnerships:list")
    assert not Membership.objects.in_force().filter(user=cast.south_facilitator).exists()


def test_the_rule_outlives_a_side_without_facilitator(cast):
    decide(cast)
    leave(cast.partnership, cast.south_facilitator)
    assert second_step.say_yes(cast.partnership, cast.membership(cast.north_facilitator), False)
    with pytest.raises(Refused):
        second_step.say_yes(cast.partnership, cast.membership(cast.north_facilitator), False)
    assert not Invitation.objects.exists()


def test_an_action_to_plan_a_measure_for_asks_for_it(cast):
    action = permissions.brought_to(cast, "joint").actions.get()
    decide(cast)
    with pytest.raises(SecondStepNeeded):
        adoptions.action_for(cast.south_facilitator, action.code)
    assert adoptions.action_for(cast.north_representative, action.code)
