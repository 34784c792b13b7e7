"""From rows to results: frames, the method, disclosure. Beside its writer, only this reads private answers."""
