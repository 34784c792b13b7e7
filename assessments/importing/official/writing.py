"""Write what was read of the official web tool: each session whole or not at all, each once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.db import connection, models, transaction
from django.utils import timezone

from assessments.importing.official.records import OfficialDecision, Session
from assessments.models import (
    AgreedLevel,
    Assessment,
    Decision,
    ImportedRecord,
    Outcome,
    Participant,
    Phase,
    Remark,
    Stage,
)
from assessments.services.session import joint
from assessments.services.setup import opening
from partnerships.activity_log import record
from partnerships.models import Invitation, Partner, Partnership, Role
from partnerships.services.invitations import send_again

REHEARSAL = "Rehearsal"


@dataclass
class Imported:
    """What one session became: its partnership, its stage and the number of rows by kind."""

    partnership: Partnership
    stage: str
    counts: dict[str, int]


@transaction.atomic
def import_session(source: str, session: Session) -> Imported | None:
    """Write a session as a partnership with one assessment; None if this source has it already."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE assessments_importedrecord IN SHARE ROW EXCLUSIVE MODE")
    if ImportedRecord.objects.filter(source=source, model="patsession", key=session.key).exists():
        return None
    writer = _Writer(source, session)
    writer.write()
    return Imported(writer.partnership, writer.assessment.stage, writer.counts)


def send_invitations(source: str) -> int:
    """Send the invitations of a source that were never sent; return how many."""
    made = ImportedRecord.objects.filter(source=source, target="partnerships.invitation").values("target_id")
    with transaction.atomic():
        return send_again(list(Invitation.objects.open().unsent().filter(pk__in=made).values_list("pk", flat=True)))


class _Writer:
    """Writes one session in the running transaction."""

    def __init__(self, source: str, session: Session) -> None:
        self.source, self.session = source, session
        self.records: list[ImportedRecord] = []
        self.counts: dict[str, int] = {}

    def write(self) -> None:
        self.partnership = self._partnership()
        self.assessment = self._assessment()
        self.partners = self._partners()
        self.decisions = self._decisions()
        if self.session.discussed or self.session.closed_at:
            self._discuss()
        self._comments()
        self._invitations()
        ImportedRecord.objects.bulk_create(self.records)
        record(self.partnership, None, "partnership.imported")

    def _note(self, model: str, key: int, made: models.Model) -> None:
        """Remember what a record of the source became."""
        self.records.append(
            ImportedRecord(source=self.source, model=model, key=key, target=made._meta.label_lower, target_id=made.pk)
        )

    def _partnership(self) -> Partnership:
        one = self.session
        name = f"{REHEARSAL}: {one.name}"[:160] if one.rehearsal else one.name
        made = Partnership.objects.create(
            name=name,
            context=one.context,
            countries=one.countries,
            created_at=one.created_at,
            is_rehearsal=one.rehearsal,
            is_demo=one.rehearsal,
        )
        self._note("patsession", one.key, made)
        return made

    def _assessment(self) -> Assessment:
        one = self.session
        made = Assessment.objects.create(
            partnership=self.partnership,
            title=f"Session of {one.day.day} {one.day:%B %Y}",
            phase=Phase.OTHER,
            private_ratings=False,
            created_at=one.created_at,
        )
        self._note("patsession.assessment", one.key, made)
        return made

    def _partners(self) -> dict[int, Partner]:
        found = {}
        for position, one in enumerate(self.session.organisations):
            found[one.key] = Partner.objects.create(
                partnership=self.partnership,
                name=one.name,
                acronym=one.acronym,
                country="",
                side=None,
                from_import=True,
                position=position,
            )
            self._note("organization", one.key, found[one.key])
        self.counts["partners"] = len(found)
        return found

    def _decisions(self) -> dict[int, Decision]:
        found = {}
        for position, one in enumerate(self.session.decisions, start=1):
            found[one.key] = Decision.objects.create(
                assessment=self.assessment,
                position=position,
                wording=one.wording,
                original=one.wording,
                created_at=one.created_at,
            )
            self._note("decision", one.key, found[one.key])
        self.counts["decisions"] = len(found)
        return found

    # The session itself

    def _discuss(self) -> None:
        """Bring the assessment into its joint session, write what the group found, and end it where it had ended."""
        held = self.assessment
        opening.fix_partners_and_decisions(held)
        held.opened_at = datetime.combine(self.session.day, time(), UTC)
        opening.begin_session(held)
        held.stage = Stage.JOINT
        held.save()
        self._levels()
        Outcome.objects.bulk_create(self._outcome(one) for one in self.session.decisions if self._has_outcome(one))
        self._end()
        joint.changed(held)

    def _levels(self) -> None:
        participants = {one.partner_id: one for one in Participant.objects.filter(assessment=self.assessment)}
        for decision in self.session.decisions:
            for level in decision.levels:
                made = AgreedLevel.objects.create(
                    decision=self.decisions[decision.key],
                    participant=participants[self.partners[level.organisation].pk],
                    actual=level.actual,
                    desired=level.desired,
                    updated_at=level.at,
                )
                for key in level.keys:
                    self._note("participantdecision", key, made)
        self.counts["levels"] = sum(len(one.levels) for one in self.session.decisions)

    @staticmethod
    def _has_outcome(one: OfficialDecision) -> bool:
        return bool(one.agree is not None or one.note or one.levels)

    def _outcome(self, one: OfficialDecision) -> Outcome:
        return Outcome(
            decision=self.decisions[one.key],
            agree=one.agree,
            note=one.note,
            discussed_at=max((level.at for level in one.levels), default=one.created_at),
        )

    def _end(self) -> None:
        held, one = self.assessment, self.session
        if one.closed_at:
            held.readback_at, held.closed_at, held.stage = one.closed_at, one.closed_at, Stage.CLOSED
        elif one.finished:
            held.readback_at, held.stage = timezone.now(), Stage.FINAL_REVIEW
        held.save()

    # What people said, and who they are

    def _comments(self) -> None:
        for one in self.session.comments:
            made = Remark.objects.create(
                assessment=self.assessment, author=one.author, by_facilitator=one.by_owner, text=one.text, at=one.at
            )
            if one.key is not None:
                self._note("participantcomment", one.key, made)
        self.counts["comments"] = len(self.session.comments)

    def _invitations(self) -> None:
        for model, key, made in self._unsent():
            made.save()
            self._note(model, key, made)
        self.counts["invitations"] = sum(row.target == "partnerships.invitation" for row in self.records)

    def _unsent(self) -> Iterator[tuple[str, int, Invitation]]:
        """Yield the owner's invitation as facilitator, and those of the people who joined as representatives."""
        owner = self.session.owner
        shared = {"partnership": self.partnership, "channel": Invitation.Channel.EMAIL, "expires_at": None}
        if owner and owner.email:
            own = Invitation(role=Role.FACILITATOR, name=owner.name, email=owner.email, **shared)
            yield "patsession.owner", self.session.key, own
        for one in self.session.people:
            person = {"name": one.person.name, "email": one.person.email}
            home = self.partners[one.organisation]
            yield "participant", one.key, Invitation(role=Role.REPRESENTATIVE, partner=home, **person, **shared)
