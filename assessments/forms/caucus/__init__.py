"""Forms of a side that answers together."""
