"""The facilitator's guide: each step's purpose, words, time, pitfalls, and what to do if it gets tense."""

from dataclasses import astuple, dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Stage


@dataclass(frozen=True)
class Guide:
    """One step's guide under its five headings."""

    title: Promise
    purpose: Promise
    say: Promise
    time: Promise
    pitfalls: Promise
    tense: Promise

    def sections(self) -> list[tuple[Promise, Promise]]:
        """Return the five headings with their texts."""
        return list(zip(HEADINGS, astuple(self)[1:], strict=True))


HEADINGS = (_("Purpose"), _("What to say"), _("Time"), _("What to avoid"), _("If there is tension"))

DECISIONS = Guide(
    title=_("Collecting decisions"),
    purpose=_(
        "You make a list of the types of decision in which influence matters most. Use the words of the people who "
        "live with these decisions. Later, the group can discuss only the decisions on this list. So the list itself "
        "is already a question of power."
    ),
    say=_(
        "“Think of the past year. Which decisions shaped our work? Which decision did you hear about only "
        "afterwards? Write down two or three types of decision. For example, write ‘dividing the budget among "
        "countries’, not ‘the budget of last March’. No one will see who proposed a decision.”"
    ),
    time=_(
        "This step takes three to seven days online. In a session, it takes thirty minutes: ten minutes alone, and "
        "twenty minutes to combine similar proposals."
    ),
    pitfalls=_(
        "Avoid a list written only by the lead organisation, or a list that is only about money. Avoid decisions "
        "that are so broad (“strategy”) that no one can say who decides. Combine similar proposals with care. If you "
        "reword a proposal, its author should still recognise it. The example topics help a silent group to start. "
        "They are not a list to choose from."
    ),
    tense=_(
        "Someone may say that a decision “is not up for discussion”. Do not argue. Leave the decision on the list "
        "and say: “We are only looking at how much influence each partner has. Later, we will decide together what "
        "to do about it.” If people hesitate to propose a decision, remind them that names are not shown. Each "
        "facilitator can also speak alone with their own side first."
    ),
)

VOTE = Guide(
    title=_("Choosing the decisions"),
    purpose=_(
        "A group can discuss about ten decisions in one session. If the list is longer, a vote shows which decisions "
        "matter to most people. In the vote, every person counts equally, whether their organisation is large or "
        "small."
    ),
    say=_(
        "“Choose the decisions that matter most to you, up to five. Do not choose what you think others expect. If "
        "at least five of you vote, we facilitators will then see how often each decision was chosen. We will not "
        "see who chose it. Then we will decide together which decisions to include in this assessment.”"
    ),
    time=_(
        "The vote takes two days online, or five minutes in the session. Then facilitators from both sides choose the "
        "decisions together, which takes ten minutes."
    ),
    pitfalls=_(
        "The side with more people can outvote the other side. Before you trust the numbers, look at how many members "
        "each side has. Decisions that only a few people chose may be those that hurt most. Keep the two decisions "
        "that each side chose most often, even if the total suggests otherwise. Do not drop a decision because it "
        "embarrasses the lead organisation."
    ),
    tense=_(
        "If someone's decision is left out, show that it remains on the list. The group can discuss it in the next "
        "assessment, or in the session if time allows. If the facilitators of the two sides disagree about a "
        "decision, keep it. One decision too many costs ten minutes. Leaving out a decision that one side wants to "
        "keep damages trust."
    ),
)

RATING = Guide(
    title=_("Private ratings"),
    purpose=_(
        "Everyone rates each partner's influence alone, before they hear the others. People answer differently when "
        "they are alone than when they are in a room with the funder. In the session, you will talk about the "
        "differences between these views."
    ),
    say=_(
        "“You will answer alone, on any device, over several days if you like. There are no right answers. Describe "
        "what happens in practice, not what is written down. ‘I do not know’ is a good answer. Above the first "
        "question, you can read what others will see. Your answers will count when you submit them.”"
    ),
    time=_(
        "Give people five to ten days. Answering takes fifteen to thirty minutes, or up to an hour if there are many "
        "partners and decisions."
    ),
    pitfalls=_(
        "Do not ask who has answered. Do not help someone by letting them answer on your own screen. Closing is "
        "final, so do not close rating before people with a slow connection have had a chance to answer. Remind "
        "people to rate what happens, not what the contract says. Use the reminder. All representatives receive it, "
        "and you will not learn who still has to answer."
    ),
    tense=_(
        "If someone fears for their funding, never put pressure on them. Say that not answering is also a choice, "
        "and that we will tell no one about a withdrawal. Show them the promise again. If they say that they do not "
        "trust the tool, take their doubts seriously. A joint session without private ratings, or one answer from "
        "each side, may then be safer for this partnership."
    ),
)

