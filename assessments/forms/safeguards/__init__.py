"""Forms of what protects people."""
