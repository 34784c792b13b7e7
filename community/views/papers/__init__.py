"""Pages of policy papers: text, suggestions, consent rounds, publication."""
