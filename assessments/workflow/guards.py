"""What stands in the way of a step: each guard returns the obstacle as a sentence for people, or None."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assessments.models import (
    Assessment,
    Decision,
    LiveSession,
    Matter,
    Participant,
    PrivateBallot,
    Release,
    ReplyDay,
    SideWord,
    Stage,
)
from partnerships.locales import listed
from partnerships.models import BOTH_SIDES, Membership, Side

ONE_OF_EACH_SIDE_AFTER = timedelta(days=14)
ONE_WORD_AFTER = timedelta(days=7)


def has_decisions(assessment: Assessment) -> str | Promise | None:
    return (
        None
        if assessment.decisions.active().exists()
        else _("There are no decisions yet. Propose at least one decision.")
    )


def can_vote(assessment: Assessment) -> str | Promise | None:
    if assessment.vote_ended_at:
        return _("The vote has ended. Each assessment can have only one vote.")
    return has_decisions(assessment)


def vote_is_open(assessment: Assessment) -> str | Promise | None:
    if assessment.stage != Stage.VOTING or assessment.vote_ended_at:
        return _("The vote has ended, so you cannot change your choice.")
    return None


def vote_is_over(assessment: Assessment) -> str | Promise | None:
    """Say what stands against choosing: during a vote, what may be left out would tell what was chosen."""
    if assessment.vote_opened_at and not assessment.vote_ended_at:
        return _("The vote has not ended yet. End it first, and then choose which decisions to keep.")
    return None


def can_open(assessment: Assessment) -> str | Promise | None:
    if not assessment.private_ratings:
        return _("This assessment has no private ratings. It starts with the joint session.")
    return has_decisions(assessment) or has_partners(assessment) or has_sides(assessment)


def has_partners(assessment: Assessment) -> str | Promise | None:
    enough = assessment.partnership.partners.filter(left_at__isnull=True).count() >= 2
    return None if enough else _("An assessment needs at least two partners.")


def has_sides(assessment: Assessment) -> str | None:
    """Say which imported partners stand against private ratings: these are released by side."""
    partners = assessment.partnership.partners.filter(left_at__isnull=True, side__isnull=True)
    names = list(partners.values_list("name", flat=True))
    if not names:
        return None
    return ngettext(
        "%(partners)s has not declared its side. Private ratings are possible only when every partner has declared "
        "its side.",
        "%(partners)s have not declared their sides. Private ratings are possible only when every partner has "
        "declared its side.",
        len(names),
    ) % {"partners": listed(names)}


def can_start_session(assessment: Assessment) -> str | Promise | None:
    if assessment.private_ratings:
        return _("Private ratings come first. Close them to start the joint session.")
    return has_decisions(assessment) or has_partners(assessment)


TOGETHER = _("In this assessment, each side agrees on one open answer, so no one answers alone.")


def answers_alone(assessment: Assessment) -> str | Promise | None:
    return TOGETHER if assessment.answers_by_side else None


def answers_together(assessment: Assessment) -> str | Promise | None:
    return None if assessment.answers_by_side else _("In this assessment, everyone answers alone.")


def words_on(assessment: Assessment, matter: str, subject: Membership | None = None) -> QuerySet[SideWord]:
    """Return the words that count about a matter: at most one of each of the two that decide."""
    words = SideWord.objects.in_force().filter(side__in=assessment.word_sides)
    return words.filter(assessment=assessment, matter=matter, subject=subject)


def decided(assessment: Assessment, matter: str) -> bool:
    """Say whether both sides have given their word, and to the same."""
    days = list(words_on(assessment, matter).values_list("day", flat=True))
    return len(days) == 2 and len(set(days)) == 1


def closes_at(assessment: Assessment) -> datetime | None:
    """Return when rating closes: with the second word, or seven days after the only one; None without any."""
    given = sorted(words_on(assessment, Matter.CLOSE_RATING).values_list("given_at", flat=True))
    if not given:
        return None
    return given[-1] if len(given) == 2 else given[0] + ONE_WORD_AFTER


def may_close_rating(assessment: Assessment) -> str | Promise | None:
    at = closes_at(assessment)
    if at and at <= timezone.now():
        return None
    return _("Rating closes when both sides have said yes, or seven days after one side has said yes.")


def may_reopen(assessment: Assessment) -> str | Promise | None:
    if decided(assessment, Matter.REOPEN_DECISIONS):
        return None
    return _("Both sides must say yes before you can go back to the decisions.")


def no_day_yet(assessment: Assessment) -> str | Promise | None:
    return (
        _("The last day to answer has already been set. It can be changed only if both sides agree.")
        if assessment.rating_due
        else None
    )


def never_opened(assessment: Assessment) -> str | Promise | None:
    if assessment.first_opened_at or assessment.stage not in (Stage.COLLECTING, Stage.VOTING):
        return _("Both sides must say yes before this assessment can be deleted.")
    return None


RUNNING = {
    Stage.RATING: _("Answering is open. You can archive this assessment once it has been closed."),
    Stage.JOINT: _("The joint session is open. Go to the final review and close the assessment first."),
    Stage.FINAL_REVIEW: _("The final review is open. Close the assessment first."),
}


def is_at_rest(assessment: Assessment) -> str | Promise | None:
    """Say why an assessment cannot be archived while it runs, and what to do."""
    return RUNNING.get(Stage(assessment.stage))


def mode_is_open(assessment: Assessment) -> str | Promise | None:
    return _("The rules on who sees what were fixed when rating first opened.") if assessment.first_opened_at else None


def rules_not_accepted(assessment: Assessment) -> str | Promise | None:
    """Say that the session has gone on from its ground rules; until then facilitators can change them."""
    if assessment.stage != Stage.JOINT:
        return None
    live = getattr(assessment, "live", None)
    if live and live.phase in (LiveSession.Phase.LOBBY, LiveSession.Phase.GROUND_RULES):
        return None
    return _("The group has accepted its ground rules. They can no longer be changed.")


def release_is_there(assessment: Assessment) -> str | Promise | None:
    if assessment.rating_closed_at and not hasattr(assessment, "release"):
        return _("We are still calculating the results of the private ratings. Try again in a moment.")
    return None


def still_asked(decision: Decision) -> str | Promise | None:
    """Say that people are still answering privately whether they agree."""
    if PrivateBallot.objects.filter(decision=decision, result=PrivateBallot.Result.OPEN).exists():
        return _("The private question is still open. Wait until everyone has answered, or end the question.")
    return None


BALLOT_SAYS = {PrivateBallot.Result.ALL.value: "all agree", PrivateBallot.Result.NOT_ALL.value: "not all agree"}


def private_verdicts(assessment: int) -> dict[int, str]:
    """Return by decision number “all agree” or “not all agree”, where the Release or a ballot showed it."""
    ballots = PrivateBallot.objects.filter(decision__assessment=assessment, result__in=BALLOT_SAYS)
    results = ballots.values_list("decision__number", "result")
    of_ballots = {number or 0: BALLOT_SAYS[result] for number, result in results}
    agreements = Release.objects.filter(assessment=assessment).values_list("agreements", flat=True).first()
    return of_ballots | {row["decision"]: row["agree"] for row in agreements or () if row["agree"]}


def private_verdict(decision: Decision) -> str | None:
    """Return what the private answers said of a decision, or None if they said nothing."""
    return private_verdicts(decision.assessment_id).get(decision.number or 0)


def may_be_asked(decision: Decision) -> str | Promise | None:
    """Say what stands against asking whether all agree, privately or aloud.

    Asked again after a private verdict, the difference would tell who had been silent (METHOD §4, rule 8).
    """
    if obstacle := release_is_there(decision.assessment):
        return obstacle
    if private_verdict(decision):
        return _("“Do we agree?” has been answered privately for this decision, so you cannot ask it again.")
    return still_asked(decision)


def may_say_yes(decision: Decision) -> str | Promise | None:
    """Say what stands against recording that all agree: one “no” makes it a “no”, and silence is no “yes”."""
    if private_verdict(decision) == "not all agree":
        return _("The private answers show that not everyone agrees. One “no” makes the result a “no”.")
    if obstacle := still_asked(decision):
        return obstacle
    words = list(decision.spoken_words.values_list("word", flat=True))
    if "no" in words:
        return _("Someone said “no” aloud. One “no” makes the result a “no”.")
    if words and len(words) < decision.assessment.participants.count():
        return _("The answers of some organisations have not been recorded yet. Silence does not mean “yes”.")
    return None


def may_answer(decision: Decision, agree: bool | None) -> str | Promise | None:
    """Say what stands against recording this answer to “do we agree?”: what everyone said aloud is the answer."""
    if agree and (obstacle := may_say_yes(decision)):
        return obstacle
    words = set(decision.spoken_words.values_list("word", flat=True))
    said = "yes" if agree else "no" if agree is False else ""
    if words and said not in words:
        return _("The answers of the organisations determine the result. Correct an organisation's answer instead.")
    return None


def everyone_confirmed(assessment: Assessment) -> str | Promise | None:
    if not confirmed_enough(assessment):
        return _("Not every facilitator has confirmed the final review yet.")
    return (
        None
        if replies_are_in(assessment)
        else _(
            "You cannot close the assessment yet, because the last day for replies has not passed. Some "
            "organisations have neither replied nor said that they have nothing to add."
        )
    )


def may_close(assessment: Assessment) -> bool:
    """Say whether the facilitators confirmed, and every organisation had its say or its time for it."""
    return confirmed_enough(assessment) and replies_are_in(assessment)


def replies_are_in(assessment: Assessment) -> bool:
    """Say whether the last day for replies is over, or nobody is waited for."""
    day = ReplyDay.objects.filter(assessment=assessment).first()
    return day is None or day.due < timezone.localdate() or not silent(assessment).exists()


def silent(assessment: Assessment) -> QuerySet[Participant]:
    """Return the organisations that have neither replied nor said that they have nothing to add."""
    return assessment.participants.filter(reply__isnull=True, nothing_to_add__isnull=True)


def confirmed_enough(assessment: Assessment) -> bool:
    """Say whether every facilitator confirmed, or, 14 days into the final review, one of each side that has any."""
    memberships = assessment.partnership.memberships.in_force().facilitators().select_related("partner")
    confirmed = set(assessment.closing_confirmations.values_list("membership_id", flat=True))
    missing = [membership for membership in memberships if membership.pk not in confirmed]
    if not missing:
        return bool(confirmed)
    from_then_on = closes_from(assessment)
    if from_then_on is None or timezone.now() < from_then_on:
        return False
    of_sides = {side_of(membership) for membership in memberships} & set(BOTH_SIDES)
    confirmed_sides = {side_of(membership) for membership in memberships if membership.pk in confirmed}
    return bool(confirmed_sides) and of_sides <= confirmed_sides


def side_of(membership: Membership) -> str | None:
    return membership.partner.side if membership.partner else Side.OTHER


def closes_from(assessment: Assessment) -> datetime | None:
    """Return when one facilitator of each side is enough; None before the final review."""
    return assessment.readback_at and assessment.readback_at + ONE_OF_EACH_SIDE_AFTER
