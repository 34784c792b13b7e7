"""Data protection: the inventory, a person's export and erasure, how long things are kept, and the page on it."""
