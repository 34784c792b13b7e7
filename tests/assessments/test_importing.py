"""Import: every kind of broken file is told with file, line and column, and nothing of it is written."""

import io
import zipfile
from pathlib import Path

import pytest
from django.urls import reverse

from assessments import importing
from assessments.forms.setup import importing as forms
from assessments.importing import parsing
from assessments.models import AgreedLevel, Assessment, Job, Outcome
from assessments.models.private import PrivateAgreement, Rater, Rating
from assessments.results.agreed import make_agreed_result
from assessments.results.release import make_release
from partnerships.models import Partner
from tests.factories import PartnershipFactory, UserFactory, membership

EXAMPLE = Path(importing.__file__).parents[2] / "powertool" / "demo" / "example"


def files(**changes) -> dict[str, bytes]:
    """Return the example's files, some replaced (`partners=...` for partners.csv; None leaves it out)."""
    held = {path.name: path.read_bytes() for path in EXAMPLE.glob("*.csv")}
    for name, data in changes.items():
        if data is None:
            del held[f"{name}.csv"]
        else:
            held[f"{name}.csv"] = data if isinstance(data, bytes) else data.encode()
    return held


def zipped(held: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in held.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def changed(name: str, old: str, new: str) -> str:
    text = (EXAMPLE / f"{name}.csv").read_text()
    assert old in text
    return text.replace(old, new, 1)


def row_more(name: str, row: str) -> str:
    return (EXAMPLE / f"{name}.csv").read_text() + row + "\n"


def problems_of(held: dict[str, bytes]) -> list[tuple[str, int, str]]:
    return [(problem.file, problem.line, problem.column) for problem in importing.parse_archive(zipped(held)).problems]


def test_the_example_has_no_problem():
    parsed = importing.parse_archive(zipped(files()))
    assert parsed.problems == []
    assert {name: len(rows) for name, rows in parsed.rows.items()} == {
        "partners.csv": 8,
        "decisions.csv": 12,
        "raters.csv": 9,
        "ratings.csv": 864,
        "agreement.csv": 108,
        "agreed.csv": 96,
        "actions.csv": 5,
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ratings": changed("ratings", "r01,NSF,D01,NSF,4", "r01,NSF,D01,NSF,5")}, ("ratings.csv", 2, "level")),
        ({"ratings": changed("ratings", "r01,NSF,D01,NSF,4", "r01,NSF,D01,XYZ,4")}, ("ratings.csv", 2, "partner")),
        ({"ratings": changed("ratings", "r01,NSF,D01,NSF,4", "r01,NSF,D99,NSF,4")}, ("ratings.csv", 2, "decision")),
        ({"ratings": changed("ratings", "r01,NSF,D01,NSF,4", "r99,NSF,D01,NSF,4")}, ("ratings.csv", 2, "rater")),
        ({"ratings": changed("ratings", "r01,NSF,D01,NSF", "r01,CSD,D01,NSF")}, ("ratings.csv", 2, "rater_partner")),
        ({"ratings": row_more("ratings", "r01,NSF,D01,NSF,3")}, ("ratings.csv", 866, "partner")),
        ({"agreed": row_more("agreed", "D01,NSF,3,")}, ("agreed.csv", 98, "partner")),
        ({"agreed": changed("agreed", "D01,NSF,4,3", "D01,NSF,4.5,3")}, ("agreed.csv", 2, "actual")),
        ({"agreed": changed("agreed", "D01,NSF,4,3", "D01,NSF,4,-1")}, ("agreed.csv", 2, "desired")),
        ({"agreement": changed("agreement", "r01,D01,yes", "r01,D01,maybe")}, ("agreement.csv", 2, "agree")),
        ({"actions": changed("actions", "2027-03-31", "31/3/2027")}, ("actions.csv", 2, "due")),
        ({"actions": changed("actions", ",NSF,2027-03-31", ",Nobody,2027-03-31")}, ("actions.csv", 2, "owner")),
        ({"partners": changed("partners", ",NL,north", ",NL,nord")}, ("partners.csv", 2, "side")),
        ({"partners": changed("partners", ",NL,north", ",XX,north")}, ("partners.csv", 2, "country")),
        ({"partners": row_more("partners", "Again,NSF,NL,north")}, ("partners.csv", 10, "acronym")),
        ({"raters": changed("raters", "r01,NSF,yes", "r01,NSF,perhaps")}, ("raters.csv", 2, "show_small_side")),
        ({"decisions": changed("decisions", "code,decision", "code,wording")}, ("decisions.csv", 1, "decision")),
        (
            {"decisions": changed("decisions", "D10,Hiring the programme coordination team", "D10,")},
            ("decisions.csv", 11, "decision"),
        ),
        ({"decisions": "code,decision,topic\nD01,Money,weather\n"}, ("decisions.csv", 2, "topic")),
        (
            {"partners": changed("partners", "Sahélien", "Sah?lien").encode().replace(b"?", b"\xe9")},
            ("partners.csv", 6, ""),
        ),
        ({"decisions": changed("decisions", "Hiring the", '"Hiring the')}, ("decisions.csv", 11, "")),
        ({"partners": None}, ("partners.csv", 0, "")),
        ({"ratings": None, "agreed": None, "agreement": None, "actions": None}, ("", 0, "")),
    ],
)  # fmt: skip
def test_a_broken_file_is_told_with_its_place(changes, expected):
    assert expected in problems_of(files(**changes))


