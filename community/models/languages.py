"""The languages in which texts are written and said again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.locales import language_name


class Language(models.TextChoices):
    """Languages of the texts. Those with a dictionary in PostgreSQL are searched by stems (migration 0002)."""

    ENGLISH = "en", "English"
    FRENCH = "fr", "français"
    SPANISH = "es", "español"
    PORTUGUESE = "pt", "português"
    DUTCH = "nl", "Nederlands"
    ARABIC = "ar", "العربية"
    SWAHILI = "sw", "Kiswahili"
    AMHARIC = "am", "አማርኛ"
    BENGALI = "bn", "বাংলা"
    HINDI = "hi", "हिन्दी"
    INDONESIAN = "id", "Bahasa Indonesia"
    OTHER = "und", _("another language")

    @property
    def name_for_reader(self) -> str:
        """Return what the reader calls it, for sentences; the label calls it as its speakers do."""
        return str(self.label) if self == Language.OTHER else language_name(self)


NAMED = [str(language.value) for language in Language if language != Language.OTHER]  # that a group can ask for
