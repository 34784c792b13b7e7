"""Released numbers → Plotly figures (METHOD §5). No ORM: takes JSON-ready results and the names that go with them."""


def release_figures(data: dict, names: dict) -> dict:
    """Return the figures of a release, by chart."""
    return {}


def agreed_figures(scores: dict, names: dict) -> dict:
    """Return the figures of the agreed levels, by chart."""
    return {}
