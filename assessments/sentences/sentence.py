"""A sentence and its named case."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from partnerships.locales import isolated

Text = str | Promise


@dataclass(frozen=True)
class Sentence:
    """A sentence and the case it comes from."""

    case: str
    text: str

    def __str__(self) -> str:
        return self.text


def sentence_of(table: dict[str, Any], case: str, values: dict[str, Any], count: int | None = None) -> Sentence:
    """Return the sentence of a case, with its values."""
    text = table[case]
    if count is not None:
        values = {**values, "count": count}
    values = {name: isolated(value) if isinstance(value, str) else value for name, value in values.items()}
    return Sentence(case, str(text % values))
