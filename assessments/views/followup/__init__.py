"""Pages of what follows."""
