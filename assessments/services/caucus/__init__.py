"""One open answer per side, and what pages show of it."""
