"""Nothing of anybody is in the log: not when all goes well, not when it goes wrong, in the web server or a worker.

What real processes write is in tests/operations/test_logs_and_metrics.py; here the main acts are done with marks in
them, and every line is made as the site makes it.
"""

import io
import logging
from smtplib import SMTPRecipientsRefused

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.log import log_response

from assessments.tasks import sweep
from community.tasks import send_digests
from partnerships import services
from partnerships.models import Role, User
from partnerships.tasks import send_notifications
from powertool import logs
from powertool.privacy import erasure
from tests.assessments import making
from tests.factories import PASSWORD, UserFactory, membership

pytestmark = pytest.mark.django_db
NAME, EMAIL, WORDS = "Zaïra Quimby", "zaira.quimby@example.org", "the budget was quimbied"


@pytest.fixture(params=["json", "line"])
def written(request):
    """Every line of the root logger, as the site formats it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Json() if request.param == "json" else logs.Line())
    handler.addFilter(logs.HideConcernVisits())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


class Refusing(BaseEmailBackend):
    """A mail server that quotes the address, as they do."""

    def send_messages(self, messages):
        raise SMTPRecipientsRefused({to: (550, b"no such user") for message in messages for to in message.to})


def test_what_people_do_leaves_no_trace_of_them_in_the_log(cast, client, written, settings):
    secrets = [NAME, "quimb", EMAIL, WORDS]
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    user = UserFactory(name=NAME, email=EMAIL)
    user.set_password(PASSWORD)
    user.save()
    own = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["n2"], user=user)
    anonymous = Client(raise_request_exception=False)
    for data in ({"login": EMAIL, "password": "wrong-quimby"}, {"login": EMAIL, "password": PASSWORD}):
        anonymous.post(reverse("account_login"), data)
    anonymous.post(reverse("account_signup"), {"email": EMAIL, "password1": "quimby-quimby-1", "name": NAME})
    anonymous.post(reverse("account_reset_password"), {"email": EMAIL})
    anonymous.post(reverse("partnerships:join"), {"code": "quimbcode"})
    anonymous.post(reverse("partnerships:resume"), {"code": "quimb-quimb-quimb"})
    anonymous.get("/i/quimbcode")
    anonymous.get("/nowhere/quimby/?name=quimby")
    # by a link, with a name, as guest
    invited = services.invite(cast.membership(cast.north_facilitator), "link", Role.OBSERVER)
    anonymous.post(reverse("partnerships:invitation", args=[invited.code]), {"name": NAME, "employer": "Quimby & Co"})
    services.invite(cast.membership(cast.north_facilitator), "email", Role.OBSERVER, email=EMAIL)
    assessment = making.rating(cast)
    secrets += [invited.code, own.code, assessment.code]
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    making.answer_all(assessment, own)
    client.post(reverse("assessments:rate-decision", args=[assessment.code, 1]), {"reason": WORDS, "level-1": "4"})
    person = making.trust(cast, assessment, NAME, "q@quimb.example")
    client.post(reverse("assessments:concern", args=[assessment.code]), {"text": WORDS, "person": person.mark})
    anonymous.get(reverse("assessments:concern-read", args=[person.to_mail]))
    anonymous.get(reverse("assessments:concern-read", args=["quimbquimbquimb"]))
    for code in ("quimb", "0" * 20):
        anonymous.post(reverse("assessments:concern-answer"), {"code": code})
    secrets += [person.to_mail]
    client.get(reverse("community:search"), {"q": WORDS})
    client.post(reverse("assessments:rate-decision", args=[assessment.code, 99]), {"reason": WORDS})
    for task in (send_notifications, send_digests, sweep):
        task()
    client.post(reverse("erase-me"), {"name": "quimby"})
    erasure._send(erasure._goodbye(user, erasure.BY_HERSELF))
    text = written.getvalue()
    assert "A mail did not go out" in text  # the log was heard
    assert "SMTPRecipientsRefused" in text
    assert "concern" not in text.lower()  # nor that one was raised, or that somebody tried a link
    assert "POST unknown" not in text
    assert text.count("GET unknown") == 2  # of the page that is nowhere: its line, and that it was not found
    assert [secret for secret in secrets if secret.lower() in text.lower()] == []


def test_the_log_names_a_status_as_the_api_does(written, rf):
    log_response("", request=rf.get("/"), response=HttpResponse(status=422))
    assert "Unprocessable Content: GET" in written.getvalue()


def test_an_error_that_quotes_a_row_is_logged_without_its_words(db, written):
    UserFactory(email=EMAIL)
    try:
        with transaction.atomic():
            User.objects.create_user(EMAIL, name=NAME)
    except IntegrityError:
        logging.getLogger("powertool").exception("It did not work")
    assert "IntegrityError" in written.getvalue()
    assert "quimby" not in written.getvalue()
