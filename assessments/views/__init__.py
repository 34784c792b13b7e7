"""Pages and their small endpoints, a room per step. Each begins at `doors` and reaches rows through access and services."""
