"""A paper, its recommendation, and a consent round about it."""

import pytest

from tests.community.papermaking import call, make_paper, make_recommendation, someone


@pytest.fixture
def wanda(db):
    return someone("Wanda Writer")


@pytest.fixture
def paper(wanda):
    return make_paper(wanda)


@pytest.fixture
def ask(paper, wanda):
    return make_recommendation(paper, wanda)


@pytest.fixture
def asked(paper, ask, wanda):
    return call(paper, ask, by=wanda)
