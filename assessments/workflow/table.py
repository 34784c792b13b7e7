"""The table of workflow actions: one row says all that stages, pages and the activity log need to know of an action.

To add an action, add a member to `Action` and a row to `TABLE`. If it leads to another stage, add its effect to
`EFFECTS` in `assessments/services/transitions.py`.
"""

from django.utils.translation import gettext_lazy as _

from assessments.models import Stage
from assessments.workflow import guards
from assessments.workflow.rows import Action, Step, Text, Texts
from partnerships.models import Role

F, R, O = Role.FACILITATOR, Role.REPRESENTATIVE, Role.OBSERVER  # noqa: E741
ANYONE = (F, R, O)
MEMBERS = (F, R)
COLLECTING, VOTING, RATING, JOINT, READBACK, CLOSED = Stage
BEFORE_RATING = (COLLECTING, VOTING)
BEFORE_READBACK = (COLLECTING, VOTING, RATING, JOINT)
BEFORE_CLOSING = (*BEFORE_READBACK, READBACK)
ALWAYS = (*BEFORE_CLOSING, CLOSED)
IN_SESSION = (JOINT, READBACK)
FROM_SESSION = (JOINT, READBACK, CLOSED)


TABLE = (
    # --- collecting and choosing decisions
    Step(Action.PROPOSE, (COLLECTING,), ANYONE),
    Step(Action.SAY_MISSING_VOICE, BEFORE_RATING, ANYONE),
    Step(Action.ARRANGE_DECISIONS, BEFORE_RATING, (F,)),
    Step(Action.TRANSLATE_DECISIONS, BEFORE_CLOSING, (F,)),
    Step(Action.CHANGE_SETTINGS, BEFORE_RATING, (F,)),
    Step(
        Action.CHANGE_SESSION,
        BEFORE_READBACK,
        (F,),
        log=_("%(name)s changed the date or the place of the session"),
    ),
    Step(
        Action.CHOOSE_FACTS,
        (*BEFORE_RATING, JOINT),
        (F,),
        log=_("%(name)s changed the list of facts"),
    ),
    Step(Action.DECLARE_FACTS, BEFORE_READBACK, (R,)),
    Step(Action.ENTER_FACTS, (*BEFORE_RATING, JOINT), (F,)),  # not while rating is open: that would show who is active
    Step(Action.ANSWER_NAMED, BEFORE_RATING, (R,), guard=guards.mode_is_open),
    # --- from decisions to the private ratings or the session; the overview lists them in this order
    Step(
        Action.END_VOTE,
        (VOTING,),
        (F,),
        to=VOTING,
        guard=guards.vote_is_open,
        texts=Texts(
            button=_("End the vote"),
            title=_("End the vote?"),
            consequences=(
                _("After that, no one can change their choice, and you cannot open the vote again."),
                _("If at least five people voted, facilitators see how often each decision was chosen."),
                _("If fewer than five people voted, the votes are not shown. The group then chooses aloud."),
            ),
            done=_("The vote has ended."),
        ),
        log=_("%(name)s ended the vote on decisions"),
    ),
    Step(
        Action.OPEN_RATING,
        BEFORE_RATING,
        (F,),
        to=RATING,
        guard=guards.can_open,
        copies_partners=True,
        texts=Texts(
            button=_("Open the private ratings"),
            title=_("Open the private ratings?"),
            consequences=(
                _("The list of decisions, the partners and their sides are fixed."),
                _("The rules on who sees what are fixed. Everyone reads them above the first question."),
                _("Every representative is asked to answer."),
                _("From now on, both sides must say yes before you can go back to the decisions."),
                _(
                    "While rating is open, only the representative or both sides together can end a representative's "
                    "membership."
                ),
            ),
            done=_("The private ratings are open."),
        ),
        texts_by_side=Texts(
            button=_("Let each side answer"),
            title=_("Let each side answer?"),
            consequences=(
                _("The list of decisions, the partners and their sides are fixed."),
                _(
                    "Each side has one sheet, shared by all who represent it. Later, everyone sees what the side "
                    "answers."
                ),
                _("Every representative is asked to answer with their side."),
                _("From now on, both sides must say yes before you can go back to the decisions."),
            ),
            done=_("The sides can answer now."),
        ),
        log=_("%(name)s opened the private ratings"),
    ),
    Step(
        Action.START_SESSION,
        BEFORE_RATING,
        (F,),
        to=JOINT,
        guard=guards.can_start_session,
        copies_partners=True,
        texts=Texts(
            button=_("Start the joint session"),
            title=_("Start the joint session?"),
            consequences=(_("The list of decisions, the partners and their sides are fixed."),),
            done=_("The joint session is open."),
        ),
        log=_("%(name)s began the joint session without private ratings"),
    ),
    Step(
        Action.OPEN_VOTING,
        (COLLECTING,),
        (F,),
        to=VOTING,
        guard=guards.can_vote,
        texts=Texts(
            button=_("Start the vote"),
            title=_("Start the vote?"),
            consequences=(
                _("Each facilitator and representative can choose up to five decisions."),
                _("Members can no longer propose decisions. You can go back to proposing later."),
            ),
            done=_("The vote is open."),
        ),
        log=_("%(name)s opened the vote on decisions"),
    ),
    Step(
        Action.BACK_TO_COLLECTING,
        (VOTING,),
        (F,),
        to=COLLECTING,
        texts=Texts(
            button=_("Go back to proposing"),
            title=_("Go back to proposing decisions?"),
            consequences=(_("Everyone can propose decisions again. The votes cast so far are kept."),),
            done=_("Everyone can propose decisions again."),
        ),
        log=_("%(name)s went back to proposing decisions"),
    ),
    Step(Action.VOTE, (VOTING,), MEMBERS, guard=guards.vote_is_open),
    # --- what is promised before anybody answers
    Step(Action.EDIT_AGREEMENT, (*BEFORE_RATING, JOINT), (F,), guard=guards.rules_not_accepted),
    Step(Action.ACCEPT_AGREEMENT, BEFORE_READBACK, ANYONE),
    Step(
        Action.SIGN_PLEDGE,
        BEFORE_READBACK,
        (R,),
        log=_("%(name)s signed the pledge of funders and lead partners"),
    ),
    Step(Action.WITHDRAW_PLEDGE, BEFORE_CLOSING, (R,), log=_("%(name)s withdrew their signature from the pledge")),
    # --- private ratings
    Step(Action.ANSWER, (RATING,), (R,), guard=guards.answers_alone),
    Step(Action.HAND_IN, (RATING,), (R,), guard=guards.answers_alone),
    Step(Action.WITHDRAW, (RATING,), (R,), guard=guards.answers_alone),
    Step(Action.ANSWER_FOR_SIDE, (RATING,), (R,), guard=guards.answers_together),
    Step(Action.REMIND, (RATING,), (F,)),
    Step(Action.BRING_IN, (RATING,), (F,), guard=guards.answers_alone),
    Step(Action.SET_DAY, (RATING,), (F,), guard=guards.no_day_yet, log=_("%(name)s set the last day to answer")),
    # --- what both sides decide; the overview lists them in this order
    Step(
        Action.CLOSE_RATING,
        (RATING,),
        MEMBERS,
        to=JOINT,
        guard=guards.may_close_rating,
        release="made, once and for all",
        by_both_sides=True,
        texts=Texts(
            button=_("Close the private ratings"),
            title=_("Close the private ratings for good?"),
            consequences=(
                _("Rating closes when both sides have said yes. If only one side has, it closes seven days later."),
                _("Everyone is told the closing date. No one is told which side said yes."),
                _("A side can withdraw its agreement until rating closes. The seven days then start again."),
                _("After closing, answers cannot be added or changed. Answers that were not submitted do not count."),
                _("The results are computed once, and everyone sees them at the same time. This cannot be undone."),
            ),
            done=_("The private ratings are closed. The joint session is open."),
        ),
        log=_("The private ratings closed"),
    ),
    Step(
        Action.MOVE_DAY,
        (RATING,),
        MEMBERS,
        by_both_sides=True,
        texts=Texts(
            button=_("Move the last day to answer"),
            title=_("Move the last day to answer?"),
            consequences=(
                _("The day moves when both sides have agreed on the same new day. Everyone is told."),
                _("Earlier agreement to closing no longer counts. Each side can say yes again, from the new day on."),
            ),
        ),
        log=_("Both sides moved the last day to answer"),
    ),
    Step(
        Action.REOPEN_DECISIONS,
        (RATING,),
        MEMBERS,
        to=COLLECTING,
        guard=guards.may_reopen,
        by_both_sides=True,
        texts=Texts(
            button=_("Go back to the decisions"),
            title=_("Go back to the list of decisions?"),
            consequences=(
                _("This happens when both sides have said yes. Everyone is told."),
                _("Any private answers are deleted. No one sees them."),
                _("Who sees what does not change. If an organisation is added, “named” becomes “by side”."),
            ),
            done=_("The list of decisions is open again."),
        ),
        log=_("Both sides reopened the list of decisions after the private ratings"),
    ),
    Step(
        Action.REMOVE_MEMBER,
        (COLLECTING, VOTING, RATING),
        MEMBERS,
        by_both_sides=True,
        on_overview=False,
        texts=Texts(
            title=_("End the membership of %(name)s?"),
            consequences=(
                _("The membership ends when both sides have said yes. The person and all members are told."),
                _(
                    "The person can object. Then the membership ends only if another representative of the "
                    "organisation remains."
                ),
                _("If no other representative remains, the person has seven days to object."),
                _("The answers still belong to the person. Submitted answers count unless the person withdraws them."),
                _("No one is told whether the person has answered."),
            ),
        ),
        log=_("Both sides ended a membership"),
    ),
    Step(
        Action.DELETE_ASSESSMENT,
        ALWAYS,
        MEMBERS,
        by_both_sides=True,
        texts=Texts(
            button=_("Delete this assessment"),
            title=_("Delete this assessment?"),
            consequences=(
                _("The assessment is deleted when both sides have said yes. Everyone is told."),
                _("Decisions, answers, levels and actions are deleted. No one sees the private answers."),
                _("If there are results, members can download the report for 30 days."),
                _("This cannot be undone."),
            ),
            done=_("The assessment has been deleted. Everyone has been told."),
        ),
        log=_("Both sides deleted an assessment"),
    ),
    # --- off the lists, and back
    Step(
        Action.ARCHIVE,
        ALWAYS,
        (F,),
        guard=guards.is_at_rest,
        texts=Texts(
            button=_("Archive this assessment"),
            title=_("Archive this assessment?"),
            consequences=(
                _("The assessment is no longer listed for any member. “Show archived” lists it."),
                _("The assessment is not deleted. All members can still open it."),
                _("Agreed actions and review dates remain under “To do”."),
                _("Any facilitator can take it out of the archive. All members are told."),
            ),
            done=_("The assessment is archived. Everyone has been told."),
        ),
        log=_("%(name)s archived an assessment"),
    ),
    Step(
        Action.RESTORE,
        ALWAYS,
        (F,),
        texts=Texts(
            button=_("Take this assessment out of the archive"),
            title=_("Take this assessment out of the archive?"),
            consequences=(_("The assessment is listed again for all members. All members are told."),),
            done=_("The assessment is out of the archive. Everyone has been told."),
        ),
        log=_("%(name)s took an assessment out of the archive"),
    ),
    # Until rating first opens, the page of `delete_assessment` offers this instead.
    Step(
        Action.DELETE_ALONE,
        BEFORE_RATING,
        (F,),
        guard=guards.never_opened,
        texts=Texts(
            button=_("Delete this assessment"),
            title=_("Delete this assessment?"),
            consequences=(
                _("Rating has never been open, so you can delete it alone. Everyone is told."),
                _("Decisions, answers, levels and actions are deleted. No one sees the private answers."),
                _("This cannot be undone."),
            ),
            done=_("The assessment has been deleted. Everyone has been told."),
            danger=True,
        ),
        log=_("%(name)s deleted an assessment"),
    ),
    # --- the joint session
    Step(Action.TAKE_PART, (JOINT,), MEMBERS),
    Step(Action.RECORD, (JOINT,), (F,)),
    Step(Action.PLAN_ACTION, (JOINT,), (F,)),
    Step(Action.REMARK, IN_SESSION, MEMBERS),
    Step(Action.REPLY, IN_SESSION, (R,)),
    Step(Action.GUESS, (JOINT,), (F,), guard=guards.release_is_there),
    Step(Action.PLAN_AGENDA, (JOINT,), (F,), guard=guards.release_is_there),
    Step(Action.SAY_SINCE, (JOINT,), MEMBERS),
    Step(
        Action.READ_BACK,
        (JOINT,),
        (F,),
        to=READBACK,
        guard=guards.release_is_there,
        texts=Texts(
            button=_("Go to the final review"),
            title=_("End the session and start the final review?"),
            consequences=(
                _("Agreed levels and actions cannot be changed during the final review."),
                _("Each organisation can reply in up to 600 characters. Members can comment."),
                _("You can go back to the session until every facilitator has confirmed."),
            ),
            done=_("The final review is open."),
        ),
        log=_("%(name)s opened the final review"),
    ),
    # --- the read-back, and closing
    Step(Action.NOTHING_TO_ADD, (READBACK,), (R,)),
    Step(
        Action.BACK_TO_SESSION,
        (READBACK,),
        (F,),
        to=JOINT,
        texts=Texts(
            button=_("Go back to the session"),
            title=_("Go back to the session?"),
            consequences=(_("Facilitators who have already confirmed must confirm again afterwards."),),
            done=_("The session is open again."),
        ),
        log=_("%(name)s opened the joint session again"),
    ),
    Step(Action.CONFIRM_CLOSING, (READBACK,), (F,)),
    Step(
        Action.CLOSE_ASSESSMENT,
        (READBACK,),
        (F,),
        to=CLOSED,
        guard=guards.everyone_confirmed,
        on_overview=False,  # the last confirmation closes; the closing page has a button for the rest
        texts=Texts(
            button=_("Close the assessment"),
            title=_("Close the assessment for good?"),
            consequences=(_("The result is final. Actions can still be followed up."),),
            done=_("The assessment is closed."),
            danger=True,
        ),
        log=_("%(name)s closed the assessment"),
    ),
    # --- afterwards
    Step(
        Action.SHARE_FACTS,
        FROM_SESSION,
        MEMBERS,
        by_both_sides=True,
        on_overview=False,  # the page of the report leads to it, where there are facts
        texts=Texts(
            button=_("Print facts in the report"),
            title=_("Print facts in the report and in files?"),
            consequences=(
                _("This happens when both sides have said yes."),
                _(
                    "The report, the slides, all exports and the interface for programs then contain each side's "
                    "shares."
                ),
                _("They never contain amounts, or the name of a partner with a fact."),
                _("Each side can withdraw its agreement. Files that are stored here are then deleted."),
                _("Copies that someone has already downloaded remain."),
            ),
        ),
        log=_("Both sides decided to print facts in the report"),
    ),
    Step(Action.FOLLOW_UP, FROM_SESSION, MEMBERS),
    Step(Action.ERASE, FROM_SESSION, (R,), release="shrinks where a side stood by ticks"),
    Step(Action.START_NEXT, (CLOSED,), (F,)),
)

# What the activity log says of acts that belong to no stage.
OTHER_LOG_SENTENCES: dict[str, Text] = {
    "create_assessment": _("%(name)s set up an assessment"),
    "import_assessment": _("%(name)s imported an assessment"),
    "import_answers": _("%(name)s imported answers to the private ratings"),
    "name_trusted": _("%(name)s named the person for concerns"),
    "trusted_word": _("%(name)s confirmed the person for concerns for their own side"),
    "confirm_trusted": _("The person for concerns said who they are"),
}
