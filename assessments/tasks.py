"""What the workers do: a task takes ids, calls one function, and can run twice or be killed half-way without harm."""

from celery import shared_task

from assessments.models import Assessment, Job
from assessments.results.agreed import make_agreed_result
from assessments.results.release import make_release
from assessments.results.reporting.pdf import make_report
from assessments.results.sharing import make_shared_files
from assessments.services.followup import closing, planned_actions, reviews
from assessments.services.safeguards import concern, side_words
from assessments.services.setup import iati, kept_reports, opening
from assessments.workflow import jobs


def release(assessment: Assessment) -> None:
    """Make the Release, and tell everyone that the results are there; they are told once."""
    make_release(assessment)
    people = assessment.partnership.memberships.in_force()
    opening.notify_people(assessment, "assessments.results_ready", people, "dashboard")


MAKERS = {
    Job.Kind.RELEASE: lambda job: release(job.assessment),
    Job.Kind.AGREED: lambda job: make_agreed_result(job.assessment),
    Job.Kind.REPORT: make_report,
    Job.Kind.SHARING: make_shared_files,
    Job.Kind.IATI: lambda job: iati.run_job(job.assessment),
}


@shared_task(name="assessments.tasks.run")
def run(job_id: int) -> bool:
    return jobs.run(job_id, lambda job: MAKERS[Job.Kind(job.kind)](job))


@shared_task(name="assessments.tasks.make_kept_report")
def make_kept_report(pk: int) -> bool:
    return kept_reports.make(pk)


@shared_task(name="assessments.tasks.sweep")
def sweep() -> int:
    concern.send_due_mails()
    side_words.settle_all_due()
    iati.delete_old()
    kept_reports.make_all()
    return jobs.sweep()


@shared_task(name="assessments.tasks.remind")
def remind() -> int:
    return planned_actions.remind() + closing.remind() + reviews.remind()
