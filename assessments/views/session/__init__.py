"""Pages of the joint session."""
