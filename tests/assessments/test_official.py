"""Moving in from the official web tool: what its dump becomes, what it does not become, and why."""

import io
import json
from pathlib import Path

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from assessments.importing import official
from assessments.importing.official.parsing import BadDump
from assessments.importing.official.records import CHANGED, LEFT_OUT
from assessments.models import AgreedLevel, Assessment, Decision, ImportedRecord, Outcome, Remark, Stage
from assessments.models.private import Rater
from assessments.results.agreed import make_agreed_result
from partnerships.models import Invitation, Membership, Partner, Partnership, Role, User
from partnerships.services import accept
from partnerships.tasks import send_notifications
from tests.factories import UserFactory

DATA = Path(__file__).parents[1] / "data" / "official_tool"
WHOLE = (DATA / "dumpdata.json").read_bytes()
AWKWARD = [(row["model"].split(".")[1], row["pk"]) for row in json.loads((DATA / "marks.json").read_text())["awkward"]]
SECRET = "5f0c8c1e-secret"
KEPT = "kept"

# Where each awkward record ends. A person who was deleted, a record of a deleted session and a cell without one level
# do not come in; a name that does not fit comes in changed; all else is kept as it is.
ENDS = {
    "systemuser": {14: KEPT, 16: LEFT_OUT, 17: CHANGED, 18: KEPT, 19: KEPT},
    "patsession": {
        10: KEPT, 11: LEFT_OUT, 12: LEFT_OUT, 13: CHANGED, 14: KEPT, 15: CHANGED, 16: CHANGED, 17: KEPT, 18: KEPT,
        19: KEPT, 20: KEPT,
    },
    "organization": {
        12: KEPT, 53: KEPT, 54: CHANGED, 55: KEPT, 56: CHANGED, 57: KEPT, 58: KEPT, 59: KEPT, 60: CHANGED, 61: CHANGED,
        62: CHANGED, 65: CHANGED, 66: CHANGED,
    },
    "decision": {
        29: KEPT, 49: CHANGED, 91: KEPT, 92: KEPT, 93: KEPT, 94: KEPT, 95: KEPT, 97: CHANGED, 99: CHANGED,
    },
    "participantdecision": {
        84: KEPT, 492: KEPT, 607: LEFT_OUT, 608: KEPT, 612: LEFT_OUT, 613: LEFT_OUT, 614: LEFT_OUT, 615: LEFT_OUT,
        616: LEFT_OUT, 618: LEFT_OUT, 623: LEFT_OUT, 624: LEFT_OUT, 625: LEFT_OUT,
    },
    "participant": {19: KEPT, 34: LEFT_OUT, 35: LEFT_OUT, 37: LEFT_OUT},
    "participantcomment": {13: KEPT, 15: KEPT, 16: KEPT, 17: KEPT, 18: KEPT},
}  # fmt: skip


def run(data: bytes = WHOLE, choices: dict | None = None, *, tmp: Path, **options) -> str:
    """Import a dump by the command and return what it says."""
    (tmp / "dump.json").write_bytes(data)
    if choices is not None:
        (tmp / "choices.json").write_text(json.dumps(choices))
        options["choices"] = tmp / "choices.json"
    said = io.StringIO()
    call_command("import_official", tmp / "dump.json", source="old tool", stdout=said, **options)
    return said.getvalue()


def of(model: str, key: int):
    """Return what a record of the source became."""
    row = ImportedRecord.objects.get(source="old tool", model=model, key=key)
    return apps.get_model(row.target).objects.get(pk=row.target_id)


def assessment_of(key: int) -> Assessment:
    return of("patsession.assessment", key)


def plain(data: bytes = WHOLE) -> bytes:
    """Return the same dump as `dumpdata` writes it without options."""
    rows = [row for row in json.loads(data) if not row["fields"].get("deleted_at")]
    other = {"model": "contenttypes.contenttype", "pk": 1, "fields": {"app_label": "v1_users", "model": "systemuser"}}
    permission = {"model": "auth.permission", "pk": 1, "fields": {"name": "Can add", "codename": "add"}}
    return json.dumps([other, permission, *rows]).encode()


def edited(model: str, key: int, **fields) -> bytes:
    rows = json.loads(WHOLE)
    next(row for row in rows if row["model"].endswith(f".{model}") and row["pk"] == key)["fields"].update(fields)
    return json.dumps(rows).encode()


