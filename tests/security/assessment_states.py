"""What payloads of test_fuzz_assessments.py need beyond the stage of their URLs, made by the services of the site."""

from datetime import timedelta
from typing import Any

from django.db.models import F

from assessments.importing import csv_example
from assessments.models import (
    Assessment,
    Funder,
    IatiImport,
    Job,
    LiveSession,
    MissingVoice,
    Moment,
    PrivateBallot,
)
from assessments.models.concern import Concern
from assessments.models.private import Rater
from assessments.results.release import make_release
from assessments.services.followup import planned_actions
from assessments.services.rating import private_answers
from assessments.services.safeguards import concern, missing_voices, pledge, trusted_person
from assessments.services.session import agenda, choices, live
from assessments.services.setup import decisions, iati, rehearsal
from partnerships import services
from partnerships.access import MemberRoles, member_roles_of
from partnerships.models import Membership
from powertool.demo import factories
from tests.assessments import fieldworking, making
from tests.assessments.test_fieldwork_sheet import fetch, fill
from tests.security.fuzzing import Scene, at

Codes = dict[str, Any]
FIELDS = {"title": "T", "phase": "baseline", "mode_wanted": "by_side"}
CELLS = "Decision\tN1\tS1\nBudget\t4\t1"


def member(scene: Scene, who: str) -> MemberRoles:
    return member_roles_of(scene.people[who], scene.cast.partnership)


def membership(scene: Scene, who: str = "r") -> Membership:
    return scene.cast.membership(scene.people[who])


def upload(scene: Scene, who: str, name: str, **sent):
    """Return the answer to a form with files, which are given as their bytes."""
    files = {field: fieldworking.named(value, field) for field, value in sent.items() if isinstance(value, bytes)}
    return scene.browsers[who].post(scene.addresses[name], sent | files)


# --- imports, which are checked first


def checked_files(scene: Scene) -> Codes:
    """Let a facilitator have seen what the files of an import hold."""
    return {"checked": upload(scene, "f", "import", archive=csv_example.archive(), **FIELDS).context["checked"]}


def checked_cells(scene: Scene) -> Codes:
    """Let a facilitator have seen what the cells of an import hold."""
    return {"sealed": upload(scene, "f", "import-workbook", cells=CELLS, **FIELDS).context["sealed"]}


def no_iati(scene: Scene) -> None:
    """Let no IATI file be imported yet."""
    iati.remove(scene.assessment, member(scene, "f"))


def previewed_iati(scene: Scene) -> Codes:
    """Let a facilitator have seen the preview of an IATI file."""
    return {"seen": iati.fingerprint(iati.offers(IatiImport.objects.get()))}


# --- rehearsals and safeguards


def a_rehearsal(scene: Scene) -> Codes:
    """Let the facilitator rehearse; decisions are collected."""
    made = rehearsal.start(scene.people["f"])
    urls = at("assessments", made.code, names=("rehearsal", "rehearsal-next", "rehearsal-remove"))
    pretend = rehearsal.pretend_memberships(made)[0].code
    return {"rehearsed": made.assessments.get().code, "pretend": pretend} | urls


def a_rehearsal_of_rating(scene: Scene) -> Codes:
    """Let the facilitator rehearse; private ratings are open."""
    codes = a_rehearsal(scene)
    scene.browsers["f"].post(codes["at rehearsal-next"], {"do": "open", "assessment": codes["rehearsed"]})
    return codes


def named_person(scene: Scene) -> Codes:
    """Let a facilitator of the North have named a trusted person."""
    north = member_roles_of(scene.cast.north_facilitator, scene.cast.partnership)
    named = trusted_person.name_person(scene.assessment, north, "Ada", "ada@example.org")
    return {"person": named.mark}


def raised_concern(scene: Scene) -> Codes:
    """Let a concern have been raised with a trusted person who has confirmed."""
    person = making.trust(scene.cast, scene.assessment)
    code = concern.raise_concern(scene.assessment, "They never ask us.", person.mark)
    codes = {"person": person.mark, "concern": str(Concern.objects.get().pk), "writer_code": code}
    return codes | at("assessments", person.to_mail, names=("concern-read",))


def a_donor(scene: Scene) -> None:
    """Let the representative's organisation give money."""
    Funder.objects.create(assessment=scene.assessment, partner=membership(scene).partner)


def signed_pledge(scene: Scene) -> None:
    """Let the representative have signed the pledge of those who give money."""
    a_donor(scene)
    pledge.sign_pledge(scene.assessment, member(scene, "r"))


# --- decisions


def addresses_of_all(scene: Scene) -> None:
    """Let everyone who is invited to rate have an e-mail address."""
    services.void_membership(membership(scene, "g"), membership(scene, "g"))


def own_proposal(scene: Scene) -> Codes:
    """Let the representative have proposed a decision."""
    proposed = decisions.propose(scene.assessment, membership(scene), "Buying bikes")
    return at("assessments", scene.assessment.code, proposed.code, names=("own-proposal",))


def combined_decisions(scene: Scene) -> None:
    """Let the first decision be put under the last one."""
    first, *_others, last = scene.assessment.decisions.heads()
    decisions.merge(first, last)


def missing_voice(scene: Scene) -> Codes:
    """Let somebody have named a decision that they heard of afterwards."""
    missing_voices.add_answer(scene.assessment, member(scene, "r"), "afterwards", "Moving the office")
    urls = ("missing_voices-propose", "missing_voices-out")
    return at("assessments", scene.assessment.code, MissingVoice.objects.get().code, names=urls)


