import gc
from typing import Any

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PowertoolConfig(AppConfig):
    """The project itself: the first app that is made, and the first that is ready."""

    name = "powertool"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # Nothing that is loaded is garbage. To look for garbage in it takes 0.5 of the 1.2 s of a short command.
        gc.disable()

    def ready(self) -> None:
        from powertool import checks  # noqa: F401 (registers itself)

        gc.freeze()
        gc.enable()


class StaffPagesConfig(AdminConfig):
    """Django's admin as the staff pages of this site."""

    default_site = "powertool.staff.StaffSite"

    def ready(self) -> None:
        """Take off what allauth registers: the secrets of second steps, and ways to take an account over."""
        super().ready()
        from allauth.account.models import EmailAddress
        from allauth.mfa.models import Authenticator
        from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
        from allauth.usersessions.models import UserSession
        from django.contrib import admin

        admin.site.unregister([Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken, UserSession])