# Reading


@pytest.mark.parametrize(("model", "key"), AWKWARD)
def test_each_awkward_record_ends_where_it_should(model, key):
    issues = official.parse_dump(WHOLE).issues
    found = {issue.end for issue in issues if (issue.model, issue.key) == (model, key)} or {KEPT}
    assert found == {ENDS[model][key]}


def test_every_other_record_is_kept_or_named():
    dump = official.parse_dump(WHOLE)
    known = {("participantdecision", key) for one in dump.sessions for each in one.decisions for cell in each.levels
             for key in cell.keys}  # fmt: skip
    known |= {(issue.model, issue.key) for issue in dump.issues}
    scores = [row["pk"] for row in json.loads(WHOLE) if row["model"] == "v1_sessions.participantdecision"]
    deleted = {row["pk"] for row in json.loads(WHOLE) if row["model"] == "v1_sessions.decision"
               and row["fields"]["session"] in (11, 12)}  # fmt: skip
    of_deleted = {row["pk"] for row in json.loads(WHOLE) if row["fields"].get("decision") in deleted}
    assert {key for key in scores if ("participantdecision", key) not in known} == of_deleted


def test_plain_dump_reads_like_a_whole_one():
    whole, less = official.parse_dump(WHOLE), official.parse_dump(plain())
    assert [one.key for one in less.sessions] == [one.key for one in whole.sessions]
    assert less.sessions == whole.sessions
    missing = [(issue.key, issue.reason) for issue in less.issues if issue.model == "patsession" and issue.key < 13]
    assert missing == [
        (11, "The dump has no such session, but 4 records of it."),
        (12, "The dump has no such session, but 9 records of it."),
    ]


def test_no_secret_is_read():
    secrets = {"password": SECRET, "verification_code": SECRET, "reset_password_code": SECRET}
    rows = json.loads(WHOLE)
    for row in rows:
        row["fields"].update(secrets if row["model"] == "v1_users.systemuser" else {"join_code": SECRET})
    dump = official.parse_dump(json.dumps(rows).encode())
    assert SECRET not in repr(dump)
    assert dump.sessions == official.parse_dump(WHOLE).sessions


def test_notes_of_a_session_are_cleaned_like_comments():
    dump = official.parse_dump(edited("patsession", 9, notes=" We go on.\x00\n", summary=" \n"))
    own = [one.text for one in next(one for one in dump.sessions if one.key == 9).comments if one.key is None]
    assert own == ["We go on."]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not what `manage.py dumpdata` writes"),
        (b"{}", "There is no session"),
        (b'[{"a": 1}]', "not what `manage.py dumpdata` writes"),
        (b"[]", "There is no session"),
        (b'[{"model": "v1_sessions.decision", "pk": 5, "fields": {"session": 1}}]', "decision 5 has no field 'name'"),
        (edited("patsession", 9, date="05-11-2025"), "Session 9 cannot be read"),
    ],
)
def test_another_file_is_refused_with_one_message(data, message):
    with pytest.raises(BadDump, match=message):
        official.parse_dump(data)


def test_choices_fill_the_cells_that_they_name():
    chosen = official.parse_dump(WHOLE, {"96/53/today": 4, "98/53/today": None, "92/53/wished": 2})
    cells = {(one.key, cell.organisation): cell for each in chosen.sessions for one in each.decisions
             for cell in one.levels}  # fmt: skip
    assert cells[96, 53].actual == 4
    assert (98, 53) not in cells
    assert cells[92, 53].desired == 2
    assert not [issue for issue in chosen.issues if issue.choice.startswith(("96/53", "92/53"))]
    assert [issue.choice for issue in chosen.issues if issue.choice] == ["96/54/today", "96/55/today"]
    with pytest.raises(BadDump, match="does not ask for these choices: 91/53/today"):
        official.parse_dump(WHOLE, {"91/53/today": 3})


# Writing


