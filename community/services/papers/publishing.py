"""Publishing a paper: an immutable version with a digest, its page, and its files, made in a worker."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from community import markdown
from community.access import Reader
from community.models import (
    Evidence,
    FileState,
    Format,
    Item,
    ItemKind,
    PaperFile,
    PaperVersion,
    PolicyPaper,
    Recommendation,
    Section,
    State,
)
from community.publishing import pandoc, typeset
from community.services.evidence import digest
from community.services.groups import participation
from community.services.groups.memberships import members_of
from community.services.notifications import notify_members
from community.services.papers import consent_rounds, editing, grounds
from community.services.papers.editing import Part
from community.services.papers.grounds import Ground
from partnerships.models import User
from partnerships.services import Refused
from partnerships.task_sending import send_task

FORM = 2  # of the content; grows when its keys change
ATTEMPTS = 3
STALE = timedelta(minutes=10)


@transaction.atomic
def publish(paper: PolicyPaper, editor: User, reader: Reader) -> PaperVersion:
    """Freeze a paper as it is now; its files follow, and originators and the group are told."""
    editing.lock(paper)
    now = PolicyPaper.objects.select_related("group").get(pk=paper.pk)
    if not now.is_published:
        raise Refused(_("The group cannot read this paper yet. Publish it to the group first."))
    last = now.versions.first()
    number = (now.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    moment = timezone.now()
    content = content_of(now, number, moment, reader)
    if last and {**last.content, "number": 0, "date": ""} == {**content, "number": 0, "date": ""}:
        raise Refused(
            _("The paper is the same as version %(number)s. Change something before you publish a new version.")
            % {"number": last.number}
        )
    paper_version = PaperVersion.objects.create(
        paper=now, number=number, content=content, digest=digest(content), published_at=moment, by=editor
    )
    PaperFile.objects.bulk_create([PaperFile(version=paper_version, format=value) for value in Format.values])
    _notify(paper_version)
    transaction.on_commit(lambda: send(list(paper_version.files.values_list("pk", flat=True))))
    return paper_version


def _notify(made: PaperVersion) -> None:
    for recommendation in published_parts(Recommendation, made.paper):
        grounds.notify_originators(recommendation)
    people = [group_membership.user for group_membership in members_of(made.paper.group)]
    notify_members("version", people, made.get_absolute_url(), made.code, paper=str(made.paper), number=made.number)


# --- what is printed


def content_of(paper: PolicyPaper, number: int, moment: datetime, reader: Reader) -> dict[str, Any]:
    """Return all that a version says, ready for JSON: no names but those of objectors who signed."""
    sections, asked = published_parts(Section, paper), published_parts(Recommendation, paper)
    rests = grounds.grounds_of(asked, reader)
    numbered: dict[int, tuple[int, Ground]] = {}
    for recommendation in asked:
        for ground in rests.get(recommendation.pk, []):
            numbered.setdefault(ground.item.pk, (len(numbered) + 1, ground))
    results = consent_rounds.latest(asked)
    meter = participation.of_paper(paper)
    return {
        "form": FORM,
        "paper": paper.code,
        "number": number,
        "date": moment.date().isoformat(),
        "title": paper.title,
        "language": paper.language,
        "group": paper.group.kind,
        "summary": paper.text,
        "sections": [
            {"title": section.title, "text": section.text, "version": section.version} for section in sections
        ],
        "recommendations": [
            _recommendation(recommendation, rests.get(recommendation.pk, []), numbered, results.get(recommendation.pk))
            for recommendation in asked
        ],
        "references": [_reference(place, ground) for place, ground in numbered.values()],
        "voices": [
            {
                "side": voice.side,
                "changes": voice.revisions,
                "comments": voice.comments,
                "suggestions": voice.suggestions,
            }
            for voice in meter.voices
        ],
    }


def published_parts(model: type[Part], paper: PolicyPaper) -> list[Part]:
    rows: Any = model._default_manager.filter(paper=paper, state=State.PUBLISHED)
    return list(rows.select_related("paper"))


def _recommendation(
    recommendation: Recommendation, rests: list[Ground], numbered, result: consent_rounds.Result | None
) -> dict:
    def places(kind: str) -> list[int]:
        return [numbered[ground.item.pk][0] for ground in rests if ground.item.kind == kind]

    return {
        "number": recommendation.number,
        "title": recommendation.title,
        "text": recommendation.text,
        "version": recommendation.version,
        "to": recommendation.addressed_to,
        "moment": recommendation.moment,
        "by": recommendation.by_day.isoformat() if recommendation.by_day else "",
        "standing": "changed" if recommendation.has_changed else recommendation.standing,
        "findings": places(ItemKind.FINDING),
        "measures": places(ItemKind.MEASURE),
        "consent": _consent(result) if result and not recommendation.has_changed else None,
        # They stay when the words change: until their authors withdraw them, or a new round replaces them.
        "asked": result.text.version if result else None,
        "minority": _minority(result) if result else [],
    }


def _consent(result: consent_rounds.Result) -> dict:
    closed = result.text.round.closed_at
    return {
        "round": result.text.round.code,
        "closed": closed.date().isoformat() if closed else "",
        "outcome": result.text.outcome,
        "sides": [
            {
                "side": tally.side,
                "quorum": tally.quorum,
                "answered": tally.answered,
                "organisations": tally.organisations,
                "needed": tally.needed,
                "consent": tally.consent,
                "reservation": tally.reservation,
                "objection": tally.objection,
                "resolved": tally.resolved,
                "aside": tally.aside,
            }
            for tally in result.tallies
        ],
        "reservations": [
            {"side": reservation.side, "reason": reservation.reason} for reservation in result.reservations
        ],
    }


def _minority(result: consent_rounds.Result) -> list[dict]:
    return [
        {
            "side": answer.side,
            "name": str(answer.by) if answer.signed and answer.by else "",
            "reason": answer.reason,
            "proposal": answer.proposal,
        }
        for answer in result.minority
    ]


def _reference(place: int, ground: Ground) -> dict:
    item: Item = ground.item
    return {
        "n": place,
        "kind": item.kind,
        "title": item.title,
        "status": str(ground.status),
        "version": item.version,
        "address": settings.BASE_URL + item.get_absolute_url(),
        "evidence": [_evidence(row) for row in ground.evidence],
    }


def _evidence(row: Evidence) -> dict:
    """Return what is printed of evidence. Of a case only that it exists: its words can be taken back, print cannot.

    Of a figure that was hidden since it was cited no numbers, and not what somebody said of them.
    """
    printed = {"kind": row.kind, "against": row.against}
    if row.kind == "case":
        return printed
    is_hidden = row.figure is not None and row.figure.hidden_at is not None
    printed |= {"says": "" if is_hidden else row.says}
    if row.figure:
        return printed | {
            "key": row.figure.key,
            "date": row.figure.taken_at.date().isoformat(),
            "digest": row.figure.digest,
            "method": row.figure.method_version,
            "values": None if is_hidden else row.figure.values,
        }
    return printed | {"title": row.title, "source": row.source, "year": row.year, "link": row.link}


# --- as a page


def citation(version: PaperVersion) -> str:
    """Return the line by which the version is cited, in the active language."""
    facts = {
        "group": str(version.paper.group),
        "year": version.published_at.year,
        "title": version.content["title"],
        "number": version.number,
        "date": date_format(version.published_at, "DATE_FORMAT"),
        "address": settings.BASE_URL + version.get_absolute_url(),
    }
    return (
        _(
            "Community of Practice Shift-the-Power, working group “%(group)s” (%(year)s): %(title)s. "
            "Version %(number)s, %(date)s. %(address)s"
        )
        % facts
    )


def version_html(version: PaperVersion) -> SafeString:
    """Return the version as clean HTML, for its page and for pandoc, in the active language."""
    shown = typeset.content_in_words(version.content)
    for part in (shown, *shown["sections"], *shown["recommendations"]):
        part["html"] = markdown.render(part.get("text", part.get("summary", "")))
    return render_to_string("community/papers/_version.html", {"paper": shown, **_ends(version)})


def _ends(version: PaperVersion) -> dict[str, str]:
    return {"citation": citation(version), "digest": version.digest}


# --- as files


def made(version: PaperVersion, wanted: str) -> bytes:
    """Return the version as a file, in its own language where the site speaks it."""
    language = version.content["language"]
    spoken = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(spoken):
        if wanted == Format.PDF:
            return typeset.pdf(version.content, _ends(version), version.published_at)
        tag = language if language != "und" else "en"
        return pandoc.office(version_html(version), wanted, version.content["title"], tag, version.published_at)


def make(pk: int) -> bool:
    """Make one file, once; of two workers the second finds it running or done."""
    if not _claim(pk):
        return False
    file = PaperFile.objects.select_related("version__paper__group").get(pk=pk)
    try:
        data = made(file.version, file.format)
    except Exception:
        state = FileState.FAILED if file.attempts >= ATTEMPTS else FileState.WAITING
        PaperFile.objects.filter(pk=pk).update(state=state)
        raise
    PaperFile.objects.filter(pk=pk).update(state=FileState.DONE, data=data, made_at=timezone.now())
    return True


def _claim(pk: int) -> bool:
    free = Q(state=FileState.WAITING) | Q(state=FileState.RUNNING, started_at__lt=timezone.now() - STALE)
    running = {"state": FileState.RUNNING, "started_at": timezone.now(), "attempts": F("attempts") + 1}
    return bool(PaperFile.objects.filter(free, pk=pk, attempts__lt=ATTEMPTS + 2).update(**running))


def unfinished() -> list[int]:
    """Return the files that wait or that a lost worker has left (primary keys)."""
    left = Q(state=FileState.WAITING) | Q(state=FileState.RUNNING, started_at__lt=timezone.now() - STALE)
    return list(PaperFile.objects.filter(left).values_list("pk", flat=True))


def send(pks: list[int]) -> None:
    """Ask a worker to make files now; if no message gets through, the sweep finds them."""
    for pk in pks:
        send_task("community.tasks.make_paper_file", pk)


def given_up() -> models.QuerySet[PaperFile]:
    """Return the files that no worker tries again by itself."""
    return PaperFile.objects.exclude(state=FileState.DONE).filter(
        Q(state=FileState.FAILED) | Q(attempts__gte=ATTEMPTS + 2)
    )


def retry(file: PaperFile) -> None:
    """Start a file anew that was given up, by hand; one that another has started anew meanwhile is left to that."""
    if given_up().filter(pk=file.pk).update(state=FileState.WAITING, attempts=0, started_at=None):
        transaction.on_commit(lambda: send([file.pk]), robust=True)
