"""Lays what visitors need on the database that the environment names, by this version of the code, and prints it.

`python -m tests.operations.laying` in the folder of a version; what is printed keeps its form from version to version:
`{"answering": [{"session", "membership", "path", "pages"}], "closing": [{"session", "path", "code", "pages"}]}`.
"""

import json
import os
import sys

import django

ANSWERING, CLOSING = 1, 3


def lay() -> dict[str, list[dict]]:
    """Lay assessments that are being answered, and others that their facilitators can close."""
    from django.urls import reverse

    from tests.assessments.making import answer_all, rating, says_yes
    from tests.factories import make_cast

    laid: dict[str, list[dict]] = {"answering": [], "closing": []}
    for _number in range(ANSWERING):
        cast = make_cast()
        assessment = rating(cast)
        for person in (cast.north_representative, cast.south_representative):
            pages = [assessment.get_absolute_url(), reverse("assessments:rate-decision", args=[assessment.code, 1])]
            path = reverse("assessments:rate-answer", args=[assessment.code])
            one = {
                "session": session_of(person),
                "membership": cast.membership(person).code,
                "path": path,
                "pages": pages,
            }
            laid["answering"].append(one)
    for _number in range(CLOSING):
        cast = make_cast()
        assessment = rating(cast)
        answer_all(assessment, cast.membership(cast.north_representative), tick=True)
        says_yes(assessment, "south")
        path = reverse("assessments:side-words", args=[assessment.code, "close_rating"])
        pages = [reverse(f"assessments:{name}", args=[assessment.code]) for name in ("session", "dashboard")]
        one = {"session": session_of(cast.north_facilitator), "path": path, "code": assessment.code, "pages": pages}
        laid["closing"].append(one)
    return laid


def session_of(person) -> str:
    """Sign somebody in, and return the key of the session."""
    from django.test import Client

    client = Client()
    client.force_login(person)
    return client.session.session_key or ""


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "powertool.settings")
    django.setup()
    sys.stdout.write(json.dumps(lay()))
