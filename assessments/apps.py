from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments.services import membership_guard
        from partnerships.activity_log import WORDS
        from partnerships.services.memberships import MEMBERSHIP_GUARDS

        if membership_guard not in MEMBERSHIP_GUARDS:
            MEMBERSHIP_GUARDS.append(membership_guard)

        WORDS |= {
            "create_assessment": _("%(name)s set up an assessment"),
            "import_assessment": _("%(name)s imported an assessment"),
            "import_answers": _("%(name)s brought in answers to the private ratings"),
            "open_voting": _("%(name)s opened the vote on decisions"),
            "end_vote": _("%(name)s ended the vote on decisions"),
            "back_to_collecting": _("%(name)s went back from the vote to gathering decisions"),
            "sign_pledge": _("%(name)s signed the pledge of those who give money"),
            "withdraw_pledge": _("%(name)s withdrew the signature under the pledge"),
            "name_trusted": _("%(name)s named the person to whom concerns can go"),
            "trusted_word": _("%(name)s confirmed this person for the own side"),
            "confirm_trusted": _("The person to whom concerns can go said who she or he is"),
            "open_rating": _("%(name)s opened the private ratings"),
            "reopen_decisions": _("%(name)s went back from the private ratings to the decisions"),
            "close_rating": _("%(name)s closed the private ratings"),
            "set_day": _("%(name)s set the last day to answer"),
            "delete_alone": _("%(name)s deleted an assessment"),
            # Both sides decide these, and the log names nobody.
            "words.close_rating": _("The private ratings closed"),
            "words.move_day": _("Both sides moved the last day to answer"),
            "words.reopen_decisions": _("Both sides went back from the private ratings to the decisions"),
            "words.remove_member": _("Both sides ended a membership"),
            "words.delete_assessment": _("Both sides deleted an assessment"),
            "start_session": _("%(name)s began the joint session without private ratings"),
            "read_back": _("%(name)s opened the read-back"),
            "back_to_session": _("%(name)s went back from the read-back to the joint session"),
            "close_assessment": _("%(name)s closed the assessment"),
        }
