"""An assessment from elsewhere: CSV files in a zip, checked whole before anything is written."""

from assessments.importing.parsing import ImportProblem, Parsed, parse_archive
from assessments.importing.writing import import_assessment

__all__ = ["ImportProblem", "Parsed", "import_assessment", "parse_archive"]