def test_decisions_without_action_and_without_optional_files_are_fine():
    assert problems_of(files(actions="decision,action,owner,due\n")) == []
    assert problems_of(files(actions=None, raters=None, ratings=None, agreement=None)) == []


def test_semicolons_and_a_byte_order_mark_are_read():
    held = {name: b"\xef\xbb\xbf" + data for name, data in files().items()}
    held["raters.csv"] = held["raters.csv"].replace(b",", b";")
    assert problems_of(held) == []


def test_levels_and_days_are_read_in_the_digits_of_any_keyboard():
    held = files(agreed=changed("agreed", "D01,NSF,4,3", "D01,NSF,٤,३"))
    held["actions.csv"] = held["actions.csv"].replace(b"2027-", "٢٠٢٧-".encode())
    parsed = importing.parse_archive(zipped(held))
    assert parsed.problems == []
    assert (parsed.rows["agreed.csv"][0]["actual"], parsed.rows["agreed.csv"][0]["desired"]) == (4, 3)
    assert {row["due"].year for row in parsed.rows["actions.csv"]} >= {2027}


def test_not_a_zip_is_told():
    assert "not a zip" in str(importing.parse_archive(b"partner,side").problems[0].message)


def test_a_zip_bomb_is_refused_without_unpacking_it_whole():
    bomb = zipped(files(ratings=b"0" * (parsing.MOST_BYTES + 5)))
    assert len(bomb) < 200_000
    (problem,) = importing.parse_archive(bomb).problems
    assert (problem.file, problem.line) == ("ratings.csv", 0)


def test_100_000_rows_are_read_and_one_more_is_refused():
    head, row = "rater,decision,agree\n", "r01,D01,yes\n"
    assert len(importing.parse_archive(zipped(files(agreement=head + row * 100_000))).of("agreement.csv")) == 100_000
    assert ("agreement.csv", 100_002, "") in problems_of(files(agreement=head + row * 100_001))


def test_at_most_fifty_problems_are_listed_and_the_rest_counted():
    parsed = importing.parse_archive(zipped(files(agreement="rater,decision,agree\n" + "r01,D01,perhaps\n" * 80)))
    assert len(parsed.problems) == 50
    assert parsed.more_problems == 80 + 79 - 50


@pytest.fixture
def facilitator(db):
    partnership = PartnershipFactory()
    return membership(partnership, "facilitator", None, employer="NSF", user__name="Freek")


@pytest.fixture
def browser_of(client, facilitator):
    client.force_login(facilitator.user)
    return client


def upload(client, facilitator, data: bytes):
    url = reverse("assessments:import", args=[facilitator.partnership.code])
    archive = io.BytesIO(data)
    archive.name = "assessment.zip"
    fields = {"title": "Imported", "phase": "baseline", "mode_wanted": "by_side", "archive": archive}
    return client.post(url, fields)


def bring_in(client, facilitator, checked: str):
    return client.post(reverse("assessments:import", args=[facilitator.partnership.code]), {"checked": checked})


