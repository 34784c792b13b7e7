"""Answering in private, on whatever device or paper; the only code that writes private answers."""
