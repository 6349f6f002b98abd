"""Setting one's password by a link that an administrator sent."""

from __future__ import annotations

from django.contrib.auth import views as auth

from .models import User


class SetPassword(auth.PasswordResetConfirmView):
    def get_user(self, uidb64: str) -> User | None:
        """Whose link it is; a link to an account that was switched off meanwhile is no longer one."""
        user = super().get_user(uidb64)
        return user if user and user.is_active else None
