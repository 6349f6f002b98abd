"""Addresses under /nhap-excel/."""

from django.urls import path

from . import views

app_name = "imports"

urlpatterns = [
    path("", views.upload, name="upload"),
    path("<int:pk>/", views.preview, name="preview"),
    path("<int:pk>/ghi/", views.confirm, name="confirm"),
]
