"""Pages and their small endpoints, a room per step. Each begins at `doors`; rows come through access and services."""
