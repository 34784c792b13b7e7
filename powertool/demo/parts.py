"""What the demo's partnerships are put together from."""

import io
import uuid
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from assessments.models import Assessment, Decision, Matter, Participant
from assessments.services.rating import private_answers
from assessments.services.safeguards import side_words
from partnerships.access import member_roles_of
from partnerships.models import Kind, Membership, Partner, Partnership, Role, User
from partnerships.services.partners import PartnerData
from partnerships.services.start import lay_partners

PASSWORD = "shift-the-power"  # noqa: S105 (printed for everyone; the command refuses to run on a public site)

HERE = Path(__file__).parent
KINDS = {
    "NSF": Kind.INGO,
    "FjA": Kind.INGO,
    "RVWN": Kind.NETWORK,
    "LBYA": Kind.COMMUNITY,
    "CSD": Kind.NATIONAL,
    "RAD": Kind.NETWORK,
    "CHC": Kind.COMMUNITY,
    "SFGO": Kind.DONOR,
}
TOPICS = {
    "D01": "fundraising",
    "D02": "theory-of-change",
    "D03": "money-countries",
    "D04": "money-partners",
    "D05": "partner-selection",
    "D06": "monitoring",
    "D07": "implementation",
    "D08": "communication",
    "D09": "risk",
    "D10": "staffing",
    "D11": "risk",
    "D12": "money-partners",
}


def archive(folder: str) -> bytes:
    """Return one folder of files as the archive that an import reads."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted((HERE / folder).glob("*.csv")):
            archive.write(path, path.name)
    return buffer.getvalue()


def person(email: str, name: str, password: str = "") -> User:
    """Return somebody with an account; without a password nobody can sign in as her."""
    user = User.objects.create(email=email, name=name, password=make_password(password or None))
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def partnership(by: User, name: str, context: str, countries: list[str], partners: list[PartnerData]) -> Partnership:
    made = Partnership.objects.create(name=name, context=context, countries=countries, created_by=by, is_demo=True)
    lay_partners(made, partners)
    return made


def membership(partnership: Partnership, user: User, role: str, acronym: str) -> Membership:
    """Return a confirmed membership; whoever represents a partner has confirmed its side."""
    now = timezone.now()
    partner = partnership.partners.get(acronym=acronym)
    if role == Role.REPRESENTATIVE:
        Partner.objects.filter(pk=partner.pk).update(side_confirmed_by=user, side_confirmed_at=now)
    return Membership.objects.create(
        partnership=partnership, user=user, role=role, partner=partner, admitted_at=now, confirmed_at=now
    )


def spread(assessment: Assessment, closed_at: datetime) -> None:
    """Spread the moments of an assessment over the five weeks before it closed."""
    opened = closed_at - timedelta(days=20)
    dates = {"created_at": closed_at - timedelta(days=35), "opened_at": opened, "closed_at": closed_at}
    Assessment.objects.filter(pk=assessment.pk).update(readback_at=closed_at, **dates)


def close_rating(assessment: Assessment, *speakers: User) -> Assessment:
    """Close the private ratings today, by the words of these people, each for the own side."""
    Assessment.objects.filter(pk=assessment.pk).update(rating_due=timezone.localdate())
    for user in speakers:
        member = member_roles_of(user, assessment.partnership)
        partner = member.any.partner
        assessment = side_words.give(assessment, member, Matter.CLOSE_RATING, partner.side if partner else "")
    return assessment


def leaning(lean: int) -> Callable[[int, Participant], int]:
    """Return how somebody sees levels who leans this way: the North decides, and where it is odd even more so."""
    return lambda number, one: min(4, 3 + lean % 2) if one.side == "north" else (number + lean) % 3


def answer(
    assessment: Assessment,
    membership: Membership,
    lean: int,
    over: Iterable[Decision],
    hand_in: bool = True,
    sees: Callable[[int, Participant], int] | None = None,
) -> None:
    """Answer decisions as somebody who leans this way, or `sees` the levels so; without the tick."""
    sees = sees or leaning(lean)
    for decision in over:
        for participant in assessment.participants.all():
            level = sees(decision.number or 0, participant)
            private_answers.save_level(assessment, membership, decision.number or 0, participant.number, level, _now())
        private_answers.save_agreement(assessment, membership, decision.number or 0, lean == 0, _now())
    if hand_in:
        private_answers.hand_in(assessment, membership, show_small_side=False)


def _now() -> private_answers.Mutation:
    return private_answers.Mutation(uuid.uuid4(), 0, timezone.now())
