"""Sessions of the official web tool, from an operator's `dumpdata`: read and judged whole, then written by session."""

from assessments.importing.official.parsing import BadDump, parse_dump
from assessments.importing.official.records import Dump, Issue, Session
from assessments.importing.official.writing import Imported, import_session, send_invitations

__all__ = ["BadDump", "Dump", "Imported", "Issue", "Session", "import_session", "parse_dump", "send_invitations"]
