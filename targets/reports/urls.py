"""Addresses under /bao-cao/."""

from django.urls import path

from .views import entry, lists, review

app_name = "reports"

urlpatterns = [
    path("tat-ca/", lists.all_reports, name="all"),
    path("duyet/", review.queue, name="queue"),
    path("moi/<int:period_pk>/", entry.start, name="start"),
    path("<int:pk>/", review.detail, name="detail"),
    path("<int:pk>/nhap/", entry.edit, name="edit"),
    path("<int:pk>/nop/", entry.submit, name="submit"),
    path("<int:pk>/duyet/", review.approve, name="approve"),
    path("<int:pk>/tra-lai/", review.return_report, name="return"),
    path("<int:pk>/mo-lai/", review.reopen, name="reopen"),
]
