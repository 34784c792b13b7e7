"""Setting up: decisions, the shortlist, the preview of what is shown, rehearsal, opening."""
