from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from assessments.views.followup import example
from partnerships.views import openid
from partnerships.views.sessions import end_session
from powertool import api, home, languages, security_txt, staff
from powertool.privacy import views as privacy

handler500 = "powertool.health.server_error"
urlpatterns = [
    path("", home.home, name="home"),
    path("example/", example.page, name="example"),
    path("example/figures/", example.figures, name="example-figures"),
    path(".well-known/security.txt", security_txt.security_txt, name="security-txt"),
    path("help/", include("powertool.help.urls")),
    path("language/", languages.choose, name="language"),
    path("translations/", languages.translations, name="translations"),
    path("translations/<slug:code>.po", languages.catalogue, name="catalogue"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("privacy/my-data/", privacy.my_data, name="my-data"),
    path("privacy/erase/", privacy.erase_me, name="erase-me"),
    path("", include("partnerships.urls")),
    path("assessments/", include("assessments.urls")),
    path("community/", include("community.urls")),
    path("accounts/sessions/end/", end_session, name="usersessions_end"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("accounts/organisation/", openid.accounts, name="openid_connect_accounts"),
    path("accounts/organisation/<slug:provider_id>/", openid.begin, name="openid_connect_login"),
    path("accounts/organisation/<slug:provider_id>/callback/", openid.callback, name="openid_connect_callback"),
    path("accounts/organisation/<slug:provider_id>/disconnect/", openid.disconnect, name="openid_connect_disconnect"),
    path("api/", api.api_page, name="api"),
    path("api/v1/", api.api.urls),
    path("api/v1/<path:rest>", api.unknown_path, name="api-nowhere"),
    path("staff/usage/", admin.site.admin_view(staff.usage), name="staff-usage"),
    path("staff/failed/", admin.site.admin_view(staff.failed), name="staff-failed"),
    path("staff/moderation/", admin.site.admin_view(staff.queue), name="staff-moderation"),
    path("staff/texts/", admin.site.admin_view(staff.texts), name="staff-texts"),
    path("staff/", admin.site.urls),
]

if settings.LOCAL:
    urlpatterns.append(path("mail/", include("powertool.localmail")))
