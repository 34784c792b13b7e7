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


HEADINGS = (_("Purpose"), _("What to say"), _("Time"), _("Pitfalls"), _("If it gets tense"))

DECISIONS = Guide(
    title=_("Gathering decisions"),
    purpose=_(
        "You want a list of the types of decisions in which say really matters, in the words of those who live with "
        "them. What is on the list decides what can be talked about later, so the list itself is already a question "
        "of power."
    ),
    say=_(
        "“Think of the last year. Which decisions shaped our work? Which one did you hear of only afterwards? Write "
        "down two or three, as a type of decision: ‘dividing the budget among countries’, not ‘the budget of last "
        "March’. Nobody sees who proposed what.”"
    ),
    time=_(
        "Three to seven days online, or thirty minutes in a session: ten alone, twenty to put look-alikes together."
    ),
    pitfalls=_(
        "A list filled in by the lead organisation; only money; decisions so broad (“strategy”) that nobody can say "
        "who decides. Put look-alikes together with care: if you reword a proposal, its author should still "
        "recognise it. The example topics are there for a silent start, not as a menu."
    ),
    tense=_(
        "Someone may say that a decision “is not up for discussion”. Do not argue. Leave it on the list and say: “We "
        "only look at who has which say. What we do with it comes later, and together.” If people hesitate to "
        "propose, remind them that names are not shown, and ask each facilitator to speak with her own side alone "
        "first."
    ),
)

VOTE = Guide(
    title=_("Choosing what goes on"),
    purpose=_(
        "A group can talk through about ten decisions in one session. With more on the table, the vote shows which "
        "ones matter to most people. It gives each person, and not each budget, the same voice."
    ),
    say=_(
        "“Choose up to five decisions that matter most to you. Do not choose what you think the others want to hear. "
        "After the vote has ended, and if at least five of you voted, we facilitators see how often each decision was "
        "chosen. We do not see who chose it. We then decide together which decisions go on.”"
    ),
    time=_(
        "Two days online, or five minutes in the session. Agree on the cut in ten minutes, a facilitator of each side."
    ),
    pitfalls=_(
        "The larger delegation outvotes the smaller one: look at who has more seats before you trust the numbers. "
        "Decisions that only a few chose may be the ones that hurt most; keep the top two of each side even if the "
        "sum says otherwise. Do not drop a decision because it is embarrassing to the one who leads."
    ),
    tense=_(
        "If someone sees her decision left out, show that it stays in the list and can be taken up in the next "
        "assessment, or in the session if time allows. If the facilitators of the two sides disagree about the cut, "
        "keep both decisions. One decision too many costs ten minutes; one left out against a side's will costs "
        "trust."
    ),
)

RATING = Guide(
    title=_("Private ratings"),
    purpose=_(
        "Everyone says alone, before hearing the others, how much say each partner has. Answers given alone differ "
        "from what is said in a room where the funder sits. The distance between the views is what you will talk "
        "about."
    ),
    say=_(
        "“You answer alone, from any device, over several days if you like. There are no right answers: say how it "
        "is, not how it is written down. ‘Don't know’ is a good answer. What others will see is said above the first "
        "question. Your answers count when you hand them in.”"
    ),
    time=_(
        "Five to ten days. Answering takes fifteen to thirty minutes; with many partners and decisions up to an hour."
    ),
    pitfalls=_(
        "Asking who has answered, or helping someone answer on your own screen. Closing before the people on slow "
        "lines had their chance: closing is final. Rating what the contract says instead of what happens. Let the "
        "reminder do the work; it goes out without you knowing to whom."
    ),
    tense=_(
        "If someone fears for her funding, never press. Say that not answering is a choice as well, that withdrawing "
        "leaves no trace, and show the promise once more. If she does not trust the system, believe her: going "
        "straight to the joint session, or talking within each side first, may be the safer way for this "
        "partnership."
    ),
)

