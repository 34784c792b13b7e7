"""Whoever erases herself is taken out of closed sessions, too: the rules are about levels and words, not about names."""

from django.db import migrations

RULES = """
DROP TRIGGER agreed_only_in_session ON assessments_agreedlevel;
CREATE TRIGGER agreed_only_in_session BEFORE INSERT OR UPDATE OF
    decision_id, participant_id, state, actual, desired, one_view, other_view, version ON assessments_agreedlevel
    FOR EACH ROW EXECUTE FUNCTION assessments_session_is_open();
DROP TRIGGER spoken_word_only_in_session ON assessments_spokenword;
CREATE TRIGGER spoken_word_only_in_session BEFORE INSERT OR UPDATE OF
    decision_id, participant_id, word, at ON assessments_spokenword
    FOR EACH ROW EXECUTE FUNCTION assessments_live_in_session();
"""

UNDO = """
DROP TRIGGER spoken_word_only_in_session ON assessments_spokenword;
CREATE TRIGGER spoken_word_only_in_session BEFORE INSERT OR UPDATE ON assessments_spokenword
    FOR EACH ROW EXECUTE FUNCTION assessments_live_in_session();
DROP TRIGGER agreed_only_in_session ON assessments_agreedlevel;
CREATE TRIGGER agreed_only_in_session BEFORE INSERT OR UPDATE ON assessments_agreedlevel
    FOR EACH ROW EXECUTE FUNCTION assessments_session_is_open();
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0017_live_pause_counted")]
    operations = [migrations.RunSQL(RULES, UNDO)]
