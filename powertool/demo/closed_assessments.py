"""The demo's largest partnership: a closed baseline and a closed midterm, with what came of them."""

from datetime import timedelta

from django.utils import timezone

from assessments import importing
from assessments.models import Action, Assessment, Decision
from assessments.results.release import make_release
from assessments.services import transitions
from assessments.services.followup import closing, planned_actions
from assessments.workflow import actions, jobs
from partnerships.access import member_roles_of
from partnerships.codes import new_code
from partnerships.models import Partner, Partnership, User
from powertool.demo import example, facts
from powertool.demo.factories import close, make_membership, spread
from powertool.demo.people import PEOPLE

NAME = "Voices for Change alliance"


def load(people: dict[str, User]) -> Assessment:
    """Make the partnership; return its midterm."""
    partnership = _partnership(people)
    baseline = _assessment(partnership, people, "baseline", "How we decided, 2025", "baseline", days_ago=380)
    midterm = _assessment(partnership, people, "example", "How we decide, 2026", "midterm", days_ago=0, before=baseline)
    _follow_up(baseline, people)
    return midterm


def _partnership(people: dict[str, User]) -> Partnership:
    partnership = Partnership.objects.create(
        name=NAME,
        context="Women and young people claim their rights: training, advocacy and small grants in five countries.",
        countries=["KE", "UG", "BF", "BO", "BD"],
        created_by=people["noor@demo.example"],
        is_demo=True,
    )
    for position, row in enumerate(importing.parse_archive(example.archive("example")).of("partners.csv")):
        values = {name: row[name] for name in ("name", "acronym", "country", "side")}
        Partner.objects.create(partnership=partnership, position=position, kind=example.KINDS[row["acronym"]], **values)
    donor = partnership.partners.get(acronym="SFGO")
    partnership.partners.filter(acronym__in=["NSF", "FjA"]).update(receives_through=donor)
    lead = partnership.partners.get(acronym="NSF")
    partnership.partners.filter(side="south").update(receives_through=lead)
    for email, (_name, role, acronym) in PEOPLE.items():
        make_membership(partnership, people[email], role, acronym)
    return partnership


def _assessment(partnership, people, folder: str, title: str, phase: str, days_ago: int, before=None) -> Assessment:
    """Import one assessment, and take it through its session to its closing."""
    noor, wanjiru = people["noor@demo.example"], people["wanjiru@demo.example"]
    parsed = importing.parse_archive(example.archive(folder))
    assessment = importing.import_assessment(partnership, noor, parsed, code=new_code(), title=title, phase=phase)
    for decision in assessment.decisions.all():
        Decision.objects.filter(pk=decision.pk).update(topic=example.TOPICS[f"D{decision.number:02}"])
    facts.add(assessment, folder)
    if assessment.private_ratings:
        make_release(assessment)
    _say_more(assessment, people, folder)
    if before:
        _link(before, assessment)
    assessment = transitions.apply(
        Assessment.objects.get(pk=assessment.pk),
        member_roles_of(noor, partnership),
        actions.WorkflowAction.OPEN_FINAL_REVIEW,
    )
    if folder == "example":
        text = (
            "We were glad to see this on paper. We stay with what we wrote about decision 12: without the right to "
            "carry money over, planning with communities is not possible."
        )
        closing.reply(assessment, member_roles_of(people["awa@demo.example"], partnership), text)
    facilitators = (member_roles_of(person, partnership) for person in (noor, wanjiru))
    assessment = close(assessment, *facilitators)
    jobs.settle(assessment)
    spread(assessment, timezone.now() - timedelta(days=days_ago))
    return Assessment.objects.get(pk=assessment.pk)


def _say_more(assessment: Assessment, people: dict, folder: str) -> None:
    """Add what the files do not hold: who confirms the actions, and remarks."""
    gaining = {"D03": "CSD", "D05": "LBYA", "D06": "RAD", "D09": "RVWN", "D12": "CSD", "D02": "RVWN", "D11": "CHC"}
    by_acronym = {each.acronym: each for each in assessment.participants.all()}
    for action in assessment.actions.select_related("decision"):
        confirmer = by_acronym[gaining[f"D{action.decision.number:02}"]]
        Action.objects.filter(pk=action.pk).update(confirmer=confirmer)
    if folder == "example":
        member = member_roles_of(people["wanjiru@demo.example"], assessment.partnership)
        text = "Decision 9 took us longest. Hearing what happened the last time helped more than any number."
        closing.remark(assessment, member, text)


def _link(before: Assessment, after: Assessment) -> None:
    Assessment.objects.filter(pk=after.pk).update(predecessor=before)
    for decision in after.decisions.all():
        predecessor = before.decisions.get(number=decision.number)
        Decision.objects.filter(pk=decision.pk).update(predecessor=predecessor)


def _follow_up(assessment: Assessment, people: dict) -> None:
    member = member_roles_of(people["wanjiru@demo.example"], assessment.partnership)
    first, second, third = assessment.actions.order_by("due")
    planned_actions.follow_up(
        assessment, member, first, Action.Status.DONE, "Two workshops, in Nakuru and in Ouagadougou."
    )
    planned_actions.follow_up(
        assessment, member, second, Action.Status.STARTED, "The lead's board discusses it in June."
    )
    planned_actions.follow_up(assessment, member, third, Action.Status.DONE, "")