ACTUAL = Guide(
    title=_("Joint session: the level today"),
    purpose=_(
        "The group looks for the level on the ladder that describes how each partner is involved today. The talk is "
        "the result; the number only holds it. Private views and the agreed level stand side by side, and neither "
        "replaces the other."
    ),
    say=_(
        "“What happened the last time we took this decision? Who knew, who was asked, who had a vote, who signed? "
        "Each organisation says its own level first. Southern partners begin, the one who holds the money speaks "
        "last. Others ask before they object.”"
    ),
    time=_("Ten minutes a decision. If it takes more, agree on five more, or note that you see it differently."),
    pitfalls=_(
        "Averaging: half-way between two views is a level that nobody sees. Letting a “2, consulted” pass when "
        "people were only told. Asking who gave which private answer. “We see this differently”, with both "
        "statements, is a full result; “nobody knows” is one too, and often the most telling."
    ),
    tense=_(
        "Take one silent minute after the picture appears. If someone is put on the spot, go back to the decision: "
        "“What happened?” is safer than “What do you think of us?”. Offer a break in which each side talks by "
        "itself. Nobody has to speak; passing is allowed."
    ),
)

AGREEMENT = Guide(
    title=_("Joint session: do we agree with it?"),
    purpose=_(
        "An unequal level is not a problem by itself: partners may want one of them to decide. Here the group says "
        "whether it agrees with how everybody is involved. One “no” makes it a “no”, since a majority can always "
        "outvote the one who is left out."
    ),
    say=_(
        "“We have described how it is. Do you agree with how partners are involved in this decision? If one "
        "organisation does not, we note a ‘no’, and look at what it would want instead. You do not have to justify a "
        "‘no’.”"
    ),
    time=_("Two minutes where all agree, five where not. Wait for each organisation; read the names out and look up."),
    pitfalls=_(
        "Silence taken for a yes. Asking the funded organisations in front of their funder in one round, so that the "
        "first answer sets the tone. Reopening the level because the answer is unwelcome. A quick “we all agree, "
        "don't we?” from the chair is the surest way to hear nothing."
    ),
    tense=_(
        "If a “no” comes as a surprise, thank for it. Do not ask the group to react at once. If you feel that people "
        "agree for fear, say openly that “we will come back to this” and talk to them alone, each facilitator with "
        "her own side. An answer taken back later is fine."
    ),
)

DESIRED = Guide(
    title=_("Joint session: the level we want"),
    purpose=_(
        "Where there was a “no”, the group finds the level that each partner should have. It is about this decision "
        "only. The aim is not that everybody decides everything, but that say sits where the consequences are felt."
    ),
    say=_(
        "“Who has to live with this decision? Who knows most about it? What level should each of us have, so that it "
        "is taken well and fairly? Which level do you want for yourselves, and what would you need for it: time, "
        "information, money, a mandate?”"
    ),
    time=_("Five to ten minutes a decision. Begin with the partners who want another level for themselves."),
    pitfalls=_(
        "Wishing everybody a 4: then nobody decides. A higher level without the means for it is only more work. Some "
        "partners may want less say than they are offered, for a good reason; write that down as it is. Two who "
        "decide, or one who decides beside others who co-decide, contradict each other: ask what is meant."
    ),
    tense=_(
        "The one who would give up say may feel accused. Ask: “What worries you about it?”, and note the worry as a "
        "condition. If no agreement is in sight, do not vote. Choose a way on: try it for a period, ask a mediator, "
        "take it to the governing body, or leave it noted with a date on which you look again."
    ),
)

ACTION = Guide(
    title=_("Joint session: what we will do"),
    purpose=_(
        "A wish changes nothing without somebody who does something by a date. For every decision with a “no” the "
        "group agrees on one action, who does it, and which partner that gains say will confirm that it was done."
    ),
    say=_(
        "“What is the smallest step that would really move this level? Who does it? By when? And who of those who "
        "gain say will tell us that it has happened? Let us write it so that in six months we can say yes or no.”"
    ),
    time=_("Five minutes a decision. Stop at two actions a decision, and at what people can carry home."),
    pitfalls=_(
        "“We will improve communication”: nobody can confirm that. Actions that burden the partner with the least "
        "staff. An owner who is not in the room. Many dates on the day before the next report. Confirmation by the "
        "owner alone; it is the partner that gains who knows whether something has shifted."
    ),
    tense=_(
        "If the owner says that her board will never agree, make the step smaller: “propose it to the board by May” "
        "is an action too. If blame returns, look ahead: “What would have to be different next time?” Better no "
        "action and a review date than one that nobody means."
    ),
)

