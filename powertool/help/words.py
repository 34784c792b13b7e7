"""The words of the method for readers, in the order in which they meet them; `docs/glossary/en.md` has each term."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Word:
    """A term with what it means; pages link to its anchor."""

    anchor: str
    term: Promise
    meaning: Promise


WORDS = (
    Word("influence", _("influence"), _("Influence is the ability to shape a decision.")),
    Word("ladder", _("ladder"), _("The ladder has five levels of influence, from 0 (excluded) to 4 (decides).")),
    Word(
        "side",
        _("side"),
        _("A side is a group: Northern partners, Southern partners or other partners."),
    ),
    Word("facilitator", _("facilitator"), _("A facilitator prepares an assessment and leads the session.")),
    Word("representative", _("representative"), _("A representative answers for an organisation.")),
    Word("guest", _("guest"), _("A guest joins without an e-mail address and returns with a resume code.")),
    Word("membership", _("membership"), _("A membership gives a person a role in a partnership.")),
    Word("pledge", _("pledge"), _("The pledge is a signed promise that no answer will affect grants.")),
    Word("private-answer", _("private answer"), _("You give a private answer alone, before the session.")),
    Word(
        "release",
        _("release"),
        _("The release is what other people can see of the private answers after rating closes."),
    ),
    Word(
        "caucus",
        _("caucus"),
        _("A caucus is a short meeting in which one side can agree on one open answer."),
    ),
    Word(
        "ground-rules",
        _("ground rules"),
        _("The group accepts ground rules before the discussion starts."),
    ),
    Word("agreed-level", _("agreed level"), _("The group finds an agreed level together in the session.")),
    Word("desired-level", _("desired level"), _("A desired level is the level that a partner should have.")),
    Word("action", _("action"), _("An action states what a partner will do, and by when.")),
    Word("projector-view", _("projector view"), _("The projector view shows the session to everyone in the room.")),
    Word("final-review", _("final review"), _("In the final review, everyone reads what the group recorded.")),
    Word("reply", _("reply"), _("A reply is a text that an organisation adds to the report.")),
    Word("measure", _("measure"), _("A measure is something that other partnerships can try.")),
    Word("finding", _("finding"), _("A finding is something that a working group has learned.")),
    Word("coordinator", _("coordinator"), _("A coordinator leads a working group.")),
    Word("consent-round", _("consent round"), _("In a consent round, both sides say whether they accept a text.")),
)
