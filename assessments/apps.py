from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments.services import membership_guard
        from assessments.workflow.actions import log_sentences
        from partnerships.activity_log import WORDS
        from partnerships.services.memberships import KEEPERS

        if membership_guard not in KEEPERS:
            KEEPERS.append(membership_guard)

        WORDS |= log_sentences()
