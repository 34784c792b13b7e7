"""Every field of every model is in the inventory, either about a person, with what holds for it, or about nobody."""

from collections import Counter

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.utils import translation

from partnerships.models import Membership
from partnerships.privacy import Erasure, PersonalField, Reader, Until, listed_fields
from powertool.privacy import personal_data, words


def fields_of(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.local_concrete_fields]


def every_model() -> dict[str, type[models.Model]]:
    return {model._meta.label: model for model in apps.get_models(include_auto_created=True)}


def differences(kept: list[PersonalField], others: dict[str, str]) -> dict[str, set[str]]:
    """Return per model the fields that are listed and not there, there and not listed, or listed as both."""
    listed, found = listed_fields(kept, others), every_model()
    wrong = {
        label: {name for name, n in Counter([*set(listed.get(label, [])), *fields_of(found[label])]).items() if n != 2}
        if label in found
        else {"the model went"}
        for label in set(listed) | set(found)
    }
    for label, names in others.items():
        both = set(names.split()) & {name for one in kept if one.model == label for name in one.fields.split()}
        wrong[label] = wrong.get(label, set()) | both
    return {label: names for label, names in wrong.items() if names}


def test_every_field_is_listed_once_and_no_other():
    wrong = differences(personal_data.KEPT, personal_data.OTHERS)
    assert wrong == {}, "list it in inventory.py of its app, then: manage.py privacy > docs/privacy.md"


@pytest.mark.parametrize(
    ("others", "wrong"),
    [
        ({"partnerships.Membership": ""}, {"partnerships.Membership": {"id"}}),
        ({"partnerships.Membership": "id gone"}, {"partnerships.Membership": {"gone"}}),
        ({"partnerships.Membership": "id role"}, {"partnerships.Membership": {"role"}}),
        ({"partnerships.Gone": "id"}, {"partnerships.Gone": {"the model went"}}),
    ],
)
def test_a_field_that_is_missing_gone_or_listed_as_both_is_seen(others, wrong):
    assert wrong.items() <= differences(personal_data.KEPT, personal_data.OTHERS | others).items()


def test_what_points_to_a_person_is_about_a_person():
    people = (get_user_model(), Membership)
    for label, names in personal_data.OTHERS.items():
        fields = {field.name: field for field in every_model()[label]._meta.local_concrete_fields}
        assert not [name for name in names.split() if fields[name].related_model in people], label


@pytest.mark.parametrize("kept", personal_data.KEPT, ids=lambda kept: f"{kept.model}:{kept.fields[:20]}")
def test_a_row_fits_its_model(kept):
    known = {field.name for field in kept.model_class()._meta.concrete_fields}
    assert set(kept.shows.split()) | set(kept.hides.split()) <= known
    assert kept.what
    assert kept.reader in Reader
    if kept.path and kept.path != "pk":
        assert end_of(kept) is get_user_model()


def end_of(kept: PersonalField) -> type[models.Model] | None:
    model: type[models.Model] | None = kept.model_class()
    for name in kept.path.split("__"):
        model = model._meta.get_field(name).related_model if model else None
    return model


@pytest.mark.parametrize(
    "kept",
    [kept for kept in personal_data.KEPT if kept.path and kept.path != "pk"],
    ids=lambda kept: f"{kept.model}:{kept.fields[:20]}",
)
def test_what_the_list_says_of_erasure_is_what_the_database_does(kept):
    """Down the path each link deletes; only the last step of what stays unnamed loses its name instead."""
    model, deletes = kept.model_class(), []
    for name in kept.path.split("__"):
        field = model._meta.get_field(name)
        deletes.append(field.remote_field.on_delete is models.CASCADE)
        model = field.related_model
    assert deletes[1:] == [True] * len(deletes[1:])
    deleted_by_hand = {"community.GroupInvitation", "partnerships.Invitation"}
    assert deletes[0] is (kept.erasure == Erasure.DELETED) or kept.model in deleted_by_hand


def test_every_period_is_a_setting():
    periods = {until.value for until in Until if "%(days)s" in str(until.label)}
    assert periods == set(settings.RETENTION)
    assert all(days > 0 for days in settings.RETENTION.values())


def test_the_table_in_the_docs_is_drawn_from_the_inventory():
    with translation.override("en"):
        told = words.markdown()
    assert (settings.BASE_DIR / "docs" / "privacy.md").read_text() == told, "run: manage.py privacy > docs/privacy.md"
