"""Codes on paper for a lost phone: each opens once, and only a keyed hash of it is stored."""

from __future__ import annotations

import base64
import secrets

from django.db import models
from django.utils.crypto import constant_time_compare, salted_hmac
from django_otp.models import Device, ThrottlingMixin

HOW_MANY = 10
BYTES = 10  # 80 bits, 16 letters: nothing to guess, not even for someone with the database


class RecoveryCodes(ThrottlingMixin, Device):
    """The unused codes of one user, as a device of django-otp: wrong ones make the next attempt wait."""

    hashes = models.JSONField(default=list)

    class Meta:
        verbose_name = verbose_name_plural = "mã dự phòng"
        constraints = [models.UniqueConstraint(fields=["user"], name="recovery_codes_once_a_user")]

    def renew(self) -> list[str]:
        """Codes like "abcd-efgh-ijkl-mnop", to be shown once; those of before open nothing any more."""
        codes = [base64.b32encode(secrets.token_bytes(BYTES)).decode().lower() for _ in range(HOW_MANY)]
        self.hashes = [_hash(code) for code in codes]
        self.throttle_reset(commit=False)
        self.save()
        return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]

    def verify_token(self, token: str) -> bool:
        """Whether it is one of the codes, which is used up then. Call it under django_otp's lock."""
        allowed, _ = self.verify_is_allowed()
        if not allowed:
            return False
        typed = _hash("".join(token.split()).replace("-", "").lower())
        left = [kept for kept in self.hashes if not constant_time_compare(kept, typed)]
        if len(left) == len(self.hashes):
            self.throttle_increment()
            return False
        self.hashes = left
        self.throttle_reset()
        return True

    def get_throttle_factor(self) -> int:
        return 1


def _hash(code: str) -> str:
    return salted_hmac("agencies.models.RecoveryCodes", code, algorithm="sha256").hexdigest()
