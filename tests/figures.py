"""What Plotly's own library says of a figure that we write as plain data."""

from typing import Any

import plotly.graph_objects as go


def as_plotly_writes(figure: dict[str, Any]) -> dict[str, Any]:
    """Return the figure as Plotly's library writes it; it raises at a property or a value that Plotly does not know."""
    layout = figure["layout"]
    written: dict[str, Any] = go.Figure(data=figure["data"], layout=layout | {"template": None}).to_plotly_json()
    written["layout"].pop("template", None)
    return plain(written)


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value
