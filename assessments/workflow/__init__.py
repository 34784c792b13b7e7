"""What may be done when, and by whom: the table of actions, its guards, the stages and the pending jobs."""
