"""Measures: steps, trials, maturity, adoption, and finding the one that fits."""
