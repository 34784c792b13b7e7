"""Texts of the demo, as data beside this file."""

import tomllib
from pathlib import Path
from typing import Any


def read_texts(name: str) -> dict[str, Any]:
    """Return the texts of one TOML file, without the line ends that frame long strings."""
    return _trimmed(tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8")))


def _trimmed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _trimmed(inner) for key, inner in value.items()}
    return value.strip("\n") if isinstance(value, str) else value
