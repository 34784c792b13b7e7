"""Who manages and who spends: the rules one by one, and sums against a plain reader on generated files."""

from collections import defaultdict
from decimal import Decimal

from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from assessments import iati
from assessments.iati.money import What
from tests.iati.writing import activity, iati_file, transaction
from tests.scoring.generated import generated

HIVOS, KEPA, ASAL, SHOP = ("NL-1", "Hivos"), ("KE-2", "Kepa"), ("", "Asal Youth"), ("", "A shop")
PARTNERS = {"nl-1": 1, "name hivos nl": 1, "ke-2": 2, "name asal youth": 3}


def money(*activities, years=(2025,), currency="EUR"):
    return iati.money_of(iati.latest(lambda: [iati_file(*activities)]), PARTNERS, years, currency)


def numbers(*activities, **chosen):
    """Return what each partner manages and spends."""
    return {one.partner: (one.managed, one.spent) for one in money(*activities, **chosen).numbers}


def of_kepa(*transactions):
    return activity(*transactions, identifier="KE-2-A", reporter=KEPA)


def test_a_giver_manages_what_it_passes_on_and_spends_the_rest():
    given = [transaction(4, 10), transaction(3, 60, HIVOS, KEPA), transaction(3, 5, HIVOS, SHOP), transaction(3, 1)]
    assert numbers(activity(*given)) == {1: (76, 16), 2: (60, 60)}


def test_a_payment_that_both_report_counts_once():
    given = [activity(transaction(3, 60, HIVOS, KEPA)), of_kepa(transaction(1, 55, HIVOS, KEPA), transaction(4, 40))]
    assert numbers(*given) == {1: (60, 0), 2: (40, 40)}


def test_what_the_receiver_reports_counts_where_the_giver_is_silent():
    given = [activity(transaction(4, 10)), of_kepa(transaction(1, 55, HIVOS, KEPA))]
    assert numbers(*given) == {1: (65, 10), 2: (55, 55)}


def test_each_year_is_judged_by_itself():
    given = [
        activity(transaction(3, 60, HIVOS, KEPA, day="2024-12-31")),
        of_kepa(transaction(1, 60, HIVOS, KEPA, day="2024-12-31"), transaction(1, 7, HIVOS, KEPA)),
    ]
    assert numbers(*given, years=(2024, 2025))[2] == (67, 67)
    assert numbers(*given, years=(2024,))[2] == (60, 60)


def test_no_currency_is_added_to_another():
    given = activity(transaction(4, 10), transaction(4, 3, currency="KES"))
    assert numbers(given) == {1: (10, 10)}
    assert numbers(given, currency="KES") == {1: (3, 3)}


def test_who_publishes_nothing_manages_what_it_received():
    given = (
        activity(transaction(3, 60, HIVOS, KEPA)),
        activity(transaction(1, 20, KEPA, ASAL), identifier="X-A", reporter=ASAL),
    )
    (_hivos, kepa, asal) = money(*given).numbers
    assert (kepa.own, kepa.managed, kepa.spent) == (False, 60, 40)
    assert (asal.own, asal.managed, asal.spent) == (False, 20, 20)


def test_money_within_one_organisation_is_left_out_and_listed():
    found = money(activity(transaction(3, 60, HIVOS, ("", "Hivos NL")), transaction(4, 10)))
    assert [(one.managed, one.spent) for one in found.numbers] == [(10, 10)]
    assert [(part.what, part.total) for part in found.left_out] == [(What.WITHIN, 60)]


def test_money_from_nobody_is_left_out_and_listed():
    found = money(activity(transaction(1, 60), transaction(4, 10)))
    assert [(one.managed, one.spent) for one in found.numbers] == [(10, 10)]
    assert [(part.what, part.total) for part in found.left_out] == [(What.UNKNOWN, 60)]


def test_corrections_are_subtracted_and_can_go_below_zero():
    assert numbers(activity(transaction(4, 10), transaction(4, "-2.50"))) == {1: (Decimal("7.5"), Decimal("7.5"))}
    assert numbers(activity(transaction(4, -10))) == {1: (-10, -10)}


def test_missing_is_not_zero():
    assert numbers(activity(transaction(3, 60, SHOP, ("", "Another shop")))) == {}


