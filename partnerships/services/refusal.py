class Refused(Exception):
    """A rule says no; the message is a whole, translated sentence for the person who asked."""
