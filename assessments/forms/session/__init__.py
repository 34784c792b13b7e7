"""Forms of the joint session."""
