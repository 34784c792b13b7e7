"""All tables of an assessment together, with what they are about and how to read them: what every format writes."""

from django.utils import translation

from assessments.exports import Export
from assessments.models import Assessment
from assessments.results.presenters import Results, results_of
from assessments.results.reporting.files import file_name, moment_of
from assessments.results.reporting.method import method_of
from assessments.results.tables.about import about
from assessments.results.tables.actions import actions_table
from assessments.results.tables.agreed import agreed_tables
from assessments.results.tables.codes import codes_table
from assessments.results.tables.columns import is_made_up
from assessments.results.tables.declared_facts import fact_tables
from assessments.results.tables.partners import decisions_table, partners_table
from assessments.results.tables.released import release_tables
from assessments.results.tables.replies import replies_table
from assessments.results.tables.shift import shift_tables


def export_of(assessment: Assessment, results: Results | None = None) -> Export:
    """Return all that is shown of an assessment, as tables in the active language."""
    results = results or results_of(assessment)
    language = translation.get_language() or "en"
    return Export(
        name=_file_name(assessment, language),
        moment=moment_of(assessment),
        language=language,
        right_to_left=translation.get_language_bidi(),
        title=f"{assessment.partnership.name}: {assessment.title}",
        facts=tuple(about(results)),
        reading=tuple(method_of(results)),
        tables=(
            partners_table(results),
            decisions_table(results),
            *agreed_tables(results),
            *fact_tables(results),
            *release_tables(results),
            *shift_tables(results),
            actions_table(assessment),
            replies_table(assessment),
            codes_table(results),
        ),
    )


def mark_of(assessment: Assessment) -> str:
    """Return how the names of files begin whose numbers are not real; empty for all others."""
    if assessment.partnership.is_rehearsal:
        return "rehearsal-"
    return "example-" if is_made_up(assessment) else ""


def _file_name(assessment: Assessment, language: str) -> str:
    return mark_of(assessment) + file_name(assessment, language).removesuffix(".pdf")
