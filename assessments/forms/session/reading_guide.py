"""The facilitators' guess before the session, and the agenda with one row a line."""

from dataclasses import dataclass, field

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models.limits import LONGEST_GUESS
from assessments.services.session.agenda import KINDS, LONGEST, LONGEST_TEXT, SHORTEST
from partnerships.codes import whole


class GuessForm(forms.Form):
    """Two questions, in one's own words."""

    differs = forms.CharField(
        label=gettext_lazy("Where will the two sides differ most?"),
        max_length=LONGEST_GUESS,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_GUESS}),
    )
    decides = forms.CharField(
        label=gettext_lazy("Who decides most?"),
        max_length=LONGEST_GUESS,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_GUESS}),
    )


class TimeForm(forms.Form):
    """How long the session is."""

    minutes = forms.IntegerField(min_value=SHORTEST, max_value=LONGEST)


@dataclass
class SubmittedAgenda:
    """A submitted agenda: its lines in the chosen order, and its errors."""

    minutes: int
    lines: list[dict]
    seen: int
    errors: list[str] = field(default_factory=list)


def parse_agenda(post: QueryDict, decisions: set[int], usual: int) -> SubmittedAgenda:
    """Parse the rows of an agenda. `row` names the kind of each, such as "decision:3"."""
    placed_rows = [_row(post, place, spec, decisions) for place, spec in enumerate(post.getlist("row")[:150])]
    rows = sorted((row for row in placed_rows if row), key=lambda row: row[0])
    time, seen = TimeForm(post), post.get("version", "")
    errors = []
    if not time.is_valid():
        sentence = _("Enter a session length of %(least)d to %(most)d minutes.")
        errors.append(sentence % {"least": SHORTEST, "most": LONGEST})
    return SubmittedAgenda(
        time.cleaned_data.get("minutes", usual),
        [line for _place, line in rows],
        whole(seen) or 0,
        errors,
    )


def _row(post: QueryDict, place: int, spec: str, decisions: set[int]) -> tuple[tuple[int, int], dict] | None:
    kind, _colon, number = spec.partition(":")
    decision = whole(number)
    text = " ".join(post.get(f"text-{place}", "").split())[:LONGEST_TEXT] if kind == "own" else ""
    if kind not in KINDS or (kind == "decision") != (decision in decisions) or (kind == "own" and not text):
        return None
    minutes, wanted = post.get(f"minutes-{place}", ""), post.get(f"place-{place}", "")
    line = {
        "kind": kind,
        "minutes": min(whole(minutes) or 0, LONGEST),
        "decision": decision,
        "text": text,
    }
    return (int(wanted[:4]) if wanted[:4].isdecimal() else place + 1, place), line
