"""Addresses under /xuat/."""

from django.urls import path

from . import views

app_name = "papers"

urlpatterns = [
    path("tong-quan.xlsx", views.workbook, name="workbook"),
    path("tong-quan.csv", views.table, name="table"),
    path("tong-quan.json", views.figures, name="figures"),
    path("bao-cao.docx", views.report, name="report"),
]
