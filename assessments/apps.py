from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        """Give `partnerships` what only this app knows: its log sentences, guards and first page."""
        from assessments.services import declared_sides, membership_guard
        from assessments.services.setup import archiving
        from assessments.views.rating.rating_pages import begin_with_code
        from assessments.workflow.actions import log_sentences
        from partnerships.activity_log import WORDS
        from partnerships.services.archiving import PARTNERSHIP_GUARDS
        from partnerships.services.memberships import MEMBERSHIP_GUARDS
        from partnerships.services.partners import ON_DECLARED
        from partnerships.views import joining

        if membership_guard not in MEMBERSHIP_GUARDS:
            MEMBERSHIP_GUARDS.append(membership_guard)
        if declared_sides.take_over not in ON_DECLARED:
            ON_DECLARED.append(declared_sides.take_over)
        if archiving not in PARTNERSHIP_GUARDS:
            PARTNERSHIP_GUARDS.append(archiving)
        joining.followed_by(begin_with_code)
        WORDS |= log_sentences()
