"""Help for readers: pages without an account, composed from the method and the facilitators' guide."""
