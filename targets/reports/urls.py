"""Addresses under /bao-cao/."""

from django.urls import path

from . import views

app_name = "reports"

urlpatterns = [
    path("", views.mine, name="mine"),
    path("tat-ca/", views.all_reports, name="all"),
    path("duyet/", views.queue, name="queue"),
    path("moi/<int:period_pk>/", views.start, name="start"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/nhap/", views.edit, name="edit"),
    path("<int:pk>/nop/", views.submit, name="submit"),
    path("<int:pk>/duyet/", views.approve, name="approve"),
    path("<int:pk>/tra-lai/", views.return_report, name="return"),
    path("<int:pk>/mo-lai/", views.reopen, name="reopen"),
]
