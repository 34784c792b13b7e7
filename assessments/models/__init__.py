"""WHAT partnerships assess: one room per subject, handed on here.

Private answers are not handed on: whoever needs them imports `assessments.models.private` by name, and an import
contract lists who may.
"""

from assessments.models import private as _private  # noqa: F401 (Django finds the models through this)
from assessments.models.assessment import Assessment, Mode, NamedAcceptance, Participant, Phase, Stage, Topic
from assessments.models.closing import ClosingConfirmation, Remark, Reply
from assessments.models.consent import EvidenceConsent
from assessments.models.decisions import Decision, Vote
from assessments.models.joint import Action, ActionNote, AgreedChange, AgreedLevel, LevelState, Outcome
from assessments.models.results import AgreedResult, Release, Report, Work

__all__ = [
    "Action",
    "ActionNote",
    "AgreedChange",
    "AgreedLevel",
    "AgreedResult",
    "Assessment",
    "ClosingConfirmation",
    "Decision",
    "EvidenceConsent",
    "LevelState",
    "Mode",
    "NamedAcceptance",
    "Outcome",
    "Participant",
    "Phase",
    "Release",
    "Remark",
    "Reply",
    "Report",
    "Stage",
    "Topic",
    "Vote",
    "Work",
]
