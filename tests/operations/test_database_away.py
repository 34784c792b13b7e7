"""A database that goes away while somebody asks: an error that passes."""

import pytest
from django.db import connection
from django.test import Client


@pytest.mark.django_db(transaction=True)
def test_it_is_said_to_pass_and_the_next_request_is_answered():
    client = Client(raise_request_exception=False)
    assert client.get("/i/none").status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (own,) = cursor.fetchone()
    other = connection.get_new_connection(connection.get_connection_params())
    with other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [own])
    other.close()
    response = client.get("/i/none")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    connection.close()
    assert client.get("/i/none").status_code == 404
