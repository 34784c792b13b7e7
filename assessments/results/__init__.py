"""From rows to results: frames, then the method, then disclosure. Beside its writer, only this reads private answers."""