@pytest.mark.django_db
def test_the_dump_imports_whole(tmp_path):
    said = run(tmp=tmp_path)
    assert "Came in: 18 sessions, 131 partners, 107 decisions" in said
    stages = {key: assessment_of(key).stage for key in (*range(1, 11), *range(13, 21))}
    assert stages == {
        **dict.fromkeys([1, 2, 14, 16, 18], Stage.COLLECTING),
        **dict.fromkeys([3, 4, 5, 6, 7, 15, 17, 19], Stage.JOINT),
        **dict.fromkeys([8, 13], Stage.FINAL_REVIEW),
        **dict.fromkeys([9, 10, 20], Stage.CLOSED),
    }
    rehearsals = [key for key in stages if of("patsession", key).is_rehearsal]
    assert rehearsals == [13, 17, 18, 20]
    assert (User.objects.count(), Membership.objects.count(), Rater.objects.count(), len(mail.outbox)) == (0, 0, 0, 0)
    assert not Assessment.objects.filter(private_ratings=True).exists()
    assert not Partner.objects.exclude(side=None).exists()


@pytest.mark.django_db
def test_session_keeps_its_texts_and_dates(tmp_path):
    run(tmp=tmp_path)
    partnership, assessment = of("patsession", 9), assessment_of(9)
    source = {row["pk"]: row["fields"] for row in json.loads(WHOLE) if row["model"] == "v1_sessions.decision"}
    assert (partnership.name, partnership.countries) == (
        "Seeds of Voice: learning review",
        ["KE", "GH", "ID", "NL", "PE"],
    )
    assert assessment.title == "Session of 5 November 2025"
    assert assessment.closed_at.isoformat() == "2025-11-07T09:00:07.634000+00:00"
    answered_no = [key for key, one in source.items() if one["session"] == 9 and one["agree"] is False]
    assert {of("decision", key).outcome.note for key in answered_no} == {source[key]["notes"] for key in answered_no}
    levels = AgreedLevel.objects.filter(decision__assessment=assessment)
    assert (levels.count(), levels.exclude(desired=None).count()) == (72, 30)
    remarks = list(Remark.objects.filter(assessment=assessment))
    assert [one.by_facilitator for one in remarks].count(True) >= 2
    assert len(remarks) == 2 + 7
    assert of("participantcomment", 13).author
    assert Outcome.objects.filter(decision__assessment=assessment, agree=False).count() == 5


@pytest.mark.django_db
def test_awkward_texts_come_in_as_they_are(client, tmp_path):
    run(tmp=tmp_path)
    assert of("organization", 55).name.count("<") > 0
    assert len(of("participantcomment", 16).text) > 32_000
    assert [of("decision", key).wording for key in (93, 94)].count(of("decision", 93).wording) == 2
    assert of("organization", 56).acronym == "Org 56"
    assert (len(of("organization", 60).name), len(of("organization", 60).acronym)) == (160, 20)
    assert of("participantdecision", 608).actual is not None
    assert not ImportedRecord.objects.filter(model="participantdecision", key__in=[607, 612, 614, 615, 616]).exists()
    assert Remark.objects.filter(assessment=assessment_of(8), author="").exists()