ACTUAL = Guide(
    title=_("Joint session: the level today"),
    purpose=_(
        "The group looks for the level on the ladder that describes how each partner is involved today. The "
        "discussion is the result, and the number only records it. Private views and the agreed level are shown "
        "together, and neither replaces the other."
    ),
    say=_(
        "“What happened the last time we took this decision? Who knew? Who was asked? Who had a vote? Who signed? "
        "Each organisation first names its own level. Southern partners begin, and the organisation that gives the "
        "money speaks last. Ask before you object.”"
    ),
    time=_(
        "Plan ten minutes for each decision. If a decision needs more time, agree on five more minutes, or record "
        "“we see this level differently”."
    ),
    pitfalls=_(
        "Do not take the average, because a level halfway between two views is not anyone's view. Do not accept a “2, "
        "consulted "
        "beforehand” if people were only informed. Never ask who gave which private answer. “We see this level "
        "differently” is a valid result if both statements are recorded. “No one knows” is also a result, "
        "and often tells us the most."
    ),
    tense=_(
        "Take one silent minute after the picture appears. If someone feels under attack, go back to the decision. "
        "“What happened?” is safer than “What do you think of us?”. Offer a break in which each side can talk alone. "
        "No one has to speak, and everyone may pass."
    ),
)

AGREEMENT = Guide(
    title=_("Joint session: do we agree?"),
    purpose=_(
        "Unequal levels are not a problem in themselves. Partners may want one of them to decide. In this step, the "
        "group says whether it agrees with how every partner is involved. One “no” makes the result a “no”, because "
        "a majority can always outvote the partner that is left out."
    ),
    say=_(
        "“We have described how things are. Do you agree with how partners are involved in this decision? If one "
        "organisation does not agree, we will record a ‘no’. Then we will look at what that organisation wants "
        "instead. You do not have to justify a ‘no’.”"
    ),
    time=_(
        "This step takes two minutes if all agree, and five minutes if they do not. Read out each name, look up, and "
        "wait until the organisation has answered."
    ),
    pitfalls=_(
        "Do not count silence as a “yes”. Do not ask the funded organisations one after the other in front of their "
        "funder. The first answer influences the others. Do not reopen the discussion of a level just because the "
        "answer is unwelcome. If the chair quickly asks “We all agree, right?”, no one will say “no”."
    ),
    tense=_(
        "If a “no” comes as a surprise, thank the organisation for it. Do not ask the group to react immediately. If "
        "you feel that people are agreeing out of fear, say openly: “We will come back to this.” Each facilitator "
        "then talks to their own side separately. People may withdraw an answer later."
    ),
)

DESIRED = Guide(
    title=_("Joint session: the level we want"),
    purpose=_(
        "After a “no”, the group finds the level that each partner should have. The level applies to this decision "
        "only. The aim is not for everyone to decide everything. Partners who feel the consequences of a decision "
        "should have influence on it."
    ),
    say=_(
        "“Who has to live with this decision? Who knows most about it? Which level should each of us have so that we "
        "can decide well and fairly? Which level do you want for yourselves? What would you need for that level: "
        "time, information, money, a mandate?”"
    ),
    time=_(
        "Plan five to ten minutes for each decision. Begin with the partners who want a different level for themselves."
    ),
    pitfalls=_(
        "If every partner gets a 4, no one decides. A higher level without the time or money for it only means more "
        "work. Some partners may want less influence than they are offered, for a good reason. Write the reason "
        "down. Two partners cannot both decide, and one partner cannot decide while others co-decide. If the levels "
        "show such a case, ask what the group means."
    ),
    tense=_(
        "The partner that would give up influence may feel accused. Ask: “What worries you about this?” Write the "
        "worry down as a condition. If you cannot agree, do not vote. Instead, try the level for a set period, ask a "
        "mediator, or take the decision to the governing body. You can also record the disagreement and set a review "
        "date."
    ),
)

ACTION = Guide(
    title=_("Joint session: what we will do"),
    purpose=_(
        "A wish changes nothing unless someone acts on it by a set date. For each decision with a “no”, the group "
        "agrees on one action and on who will carry it out. One of the partners that should gain influence will "
        "confirm that the action has been done."
    ),
    say=_(
        "“What is the smallest step that would really change this level? Who will take it? By when? Which of the "
        "partners that should gain influence will tell us whether it has been taken? Let us word the step so that we "
        "can say ‘yes’ or ‘no’ in six months.”"
    ),
    time=_(
        "Plan five minutes for each decision. Write down at most two actions for each decision, and in total no more "
        "than people can really do."
    ),
    pitfalls=_(
        "“We will improve communication” is too vague because no one can confirm it. Avoid actions that burden the "
        "partner with the fewest staff. Avoid actions for people who are not in the room. Also avoid setting too "
        "many deadlines just before the next report. The partner that carries out an action should not be the only "
        "one to confirm it. The partner that gains influence will know whether something has changed."
    ),
    tense=_(
        "If someone says that their board will never agree, make the step smaller. “Propose it to the board by May” "
        "is also an action. If people blame each other again, look ahead: “What would have to be different next "
        "time?” A review date without an action is better than an action that no one intends to carry out."
    ),
)

