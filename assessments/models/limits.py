"""How long texts may be. Forms, files and devices take their limits from here."""

LONGEST_REASON = 600  # characters of the reason beside a private agree or disagree
LONGEST_REPLY = 600  # characters of an organisation's reply to the results
