"""Bringing answers in that were given elsewhere: on paper, with Kobo or ODK, in a spreadsheet.

Each form is tied to a membership by the representative's answer code, never by a name, and to itself by its instance
id. Its answers go the way of all others (`services.rating.private_answers`), so the newest wins. A facilitator who
imports learns how many forms are new, never whether a person had answered before, nor what stands now.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.fieldwork.questions import Cell, Filled
from assessments.models import Assessment
from assessments.models.private import AnswerCode, AnswerEvent, Rater, Submission
from assessments.services.rating import private_answers
from assessments.services.rating.private_answers import Change, Mutation, Withdrawn
from partnerships import activity_log
from partnerships.codes import ALPHABET, keyed_hashes, normalise
from partnerships.models import Membership, Role, User
from partnerships.notifications import notify

GROUP = 5
_NOTHING = object()
LETTERS = [letter for letter in ALPHABET if letter.isalpha()]


class FormState(StrEnum):
    """What a form is to the assessment."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class FormOutcome:
    """What a facilitator learns of one form: its row, and whether it is new. Never whose it is, nor what it says."""

    form: Filled
    state: FormState


# --- answer codes


def code_of(assessment: Assessment, membership: Membership) -> str:
    """Return a membership's answer code, in two groups that can be read aloud."""
    row = AnswerCode.objects.filter(assessment=assessment, membership=membership).first()
    return _letters(assessment, membership, row.number if row else 1)


def _letters(assessment: Assessment, membership: Membership, number: int) -> str:
    """Return ten letters: 49 bits that follow from the server's secret. No spreadsheet takes them for a number."""
    return _all_letters(assessment, membership, number)[0]


def _all_letters(assessment: Assessment, membership: Membership, number: int) -> list[str]:
    """Return a membership's code, and its former codes, which are printed on forms that are on their way."""
    hashes = keyed_hashes("answer-code", f"{assessment.code}:{membership.code}:{number}")
    return [_spelt(int(each, 16)) for each in hashes]


def _spelt(drawn: int) -> str:
    drawn, first = divmod(drawn, len(LETTERS))
    letters = LETTERS[first]
    for _place in range(2 * GROUP - 1):
        drawn, place = divmod(drawn, len(ALPHABET))
        letters += ALPHABET[place]
    return f"{letters[:GROUP]}-{letters[GROUP:]}"


@transaction.atomic
def renew_code(assessment: Assessment, membership: Membership) -> str:
    """Give a representative another code; forms with the old one are nobody's from now on."""
    private_answers.hold_open(assessment)
    row, _made = AnswerCode.objects.get_or_create(assessment=assessment, membership=membership)
    row = AnswerCode.objects.select_for_update(no_key=True).get(pk=row.pk)
    row.number += 1
    row.save(update_fields=["number"])
    return _letters(assessment, membership, row.number)


def _memberships_by_code(assessment: Assessment) -> dict[str, Membership]:
    """Return the representatives in force of participating organisations, by what their codes mean."""
    asked = assessment.participants.values("partner_id")
    memberships = (
        assessment.partnership.memberships.in_force().representatives().filter(partner__in=asked).select_related("user")
    )
    numbers = dict(AnswerCode.objects.filter(assessment=assessment).values_list("membership_id", "number"))
    return {
        normalise(code): membership
        for membership in memberships
        for code in _all_letters(assessment, membership, numbers.get(membership.pk, 1))
    }


# --- forms of other tools, brought in by a facilitator


def outcomes_of(assessment: Assessment, forms: Sequence[Filled]) -> list[FormOutcome]:
    """Say of each form whether it is new, changed, the same as before, or nobody's here. Writes nothing."""
    memberships = _memberships_by_code(assessment)
    return [FormOutcome(form, state) for form, state, _membership in _sorted_out(assessment, forms, memberships)]


def _sorted_out(
    assessment: Assessment, forms: Sequence[Filled], memberships: dict[str, Membership]
) -> list[tuple[Filled, FormState, Membership | None]]:
    submissions = _submissions(assessment, forms)
    sorted_forms = []
    for form in forms:
        membership, before = memberships.get(normalise(form.code)), submissions.get(form.instance)
        sorted_forms.append((form, _state(form, membership, before), membership))
    return sorted_forms


def _submissions(assessment: Assessment, forms: Sequence[Filled]) -> dict[str, Submission]:
    instances = [form.instance for form in forms]
    return {submission.instance: submission for submission in assessment.submissions.filter(instance__in=instances)}


def _state(form: Filled, membership: Membership | None, before: Submission | None) -> FormState:
    if membership is None or (before and before.membership_id != membership.pk):
        return FormState.FOREIGN
    if before is None:
        return FormState.NEW
    return FormState.SAME if before.digest in _digests(form) else FormState.CHANGED


def _digest(form: Filled) -> str:
    return _digests(form)[0]


