"""From rows to results: frames, then the method, then disclosure. Beside their writers, only this reads private answers."""
