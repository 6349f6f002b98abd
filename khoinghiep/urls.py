"""Every address of the site. Each needs a sign-in, except those marked otherwise."""

from django.contrib import admin
from django.urls import include, path

from targets import home

urlpatterns = [
    path("", home.home, name="home"),
    path("suc-khoe/", home.health, name="health"),
    path("tai-khoan/", include("agencies.urls")),
    path("bao-cao/", home.mine, name="mine"),
    path("bao-cao/", include("targets.reports.urls")),
    path("ky-bao-cao/", include("targets.reports.period_urls")),
    path("tinh-hinh-nop/", include("targets.participation.completeness_urls")),
    path("co-quan/", include("targets.participation.agencies_urls")),
    path("nhap-excel/", include("targets.imports.urls")),
    path("", include("targets.progress.urls")),
    path("xuat/", include("targets.papers.urls")),
    path("api/", include("targets.api.urls")),
    path("quan-tri/", admin.site.urls),
]
