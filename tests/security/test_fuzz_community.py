"""Every URL of the working groups that takes posts, with one field wrong at a time."""

import pytest
from django.urls import reverse
from django.utils import timezone

from community.models import CaseStudy, Draft, GroupMembership, RealPartnership
from community.services import case_studies, comments, moderation, writing
from community.services.groups import memberships, sides
from partnerships.models import Role
from tests.community.making import confirmed, make_finding, member, mutation, the_group
from tests.community.test_access import PAGES, addresses, people  # noqa: F401 (fixtures)
from tests.factories import UserFactory, membership
from tests.security.fuzzing import Post, Scene, all_faults, at
from tests.security.queries import noted, query_faults  # noqa: F401 (a fixture)


def writer(scene: Scene) -> GroupMembership:
    return scene.people["w"].group_memberships.get()


def typed_text(scene: Scene) -> dict[str, str]:
    """Let the writer have typed a text that is not saved."""
    draft = Draft(mutation=mutation(), group=the_group(), kind="finding", base=0, sequence=1, title="A", text="B")
    kept = writing.keep_draft(memberships.writer_of(writer(scene)), None, draft)
    return at("community", kept.mutation, names=("drop",))


def a_draft(scene: Scene) -> dict[str, str]:
    """Let the writer have a draft of a finding."""
    made = make_finding(writer(scene), publish=False)
    return at("community", made.code, names=("publish", "discard"))


def a_case_study(scene: Scene) -> dict[str, str]:
    """Let the digest of the case study be known to those who approve it."""
    return {"digest": case_studies.digest(CaseStudy.objects.get())}


def hidden_text(scene: Scene) -> None:
    """Let a coordinator have hidden the writer's finding."""
    moderation.decide(scene.people["w"].items.get(kind="finding"), scene.people["l"], "hid", "Rude.")


def confirmed_lead(scene: Scene) -> dict[str, str]:
    """Let the side of the coordinator be confirmed, and another member wait for this."""
    confirmed(scene.people["l"].group_memberships.get())
    waits = memberships.join(the_group(), UserFactory(name="Wim Waits"), "south", "Amani", invited=True)
    place = at("community", the_group().kind, waits.user.profile.handle, names=("confirm-side",))
    return {"seen": sides.seen_of(waits)} | place


def real_partnership(scene: Scene) -> dict[str, str]:
    """Let the member represent a partner of a partnership that is confirmed to be real."""
    own = membership(scene.cast.partnership, Role.REPRESENTATIVE, scene.cast.partners["s1"], user=scene.people["m"])
    RealPartnership.objects.create(partnership=scene.cast.partnership, state="confirmed", decided_at=timezone.now())
    return {"membership": own.code}


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
    "drop": Post("w", state=typed_text),
    "role": Post("l", {"role": "lead"}),
    "confirm-side": Post("l", {"seen": "{seen}"}, state=confirmed_lead),
    "ask-partnership": Post("m", {"membership": "{membership}"}, state=real_partnership),
    "quorum": Post("l", {"people": "4", "organisations": "2"}, state=confirmed_lead),
    "join": Post("o", {"side": "south", "organisation": "Amani"}),
    "leave": Post("m"),
    "invite": Post("l", {"note": "For Ama"}),
    "settings": Post("l", {"question": "Who decides?"}),
    "factors": Post("l", {"name": "Trust"}),
    "write": Post("m", TEXT | {"base": "0", "do": "publish", "tags": "money", "topics": ["fundraising"], "note": "N"}),
    "finding-status": Post("l", {"status": "contested", "reason": "Since."}),
    "case-study-approve": Post("r", {"digest": "{digest}"}, state=a_case_study),
    "case-study-revoke": Post("r"),
    "edit": Post("w", {"title": "Another", "do": "save"}),
    "settle": Post("w", TEXT | {"seen": "1", "pick-0": "own", "own-0": "Mine."}),
    "publish": Post("w", state=a_draft),
    "discard": Post("w", state=a_draft),
    "withdraw": Post("w"),
    "comment": Post("m", MEANT | {"text": "Yes, @ama.", "parent": "{comment}"}),
    "endorse": Post("m"),
    "attach": Post("w", {"file": b"a note"}, sends="file"),
    "detach": Post("w"),
    "cite": Post("m", {"title": "A", "source": "B", "year": "2020", "link": "https://example.org/a", "says": "C"}),
    "write-case-study": Post("w", TEXT | {"base": "0", "partnership": "{partnership}"}),
    "uncite": Post("w"),
    "report": Post("m", {"reason": "Rude."}),
    "moderate": Post("l", {"reason": "Rude."}),
    "appeal": Post("w", {"reason": "It was not."}, state=hidden_text),
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
        "partnership": cast.partnership.code,
    }
    assert not (wrong := all_faults(POSTS, people, addresses, codes, cast=cast)), wrong


@pytest.mark.usefixtures("patient")
def test_no_wrong_parameter_breaks_changes_a_row_or_comes_back_as_it_is(people, addresses, noted):  # noqa: F811
    names, wrong = query_faults(PAGES, people, addresses, noted)
    assert not wrong, wrong
    assert {"search": {"q", "group", "kind", "language", "tag", "topic", "translate", "page"}}.items() <= names.items()
