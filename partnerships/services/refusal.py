from django.utils.functional import Promise


class Refused(Exception):
    """A rule says no; the message is a whole, translated sentence for the person who asked."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message
