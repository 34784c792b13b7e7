"""Answers without this website: on paper, with Kobo or ODK, in a spreadsheet. Made here and read here, written nowhere.

Knows the questions of an assessment and what a file holds; whose answers they are, and whether they count, is for
`assessments.services.rating.fieldwork`.
"""
