"""The report: what it says, in one language and the same for every reader, and its PDF, made once per content."""
