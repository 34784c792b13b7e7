"""The table of workflow actions: one row says all that stages, pages and the activity log need to know of an action.

To add an action, add a member to `WorkflowAction` and a row to `ACTIONS`. If it leads to another stage, add its effect
to `EFFECTS` in `assessments/services/transitions.py`.
"""

from django.utils.translation import gettext_lazy as _

from assessments.models import Stage
from assessments.workflow import guards
from assessments.workflow.actions.rows import ActionRow, Text, Texts, WorkflowAction
from partnerships.models import Role

F, R, O = Role.FACILITATOR, Role.REPRESENTATIVE, Role.OBSERVER  # noqa: E741
ANYONE = (F, R, O)
MEMBERS = (F, R)
COLLECTING, VOTING, RATING, JOINT, FINAL_REVIEW, CLOSED = Stage
BEFORE_RATING = (COLLECTING, VOTING)
BEFORE_FINAL_REVIEW = (COLLECTING, VOTING, RATING, JOINT)
BEFORE_CLOSING = (*BEFORE_FINAL_REVIEW, FINAL_REVIEW)
ALWAYS = (*BEFORE_CLOSING, CLOSED)
IN_SESSION = (JOINT, FINAL_REVIEW)
FROM_SESSION = (JOINT, FINAL_REVIEW, CLOSED)