def rows_of_all_tables() -> dict[str, list]:
    """Return the number of rows, the newest key and the newest transaction of every table."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*), max(xmin::text::bigint) FROM "{table}"')  # noqa: S608 (our tables)
            found[table] = cursor.fetchone()
    return found


@pytest.mark.django_db
def test_second_import_changes_no_row(tmp_path):
    run(tmp=tmp_path)
    Partnership.objects.filter(pk=of("patsession", 9).pk).update(name="Renamed since")
    before = rows_of_all_tables()
    said = run(choices={"96/53/today": 4}, tmp=tmp_path)
    assert rows_of_all_tables() == before
    assert said.count("was imported before, and is left as it is") == 18
    assert "Came in: 0 sessions" in said


@pytest.mark.django_db
def test_deleted_partnership_does_not_come_back(tmp_path):
    run(tmp=tmp_path)
    of("patsession", 1).delete()
    run(tmp=tmp_path)
    assert not Partnership.objects.filter(name="Coast and Mangrove Compact, start-up").exists()


@pytest.mark.django_db
def test_check_writes_nothing(tmp_path):
    before = rows_of_all_tables()
    said = run(tmp=tmp_path, check=True, invite=True)
    assert rows_of_all_tables() == before
    assert "18 sessions would come in" in said
    assert "96/53/today" in said


@pytest.mark.django_db
def test_bad_dump_is_an_error_of_the_command(tmp_path):
    with pytest.raises(CommandError, match="There is no session"):
        run(b"[]", tmp=tmp_path)


@pytest.mark.django_db
def test_session_comes_in_whole_or_not_at_all(tmp_path):
    dump = official.parse_dump(WHOLE)
    session = next(one for one in dump.sessions if one.key == 9)
    broken = session.decisions[-1].levels[-1]
    object.__setattr__(broken, "actual", 9)
    with pytest.raises(Exception, match="agreed_actual_0_to_4"):
        official.import_session("old tool", session)
    assert not Partnership.objects.exists()
    assert not ImportedRecord.objects.exists()
    object.__setattr__(broken, "actual", 4)
    assert official.import_session("old tool", session)
    assert official.import_session("old tool", session) is None
    assert official.import_session("other tool", session)


# Invitations


@pytest.mark.django_db
def test_invitations_wait_until_they_are_sent(tmp_path, django_capture_on_commit_callbacks):
    run(tmp=tmp_path)
    waiting = Invitation.objects.unsent()
    assert waiting.count() == Invitation.objects.count() > 20
    assert Invitation.objects.open().count() == waiting.count()
    assert send_notifications() == 0
    said = run(tmp=tmp_path, invite=True)
    count = Invitation.objects.count()
    assert f"Invitations on their way: {count}." in said
    assert not waiting.exists()
    send_notifications()
    assert len(mail.outbox) == count
    assert "has been moved to this website" in mail.outbox[0].body
    assert "None" not in mail.outbox[0].body + mail.outbox[0].subject
    assert "Invitations on their way: 0." in run(tmp=tmp_path, invite=True)


@pytest.mark.django_db
def test_owner_comes_in_as_the_first_facilitator(tmp_path):
    run(tmp=tmp_path)
    partnership = of("patsession", 9)
    joined = of("participant", 21)
    early = accept(joined, UserFactory(), confirms=True)
    assert early.admitted_at is None
    assert early.partner.side is None
    owner = accept(of("patsession.owner", 9), UserFactory())
    assert (owner.role, owner.admitted_at is None) == (Role.FACILITATOR, False)
    early.refresh_from_db()
    assert early.admitted_at is None
    stranger = Invitation.objects.create(
        partnership=partnership, channel="email", role=Role.FACILITATOR, email="second@example.org"
    )
    assert accept(stranger, UserFactory()).admitted_at is None


@pytest.mark.django_db
def test_rehearsal_belongs_to_who_made_it(client, tmp_path):
    run(tmp=tmp_path)
    partnership, invitation = of("patsession", 13), of("patsession.owner", 13)
    maker = UserFactory()
    assert accept(invitation, maker).admitted_at
    partnership.refresh_from_db()
    assert partnership.created_by == maker
    assert list(partnership.invitations.all()) == [invitation]
    client.force_login(maker)
    assert client.get(reverse("assessments:workspace", args=[partnership.code])).status_code == 200


PAGES = ("overview", "decisions", "dashboard", "report", "closing", "session")


@pytest.mark.django_db
@pytest.mark.parametrize("key", [1, 7, 8, 9, 13, 16, 18, 20])
def test_pages_of_an_imported_session_open(client, key):
    official.import_session("old tool", next(one for one in official.parse_dump(WHOLE).sessions if one.key == key))
    owner = accept(of("patsession.owner", key), UserFactory())
    assessment = assessment_of(key)
    if assessment.joint_version:
        make_agreed_result(assessment)
    client.force_login(owner.user)
    pages = [
        reverse(name, args=[owner.partnership.code])
        for name in ("assessments:workspace", "partnerships:people", "partnerships:partners", "partnerships:messages")
    ] + [reverse(f"assessments:{name}", args=[assessment.code]) for name in PAGES]
    assert {page: client.get(page, follow=True).status_code for page in pages} == dict.fromkeys(pages, 200)


@pytest.mark.django_db
def test_decisions_of_an_early_session_can_go_on():
    official.import_session("old tool", next(one for one in official.parse_dump(WHOLE).sessions if one.key == 2))
    assessment = assessment_of(2)
    assert Decision.objects.filter(assessment=assessment).active().count() == 8
    assert not assessment.participants.exists()
