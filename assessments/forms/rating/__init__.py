"""Forms of those who answer."""
