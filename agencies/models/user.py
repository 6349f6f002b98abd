"""People who sign in. Four roles are the whole of who may do what; there are no per-user permissions to drift."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from simple_history.models import HistoricalRecords

from .agency import Agency


class UserManager(BaseUserManager):
    def active_reviewers(self) -> models.QuerySet[User]:
        """The province's officers, the longest there first."""
        return self.filter(role=User.Role.REVIEWER, is_active=True).order_by("pk")

    def create_user(self, username: str, password: str | None = None, **fields) -> User:
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields) -> User:
        """What `manage.py createsuperuser` makes: an administrator."""
        return self.create_user(username, password, **{"full_name": username, **fields, "role": User.Role.ADMIN})


class User(AbstractBaseUser):
    class Role(models.TextChoices):
        REPORTER = "reporter", "Cán bộ báo cáo"
        REVIEWER = "reviewer", "Cán bộ tỉnh"
        LEADER = "leader", "Lãnh đạo"
        ADMIN = "admin", "Quản trị"

    username = models.CharField(
        "tên đăng nhập",
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": "Tên đăng nhập này đã có người dùng."},
    )
    full_name = models.CharField("họ và tên", max_length=100)
    email = models.EmailField("thư điện tử", blank=True)
    role = models.CharField("vai trò", max_length=10, choices=Role)
    agency = models.ForeignKey(
        Agency, verbose_name="cơ quan", on_delete=models.PROTECT, null=True, blank=True, related_name="users"
    )
    is_active = models.BooleanField("đang dùng", default=True, help_text="Bỏ chọn thay vì xóa tài khoản.")
    date_joined = models.DateTimeField("tạo lúc", auto_now_add=True)
    second_factor_since = models.DateTimeField("xác thực hai bước từ", null=True, blank=True, editable=False)
    sessions_ended_at = models.DateTimeField("mọi phiên kết thúc lúc", null=True, blank=True, editable=False)
    history = HistoricalRecords(excluded_fields=["password", "last_login", "sessions_ended_at"])

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                name="user_reporter_has_agency",
                condition=~Q(role="reporter") | Q(agency__isnull=False),
                violation_error_message="Cán bộ báo cáo phải thuộc một cơ quan.",
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    @property
    def initials(self) -> str:
        """For the round mark beside the name: family and given name, "Nông Thị Hạnh" -> "NH"."""
        words = self.full_name.split()
        return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper() if words else ""

    @property
    def is_reporter(self) -> bool:
        return self.role == self.Role.REPORTER

    @property
    def is_reviewer(self) -> bool:
        return self.role == self.Role.REVIEWER

    @property
    def is_admin(self) -> bool:
        return self.role == self.Role.ADMIN

    @property
    def has_second_factor(self) -> bool:
        return self.second_factor_since is not None

    @property
    def must_have_second_factor(self) -> bool:
        """Those who decide over figures and accounts; in the trial everyone may choose."""
        return settings.SECOND_FACTOR_REQUIRED and self.role in (self.Role.ADMIN, self.Role.REVIEWER)

    def end_sessions(self) -> None:
        """Whoever is signed in as this user, anywhere, is not any more once the user is saved."""
        self.sessions_ended_at = timezone.now()

    def get_session_auth_hash(self) -> str:
        """Another one, which ends every session, as soon as the password or what the user may do changes."""
        return self._hash_of_access()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return map(self._hash_of_access, settings.SECRET_KEY_FALLBACKS)

    def _hash_of_access(self, secret: str | None = None) -> str:
        access = (self.password, self.role, self.agency_id, self.is_active, self.sessions_ended_at)
        text = "/".join(map(str, access))
        return salted_hmac("agencies.models.User", text, secret=secret, algorithm="sha256").hexdigest()

    # What Django's admin and django-import-export ask: administrators everything, the others nothing.
    @property
    def is_staff(self) -> bool:
        return self.is_admin

    @property
    def is_superuser(self) -> bool:
        return self.is_admin

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_active and self.is_admin

    def has_perms(self, perms: list[str], obj: object = None) -> bool:
        return self.is_active and self.is_admin

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_admin

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name