def _digests(form: Filled) -> list[str]:
    """Return the digest of what a form says, and what it was under the server's former secrets."""
    content = [sorted(form.levels.items()), sorted(form.agreements.items()), form.hand_in, form.tick]
    return keyed_hashes("submission", f"{form.instance}:{content!r}")


@transaction.atomic
def bring_in(assessment: Assessment, by: User, forms: Sequence[Filled]) -> Counter:
    """Take the forms that are new or changed, all or none; return how many there were of each state.

    The same forms once more change nothing. Oldest first, so that of two forms of one person the newer wins.
    """
    outcomes = outcomes_of(assessment, forms)
    if any(one.state in (FormState.NEW, FormState.CHANGED) for one in outcomes):
        # First of all locks: who answers on the web at this moment holds the assessment before the sheet, too.
        Assessment.objects.filter(pk=assessment.pk, imported_at=None).update(imported_at=timezone.now())
    private_answers.hold_open(assessment)
    memberships = _memberships_by_code(assessment)
    _lock(assessment, [membership for form in forms if (membership := memberships.get(normalise(form.code)))])
    counts, concerned = Counter[FormState](), {}
    for form, state, membership in _sorted_out(assessment, sorted(forms, key=lambda one: one.answered_at), memberships):
        counts[state] += 1
        if membership is not None and state in (FormState.NEW, FormState.CHANGED):
            _take_form(assessment, membership, form, by)
            concerned[membership.user_id] = membership.user
    if concerned:
        _tell_the_raters(assessment, by, concerned.values())
    return counts


def _lock(assessment: Assessment, memberships: Iterable[Membership]) -> None:
    """Let one import at a time write a membership's answers, always in the same order, to avoid deadlocks."""
    wanted = sorted({membership.pk for membership in memberships})
    rows = [AnswerCode(assessment=assessment, membership_id=membership) for membership in wanted]
    AnswerCode.objects.bulk_create(rows, ignore_conflicts=True)
    code_rows = (
        AnswerCode.objects.select_for_update(no_key=True)
        .filter(assessment=assessment, membership__in=wanted)
        .order_by("membership_id")
    )
    list(code_rows.values_list("pk"))


def _take_form(assessment: Assessment, membership: Membership, form: Filled, by: User) -> None:
    submission = _submission(assessment, membership, form, by, Submission.Kind.FORM)
    withdrawn = AnswerCode.objects.get(assessment=assessment, membership=membership).taken_from
    if withdrawn and form.answered_at <= withdrawn:
        return
    _save(assessment, membership, form, submission)
    if form.hand_in:
        _hand_in(assessment, membership, form)


def _submission(assessment: Assessment, membership: Membership, form: Filled, by: User, kind: str) -> Submission:
    facts: dict[str, Any] = {"digest": _digest(form), "answered_at": form.answered_at}
    facts |= {"imported_by": by, "imported_at": timezone.now()}
    submission, _new = Submission.objects.update_or_create(
        assessment=assessment,
        instance=form.instance,
        defaults=facts,
        create_defaults=facts | {"membership": membership, "kind": kind},
    )
    return submission


def _hand_in(assessment: Assessment, membership: Membership, form: Filled) -> None:
    """Hand the sheet in. What another typed in can take back a tick that she gave, never set it: in doubt show less."""
    rater = private_answers.rater_of(assessment, membership)
    if rater is None or not rater.ratings.exists():
        return
    tick = form.tick and (rater.submitted_at is None or rater.show_small_side)
    if rater.submitted_at is None or tick != rater.show_small_side:
        private_answers.hand_in(assessment, membership, tick)


def name_importers(assessment: Assessment) -> None:
    """Record who brought forms in, once rating closes. Earlier, the activity log would tell that somebody answered."""
    forms = assessment.submissions.filter(kind=Submission.Kind.FORM).exclude(imported_by=None)
    for user in User.objects.filter(pk__in=forms.values("imported_by")).order_by("pk"):
        activity_log.record(assessment.partnership, user, "import_answers", assessment.title)


def _tell_the_raters(assessment: Assessment, by: User, users: Iterable[User]) -> None:
    """Tell each whose answers came in, and nobody else: who it was, and where to look at them."""
    notify(
        "assessments.answers_imported",
        users,
        url=reverse("assessments:my-form", args=[assessment.code]),
        dedupe=f"{assessment.code}:{timezone.now():%Y-%m-%dT%H:%M:%S.%f}",
        assessment=assessment.title,
        partnership=assessment.partnership.name,
        name=by.get_full_name(),
    )


# --- her own spreadsheet


@transaction.atomic
def take_sheet(assessment: Assessment, membership: Membership, form: Filled) -> Submission:
    """Save what a representative's own spreadsheet says differently from what it held when it was made."""
    private_answers.hold_open(assessment)
    _lock(assessment, [membership])
    withdrawn = AnswerCode.objects.get(assessment=assessment, membership=membership).taken_from
    if withdrawn and form.answered_at <= withdrawn:
        raise Withdrawn
    submission = _submission(assessment, membership, form, membership.user, Submission.Kind.SHEET)
    _save(assessment, membership, form, submission)
    return submission


