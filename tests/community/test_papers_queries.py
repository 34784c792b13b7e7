"""The number of queries of papers does not grow with their rows: pinned at 10 and at 1,000 items."""

import pytest
from django.urls import reverse
from django.utils import timezone

from community.models import Choice, Comment, ConsentAnswer, Finding, Measure, PolicyPaper, Recommendation, RoundText
from community.models.papers.papers import Basis
from partnerships.models import Side, User
from tests.assessments.making import past_triggers
from tests.community.papermaking import call, closed, leader, make_paper, make_recommendation, make_section
from tests.community.test_queries import counted
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def fill(ask: Recommendation, text: RoundText, n: int) -> None:
    """Make n papers; and of one recommendation n findings and measures, objections and comments."""
    users = UserFactory.build_batch(n)
    for user in users:
        user.password = "!"
    users = User.objects.bulk_create(users)
    shared = {"group": ask.group, "side": Side.SOUTH, "state": "published", "published_at": timezone.now()}
    for number, author in enumerate(users):
        PolicyPaper.objects.create(kind="paper", author=author, title=f"Paper {number}", plain="words", **shared)
        kind = Finding if number % 2 else Measure
        ground = kind.objects.create(kind=kind.__name__.lower(), author=author, title=f"Ground {number}", **shared)
        Basis.objects.create(recommendation=ask, item=ground, by=author)
        for on in (ask, ask.paper):
            Comment.objects.create(kind="comment", author=author, text="@lena-lead", whole=ask.paper, on=on, **shared)
    with past_triggers():
        ConsentAnswer.objects.bulk_create(
            ConsentAnswer(text=text, by=user, side=Side.SOUTH, choice=Choice.OBJECTION, reason="No.", proposal="So.")
            for user in users
        )


def test_queries_do_not_grow(client):
    leads = leader()
    paper = make_paper(leads)
    make_section(paper, leads)
    ask = make_recommendation(paper, leads)
    asked = closed(call(paper, ask, by=leads))
    client.force_login(leads.user)
    pages = {
        "papers": reverse("community:papers") + "?q=words",
        "paper": paper.get_absolute_url(),
        "recommendation": ask.get_absolute_url(),
        "round": asked.get_absolute_url(),
        "grounds": reverse("community:grounds", args=[ask.code]),
        "history": reverse("community:history", args=[ask.code]),
    }
    fill(ask, asked.texts.get(), 10)
    few = counted(client, pages)
    fill(ask, asked.texts.get(), 990)
    many = counted(client, pages)
    assert many == few
    assert max(many.values()) <= 28, many