def test_the_parts_of_a_number_add_up_to_it():
    given = [transaction(4, 10), transaction(3, 60, HIVOS, KEPA), transaction(3, 5, HIVOS, SHOP)]
    hivos = money(activity(*given)).numbers[0]
    assert {part.what: part.total for part in hivos.parts} == {
        What.SPENT: 10,
        What.TO_OTHERS: 5,
        What.TO_PARTNERS: 60,
    }


PARTIES = st.sampled_from([HIVOS, KEPA, ASAL, SHOP, ("", "Hivos NL"), ("nl-1", ""), None])
VALUES = st.decimals(-50, 1000, places=2).map(str)
PAYMENTS = st.builds(
    transaction,
    st.sampled_from([1, 3, 4, 2]),
    VALUES,
    PARTIES,
    PARTIES,
    day=st.sampled_from(["2024-12-31", "2025-01-01", "2025-06-30"]),
    currency=st.sampled_from(["", "", "KES", "EUR"]),
)
ACTIVITIES = st.builds(
    lambda payments, **more: activity(*payments, **more),
    st.lists(PAYMENTS, max_size=6),
    identifier=st.sampled_from(["A", "B", "C", "D"]),
    reporter=st.sampled_from([HIVOS, KEPA, ASAL, SHOP]),
    last_updated_datetime=st.sampled_from(["2025-01-01T00:00:00Z", "2025-01-01T00:30:00+01:00", "2025-01-02"]),
    default_currency=st.sampled_from(["EUR", "KES"]),
)


@generated
@given(st.lists(ACTIVITIES, max_size=6), st.sets(st.sampled_from([2024, 2025])))
def test_sums_are_those_of_a_plain_reader(written, years):
    assert numbers(*written, years=years) == by_hand(iati_file(*written), years)


def by_hand(data, years):
    """Return what each partner manages and spends, read with a whole tree and plain loops."""
    paid, received, spent, own = defaultdict(list), defaultdict(list), defaultdict(list), set()
    for element in newest(ElementTree.fromstring(data)):
        reporter = who(element.find("reporting-org"), "")
        for one in element.findall("transaction"):
            value = one.find("value")
            day = one.find("transaction-date").get("iso-date")
            currency = value.get("currency") or element.get("default-currency")
            kind = one.find("transaction-type").get("code")
            if int(day[:4]) not in years or currency != "EUR" or kind == "2":
                continue
            giver = who(one.find("provider-org"), reporter if kind in "34" else "")
            receiver = who(one.find("receiver-org"), reporter if kind == "1" else "")
            if kind == "4":
                spent[giver].append(Decimal(value.text))
            elif giver == receiver or (kind == "1" and not giver):
                continue
            else:
                (paid if kind == "3" else received)[giver, receiver, day[:4]].append(Decimal(value.text))
            if kind in "34" and giver == reporter:
                own.add(giver)
    flows = {key: sum(paid.get(key) or received[key]) for key in paid.keys() | received.keys()}
    found = {}
    for partner in (1, 2, 3):
        to_partners = sum(flow for (giver, to, _), flow in flows.items() if giver == partner and to in (1, 2, 3))
        if partner in own:
            managed = sum(spent[partner]) + sum(flow for (giver, *_), flow in flows.items() if giver == partner)
        elif any(receiver == partner for _, receiver, _ in flows):
            managed = sum(flow for (_, receiver, _), flow in flows.items() if receiver == partner)
        else:
            continue
        found[partner] = (managed, managed - to_partners)
    return found


def newest(root):
    """Return each activity once, the one that was updated last."""
    utc = {"2025-01-01T00:30:00+01:00": "2024-12-31T23:30:00Z"}
    last = {}
    for element in root.findall("iati-activity"):
        moment = element.get("last-updated-datetime")
        identifier = element.findtext("iati-identifier")
        if identifier not in last or utc.get(moment, moment) >= last[identifier][0]:
            # "2025-01-02" sorts after every moment of the day before
            last[identifier] = (utc.get(moment, moment), element)
    return [element for _moment, element in last.values()]


def who(element, otherwise):
    """Return a partner's number or an organisation's name."""
    if element is None:
        return otherwise
    reference, name = (element.get("ref") or "").lower(), (element.findtext("narrative") or "").lower()
    known = {"nl-1": 1, "hivos nl": 1, "ke-2": 2, "asal youth": 3}
    return known.get(reference or name, reference or name)
