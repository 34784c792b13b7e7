"""WHAT partnerships assess: one room per subject, handed on here."""

from assessments.models.assessment import Assessment, Mode, NamedAcceptance, Participant, Phase, Stage, Topic
from assessments.models.closing import ClosingConfirmation, Remark, Reply
from assessments.models.decisions import Decision, Vote
from assessments.models.joint import Action, ActionNote, AgreedChange, AgreedLevel, LevelState, Outcome
from assessments.models.private import AnswerEvent, PrivateAgreement, Rater, Rating, ReasonUse
from assessments.models.results import AgreedResult, Release, Report, Work

__all__ = [
    "Action",
    "ActionNote",
    "AgreedChange",
    "AgreedLevel",
    "AgreedResult",
    "AnswerEvent",
    "Assessment",
    "ClosingConfirmation",
    "Decision",
    "LevelState",
    "Mode",
    "NamedAcceptance",
    "Outcome",
    "Participant",
    "Phase",
    "PrivateAgreement",
    "Rater",
    "Rating",
    "ReasonUse",
    "Release",
    "Remark",
    "Reply",
    "Report",
    "Stage",
    "Topic",
    "Vote",
    "Work",
]
