"""A published version as PDF, Word and OpenDocument; drafts from Word and Markdown. No ORM: plain data in and out."""
