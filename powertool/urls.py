from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from powertool import home

# Staff sign in like everybody, with the same limits and second steps.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("partnerships.urls")),
    path("assessments/", include("assessments.urls")),
    path("community/", include("community.urls")),
    path("accounts/", include("allauth.urls")),
    path("staff/", admin.site.urls),
]

if settings.LOCAL:
    urlpatterns.append(path("mail/", include("powertool.localmail")))
