"""Search in a person's own partnerships: names, titles, decisions and actions; no answer, reason or level.

One statement asks for all kinds. Through the ORM each kind took two, which was half of what a search took.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.urls import reverse
from django.utils.translation import get_language
from psycopg2 import sql

from partnerships.models import Partnership, User
from partnerships.search_words import DICTIONARIES, SIMPLE, Search

# Private characters around the words that were found; a page turns them into marks after escaping the rest.
START, STOP = "\ue000", "\ue001"
OPTIONS = f"StartSel={START}, StopSel={STOP}, HighlightAll=true"
NEWEST = 200  # rows of a kind that are put in order: of very many with the words, the newest


class Found(NamedTuple):
    """A search result: its title with `START` and `STOP` around matches, where it belongs, and its URL."""

    kind: str
    title: str
    place: str
    url: str


class Kind(NamedTuple):
    """How rows of one kind are found in some partnerships (`homes`), and the page that they lead to."""

    page: str
    columns: str  # title, place, and the codes of the page's address
    source: str
    vector: str = "found.search"


KINDS = {
    "partnership": Kind(
        "partnerships:workspace",
        "found.name, found.context, ARRAY[found.code]",
        "partnerships_partnership found WHERE found.id = ANY(%(homes)s)",
        "partnerships_search_words(found.name || ' ' || found.context)",
    ),
    "assessment": Kind(
        "assessments:overview",
        "found.title, home.name, ARRAY[found.code]",
        """assessments_assessment found JOIN partnerships_partnership home ON home.id = found.partnership_id
            WHERE found.partnership_id = ANY(%(homes)s)""",
    ),
    "decision": Kind(  # as they are worded now; merged ones and those left out are not on the table
        "assessments:decisions",
        "found.wording, home.title, ARRAY[home.code]",
        """assessments_decision found JOIN assessments_assessment home ON home.id = found.assessment_id
            WHERE home.partnership_id = ANY(%(homes)s) AND NOT found.left_out AND found.merged_into_id IS NULL""",
    ),
    "action": Kind(
        "assessments:action",
        "found.text, home.title, ARRAY[home.code, found.code]",
        """assessments_action found JOIN assessments_assessment home ON home.id = found.assessment_id
            WHERE home.partnership_id = ANY(%(homes)s)""",
    ),
}
BEST = """(
    SELECT '{kind}' AS kind, * FROM (
        SELECT {columns}, ts_rank({vector}, %(typed)s::tsquery) AS rank, found.id
        FROM {source} AND {vector} @@ %(query)s::tsquery
        ORDER BY found.id DESC LIMIT {newest}
    ) AS newest (title, place, codes, rank, id) ORDER BY rank DESC, id DESC LIMIT %(most)s
)"""
MARKED = """SELECT kind, ts_headline(%(config)s::regconfig, title, %(query)s::tsquery, %(options)s), place, codes
    FROM ({}) AS shown"""


def homes_of(user: User) -> list[int]:
    """Return the keys of the partnerships in which this person may search: rehearsals are left out."""
    return list(Partnership.objects.visible_to(user).real().order_by().values_list("pk", flat=True))


def find(homes: Sequence[int], search: Search, most: int, kinds: Collection[str]) -> list[Found]:
    """Return what matches in these partnerships: of each kind at most so many, best match first (one statement)."""
    wanted = [kind for kind in KINDS if kind in kinds]
    if not wanted:
        return []
    given: dict[str, Any] = {"homes": list(homes), "typed": search.typed, "query": search.query, "most": most}
    config = DICTIONARIES.get((get_language() or "en").split("-")[0], SIMPLE)
    with connection.cursor() as cursor:
        best = sql.SQL(" UNION ALL ").join(best_of(kind) for kind in wanted)
        cursor.execute(sql.SQL(MARKED).format(best), given | {"config": config, "options": OPTIONS})
        rows = cursor.fetchall()
    return [Found(kind, title, place, reverse(KINDS[kind].page, args=codes)) for kind, title, place, codes in rows]


def best_of(kind: str) -> sql.SQL:
    """Return the SQL that finds rows of one kind. Only the rows that are shown are marked."""
    return sql.SQL(BEST.format(kind=kind, newest=NEWEST, **KINDS[kind]._asdict()))
