from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from powertool import home, languages

# Staff sign in like everybody, with the same limits and second steps.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", home.home, name="home"),
    path("language/", languages.choose, name="language"),
    path("translations/", languages.translations, name="translations"),
    path("translations/<slug:code>.po", languages.catalogue, name="catalogue"),
    path("", include("partnerships.urls")),
    path("assessments/", include("assessments.urls")),
    path("community/", include("community.urls")),
    path("accounts/", include("allauth.urls")),
    path("staff/", admin.site.urls),
]

if settings.LOCAL:
    urlpatterns.append(path("mail/", include("powertool.localmail")))
