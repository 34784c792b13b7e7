"""The joint session: levels, outcomes, the running of the talk."""
