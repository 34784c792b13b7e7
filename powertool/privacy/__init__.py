"""Data protection: the personal data register, a person's export and erasure, retention, and the page on it."""
