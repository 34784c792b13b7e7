"""What hangs on the wall of a session without screens: a matrix, cards, dots, and how to use them, as one PDF."""
