"""Tables of what the field learns: one subject a file, all importable from here."""

from community.factors import FACTORS
from community.models.attachments import Attachment, AttachmentContent
from community.models.case_studies import Approval, CaseStudy
from community.models.comments import Comment, Endorsement, Mention
from community.models.evidence import EvidenceSnapshot, RealPartnership, RealState
from community.models.figures import Figure
from community.models.findings import Evidence, EvidenceKind, Factor, Finding, Status, StatusChange
from community.models.groups import (
    GroupInvitation,
    GroupKind,
    GroupMembership,
    GroupRole,
    Profile,
    QuorumProposal,
    SideConfirmation,
    WorkingGroup,
)
from community.models.items import MOST_TEXT, Draft, Item, ItemKind, Revision, State
from community.models.languages import Language
from community.models.measures import (
    Adoption,
    Maturity,
    MaturityDecision,
    Measure,
    Reported,
    Signature,
    Step,
    StepPhase,
    Trial,
)
from community.models.moderation import ModerationEntry
from community.models.notifications import DEFAULTS, DigestLine, How, MailChoice, Subject
from community.models.papers.consent_rounds import Choice, ConsentAnswer, ConsentRound, Outcome, RoundText
from community.models.papers.papers import Basis, PaperStatus, PolicyPaper, Recommendation, Section
from community.models.papers.publishing import FileState, Format, PaperFile, PaperVersion
from community.models.papers.suggestions import Suggestion, SuggestionState
from community.models.translations import Translation

__all__ = [
    "DEFAULTS",
    "FACTORS",
    "MOST_TEXT",
    "Adoption",
    "Approval",
    "Attachment",
    "AttachmentContent",
    "Basis",
    "CaseStudy",
    "Choice",
    "Comment",
    "ConsentAnswer",
    "ConsentRound",
    "DigestLine",
    "Draft",
    "Endorsement",
    "Evidence",
    "EvidenceKind",
    "EvidenceSnapshot",
    "Factor",
    "Figure",
    "FileState",
    "Finding",
    "Format",
    "GroupInvitation",
    "GroupKind",
    "GroupMembership",
    "GroupRole",
    "How",
    "Item",
    "ItemKind",
    "Language",
    "MailChoice",
    "Maturity",
    "MaturityDecision",
    "Measure",
    "Mention",
    "ModerationEntry",
    "Outcome",
    "PaperFile",
    "PaperStatus",
    "PaperVersion",
    "PolicyPaper",
    "Profile",
    "QuorumProposal",
    "RealPartnership",
    "RealState",
    "Recommendation",
    "Reported",
    "Revision",
    "RoundText",
    "Section",
    "SideConfirmation",
    "Signature",
    "State",
    "Status",
    "StatusChange",
    "Step",
    "StepPhase",
    "Subject",
    "Suggestion",
    "SuggestionState",
    "Translation",
    "Trial",
    "WorkingGroup",
]
