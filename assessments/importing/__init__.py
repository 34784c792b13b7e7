"""An assessment from elsewhere: CSV files in a zip, checked whole before anything is written."""

from assessments.importing.reading import Parsed, Problem, read
from assessments.importing.writing import import_assessment

__all__ = ["Parsed", "Problem", "import_assessment", "read"]
