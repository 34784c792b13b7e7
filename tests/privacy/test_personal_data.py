"""Every field of every model is decided about: it is about a person, with what holds for it, or about no person."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.utils import translation

from assessments.models.private import Rating
from partnerships.models import Partner, Partnership
from partnerships.privacy import Erasure, PersonalField, Reader, Until, is_impersonal
from powertool.privacy import register
from powertool.privacy.personal_data import IMPERSONAL_FIELDS, PERSONAL_FIELDS, wrong_fields


def test_every_field_is_decided_about_once():
    wrong = wrong_fields(PERSONAL_FIELDS, IMPERSONAL_FIELDS)
    assert wrong == set(), "list it in its app's personal_data.py, then: manage.py privacy > docs/privacy.md"


@pytest.mark.parametrize(
    ("names", "wrong"),
    [
        ("name context countries north_label south_label", {"partnerships.Partnership.other_label"}),
        ("name context countries north_label south_label other_label gone", {"partnerships.Partnership.gone"}),
        ("name context countries north_label south_label other_label is_demo", {"partnerships.Partnership.is_demo"}),
        ("name context countries north_label south_label other_label name", {"partnerships.Partnership.name"}),
    ],
    ids=["undecided", "gone", "needless", "twice"],
)
def test_a_field_that_the_lists_get_wrong_is_named(names, wrong):
    assert wrong_fields(PERSONAL_FIELDS, IMPERSONAL_FIELDS | {"partnerships.Partnership": names}) == wrong


@pytest.mark.parametrize(
    ("model", "name", "expected"),
    [
        (Partner, "id", True),
        (Partner, "code", True),
        (Partner, "position", True),
        (Partner, "kind", True),
        (Partner, "partnership", True),
        (Partner, "name", False),  # a text
        (Partnership, "created_by", False),  # a link to a person
        (Rating, "level", False),  # a number of a row that is deleted with a person
        (Rating, "id", True),
    ],
)
def test_the_kind_of_a_field_decides_or_leaves_it_open(model, name, expected):
    assert is_impersonal(model._meta.get_field(name)) is expected


@pytest.mark.parametrize("entry", PERSONAL_FIELDS, ids=lambda entry: f"{entry.model}:{entry.fields[:20]}")
def test_an_entry_fits_its_model(entry):
    known = {field.name for field in entry.model_class()._meta.concrete_fields}
    assert set(entry.export.split()) | set(entry.withheld.split()) <= known
    assert entry.what
    assert entry.reader in Reader
    if entry.path and entry.path != "pk":
        assert end_of(entry) is get_user_model()


def end_of(entry: PersonalField) -> type[models.Model] | None:
    model: type[models.Model] | None = entry.model_class()
    for name in entry.path.split("__"):
        model = model._meta.get_field(name).related_model if model else None
    return model


@pytest.mark.parametrize(
    "entry",
    [entry for entry in PERSONAL_FIELDS if entry.path and entry.path != "pk"],
    ids=lambda entry: f"{entry.model}:{entry.fields[:20]}",
)
def test_what_the_list_says_of_erasure_is_what_the_database_does(entry):
    """Down the path each link deletes; only the last step of what stays unnamed loses its name instead."""
    model, deletes = entry.model_class(), []
    for name in entry.path.split("__"):
        field = model._meta.get_field(name)
        deletes.append(field.remote_field.on_delete is models.CASCADE)
        model = field.related_model
    assert deletes[1:] == [True] * len(deletes[1:])
    deleted_by_hand = {"community.GroupInvitation", "partnerships.Invitation"}
    assert deletes[0] is (entry.erasure == Erasure.DELETED) or entry.model in deleted_by_hand


def test_every_period_is_a_setting():
    periods = {until.value for until in Until if "%(days)s" in str(until.label)}
    assert periods == set(settings.RETENTION)
    assert all(days > 0 for days in settings.RETENTION.values())


def test_the_table_in_the_docs_is_made_from_the_register():
    with translation.override("en"):
        markdown = register.markdown()
    assert (settings.BASE_DIR / "docs" / "privacy.md").read_text() == markdown, (
        "run: manage.py privacy > docs/privacy.md"
    )
