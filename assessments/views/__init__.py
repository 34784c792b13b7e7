"""Pages and their small endpoints, a folder per step.

Each view begins with `assessment_required`. Rows come through access and services.
"""
