"""Partnerships that contribute to the evidence base, made by the thousand: closed, agreed to, confirmed to be real."""

import itertools
from collections import defaultdict

from django.utils import timezone

from assessments.models import AgreedResult, Assessment, Decision, EvidenceConsent, Participant, Release, Stage
from community.models import RealPartnership, RealState
from partnerships.models import Membership, Partner, Partnership, Role, Side, User

NUMBER = itertools.count()
SIDES = {"n1": Side.NORTH, "s1": Side.SOUTH}


def contribute(
    n: int, levels=(4, 1), topics=("agenda", "risk"), phase="baseline", seen=(1.5, 0.5), facts=None
) -> list[Assessment]:
    """Return n closed assessments of n new partnerships (one Northern and one Southern partner), all contributed.

    `facts` are Southern shares of amounts; they are contributed as well.
    """
    start = next(NUMBER)
    homes = Partnership.objects.bulk_create(Partnership(name=f"Real {start}-{place}") for place in range(n))
    user, _new = User.objects.get_or_create(name="Rita Representative", email="rita@example.org")
    RealPartnership.objects.bulk_create(
        RealPartnership(partnership=home, about="known", state=RealState.CONFIRMED, decided_at=timezone.now())
        for home in homes
    )
    made = Assessment.objects.bulk_create(
        Assessment(partnership=home, title="How we decide", phase=phase, stage=Stage.CLOSED, closed_at=timezone.now())
        for home in homes
    )
    Decision.objects.bulk_create(
        Decision(assessment=one, number=number, wording="A decision", original="A decision", topic=topic)
        for one in made
        for number, topic in enumerate(topics, 1)
    )
    partners = Partner.objects.bulk_create(
        Partner(partnership=home, name=name, acronym=name, country="KE", side=side)
        for home in homes
        for name, side in SIDES.items()
    )
    agree(made, partners, user, True if facts else None)
    AgreedResult.objects.bulk_create(
        AgreedResult(
            assessment=one,
            version=1,
            final=True,
            scores=scores(levels, len(topics)) | ({"facts": {"shares": shares(facts)}} if facts else {}),
            method_version="2.0",
            input_digest="x",
        )
        for one in made
    )
    Release.objects.bulk_create(
        Release(
            assessment=one,
            mode="by_side",
            data={"assessment": {"north": seen[0], "south": seen[1]}},
            method_version="2.0",
            input_digest="x",
        )
        for one in made
    )
    return made


def agree(made: list[Assessment], partners: list[Partner], user: User, facts: bool | None) -> None:
    """Give each assessment the partners of its partnership, and each of them a yes, said by one user for all."""
    homes = {one.partnership_id: one for one in made}
    numbers: dict[int, itertools.count] = defaultdict(itertools.count)
    participants = Participant.objects.bulk_create(
        Participant(
            assessment=homes[partner.partnership_id],
            partner=partner,
            number=1 + next(numbers[partner.partnership_id]),
            name=partner.name,
            acronym=partner.acronym,
            side=partner.side,
            kind="other",
        )
        for partner in partners
    )
    # In one partnership a person represents one organisation only: the other memberships have ended.
    memberships = Membership.objects.bulk_create(
        Membership(
            partnership_id=partner.partnership_id,
            user=user,
            role=Role.REPRESENTATIVE,
            partner=partner,
            admitted_at=timezone.now(),
            voided_at=timezone.now(),
        )
        for partner in partners
    )
    EvidenceConsent.objects.bulk_create(
        EvidenceConsent(participant=participant, membership=membership, agreed=True, facts=facts)
        for participant, membership in zip(participants, memberships, strict=True)
    )


def scores(levels: tuple[int, int], decisions: int) -> dict:
    """Return what scoring leaves of a session in which both sides have one level throughout."""
    north, south = levels
    return {
        "decisions": [
            {"decision": number, "north": float(north), "south": float(south), "gap": float(north - south)}
            for number in range(1, decisions + 1)
        ],
        "cells": [
            {"decision": number, "partner": partner, "state": "level", "actual": level, "desired": None}
            for number in range(1, decisions + 1)
            for partner, level in ((1, north), (2, south))
        ],
    }


def shares(south: dict[str, float]) -> list[dict]:
    """Return what an agreed result keeps of facts that both partners answered."""
    return [
        {"fact": fact, "kind": "amount", "north": 1 - share, "south": share, "other": 0.0, "n": 2, "missing": 0}
        for fact, share in south.items()
    ]


def revoke(assessment: Assessment, agreed: bool = False) -> None:
    row = EvidenceConsent.objects.filter(participant__assessment=assessment).earliest("pk")
    row.agreed = agreed
    row.save()
