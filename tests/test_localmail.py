"""The pages of the mail that a local trial would have sent."""

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path
    return tmp_path


def send(subject: str, text: str) -> None:
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend")
    mail = EmailMultiAlternatives(subject, text, "site@example.org", ["ama@example.org"], connection=connection)
    mail.attach_alternative("<p>as HTML</p>", "text/html")
    mail.send()


def test_every_link_of_a_mail_can_be_followed(client):
    send("Zugang für Ama", "Guten Tag,\n\nhttp://localhost:8000/i/abc/?from=mail&to=you\n\n— bis bald")
    listed = client.get("/mail/")
    assert "Zugang für Ama" in listed.content.decode()
    shown = client.get(listed.content.decode().split('href="/mail/')[1].split('"')[0].join(["/mail/", ""]))
    text = shown.content.decode()
    assert '<a href="http://localhost:8000/i/abc/?from=mail&amp;to=you"' in text
    assert "ama@example.org" in text
    assert "— bis bald" in text


def test_markup_in_a_mail_stays_text(client):
    send("<b>Bold</b>", "<script>alert(1)</script>")
    listed = client.get("/mail/").content.decode()
    assert "&lt;b&gt;Bold" in listed
    assert "<b>Bold" not in listed


def test_empty_folder_says_so(client):
    assert "There are no e-mails yet" in client.get("/mail/").content.decode()


def test_mail_that_is_not_there_is_not_found(client, folder):
    send("One", "text")
    name = next(folder.glob("*.log")).stem
    assert client.get(f"/mail/{name}/0/").status_code == 200
    assert client.get(f"/mail/{name}/1/").status_code == 404
    assert client.get("/mail/secret_key/0/").status_code == 404
