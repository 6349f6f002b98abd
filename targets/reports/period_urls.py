"""Addresses under /ky-bao-cao/."""

from django.urls import path

from .views import periods

app_name = "periods"

urlpatterns = [
    path("", periods.listing, name="list"),
    path("<int:pk>/", periods.detail, name="detail"),
    path("<int:pk>/khoa/", periods.close, name="close"),
    path("<int:pk>/mo-lai/", periods.reopen, name="reopen"),
    path("<int:pk>/gia-han/", periods.extend, name="extend"),
]
