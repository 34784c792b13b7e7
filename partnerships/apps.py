from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "partnerships"

    def ready(self) -> None:
        from partnerships import security_log, sessions

        security_log.connect_signals()
        sessions.connect_signals()
