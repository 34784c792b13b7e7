"""After the server's secret was replaced, what people hold still counts as long as the former one is listed."""

from uuid import uuid4

import pytest

from assessments.services.rating.fieldwork import FormState
from assessments.services.safeguards import concern
from partnerships.services import guests, tokens
from tests.assessments.fieldworking import row
from tests.assessments.making import rating
from tests.assessments.test_fieldwork import bring_in, states

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["listed", "forgotten"])
def rotate(request, settings):
    """Return what replaces the secret; the former one stays listed, or is forgotten. It tells which."""

    def replace() -> bool:
        former, settings.SECRET_KEY = settings.SECRET_KEY, "another secret of this site " * 3
        settings.SECRET_KEY_FALLBACKS = [former] if request.param == "listed" else []
        return request.param == "listed"

    return replace


def test_a_resume_code_survives(rotate):
    code = guests.new_resume_code()
    guest = guests.make_guest("Guest Gathoni", code)
    listed = rotate()
    assert guests.GuestKey.objects.filter(digest__in=guests.digests(code), user=guest).exists() is listed


def test_a_token_for_programs_survives(cast, rotate):
    secret = tokens.make(cast.observer, "mine", 30, uuid4())
    listed = rotate()
    assert bool(tokens.find(secret)) is listed


def test_the_code_of_a_concern_survives(rotate):
    kept = concern.code_digest("a code")
    listed = rotate()
    assert (kept in concern.code_digests("a code")) is listed


def test_an_answer_code_on_paper_survives(cast, rotate):
    assessment = rating(cast)
    form = row(assessment, cast.membership(cast.south_representative), {(1, 1): "3"})
    assert bring_in(cast, assessment, form) == {FormState.NEW: 1}
    listed = rotate()
    assert states(assessment, form) == [FormState.SAME if listed else FormState.FOREIGN]
