"""The index of texts, and what no constraint can say: a revision stays as it is, unless it is blanked."""

from django.db import migrations

RULES = """
CREATE FUNCTION community_dictionary(language text) RETURNS regconfig LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE language
        WHEN 'en' THEN 'pg_catalog.english'::regconfig
        WHEN 'fr' THEN 'pg_catalog.french'::regconfig
        WHEN 'es' THEN 'pg_catalog.spanish'::regconfig
        WHEN 'pt' THEN 'pg_catalog.portuguese'::regconfig
        WHEN 'nl' THEN 'pg_catalog.dutch'::regconfig
        WHEN 'ar' THEN 'pg_catalog.arabic'::regconfig
        WHEN 'hi' THEN 'pg_catalog.hindi'::regconfig
        WHEN 'id' THEN 'pg_catalog.indonesian'::regconfig
        ELSE 'pg_catalog.simple'::regconfig
    END
$$;

CREATE FUNCTION community_item_index() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE dictionary regconfig := community_dictionary(NEW.language);
BEGIN
    NEW.search := setweight(to_tsvector(dictionary, NEW.title), 'A')
        || setweight(to_tsvector(dictionary, array_to_string(NEW.tags, ' ')), 'B')
        || setweight(to_tsvector(dictionary, NEW.plain), 'C');
    RETURN NEW;
END $$;
CREATE TRIGGER item_index BEFORE INSERT OR UPDATE OF title, plain, tags, language ON community_item
    FOR EACH ROW EXECUTE FUNCTION community_item_index();

CREATE FUNCTION community_revision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.title, NEW.text) IS DISTINCT FROM (OLD.title, OLD.text) AND (NEW.title, NEW.text) <> ('', '')
        OR NEW.number <> OLD.number OR NEW.item_id <> OLD.item_id OR NEW.at <> OLD.at THEN
        RAISE EXCEPTION 'a revision stays as it was saved' USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER revision_stays BEFORE UPDATE ON community_revision
    FOR EACH ROW EXECUTE FUNCTION community_revision_stays();

CREATE FUNCTION community_part_is_of_the_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.whole_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM community_item WHERE id = NEW.whole_id AND group_id = NEW.group_id AND whole_id IS NULL) THEN
        RAISE EXCEPTION 'a part stands in the group of its whole, which is nobody''s part'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'item_part_of_its_group';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER item_part_of_its_group BEFORE INSERT OR UPDATE OF whole_id, group_id ON community_item
    FOR EACH ROW EXECUTE FUNCTION community_part_is_of_the_group();
"""

UNDO = """
DROP TRIGGER item_part_of_its_group ON community_item; DROP FUNCTION community_part_is_of_the_group;
DROP TRIGGER revision_stays ON community_revision; DROP FUNCTION community_revision_stays;
DROP TRIGGER item_index ON community_item; DROP FUNCTION community_item_index; DROP FUNCTION community_dictionary;
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0001_first")]
    operations = [migrations.RunSQL(RULES, UNDO)]
