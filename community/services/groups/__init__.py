"""Who takes part in a group, on which side, and how much they do."""
