"""What a short text is found by, where nobody says its language: the stems of every dictionary, and its very words."""

from django.db import migrations

WORDS = r"""CREATE FUNCTION partnerships_search_words(words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('pg_catalog.simple', coalesce(words, ''))
        || to_tsvector('pg_catalog.english', coalesce(words, ''))
        || to_tsvector('pg_catalog.french', coalesce(words, ''))
        || to_tsvector('pg_catalog.spanish', coalesce(words, ''))
        || to_tsvector('pg_catalog.portuguese', coalesce(words, ''))
        || to_tsvector('pg_catalog.dutch', coalesce(words, ''))
        || to_tsvector('pg_catalog.arabic', coalesce(words, ''))
        || to_tsvector('pg_catalog.hindi', coalesce(words, ''))
        || to_tsvector('pg_catalog.indonesian', coalesce(words, ''))
$$;"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0003_notification")]

    operations = [migrations.RunSQL(WORDS, "DROP FUNCTION partnerships_search_words(text)")]
