"""What people wrote into the database."""

import re
from collections.abc import Iterator

from django.apps import apps
from django.db import models


def stored_lines() -> set[str]:
    """Return each line of each text in any row."""
    found: set[str] = set()
    for model in apps.get_models():
        fields = [field for field in model._meta.fields if is_written(field)]
        for row in model._default_manager.values_list(*(field.attname for field in fields)) if fields else ():
            for value in row:
                found.update(strings(value))
    return {" ".join(line.split()) for text in found for line in (text, *text.splitlines())}


def is_written(field: models.Field) -> bool:
    """Say whether a column holds words: codes, keys and choices are never shown as they are."""
    return isinstance(field, models.CharField | models.TextField | models.JSONField) and not field.choices


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if not re.fullmatch(r"[a-z_]*", value):
            yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
