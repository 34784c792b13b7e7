"""Every URL of the working groups that takes posts, with one field wrong at a time."""

import pytest
from django.urls import reverse

from community.services import comments
from community.services.groups import memberships
from tests.community.making import make_finding, member, mutation
from tests.community.test_access import PAGES, addresses, people  # noqa: F401 (fixtures)
from tests.security.fuzzing import Post, all_faults
from tests.security.queries import noted, query_faults  # noqa: F401 (a fixture)

MEANT = {"base": "1", "mutation": "a-mutation", "language": "en"}
TEXT = MEANT | {"title": "A claim", "text": "Words.\n\nMore words."}
POSTS = {
    "preferences": Post("m"),
    "preferences with a new key": Post("m", {"new_key": "yes"}),
    "unsubscribe": Post("a"),
    "invitation": Post("o", {"side": "south", "organisation": "Amani"}),
    "preview": Post("m", {"text": "*Words*", "language": "en"}, shows="<em>Words</em>"),
    "keep": Post(
        "w",
        TEXT | {"item": "{finding}", "sequence": "1", "kind": "finding", "group": "understanding"},
        page="{finding_page}",
    ),
    "drop": Post("w", accepted=False),
    "role": Post("l", {"role": "lead"}),
    "confirm-side": Post("l", {"seen": "south:Amani"}, accepted=False),
    "ask-partnership": Post("m", {"membership": "nothing"}, accepted=False),
    "quorum": Post("l", {"people": "4", "organisations": "2"}, accepted=False),
    "join": Post("o", {"side": "south", "organisation": "Amani"}),
    "leave": Post("m"),
    "invite": Post("l", {"note": "For Ama"}),
    "settings": Post("l", {"question": "Who decides?"}),
    "factors": Post("l", {"name": "Trust"}),
    "write": Post("m", TEXT | {"base": "0", "do": "publish", "tags": "money", "topics": ["fundraising"], "note": "N"}),
    "finding-status": Post("l", {"status": "contested", "reason": "Since."}),
    "case-study-approve": Post("r", {"digest": "0"}, accepted=False),
    "case-study-revoke": Post("r"),
    "edit": Post("w", {"title": "Another", "do": "save"}),
    "settle": Post("w", TEXT | {"seen": "1", "pick-0": "own", "own-0": "Mine."}),
    "publish": Post("w", accepted=False),
    "discard": Post("w", accepted=False),
    "withdraw": Post("w"),
    "comment": Post("m", MEANT | {"text": "Yes, @ama.", "parent": "{comment}"}),
    "endorse": Post("m"),
    "attach": Post("w", {"file": b"a note"}, sends="file"),
    "detach": Post("w"),
    "cite": Post("m", {"title": "A", "source": "B", "year": "2020", "link": "https://example.org/a", "says": "C"}),
    "tell-case-study": Post("w", TEXT | {"base": "0", "partnership": "{partnership}"}, accepted=False),
    "uncite": Post("w"),
    "report": Post("m", {"reason": "Rude."}),
    "moderate": Post("l", {"reason": "Rude."}),
    "appeal": Post("w", {"reason": "It was not."}, accepted=False),
}


@pytest.mark.usefixtures("patient")
def test_no_wrong_field_breaks_and_nobody_refused_changes_a_row(cast, people, addresses):  # noqa: F811
    finding = people["w"].items.get(kind="finding")
    comment = comments.comment(finding, memberships.writer_of(member("Carla")), "Yes.", mutation())
    codes = {
        "foreign": make_finding(member("Dora")).code,
        "finding": finding.code,
        "comment": comment.code,
        "finding_page": reverse("community:edit", args=[finding.code]),
        "partnership": cast.partnership.pk,
    }
    assert not (wrong := all_faults(POSTS, people, addresses, codes)), wrong


@pytest.mark.usefixtures("patient")
def test_no_wrong_parameter_breaks_changes_a_row_or_comes_back_as_it_is(people, addresses, noted):  # noqa: F811
    names, wrong = query_faults(PAGES, people, addresses, noted)
    assert not wrong, wrong
    assert {"search": {"q", "group", "kind", "language", "tag", "topic", "translate", "page"}}.items() <= names.items()
