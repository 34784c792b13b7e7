from django.apps import AppConfig


class PowertoolConfig(AppConfig):
    name = "powertool"
