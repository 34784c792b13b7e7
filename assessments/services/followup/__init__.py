"""What follows: actions, closing, contribution, reports."""
