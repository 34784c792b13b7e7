"""Writing by two people at once: all that was written is there or asked about, whatever is sent twice."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from community.models import Draft, Finding, Item, Revision, State
from community.services import writing
from community.services.groups.memberships import writer_of
from community.services.writing import Clash, Content
from partnerships.models import Notification
from partnerships.services import Refused
from tests.community.making import make_finding, member, mutation, posted, the_group
from tests.partnerships.overlapping import while_held

pytestmark = pytest.mark.django_db
TEXT = "Money comes late.\n\nReports are long."


def save(item, by, text, base=1, title="Budgets", **more):
    return writing.save(item, writer_of(by), Content(title, text), base, more.get("mutation") or mutation())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("mine", "together"),
    [
        (f"{TEXT}\n\nNobody asks.", "Money comes far too late.\n\nReports are long.\n\nNobody asks."),
        (TEXT.replace("long", "endless"), "Money comes far too late.\n\nReports are endless."),
    ],
)
def test_two_who_save_at_once_from_one_base_both_stay(mine, together):
    ama, ben = member("Ama"), member("Ben")
    item = make_finding(ama, "Budgets", TEXT)
    outcome = while_held(lambda: save(item, ama, TEXT.replace("late", "far too late")), lambda: save(item, ben, mine))
    assert outcome.text == together
    assert list(item.revisions.values_list("number", "base", "merged")) == [
        (3, 1, True),
        (2, 1, False),
        (1, None, False),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_who_change_one_paragraph_at_once_are_asked_and_nothing_is_lost():
    ama, ben = member("Ama"), member("Ben")
    item = make_finding(ama, "Budgets", TEXT)
    outcome = while_held(
        lambda: save(item, ama, TEXT.replace("late", "in May")),
        lambda: save(item, ben, TEXT.replace("late", "in June")),
    )
    assert isinstance(outcome, Clash)
    (asked,) = outcome.conflicts
    assert (asked.theirs, asked.mine) == ("Money comes in May.", "Money comes in June.")
    assert Item.objects.get(pk=item.pk).text == TEXT.replace("late", "in May")
    assert Draft.objects.get(user=ben.user, item=item).text == TEXT.replace("late", "in June")


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_at_once_makes_one_item():
    ama = member("Ama")
    made = Finding(kind="finding", group=ama.group), Finding(kind="finding", group=ama.group)
    name, content = mutation(), Content("Budgets", TEXT)
    again = while_held(
        lambda: writing.create(made[0], writer_of(ama), content, name, publish=True),
        lambda: writing.create(made[1], writer_of(ama), content, name, publish=True),
    )
    assert again == Finding.objects.get()
    assert Revision.objects.count() == 1


def test_a_replay_of_an_older_save_changes_nothing():
    ama, ben = member("Ama"), member("Ben")
    item, name = make_finding(ama, "Budgets", TEXT), mutation()
    save(item, ama, f"{TEXT}\n\nMore.", mutation=name)
    later = save(item, ben, TEXT, base=2)
    assert save(item, ama, f"{TEXT}\n\nMore.", mutation=name).text == later.text == TEXT
    assert item.revisions.count() == 3


def test_saving_what_is_there_makes_no_version():
    ama = member("Ama")
    item = make_finding(ama, "Budgets", TEXT)
    assert save(item, ama, TEXT.replace("\n", "\r\n") + "\n\n").version == 1


def test_a_title_that_both_changed_is_asked():
    ama, ben = member("Ama"), member("Ben")
    item = make_finding(ama, "Budgets", TEXT)
    save(item, ama, TEXT, title="Money")
    outcome = save(item, ben, TEXT, title="Funds")
    assert (outcome.title.theirs, outcome.title.mine) == ("Money", "Funds")
    assert save(item, ben, f"{TEXT}\n\nNew.", title="Budgets").title == "Money"


def test_too_many_paragraphs_are_refused():
    with pytest.raises(Refused):
        make_finding(text="\n\n".join("ab" for _ in range(1_001)))
    assert make_finding(text="\n\n".join("ab" for _ in range(1_000)))


def test_a_revision_is_saved_once_in_the_database_too():
    ama = member("Ama")
    revision = make_finding(ama).revisions.get()
    with pytest.raises(IntegrityError, match="revision_saved_once"), transaction.atomic():
        Revision.objects.create(item=revision.item, number=2, author=ama.user, side="south", mutation=revision.mutation)


# --- by the pages


def form_of(item, **more):
    return posted("Budgets", base=item.version, do="save", **more)


def test_new_finding(client):
    ama, ben = member("Ama"), member("Ben")
    client.force_login(ama.user)
    page = reverse("community:write", args=["understanding", "finding"])
    assert client.get(page).status_code == 200
    form = posted(factors=["funding-type-fixed"], tags="Budgets, #Trust", topics=["risk"], translate_me="on")
    answer = client.post(page, form)
    made = Finding.objects.get()
    assert answer.headers["Location"] == made.get_absolute_url()
    assert (made.tags, made.topics, made.translate_me) == (["budgets", "trust"], ["risk"], True)
    assert [str(one) for one in made.factors.all()] == ["The type of funding is fixed before partners are heard"]
    assert (made.state, made.side, made.author) == (State.PUBLISHED, "south", ama.user)
    assert Notification.objects.get(kind="community.published").recipient == ben.user
    assert client.post(page, form).headers["Location"] == made.get_absolute_url()
    assert Finding.objects.count() == 1


def test_draft_is_seen_by_its_author_alone_until_published(client):
    ama, ben = member("Ama"), member("Ben")
    client.force_login(ama.user)
    client.post(reverse("community:write", args=["understanding", "finding"]), posted(do="draft"))
    made = Finding.objects.get()
    client.force_login(ben.user)
    assert client.get(made.get_absolute_url()).status_code == 404
    assert not Notification.objects.exists()
    client.force_login(ama.user)
    client.post(reverse("community:publish", args=[made.code]))
    client.force_login(ben.user)
    assert client.get(made.get_absolute_url()).status_code == 200


def test_preview_shows_the_text_and_saves_nothing(client):
    client.force_login(member().user)
    form = posted(text="**bold** <script>alert(1)</script>", do="preview")
    answer = client.post(reverse("community:write", args=["understanding", "finding"]), form)
    assert b"<strong>bold</strong> &lt;script&gt;" in answer.content
    assert b"<strong>bold</strong>" in client.post(reverse("community:preview"), {"text": "**bold**"}).content
    assert not Item.objects.exists()


def test_two_people_through_the_form(client):
    ama, ben = member("Ama"), member("Ben")
    item = make_finding(ama, "Budgets", TEXT)
    page = reverse("community:edit", args=[item.code])
    client.force_login(ama.user)
    client.post(page, form_of(item, text=TEXT.replace("late", "in May")))
    client.force_login(ben.user)
    form = form_of(item, text=TEXT.replace("late", "in June"))
    asked = client.post(page, form)
    assert asked.status_code == 409
    assert b"Money comes in May." in asked.content
    assert b"Money comes in June." in asked.content
    settled = form | {"seen": "2", "pick-0": "own", "own-0": "Money comes in May or June."}
    client.post(reverse("community:settle", args=[item.code]), settled)
    item.refresh_from_db()
    assert item.text == "Money comes in May or June.\n\nReports are long."
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("pick", "first"),
    [
        ("theirs", "Money comes in May."),
        ("mine", "Money comes in June."),
        ("both", "Money comes in May.\n\nMoney comes in June."),
        ("nonsense", "Money comes in May.\n\nMoney comes in June."),
    ],
)
def test_answers_to_a_conflict(client, pick, first):
    ama, ben = member("Ama"), member("Ben")
    item = make_finding(ama, "Budgets", TEXT)
    save(item, ama, TEXT.replace("late", "in May"))
    client.force_login(ben.user)
    form = form_of(item, text=TEXT.replace("late", "in June"), seen="2", **{"pick-0": pick})
    client.post(reverse("community:settle", args=[item.code]), form)
    item.refresh_from_db()
    assert item.text == f"{first}\n\nReports are long."


def test_who_changed_it_again_while_one_chose_is_heard_too(client):
    ama, ben = member("Ama"), member("Ben")
    item = make_finding(ama, "Budgets", TEXT)
    save(item, ama, TEXT.replace("late", "in May"))
    form = form_of(item, text=TEXT.replace("late", "in June"), seen="2", **{"pick-0": "mine"})
    save(item, ama, TEXT.replace("late", "in May") + "\n\nAnd little.", base=2)
    client.force_login(ben.user)
    client.post(reverse("community:settle", args=[item.code]), form)
    item.refresh_from_db()
    assert item.text == "Money comes in June.\n\nReports are long.\n\nAnd little."


def test_history_and_comparison(client):
    ama = member("Ama")
    item = make_finding(ama, "Budgets", TEXT)
    save(item, ama, TEXT.replace("late", "<b>early</b>"))
    client.force_login(ama.user)
    assert b"See the change" in client.get(reverse("community:history", args=[item.code])).content
    page = client.get(reverse("community:compare", args=[item.code])).content.decode()
    assert "<del>late</del>" in page
    assert "<ins>&lt;b&gt;early&lt;/b&gt;</ins>" in page


# --- what is typed and not saved


def keep(client, sequence, text="Typed", **more):
    form = {"group": "understanding", "kind": "finding", "mutation": "form-one", "base": 0, "text": text}
    return client.post(reverse("community:keep"), form | {"sequence": sequence, "title": "T"} | more)


def test_autosave_gives_a_receipt_and_the_later_typed_wins(client):
    ama = member("Ama")
    client.force_login(ama.user)
    assert keep(client, 2, "second").json()["sequence"] == 2
    assert keep(client, 1, "first").json()["sequence"] == 2
    assert Draft.objects.get().text == "second"
    page = client.get(reverse("community:write", args=["understanding", "finding"]) + "?draft=form-one")
    assert b"second" in page.content


def test_autosave_after_saving_brings_no_draft_back(client):
    ama = member("Ama")
    client.force_login(ama.user)
    keep(client, 1)
    client.post(reverse("community:write", args=["understanding", "finding"]), posted(mutation="form-one"))
    keep(client, 2)
    assert not Draft.objects.exists()


def test_drafts_are_nobody_elses(client):
    ama, ben = member("Ama"), member("Ben")
    client.force_login(ama.user)
    keep(client, 1, "secret words")
    client.force_login(ben.user)
    page = reverse("community:write", args=["understanding", "finding"]) + "?draft=form-one"
    assert b"secret words" not in client.get(page).content
    assert client.post(reverse("community:drop", args=["form-one"])).status_code == 404
    client.force_login(ama.user)
    assert client.post(reverse("community:drop", args=["form-one"])).status_code == 302


@pytest.mark.parametrize("wrong", [{"sequence": "x"}, {"base": "-1"}, {"mutation": "short"}])
def test_autosave_of_nonsense(client, wrong):
    client.force_login(member().user)
    assert keep(client, wrong.pop("sequence", 1), **wrong).status_code == 400
    assert keep(client, 1, kind="paper").status_code == 404


def test_what_i_typed_is_offered_in_the_form_and_on_the_group_page(client):
    ama = member("Ama")
    item = make_finding(ama, "Budgets", TEXT)
    client.force_login(ama.user)
    keep(client, 1, "Half a thought", item=item.code, base=1)
    assert b"Continue with this text" in client.get(reverse("community:edit", args=[item.code])).content
    assert b"You have not saved" in client.get(the_group().get_absolute_url()).content
    assert b"Half a thought" in client.get(reverse("community:edit", args=[item.code]) + "?draft=form-one").content


def test_an_account_outside_the_group_writes_nothing(client, cast):
    client.force_login(cast.outsider)
    assert client.post(reverse("community:write", args=["understanding", "finding"]), posted()).status_code == 403
    member(user=cast.outsider)
    assert client.post(reverse("community:write", args=["understanding", "finding"]), posted()).status_code == 302
