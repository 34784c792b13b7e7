from django.contrib import admin
from django.urls import include, path

from powertool import home

urlpatterns = [
    path("", home.home, name="home"),
    path("accounts/", include("allauth.urls")),
    path("staff/", admin.site.urls),
]
