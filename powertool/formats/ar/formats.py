"""What Django leaves to English in Arabic: moments in the order of Arabic dates, and groups of three digits."""

DATETIME_FORMAT = "j F، Y، g:i A"
SHORT_DATETIME_FORMAT = "d\u200f/m\u200f/Y، g:i A"
NUMBER_GROUPING = 3
