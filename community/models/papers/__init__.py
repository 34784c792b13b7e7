"""Policy papers, one subject a file."""
