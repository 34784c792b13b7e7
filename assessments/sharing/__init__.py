"""Files to share: a picture of each chart, a deck of slides, one page. No ORM: takes plain data in its language."""

from assessments.sharing.content import Content, Picture
from assessments.sharing.deck import deck
from assessments.sharing.typesetting import one_page, picture

__all__ = ["Content", "Picture", "deck", "one_page", "picture"]
