"""Forms of what follows."""
