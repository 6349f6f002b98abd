"""Who takes part in the plan, and where."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "agencies"
    verbose_name = "Đơn vị, cơ quan, người dùng"

    def ready(self) -> None:
        from .access import receivers  # noqa: F401  (Django's own signals of signing in and out)
