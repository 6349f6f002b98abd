"""Addresses under /tinh-hinh-nop/."""

from django.urls import path

from .views import completeness

app_name = "completeness"

urlpatterns = [
    path("", completeness.grid, name="grid"),
    path("nhac/", completeness.remind, name="remind"),
    path("da-xem/<int:pk>/", completeness.seen, name="seen"),
]
