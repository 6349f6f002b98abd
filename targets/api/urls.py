"""Addresses under /api/: version 1, and an answer for every other one."""

from django.urls import include, path, re_path

from . import views

app_name = "api"

version_1 = [
    path("plans", views.plans, name="plans"),
    # A plan's number has a slash in it: "12/KH-UBND", as it is or as %2F.
    path("plans/<path:number>/indicators", views.indicators, name="indicators"),
    path("plans/<path:number>/periods", views.periods, name="periods"),
    path("progress", views.progress, name="progress"),
    path("figures", views.figures, name="figures"),
    path("completeness", views.completeness, name="completeness"),
    path("openapi.json", views.description, name="openapi"),
]

urlpatterns = [path("v1/", include(version_1)), re_path("", views.nothing)]
