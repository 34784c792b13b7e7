"""Tells how many statements a request took, where it is asked for by a header; others pass untouched."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

ASKED, TOLD = "X-Bench-Count", "X-Bench-Statements"


class CountsStatements:
    """Count what is sent to the database, savepoints included, until the response is made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if ASKED not in request.headers:
            return self.get_response(request)
        sent: list[str] = []

        def counted(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
            sent.append(sql)
            return execute(sql, *args)

        with connection.execute_wrapper(counted):
            response = self.get_response(request)
        response[TOLD] = str(len(sent))
        return response