def test_preview_then_bring_in(browser_of, facilitator):
    preview = upload(browser_of, facilitator, zipped(files()))
    assert preview.status_code == 200
    assert not Assessment.objects.exists()
    assert not Partner.objects.exists()
    response = bring_in(browser_of, facilitator, preview.context["checked"])
    assessment = Assessment.objects.get()
    assert response.url == assessment.get_absolute_url()
    assert (Rater.objects.count(), Rating.objects.count(), PrivateAgreement.objects.count()) == (9, 864, 108)
    assert AgreedLevel.objects.count() == 96
    assert Outcome.objects.filter(agree=False).count() == 7
    assert assessment.imported_by == facilitator.user
    assert set(Job.objects.pending().values_list("kind", flat=True)) == {"release", "agreed"}
    page = browser_of.get(assessment.get_absolute_url())
    assert "imported the private ratings and has therefore seen them" in page.content.decode()


def test_the_imported_example_gives_the_oracles(browser_of, facilitator):
    preview = upload(browser_of, facilitator, zipped(files()))
    bring_in(browser_of, facilitator, preview.context["checked"])
    assessment = Assessment.objects.get()
    scores = make_agreed_result(assessment).scores["assessment"]
    assert scores["gap"] == pytest.approx(1.983333, abs=1e-6)
    assert scores["balance"] == pytest.approx(38.75)
    assert make_release(assessment).data["assessment"]["answered"] == {"north": 2, "south": 5}


def test_brought_in_twice_is_one_assessment(browser_of, facilitator):
    checked = upload(browser_of, facilitator, zipped(files())).context["checked"]
    bring_in(browser_of, facilitator, checked)
    bring_in(browser_of, facilitator, checked)
    assert Assessment.objects.count() == 1
    assert Rating.objects.count() == 864


def test_a_broken_file_writes_nothing_and_the_good_one_does(browser_of, facilitator):
    broken = upload(browser_of, facilitator, zipped(files(agreed=row_more("agreed", "D01,NSF,3,"))))
    assert broken.status_code == 422
    assert "This line is the same as line 2" in broken.content.decode()
    assert not Partner.objects.exists()
    assert "checked" in upload(browser_of, facilitator, zipped(files())).context


def test_an_import_does_not_change_a_side_that_a_partner_declared(browser_of, facilitator):
    Partner.objects.create(
        partnership=facilitator.partnership, name="Fjord Aid", acronym="FjA", country="DK", side="other"
    )
    response = upload(browser_of, facilitator, zipped(files()))
    assert response.status_code == 422
    assert "declared a different side in this partnership" in response.content.decode()
    Partner.objects.update(side="north")
    assert upload(browser_of, facilitator, zipped(files())).status_code == 200


def test_a_zip_over_5_mb_is_refused(browser_of, facilitator, monkeypatch):
    data = zipped(files())
    monkeypatch.setattr(forms, "MOST_UPLOAD", len(data) - 1)
    refused = upload(browser_of, facilitator, data)
    assert (refused.status_code, "This file is larger than 5 MB." in refused.content.decode()) == (422, True)
    monkeypatch.setattr(forms, "MOST_UPLOAD", len(data))
    assert upload(browser_of, facilitator, data).status_code == 200


def test_a_checked_file_is_good_for_its_person_and_partnership_only(browser_of, facilitator):
    checked = upload(browser_of, facilitator, zipped(files())).context["checked"]
    colleague = membership(facilitator.partnership, "facilitator", None, user=UserFactory())
    elsewhere = membership(PartnershipFactory(), "facilitator", None, user=facilitator.user)
    browser_of.force_login(colleague.user)
    bring_in(browser_of, facilitator, checked)
    assert not Assessment.objects.exists()
    browser_of.force_login(facilitator.user)
    bring_in(browser_of, elsewhere, checked)
    assert not Assessment.objects.exists()
    bring_in(browser_of, facilitator, checked)
    assert Assessment.objects.count() == 1


def test_half_way_nothing_is_left(facilitator, monkeypatch):
    from assessments.importing import writing

    parsed = importing.parse_archive(zipped(files()))
    arguments = {"code": "abcdefgh1234", "title": "Half", "phase": "baseline"}

    def fail(*_args):
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(writing, "_session", fail)
        with pytest.raises(RuntimeError):
            importing.import_assessment(facilitator.partnership, facilitator.user, parsed, **arguments)
    assert not Assessment.objects.exists()
    assert not Partner.objects.exists()
    assert importing.import_assessment(facilitator.partnership, facilitator.user, parsed, **arguments).stage == "joint"
