"""Addresses under /nhap-excel/."""

from django.urls import path

from .views import answers, downloads, preview, upload

app_name = "imports"

urlpatterns = [
    path("", upload.upload, name="upload"),
    path("lich-su/", upload.history, name="history"),
    path("mau/", downloads.template, name="template"),
    path("xuat/", downloads.export, name="export"),
    path("<int:pk>/", preview.preview, name="preview"),
    path("<int:pk>/cot/", answers.columns, name="columns"),
    path("<int:pk>/tra-loi/", answers.answer, name="answer"),
    path("<int:pk>/ghi/", preview.confirm, name="confirm"),
    path("<int:pk>/hoan-tac/", preview.undo, name="undo"),
    path("<int:pk>/tep/", downloads.original, name="original"),
    path("<int:pk>/tep-loi/", downloads.annotated, name="annotated"),
    path("<int:pk>/bo/", upload.discard, name="discard"),
]
