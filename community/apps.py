from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunityConfig(AppConfig):
    name = "community"

    def ready(self) -> None:
        from assessments.factors import factors
        from assessments.measures import inventory
        from assessments.published_gaps import all_published
        from community.services.evidence import gaps_for_results
        from community.services.findings import factors_for_sessions
        from community.services.measures.inventory import fitting_for_sessions
        from community.services.notifications import stop_of_notification
        from partnerships.activity_log import WORDS
        from partnerships.notifications import UNSUBSCRIBE_ADDRESSES

        factors.hand_down(factors_for_sessions)
        inventory.hand_down(fitting_for_sessions)
        all_published.hand_down(gaps_for_results)
        UNSUBSCRIBE_ADDRESSES["community"] = stop_of_notification
        WORDS |= {
            "case.written": _("%(name)s wrote a case study for the working groups"),
            "case.approved": _("%(name)s approved a case study for the working groups"),
            "case.revoked": _("%(name)s withdrew a case study from the working groups"),
            "evidence.asked": _("%(name)s asked for this partnership to be counted in the evidence base"),
            "evidence.confirmed": _("%(name)s confirmed that this partnership is real"),
            "evidence.declined": _("%(name)s declined to count this partnership in the evidence base"),
        }
