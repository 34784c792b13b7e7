"""What a row of the table of workflow actions says, and the actions by name."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, unique

from django.utils.functional import Promise

from assessments.models import Assessment

Text = str | Promise
Guard = Callable[[Assessment], Text | None]


@unique
class WorkflowAction(StrEnum):
    """What a member may do in an assessment. The values stand in addresses and in the activity log."""

    PROPOSE = "propose"
    SHARE_FACTS = "share_facts"
    SAY_MISSING_VOICE = "say_missing_voice"
    ARRANGE_DECISIONS = "arrange_decisions"
    TRANSLATE_DECISIONS = "translate_decisions"
    CHANGE_SETTINGS = "change_settings"
    CHANGE_SESSION = "change_session"
    CHOOSE_FACTS = "choose_facts"
    DECLARE_FACTS = "declare_facts"
    ENTER_FACTS = "enter_facts"
    ANSWER_NAMED = "answer_named"
    END_VOTE = "end_vote"
    OPEN_RATING = "open_rating"
    START_SESSION = "start_session"
    OPEN_VOTING = "open_voting"
    BACK_TO_COLLECTING = "back_to_collecting"
    VOTE = "vote"
    EDIT_GROUND_RULES = "edit_agreement"
    ACCEPT_GROUND_RULES = "accept_agreement"
    SIGN_PLEDGE = "sign_pledge"
    WITHDRAW_PLEDGE = "withdraw_pledge"
    ANSWER = "answer"
    HAND_IN = "hand_in"
    WITHDRAW = "withdraw"
    ANSWER_FOR_SIDE = "answer_for_side"
    REMIND = "remind"
    BRING_IN = "bring_in"
    SET_DAY = "set_day"
    CLOSE_RATING = "close_rating"
    MOVE_DAY = "move_day"
    REOPEN_DECISIONS = "reopen_decisions"
    REMOVE_MEMBER = "remove_member"
    ARCHIVE = "archive"
    RESTORE = "restore"
    DELETE_ALONE = "delete_alone"
    DELETE_ASSESSMENT = "delete_assessment"
    TAKE_PART = "take_part"
    RECORD = "record"
    PLAN_ACTION = "plan_action"
    REMARK = "remark"
    REPLY = "reply"
    GUESS = "guess"
    PLAN_AGENDA = "plan_agenda"
    SAY_SINCE = "say_since"
    NOTHING_TO_ADD = "nothing_to_add"
    OPEN_FINAL_REVIEW = "read_back"
    BACK_TO_SESSION = "back_to_session"
    CONFIRM_CLOSING = "confirm_closing"
    CLOSE_ASSESSMENT = "close_assessment"
    FOLLOW_UP = "follow_up"
    ERASE = "erase"
    START_NEXT = "start_next"


@dataclass(frozen=True)
class Texts:
    """What people read when they take an action: the button, the question with its consequences, and what was done."""

    button: Text = ""
    title: Text = ""
    consequences: tuple[Text, ...] = ()
    done: Text = ""
    danger: bool = False


@dataclass(frozen=True)
class ActionRow:
    """One row of the table: who may take a workflow action, when, and what pages and the activity log say of it."""

    action: WorkflowAction
    stages: tuple[str, ...]  # in which it may be done
    roles: tuple[str, ...]  # who may do it
    to: str | None = None  # the stage it leads to
    guard: Guard | None = None  # says what else stands in its way
    by_both_sides: bool = False  # both sides decide, so the activity log names nobody
    copies_partners: bool = False  # so a partner that is changed at the same moment waits, or is waited for
    on_overview: bool = True  # a facilitator who may take it finds it on the overview
    texts: Texts = Texts()
    texts_by_side: Texts | None = None  # instead of `texts` where each side agrees on one open answer
    texts_without_day: Texts | None = None  # instead of `texts` while no last day to answer is set
    log: Text = ""  # the sentence of the activity log; without one it is not logged

    @property
    def log_verb(self) -> str:
        """Return by which verb the activity log knows this action."""
        return f"words.{self.action}" if self.by_both_sides else str(self.action)

    @property
    def is_transition(self) -> bool:
        """Say whether one facilitator can take it to another stage."""
        return self.to is not None and not self.by_both_sides