ACTIONS = (
    # --- collecting and choosing decisions
    ActionRow(WorkflowAction.PROPOSE, (COLLECTING,), ANYONE),
    ActionRow(WorkflowAction.SAY_MISSING_VOICE, BEFORE_RATING, ANYONE),
    ActionRow(WorkflowAction.ARRANGE_DECISIONS, BEFORE_RATING, (F,)),
    ActionRow(WorkflowAction.TRANSLATE_DECISIONS, BEFORE_CLOSING, (F,)),
    ActionRow(WorkflowAction.CHANGE_SETTINGS, BEFORE_RATING, (F,)),
    ActionRow(
        WorkflowAction.CHANGE_SESSION,
        BEFORE_FINAL_REVIEW,
        (F,),
        log=_("%(name)s changed the date or place of the session"),
    ),
    ActionRow(
        WorkflowAction.CHOOSE_FACTS,
        (*BEFORE_RATING, JOINT),
        (F,),
        log=_("%(name)s changed the list of facts"),
    ),
    ActionRow(WorkflowAction.DECLARE_FACTS, BEFORE_FINAL_REVIEW, (R,)),
    # not while rating is open: that would show who is active
    ActionRow(WorkflowAction.ENTER_FACTS, (*BEFORE_RATING, JOINT), (F,)),
    ActionRow(WorkflowAction.ANSWER_NAMED, BEFORE_RATING, (R,), guard=guards.mode_is_open),
    # --- from decisions to the private ratings or the session; the overview lists them in this order
    ActionRow(
        WorkflowAction.END_VOTE,
        (VOTING,),
        (F,),
        to=VOTING,
        guard=guards.vote_is_open,
        texts=Texts(
            button=_("End the vote"),
            title=_("End the vote?"),
            consequences=(
                _("Once the vote has ended, no one can change their choice, and you cannot reopen the vote."),
                _("If at least five people voted, facilitators will see how often each decision was chosen."),
                _(
                    "If fewer than five people voted, the votes will not be shown. The group will then choose in an "
                    "open discussion."
                ),
            ),
            done=_("The vote has ended."),
        ),
        log=_("%(name)s ended the vote on decisions"),
    ),
    ActionRow(
        WorkflowAction.OPEN_RATING,
        BEFORE_RATING,
        (F,),
        to=RATING,
        guard=guards.can_open,
        copies_partners=True,
        texts=Texts(
            button=_("Open the private ratings"),
            title=_("Open the private ratings?"),
            consequences=(
                _("The list of decisions, the partners and their sides will be fixed."),
                _("The rules on who sees what will be fixed. Everyone will read them above the first question."),
                _("Every representative will be asked to answer."),
                _(
                    "Once the private ratings are open, both sides must say yes before you can go back to the "
                    "decisions."
                ),
                _(
                    "While rating is open, a representative's membership can be ended only by that representative or "
                    "by both sides together."
                ),
            ),
            done=_("The private ratings are open."),
        ),
        texts_by_side=Texts(
            button=_("Let each side answer"),
            title=_("Let each side answer?"),
            consequences=(
                _("The list of decisions, the partners and their sides will be fixed."),
                _(
                    "Each side has one sheet, shared by everyone who represents that side. Later, everyone will see "
                    "what each side answered."
                ),
                _("Every representative will be asked to answer together with their side."),
                _(
                    "Once the private ratings are open, both sides must say yes before you can go back to the "
                    "decisions."
                ),
            ),
            done=_("The sides can answer now."),
        ),
        log=_("%(name)s opened the private ratings"),
    ),
    ActionRow(
        WorkflowAction.START_SESSION,
        BEFORE_RATING,
        (F,),
        to=JOINT,
        guard=guards.can_start_session,
        copies_partners=True,
        texts=Texts(
            button=_("Start the joint session"),
            title=_("Start the joint session?"),
            consequences=(_("The list of decisions, the partners and their sides will be fixed."),),
            done=_("The joint session is open."),
        ),
        log=_("%(name)s began the joint session without private ratings"),
    ),
    ActionRow(
        WorkflowAction.OPEN_VOTING,
        (COLLECTING,),
        (F,),
        to=VOTING,
        guard=guards.can_vote,
        texts=Texts(
            button=_("Start the vote"),
            title=_("Start the vote?"),
            consequences=(
                _("Each facilitator and representative can choose up to five decisions."),
                _("Members will no longer be able to propose decisions. You can reopen proposals later."),
            ),
            done=_("The vote is open."),
        ),
        log=_("%(name)s opened the vote on decisions"),
    ),
    ActionRow(
        WorkflowAction.BACK_TO_COLLECTING,
        (VOTING,),
        (F,),
        to=COLLECTING,
        texts=Texts(
            button=_("Go back to proposals"),
            title=_("Go back to proposing decisions?"),
            consequences=(_("Everyone will be able to propose decisions again. The votes cast so far will be kept."),),
            done=_("Everyone can propose decisions again."),
        ),
        log=_("%(name)s allowed everyone to propose decisions again"),
    ),
    ActionRow(WorkflowAction.VOTE, (VOTING,), MEMBERS, guard=guards.vote_is_open),
    # --- what is promised before anybody answers
    ActionRow(WorkflowAction.EDIT_GROUND_RULES, (*BEFORE_RATING, JOINT), (F,), guard=guards.rules_not_accepted),
    ActionRow(WorkflowAction.ACCEPT_GROUND_RULES, BEFORE_FINAL_REVIEW, ANYONE),
    ActionRow(
        WorkflowAction.SIGN_PLEDGE,
        BEFORE_FINAL_REVIEW,
        (R,),
        log=_("%(name)s signed the pledge of funders and lead partners"),
    ),
    ActionRow(
        WorkflowAction.WITHDRAW_PLEDGE, BEFORE_CLOSING, (R,), log=_("%(name)s withdrew their signature from the pledge")
    ),
    # --- private ratings
    ActionRow(WorkflowAction.ANSWER, (RATING,), (R,), guard=guards.answers_alone),
    ActionRow(WorkflowAction.HAND_IN, (RATING,), (R,), guard=guards.answers_alone),
    ActionRow(WorkflowAction.WITHDRAW, (RATING,), (R,), guard=guards.answers_alone),
    ActionRow(WorkflowAction.ANSWER_FOR_SIDE, (RATING,), (R,), guard=guards.answers_together),
    ActionRow(WorkflowAction.REMIND, (RATING,), (F,)),
    ActionRow(WorkflowAction.BRING_IN, (RATING,), (F,), guard=guards.answers_alone),
    ActionRow(
        WorkflowAction.SET_DAY, (RATING,), (F,), guard=guards.no_day_yet, log=_("%(name)s set the last day to answer")
    ),
    # --- what both sides decide; the overview lists them in this order
    ActionRow(
        WorkflowAction.CLOSE_RATING,
        (RATING,),
        MEMBERS,
        to=JOINT,
        guard=guards.may_close_rating,
        by_both_sides=True,
        texts=Texts(
            button=_("Close the private ratings"),
            title=_("Close the private ratings permanently?"),
            consequences=(
                _(
                    "Rating will close once both sides have said yes. If only one side has said yes, rating will close "
                    "seven days later."
                ),
                _("Everyone will be told the closing date. No one will be told which side said yes."),
                _("A side can withdraw its agreement until rating closes. The seven-day period will then start again."),
                _(
                    "After rating closes, answers cannot be added or changed. Answers that have not been submitted "
                    "will not count."
                ),
                _(
                    "The results will be calculated once, and everyone will see them at the same time. This cannot be "
                    "undone."
                ),
            ),
            done=_("The private ratings are closed. The joint session is open."),
        ),
        log=_("The private ratings were closed"),
    ),
    ActionRow(
        WorkflowAction.MOVE_DAY,
        (RATING,),
        MEMBERS,
        by_both_sides=True,
        texts=Texts(
            button=_("Change the last day to answer"),
            title=_("Change the last day to answer?"),
            consequences=(
                _("The last day will move once both sides have agreed on the same new day. Everyone will be told."),
                _(
                    "Any earlier agreement to close rating will no longer count. Each side can say yes again from "
                    "the new day onwards."
                ),
            ),
        ),
        texts_without_day=Texts(
            button=_("Set a last day to answer"),
            title=_("Set a last day to answer?"),
            consequences=(
                _("The last day will be set once both sides have agreed on the same day. Everyone will be told."),
            ),
        ),
        log=_("Both sides moved the last day to answer"),
    ),
    ActionRow(
        WorkflowAction.REOPEN_DECISIONS,
        (RATING,),
        MEMBERS,
        to=COLLECTING,
        guard=guards.may_reopen,
        by_both_sides=True,
        texts=Texts(
            button=_("Go back to the decisions"),
            title=_("Go back to the list of decisions?"),
            consequences=(
                _("The list of decisions will be reopened once both sides have said yes. Everyone will be told."),
                _("Any private answers will be deleted. No one will see them."),
                _(
                    "The rules on who sees what will not change. If an organisation is added, the setting will "
                    "change from “named” to “by side”."
                ),
            ),
            done=_("The list of decisions is open again."),
        ),
        log=_("Both sides reopened the list of decisions after the private ratings"),
    ),
    ActionRow(
        WorkflowAction.REMOVE_MEMBER,
        (COLLECTING, VOTING, RATING),
        MEMBERS,
        by_both_sides=True,
        on_overview=False,
        texts=Texts(
            title=_("End the membership of %(name)s?"),
            consequences=(
                _("The membership will end once both sides have said yes. The person and all members will be told."),
                _(
                    "The person can object. The membership will then end only if another representative of the "
                    "organisation remains."
                ),
                _("If no other representative remains, the person will have seven days to object."),
                _(
                    "The answers will still belong to the person. Submitted answers will count unless the person "
                    "withdraws them."
                ),
                _("No one will be told whether the person has answered."),
            ),
        ),
        log=_("Both sides ended a membership"),
    ),
    ActionRow(
        WorkflowAction.DELETE_ASSESSMENT,
        ALWAYS,
        MEMBERS,
        by_both_sides=True,
        texts=Texts(
            button=_("Delete this assessment"),
            title=_("Delete this assessment?"),
            consequences=(
                _("The assessment will be deleted once both sides have said yes. Everyone will be told."),
                _("Decisions, answers, levels and actions will be deleted. No one will see the private answers."),
                _("If there are results, members can download the report for 30 days."),
                _("This cannot be undone."),
            ),
            done=_("The assessment has been deleted. Everyone has been told."),
        ),
        log=_("Both sides deleted an assessment"),
    ),
    # --- off the lists, and back
    ActionRow(
        WorkflowAction.ARCHIVE,
        ALWAYS,
        (F,),
        guard=guards.is_at_rest,
        texts=Texts(
            button=_("Archive this assessment"),
            title=_("Archive this assessment?"),
            consequences=(
                _("The assessment will no longer be listed for any member. To see it, choose “Show archived”."),
                _("The assessment will not be deleted. All members will still be able to open it."),
                _("Agreed actions and review dates will remain under “To do”."),
                _("Any facilitator can restore the assessment from the archive. All members will be told."),
            ),
            done=_("The assessment has been archived. Everyone has been told."),
        ),
        log=_("%(name)s archived an assessment"),
    ),
    ActionRow(
        WorkflowAction.RESTORE,
        ALWAYS,
        (F,),
        texts=Texts(
            button=_("Take this assessment out of the archive"),
            title=_("Take this assessment out of the archive?"),
            consequences=(_("The assessment will be listed again for all members. All members will be told."),),
            done=_("The assessment has been taken out of the archive. Everyone has been told."),
        ),
        log=_("%(name)s took an assessment out of the archive"),
    ),
    # Until rating first opens, the page of `delete_assessment` offers this instead.
    ActionRow(
        WorkflowAction.DELETE_ALONE,
        BEFORE_RATING,
        (F,),
        guard=guards.never_opened,
        texts=Texts(
            button=_("Delete this assessment"),
            title=_("Delete this assessment?"),
            consequences=(
                _("Rating has never been open, so you can delete the assessment on your own. Everyone will be told."),
                _("Decisions, answers, levels and actions will be deleted. No one will see the private answers."),
                _("This cannot be undone."),
            ),
            done=_("The assessment has been deleted. Everyone has been told."),
            danger=True,
        ),
        log=_("%(name)s deleted an assessment"),
    ),
    # --- the joint session
    ActionRow(WorkflowAction.TAKE_PART, (JOINT,), MEMBERS),
    ActionRow(WorkflowAction.RECORD, (JOINT,), (F,)),
    ActionRow(WorkflowAction.PLAN_ACTION, (JOINT,), (F,)),
    ActionRow(WorkflowAction.REMARK, IN_SESSION, MEMBERS),
    ActionRow(WorkflowAction.REPLY, IN_SESSION, (R,)),
    ActionRow(WorkflowAction.GUESS, (JOINT,), (F,), guard=guards.release_is_there),
    ActionRow(WorkflowAction.PLAN_AGENDA, (JOINT,), (F,), guard=guards.release_is_there),
    ActionRow(WorkflowAction.SAY_SINCE, (JOINT,), MEMBERS),
    ActionRow(
        WorkflowAction.OPEN_FINAL_REVIEW,
        (JOINT,),
        (F,),
        to=FINAL_REVIEW,
        guard=guards.release_is_there,
        texts=Texts(
            button=_("Go to the final review"),
            title=_("End the session and start the final review?"),
            consequences=(
                _("Agreed levels and actions cannot be changed during the final review."),
                _("Each organisation can reply in up to 600 characters. Members can comment."),
                _("You can go back to the session until every facilitator has confirmed the final review."),
            ),
            done=_("The final review is open."),
        ),
        log=_("%(name)s opened the final review"),
    ),
    # --- the final review, and closing
    ActionRow(WorkflowAction.NOTHING_TO_ADD, (FINAL_REVIEW,), (R,)),
    ActionRow(
        WorkflowAction.BACK_TO_SESSION,
        (FINAL_REVIEW,),
        (F,),
        to=JOINT,
        texts=Texts(
            button=_("Go back to the session"),
            title=_("Go back to the session?"),
            consequences=(
                _("Facilitators who have already confirmed the final review will have to confirm it again afterwards."),
            ),
            done=_("The session is open again."),
        ),
        log=_("%(name)s reopened the joint session"),
    ),
    ActionRow(WorkflowAction.CONFIRM_CLOSING, (FINAL_REVIEW,), (F,)),
    ActionRow(
        WorkflowAction.CLOSE_ASSESSMENT,
        (FINAL_REVIEW,),
        (F,),
        to=CLOSED,
        guard=guards.everyone_confirmed,
        on_overview=False,  # the last confirmation closes; the closing page has a button for the rest
        texts=Texts(
            button=_("Close the assessment"),
            title=_("Close the assessment permanently?"),
            consequences=(_("The result will be final. Actions can still be followed up."),),
            done=_("The assessment is closed."),
            danger=True,
        ),
        log=_("%(name)s closed the assessment"),
    ),
    # --- afterwards
    ActionRow(
        WorkflowAction.SHARE_FACTS,
        FROM_SESSION,
        MEMBERS,
        by_both_sides=True,
        on_overview=False,  # the page of the report leads to it, where there are facts
        texts=Texts(
            button=_("Print facts in the report"),
            title=_("Print facts in the report and in files?"),
            consequences=(
                _("The facts will be printed once both sides have said yes."),
                _(
                    "Readers will then see each side's shares, for example of the money or staff. These shares will "
                    "be in the report, the slides, all exports and the programming interface (API)."
                ),
                _("These documents and data will never contain amounts, or a partner's name together with a fact."),
                _("Either side can withdraw its agreement. Files stored on this website will then be deleted."),
                _("Copies that someone has already downloaded will remain."),
            ),
        ),
        log=_("Both sides decided to print facts in the report"),
    ),
    ActionRow(WorkflowAction.FOLLOW_UP, FROM_SESSION, MEMBERS),
    ActionRow(WorkflowAction.ERASE, FROM_SESSION, (R,)),
    ActionRow(WorkflowAction.START_NEXT, (CLOSED,), (F,)),
)

# What the activity log says of acts that belong to no stage.
OTHER_LOG_SENTENCES: dict[str, Text] = {
    "create_assessment": _("%(name)s set up an assessment"),
    "import_assessment": _("%(name)s imported an assessment"),
    "import_answers": _("%(name)s imported answers to the private ratings"),
    "name_trusted": _("%(name)s named the trusted person"),
    "trusted_word": _("%(name)s confirmed the trusted person on behalf of their own side"),
    "confirm_trusted": _("The trusted person for concerns introduced themselves"),
}