def ended_vote(scene: Scene) -> None:
    """Let the vote on decisions have ended."""
    making.step(scene.cast, scene.assessment, "end_vote")


# --- private answers


def answered(scene: Scene) -> Codes:
    """Let the representative have answered all questions, and submitted nothing."""
    factories.make_ratings(scene.assessment, membership(scene), submit=False)
    return {"sheet": private_answers.sheet_number(Rater.objects.get())}


def submitted(scene: Scene) -> Codes:
    """Let the representative have submitted all answers."""
    making.answer_all(scene.assessment, membership(scene))
    return {"receipt": Rater.objects.get().hand_ins.get().code}


def ended_membership(scene: Scene) -> None:
    """Let the representative have submitted all answers before the membership ended."""
    submitted(scene)
    services.void_membership(membership(scene), membership(scene))


def filled_export(scene: Scene) -> Codes:
    """Let a tool for forms hold the answers of the representative."""
    return {"filled": fieldworking.as_csv(fieldworking.row(scene.assessment, membership(scene)))}


def checked_export(scene: Scene) -> Codes:
    """Let a facilitator have seen what the export of a tool for forms holds."""
    return {"checked": upload(scene, "f", "fieldwork", **filled_export(scene)).context["checked"]}


def filled_sheet(scene: Scene) -> Codes:
    """Let the representative have filled in a spreadsheet."""
    return {"filled": fill(fetch(scene.browsers["r"], scene.assessment), {(1, 1): 3})}


def submitted_to_another(scene: Scene) -> Codes:
    """Let the representative have submitted answers to another assessment, which is in its joint session as well."""
    another = making.rating(scene.cast, title="Another")
    making.answer_all(another, membership(scene))
    make_release(making.step(scene.cast, another, "close_rating"))
    return at("assessments", another.code, names=("erase-answers",))


# --- the joint session


def in_moment(scene: Scene, moment: str) -> LiveSession:
    """Bring everyone to a moment of the first decision."""
    assessment = Assessment.objects.get(pk=scene.assessment.pk)
    live.move(assessment, member(scene, "f"), moment)
    return LiveSession.objects.get()


def choosing(scene: Scene) -> Codes:
    """Let organisations choose levels for more than two minutes."""
    row = in_moment(scene, Moment.LEVEL)
    LiveSession.objects.update(moment_at=F("moment_at") - timedelta(minutes=3))
    return {"seen": live.mark(row)}


def shown_choices(scene: Scene) -> Codes:
    """Let the choice of a Southern organisation be shown."""
    seen, decision = choosing(scene)["seen"], scene.assessment.decisions.get(number=1)
    south = member_roles_of(scene.cast.south_representative, scene.cast.partnership)
    choices.choose(scene.assessment, south, decision, Moment.LEVEL, 3)
    choices.show(scene.assessment, member(scene, "f"), live.Seen(seen, 1, "moment"))
    return {"about": f"{scene.assessment.participants.get(partner=south.represents.partner).number}:3"}


def asked_aloud(scene: Scene) -> None:
    """Let phones be asked in the open whether their organisations agree."""
    in_moment(scene, Moment.AGREE)
    live.lead(scene.assessment, member(scene, "f"), live.ask_aloud)


def asked_privately(scene: Scene) -> None:
    """Let two representatives be asked privately whether their organisations agree."""
    asked = [membership(scene).pk, membership(scene, "g").pk]
    PrivateBallot.objects.create(decision=scene.assessment.decisions.get(number=1), asked=asked)


def a_ticket(scene: Scene) -> None:
    """Let the device of a facilitator hold tickets for a pause, as it has loaded the session."""
    scene.browsers["f"].get(scene.assessment.get_absolute_url() + "session/")


def second_decision(scene: Scene) -> Codes:
    """Let everyone still be at the first decision."""
    return at("assessments", scene.assessment.code, 2, names=("session-here",))


def draft_agenda(scene: Scene) -> None:
    """Let the facilitators have drafted an agenda."""
    agenda.keep(scene.assessment, member(scene, "f"), 90, agenda.propose(90, [1, 2]), 0)


def another_partner(scene: Scene) -> Codes:
    """Let a partner be known that can confirm an action of the first one."""
    return {"confirmer": str(scene.assessment.participants.get(acronym="S1").pk)}


def own_action(scene: Scene) -> Codes:
    """Let the representative's organisation own an action."""
    own = scene.assessment.participants.get(partner=membership(scene).partner)
    decision = scene.assessment.decisions.get(number=1)
    planned = planned_actions.plan(
        scene.assessment, member(scene, "f"), decision, text="Share the accounts", owner=own, due="2030-01-01"
    )
    return at("assessments", scene.assessment.code, planned.code, names=("action",))


def earlier_assessment(scene: Scene) -> Codes:
    """Let there be an assessment before this one, of the same partners."""
    before = making.rating(scene.cast, title="Before")
    with making.past_triggers():
        Assessment.objects.filter(pk=scene.assessment.pk).update(predecessor=before)
    own = scene.assessment.participants.get(partner=membership(scene).partner)
    return {"organisation": str(own.number)}


# --- results


def failed_job(scene: Scene) -> None:
    """Let the results of the session have failed to be made."""
    Job.objects.filter(assessment=scene.assessment).update(state=Job.State.FAILED)
