"""Policy papers: text, suggestions, consent of both sides, publication."""
