"""The evidence base: what partnerships contribute, put together so that nobody can be picked out of it."""
