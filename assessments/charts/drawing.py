"""A figure as Plotly's scripts read it: plain data. The tests let Plotly's own library check every property."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.shapes import Figure

Properties = dict[str, Any]


@dataclass
class Drawing:
    """What is drawn, and how it is laid out."""

    data: list[Properties] = field(default_factory=list)
    layout: Properties = field(default_factory=dict)

    def add_scatter(self, **trace: Any) -> None:
        self.data.append({"type": "scatter", **trace})

    def add_bar(self, **trace: Any) -> None:
        self.data.append({"type": "bar", **trace})

    def add_annotation(self, **annotation: Any) -> None:
        self.layout.setdefault("annotations", []).append(annotation)

    def add_shape(self, **shape: Any) -> None:
        self.layout.setdefault("shapes", []).append(shape)

    def lay_out(self, **properties: Any) -> None:
        self.layout.update(properties)

    def for_json(self) -> Figure:
        """Return lists and strings only: tuples and translatable texts have no place in JSON."""
        return {"data": plain(self.data), "layout": plain(self.layout)}


def plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)
