"""Setting up: partners' promises, decisions, rehearsal, opening."""