FINAL_REVIEW = Guide(
    title=_("Final review and closing"),
    purpose=_(
        "Before anything is final, everyone hears what has been recorded and can correct it. Each organisation can "
        "also reply. People who were not there will read the report."
    ),
    say=_(
        "“I will read out each decision: the levels, whether we agree, what we want and what we will do. Stop me if "
        "something is not what we said. Each organisation may then write its own reply. We will print the reply as "
        "it is, and no one will edit it.”"
    ),
    time=_(
        "Allow thirty minutes for the meeting, and then a week for replies. Announce the last day for replies, and "
        "write it down."
    ),
    pitfalls=_(
        "Do not rush just because everyone is tired. It is better to meet again the next day. Do not improve other "
        "people's words. Do not close the assessment while an organisation is still writing its reply in another "
        "language. Every facilitator confirms the final review. After fourteen days, one facilitator from each side "
        "is enough. This means that no one can block the result by being absent."
    ),
    tense=_(
        "If an organisation disagrees with what was recorded, go back to the session for that decision. You can also "
        "record “we see this level differently”. If someone regrets what they said, ask what would make the report "
        "safe for them. The report shows only agreed levels and released numbers, and is the same for every reader."
    ),
)

FOLLOW_UP = Guide(
    title=_("Following up"),
    purpose=_(
        "Power changes through what people do after the session. Partners report on their actions. The partners that "
        "should gain influence confirm these reports. The next assessment will show whether levels have changed."
    ),
    say=_(
        "“Let us take ten minutes of our regular meeting. Which actions are due? What happened? Does the partner "
        "that should gain influence agree with the report? What will we change about actions that are making no "
        "progress?”"
    ),
    time=_(
        "Set aside ten minutes for this every two or three months. Plan the next assessment for a year later, or for "
        "halfway through a programme."
    ),
    pitfalls=_(
        "The list of actions is for everyone, not only for the facilitators. Do not report “done” if a paper has "
        "been written but no one has gained influence. Levels are not school marks. A lower level next time may be a "
        "sign of honesty. People rate more strictly once they know the ladder better."
    ),
    tense=_(
        "Sometimes one partner reports “done”, but the partner that should gain influence does not confirm it. In "
        "that case, first talk to these two partners without the others. Ask what was agreed, and what has changed "
        "for them. It is better to drop an action openly, with a reason, than to let a promise be forgotten."
    ),
)

# For the reading guide before the session: what to ask first, and what not to say.
ASK_FIRST = (
    _("“When did we last take this decision, and what happened?” Ask for a story before you ask for a number."),
    _(
        "“What in this picture surprises you? What does not?” First listen to the people who usually have less "
        "influence than others."
    ),
    _("“Who has to live with this decision but is not in the room?”"),
    _(
        "“What would have to change before you could say this yourself?” Ask this if someone lets others speak for "
        "them."
    ),
)
NOT_TO_SAY = (
    _("“Who gave such a low level?” No one should ask who answered what, and no one should guess aloud."),
    _("“Your side thinks that …” The numbers show a side's average. No one in the room has to defend it."),
    _("“But that is not how it is.” A view is an answer to a question, not a mistake."),
    _(
        "“Why is this number not shown?” The number is hidden to protect answers. You cannot conclude anything from "
        "the missing number."
    ),
    _("Your own guess helps you to listen. If you say it aloud, others may simply agree with it."),
)

CAUCUS = Guide(
    title=_("Each side's answer"),
    purpose=_(
        "Each side first discusses its views on its own because people can speak more freely that way. Then the side "
        "agrees on one answer. The other side will see the answer of the whole side, so no one has to defend it alone."
    ),
    say=_(
        "“Meet with your own side only. Discuss the decisions one by one. What happened last time? Which level would "
        "you all consider fair? Write down one level for each partner. Everyone will read your side's answer. No one "
        "will write down who argued for what. ‘We do not know’ is an answer.”"
    ),
    time=_("Each side needs one meeting or call of sixty to ninety minutes, within a week or two."),
    pitfalls=_(
        "A large organisation may end up speaking for its whole side. Let the smallest organisation begin in this "
        "meeting, too. If a side is a single organisation, everyone knows whose answer it is. Tell that organisation "
        "before it starts. A facilitator from one side should not attend the other side's meeting. Ask for honest "
        "levels, not for levels that impress the other side."
    ),
    tense=_(
        "If a side cannot agree, it can leave the question open, or say that it does not know. You can talk about "
        "this question in the joint session. Someone may be afraid to talk even within their own side. In that case, "
        "private answers, or a joint session alone, may be safer. You can change how people answer as long as no "
        "side has answered."
    ),
)


def guides_of(assessment: Assessment) -> tuple[Guide, ...]:
    """Return the guides to where an assessment stands; where sides answer together, that step is another one."""
    if assessment.stage == Stage.RATING and assessment.answers_by_side:
        return (CAUCUS,)
    return GUIDES[Stage(assessment.stage)]


GUIDES = {
    Stage.COLLECTING: (DECISIONS,),
    Stage.VOTING: (VOTE,),
    Stage.RATING: (RATING,),
    Stage.JOINT: (ACTUAL, AGREEMENT, DESIRED, ACTION),
    Stage.FINAL_REVIEW: (FINAL_REVIEW,),
    Stage.CLOSED: (FOLLOW_UP,),
}