READBACK = Guide(
    title=_("Read-back and closing"),
    purpose=_(
        "Before anything is final, everybody hears what was recorded, can correct it, and can reply. What stands in "
        "the report will be read by people who were not there."
    ),
    say=_(
        "“I read out each decision: the levels, whether we agree, what we want, what we will do. Stop me when it is "
        "not what we said. Each organisation may then write a reply of its own. It is printed as it stands, and "
        "nobody edits it.”"
    ),
    time=_("Thirty minutes together, then a week for the replies. Say the last day aloud, and write it down."),
    pitfalls=_(
        "Rushing, because everybody is tired: rather meet again the next day. Improving the wording of others. "
        "Closing while a reply is still being written in another language. Every facilitator confirms; after "
        "fourteen days one of each side is enough, so that nobody can block the result by staying away."
    ),
    tense=_(
        "If an organisation contests what was recorded, go back to the session for that decision, or record that you "
        "see it differently. If someone regrets what she said, ask what she needs in order to feel safe with the "
        "report. The report shows agreed levels and released numbers only, the same for every reader."
    ),
)

FOLLOW_UP = Guide(
    title=_("Following up"),
    purpose=_(
        "Power shifts in what happens afterwards. Owners report on their actions, the partners that were to gain say "
        "confirm them, and the next assessment shows whether levels have moved."
    ),
    say=_(
        "“Let us take ten minutes of our regular meeting: which actions are due, what happened, and does the partner "
        "that was to gain say see it in the same way? What do we change about those that are stuck?”"
    ),
    time=_("Ten minutes every two or three months; the next assessment after a year, or half-way through a programme."),
    pitfalls=_(
        "Letting only the facilitators keep the list. Reporting “done” when the paper is written but nobody has more "
        "say. Comparing the numbers of two assessments as if they were marks: a lower level later may mean more "
        "honesty, since people who know the ladder better rate more strictly."
    ),
    tense=_(
        "If an owner reports “done” and the gaining partner does not confirm, bring the two together without the "
        "others first. Ask what was agreed and what was felt. Dropping an action openly, with a reason, is better "
        "than a promise that quietly fades."
    ),
)

# For the reading guide before the session: what to ask first, and what not to say.
ASK_FIRST = (
    _("“When did we last take this decision, and what happened?” A story comes before a number."),
    _("“What in this picture surprises you, and what doesn't?” Hear first whoever is used to having less say."),
    _("“Who has to live with this decision and is not in the room?”"),
    _("“What would have to be different for you to say so yourself?” if somebody lets others speak for her."),
)
NOT_TO_SAY = (
    _("“Who gave such a low level?” Nobody asks, and nobody guesses aloud, who answered what."),
    _("“Your side thinks that …” What is shown is a side's average, and nobody in the room has to stand for it."),
    _("“But that is not how it is.” A view is an answer to a question, not a mistake."),
    _("“Why is this one not shown?” It protects answers. There is nothing to read in it, and nothing to find out."),
    _("Your own guess. It helps you to listen; said aloud, it becomes the answer that others agree with."),
)

CAUCUS = Guide(
    title=_("Each side's answer"),
    purpose=_(
        "Each side first finds out what it thinks, among people who need not be careful with each other, and then says "
        "it as one. What reaches the other side is the answer of a side, so nobody has to stand up for it alone."
    ),
    say=_(
        "“Meet with your own side only. Take the decisions one by one: what happened last time, and which level would "
        "you all call fair? Write down one level for each partner. You know that everybody will read your side's "
        "answer, and that who argued for what is written down nowhere. ‘We don't know’ is an answer.”"
    ),
    time=_("One meeting or call of sixty to ninety minutes per side, within a week or two."),
    pitfalls=_(
        "A large organisation that speaks for its whole side: let the smallest one go first there, too. A side of one "
        "organisation has no cover, since its answer is its own; it has to know that before it starts. A facilitator "
        "who sits in on the other side's meeting. Levels that a side writes down for effect."
    ),
    tense=_(
        "If a side can't agree, let it leave the cell open, or say that it does not know: that is worth talking about "
        "in the joint session. If somebody fears the talk even within the own side, answering alone, or the joint "
        "session alone, may be the safer way; you can still go back while no side has answered."
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
    Stage.READBACK: (READBACK,),
    Stage.CLOSED: (FOLLOW_UP,),
}
