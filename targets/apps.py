"""What was promised, what was reported, how far it got."""

from django.apps import AppConfig


class TargetsConfig(AppConfig):
    name = "targets"
    verbose_name = "Kế hoạch, báo cáo, tiến độ"
