"""How many characters a text may have. Models, forms, files and pages take their limits from here."""

LONGEST_WORDING = 300  # of a decision, in any language
LONGEST_MISSING_VOICE = 300  # who is missing, or what people were not told
LONGEST_REASON = 600  # beside a private agree or disagree
LONGEST_VIEW = 400  # each of the two statements where a level is seen differently
LONGEST_NOTE = 2000  # on the discussion of a decision
LONGEST_ACTION = 1000
LONGEST_ACTION_NOTE = 500  # what was done about an action
LONGEST_GUESS = 400  # of facilitators, before the session
LONGEST_REPLY = 600  # of an organisation to the results
LONGEST_REMARK = 2000  # on the session
