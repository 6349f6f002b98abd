"""Every address of the site. Each needs a sign-in, except those marked otherwise."""

from django.contrib import admin
from django.urls import include, path

from khoinghiep import health
from targets import guide, home

handler500 = "khoinghiep.unavailable.broken_off"

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("tai-khoan/", include("agencies.urls")),
    path("bao-cao/", home.mine, name="mine"),
    path("bao-cao/", include("targets.reports.urls")),
    path("ky-bao-cao/", include("targets.reports.period_urls")),
    path("tinh-hinh-nop/", include("targets.participation.completeness_urls")),
    path("co-quan/", include("targets.participation.agencies_urls")),
    path("nhap-excel/", include("targets.imports.urls")),
    path("", include("targets.progress.urls")),
    path("huong-dan/", guide.index, name="guide"),
    path("huong-dan/<slug:name>/", guide.page, name="guide_page"),
    path("huong-dan/hinh/<slug:name>.webp", guide.picture, name="guide_picture"),
    path("xuat/", include("targets.papers.urls")),
    path("api/", include("targets.api.urls")),
    path("quan-tri/", include("agencies.admin_urls")),
    path("quan-tri/", admin.site.urls),
]
