from django.apps import AppConfig


class PowertoolConfig(AppConfig):
    name = "powertool"

    def ready(self) -> None:
        from powertool import checks  # noqa: F401 (registers itself)
