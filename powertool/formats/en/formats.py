"""British dates and the 24-hour clock: 24 November 2026 at 14:05. Numbers stay as Django has them."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = r"j F Y \a\t H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
FIRST_DAY_OF_WEEK = 1  # Monday

# The first form of each is the one that Django writes into a field.
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d %B %Y", "%d %b %Y"]
TIME_INPUT_FORMATS = ["%H:%M:%S", "%H:%M:%S.%f", "%H:%M"]
DATETIME_INPUT_FORMATS = [
    *(f"%Y-%m-%d {time}" for time in TIME_INPUT_FORMATS),
    *(f"%d/%m/%Y {time}" for time in TIME_INPUT_FORMATS),
]
