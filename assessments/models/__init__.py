"""WHAT partnerships assess: one module per subject, exported here.

Private answers are not exported: a module that needs them imports `assessments.models.private` by name, and an import
contract names who may. So with the answers of sides in caucus mode, which are open only once rating closed.
"""

from assessments.models import caucus as _caucus  # noqa: F401 (Django finds the models through this)
from assessments.models import concern as _concern  # noqa: F401
from assessments.models import private as _private  # noqa: F401
from assessments.models.assessment import (
    MODE_TITLES,
    SECOND,
    Assessment,
    Mode,
    NamedAcceptance,
    Participant,
    Phase,
    Stage,
    Topic,
    deciding_sides,
)
from assessments.models.closing import ClosingConfirmation, NothingToAdd, Remark, Reply, ReplyDay
from assessments.models.consent import EvidenceConsent
from assessments.models.decisions import Decision, Vote
from assessments.models.facts import AssessmentFact, FactValue
from assessments.models.ground_rules import Accepted, GroundRules
from assessments.models.iati import IatiImport, IatiLines, IatiPiece
from assessments.models.imported import ImportedRecord
from assessments.models.influence_change import InfluenceChange
from assessments.models.joint import Action, ActionNote, AgreedChange, AgreedLevel, LevelState, Outcome
from assessments.models.laptop import LaptopReceipt
from assessments.models.live import Cause, LiveSession, Moment, PrivateBallot, Proposal, Response, SpokenWord
from assessments.models.missing_voices import MissingVoice, Question
from assessments.models.pledge import Funder, Pledge
from assessments.models.reading_guide import Agenda, Guess
from assessments.models.results import AgreedResult, Job, KeptReport, Release, Report, SharedFile
from assessments.models.side_words import Matter, RemovalObjection, SideWord
from assessments.models.trusted import TrustedPerson, TrustedWord
from assessments.models.wanted_languages import WantedLanguage

__all__ = [
    "MODE_TITLES",
    "SECOND",
    "Accepted",
    "Action",
    "ActionNote",
    "Agenda",
    "AgreedChange",
    "AgreedLevel",
    "AgreedResult",
    "Assessment",
    "AssessmentFact",
    "Cause",
    "ClosingConfirmation",
    "Decision",
    "EvidenceConsent",
    "FactValue",
    "Funder",
    "GroundRules",
    "Guess",
    "IatiImport",
    "IatiLines",
    "IatiPiece",
    "ImportedRecord",
    "InfluenceChange",
    "Job",
    "KeptReport",
    "LaptopReceipt",
    "LevelState",
    "LiveSession",
    "Matter",
    "MissingVoice",
    "Mode",
    "Moment",
    "NamedAcceptance",
    "NothingToAdd",
    "Outcome",
    "Participant",
    "Phase",
    "Pledge",
    "PrivateBallot",
    "Proposal",
    "Question",
    "Release",
    "Remark",
    "RemovalObjection",
    "Reply",
    "ReplyDay",
    "Report",
    "Response",
    "SharedFile",
    "SideWord",
    "SpokenWord",
    "Stage",
    "Topic",
    "TrustedPerson",
    "TrustedWord",
    "Vote",
    "WantedLanguage",
    "deciding_sides",
]
