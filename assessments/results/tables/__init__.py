"""The results as tables to take away: from the Release, the latest agreed result and the actions, and nothing else.

The same for every reader, in the active language; codes and numbers are the same in every language. People's names stay
in the report, except of whoever imported private ratings and so saw them.
"""
