"""What reviewers ask about a report or one of its figures, and what the agency answers."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.models import User

from .measure import Measure
from .report import Report


class CommentQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> CommentQuerySet:
        """A reporter sees what was sent; the province also what is still being written."""
        return self.exclude(sent_at=None) if user.is_reporter else self.all()

    def unsent(self) -> CommentQuerySet:
        return self.filter(sent_at=None)

    def in_threads(self) -> CommentQuerySet:
        """With what a page prints, oldest first."""
        return self.select_related("by", "measure").order_by("at", "pk")

    def send(self, at: dt.datetime) -> int:
        """From now on the agency sees them; gives how many."""
        return self.unsent().update(sent_at=at)


class Comment(models.Model):
    """On one figure, or without `measure` on the whole report; answers stand under their question."""

    report = models.ForeignKey(Report, verbose_name="báo cáo", on_delete=models.PROTECT, related_name="comments")
    measure = models.ForeignKey(
        Measure, verbose_name="số liệu", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    parent = models.ForeignKey(
        "self", verbose_name="trả lời cho", on_delete=models.PROTECT, null=True, blank=True, related_name="answers"
    )
    text = models.TextField("ý kiến", max_length=2000)
    round = models.PositiveSmallIntegerField("lần nộp")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người viết", on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("lúc")
    sent_at = models.DateTimeField("gửi đơn vị lúc", null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = "ý kiến"
        verbose_name_plural = "ý kiến"
        ordering = ["report", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="comment_says_something",
                condition=~Q(text=""),
                violation_error_message="Ghi ý kiến trước khi gửi.",
            ),
            models.CheckConstraint(
                name="comment_sent_after_it_was_written",
                condition=Q(sent_at__isnull=True) | Q(sent_at__gte=models.F("at")),
                violation_error_message="Ý kiến không thể gửi trước khi viết.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.text[:60]}"
