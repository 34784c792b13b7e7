"""What no constraint can say of a withdrawn text: it stays withdrawn, and so do its versions."""

from django.db import migrations

RULES = """
CREATE FUNCTION community_withdrawn_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a withdrawn text stays withdrawn' USING ERRCODE = 'check_violation', CONSTRAINT = 'item_withdrawn_stays';
END $$;
CREATE TRIGGER item_withdrawn_stays BEFORE UPDATE OF state ON community_item
    FOR EACH ROW WHEN (OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn') EXECUTE FUNCTION community_withdrawn_stays();

CREATE FUNCTION community_withdrawn_is_blank() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM community_revision WHERE item_id = NEW.id AND blanked_at IS NULL)
        OR EXISTS (SELECT 1 FROM community_translation WHERE item_id = NEW.id) THEN
        RAISE EXCEPTION 'a withdrawn text has no words in any version'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'item_withdrawn_has_no_words';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER item_withdrawn_is_blank BEFORE UPDATE OF state ON community_item
    FOR EACH ROW WHEN (NEW.state = 'withdrawn') EXECUTE FUNCTION community_withdrawn_is_blank();

CREATE FUNCTION community_no_words_of_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM community_item WHERE id = NEW.item_id AND state = 'withdrawn') THEN
        RAISE EXCEPTION 'a withdrawn text stays withdrawn' USING ERRCODE = 'check_violation', CONSTRAINT = 'item_withdrawn_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER revision_of_withdrawn BEFORE INSERT ON community_revision
    FOR EACH ROW EXECUTE FUNCTION community_no_words_of_withdrawn();
CREATE TRIGGER translation_of_withdrawn BEFORE INSERT ON community_translation
    FOR EACH ROW EXECUTE FUNCTION community_no_words_of_withdrawn();
"""

UNDO = """
DROP TRIGGER translation_of_withdrawn ON community_translation; DROP TRIGGER revision_of_withdrawn ON community_revision;
DROP FUNCTION community_no_words_of_withdrawn;
DROP TRIGGER item_withdrawn_is_blank ON community_item; DROP FUNCTION community_withdrawn_is_blank;
DROP TRIGGER item_withdrawn_stays ON community_item; DROP FUNCTION community_withdrawn_stays;
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0062_side_rules")]
    operations = [migrations.RunSQL(RULES, UNDO)]