# --- both


def _save(assessment: Assessment, membership: Membership, form: Filled, submission: Submission) -> None:
    # Held before it is read: nobody answers between the look and the writing.
    rater = Rater.objects.select_for_update(no_key=True).filter(assessment=assessment, membership=membership).first()
    changes = _changes(form, _before(rater, submission), _standing(rater))
    if changes:
        private_answers.save_all(assessment, membership, changes, submission)


class EarlierAnswer(NamedTuple):
    """What an earlier version of the same form said in a cell."""

    answer: Any
    mutation_id: UUID


def _before(rater: Rater | None, submission: Submission) -> dict[Cell, EarlierAnswer]:
    if rater is None:
        return {}
    events = rater.events.filter(submission=submission).order_by("pk")
    rows = events.values_list("decision__number", "participant__number", "answer", "mutation_id")
    return {
        (decision or 0, partner or 0): EarlierAnswer(_plain(answer), mutated)
        for decision, partner, answer, mutated in rows
    }


def _plain(answer: dict[str, Any]) -> Any:
    """Return an answer as forms hold it: a level, or agreement, use and reason."""
    if "level" in answer:
        return answer["level"]
    return (answer["agree"], answer["reason_use"] if answer["reason"] else "", answer["reason"])


def _standing(rater: Rater | None) -> dict[Cell, tuple[int, UUID]]:
    """Return version and mutation of what stands, by cell."""
    if rater is None:
        return {}
    levels = rater.ratings.values_list("decision__number", "participant__number", "version", "mutation_id")
    agreements = rater.agreements.values_list("decision__number", "version", "mutation_id")
    rows = {(d or 0, p): (version, mutation) for d, p, version, mutation in levels}
    return rows | {(d or 0, 0): (version, mutation) for d, version, mutation in agreements}


def _changes(
    form: Filled, before: dict[Cell, EarlierAnswer], current: dict[Cell, tuple[int, UUID]]
) -> dict[int, list[Change]]:
    """Return what is new in the form. What it said before, or held when it was made, is no answer given again."""
    changes: dict[int, list[Change]] = {}
    answers: dict[Cell, Any] = {**form.levels, **{(number, 0): answer for number, answer in form.agreements.items()}}
    digest = _digest(form)
    for cell, answer in answers.items():
        earlier = before.get(cell)
        version, shown = form.held.get(cell, (0, _NOTHING))
        if answer == (earlier.answer if earlier else shown):
            continue
        now, mutation = current.get(cell, (0, None))
        base = now if earlier and earlier.mutation_id == mutation else version
        name = f"{form.instance}/{form.answered_at.isoformat()}/{digest}/{cell[0]}/{cell[1]}"
        mutation_id = uuid5(NAMESPACE_URL, name)
        changes.setdefault(cell[0], []).append(_change(cell, answer, Mutation(mutation_id, base, form.answered_at)))
    return changes


def _change(cell: Cell, answer: Any, mutation: Mutation) -> Change:
    if cell[1]:
        return private_answers.level(cell[1], answer, mutation)
    agree, use, reason = answer
    return private_answers.agreement(agree, mutation, use, reason)


# --- what she sees of it herself


@dataclass(frozen=True)
class FormReceipt:
    """One form as it was last brought in, for the person whose answers they are."""

    submission: Submission
    own: bool  # her spreadsheet, brought in by herself
    taken: int
    lost: list[AnswerEvent]  # against a newer answer that stands


def receipts(assessment: Assessment, membership: Membership) -> list[FormReceipt]:
    """Return what came in for a membership, the newest first, in two queries."""
    submissions = list(assessment.submissions.filter(membership=membership).select_related("imported_by"))
    own = AnswerEvent.objects.filter(rater__assessment=assessment, rater__membership=membership)
    rows = list(own.select_related("decision", "participant").order_by("decision__number", "participant__number", "pk"))
    stands = {(event.decision_id, event.participant_id): event.answer for event in rows if event.won}
    events = defaultdict[int | None, list[AnswerEvent]](list)
    for event in rows:
        events[event.submission_id].append(event)
    return [
        FormReceipt(
            submission=submission,
            own=submission.imported_by_id == membership.user_id,
            taken=sum(event.won for event in events[submission.pk]),
            lost=[
                event
                for event in events[submission.pk]
                if not event.won and event.answer != stands.get((event.decision_id, event.participant_id))
            ],
        )
        for submission in submissions
    ]


def facilitators_of(assessment: Assessment) -> list[str]:
    """Return to whom a paper form can be given back."""
    memberships = (
        assessment.partnership.memberships.in_force().filter(role=Role.FACILITATOR).select_related("user", "partner")
    )
    return [
        f"{membership.user.get_full_name()} ({membership.partner or membership.employer or '–'})"
        for membership in memberships
    ]
