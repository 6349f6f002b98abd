"""Addresses under /bao-cao/."""

from django.urls import path

from .views import discussion, entry, evidence, lists, review

app_name = "reports"

urlpatterns = [
    path("tat-ca/", lists.all_reports, name="all"),
    path("duyet/", review.queue, name="queue"),
    path("duyet/nhieu/", review.approve_many, name="approve_many"),
    path("moi/<int:period_pk>/", entry.start, name="start"),
    path("<int:pk>/", review.detail, name="detail"),
    path("<int:pk>/nhap/", entry.edit, name="edit"),
    path("<int:pk>/tu-luu/", entry.autosave, name="autosave"),
    path("<int:pk>/minh-chung/", evidence.attach, name="attach"),
    path("<int:pk>/minh-chung/<int:attachment_pk>/", evidence.download, name="download"),
    path("<int:pk>/minh-chung/<int:attachment_pk>/go/", evidence.detach, name="detach"),
    path("<int:pk>/nop/", entry.submit, name="submit"),
    path("<int:pk>/duyet/", review.approve, name="approve"),
    path("<int:pk>/tra-lai/", review.return_report, name="return"),
    path("<int:pk>/mo-lai/", review.reopen, name="reopen"),
    path("<int:pk>/y-kien/", discussion.comment, name="comment"),
    path("<int:pk>/y-kien/<int:comment_pk>/xoa/", discussion.withdraw, name="withdraw"),
]
