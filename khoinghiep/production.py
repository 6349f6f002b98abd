"""What an installation that officials work with must have; without it the site does not start, and says why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.core.exceptions import ImproperlyConfigured

KEY_LENGTH, KEY_LETTERS = 50, 5  # as `check --deploy` asks
LOCAL = {"localhost", "127.0.0.1", "[::1]"}


def check(settings: Mapping[str, object]) -> None:
    """Raises ImproperlyConfigured with every reason at once."""
    if reasons := list(faults(settings)):
        raise ImproperlyConfigured("PRODUCTION=on:\n" + "\n".join(f"- {reason}" for reason in reasons))


def faults(settings: Mapping[str, object]) -> Iterator[str]:
    """In the words of who installs it, each with the variable to set."""
    key, hosts = str(settings["SECRET_KEY"]), set(settings["ALLOWED_HOSTS"])
    if settings["DEBUG"]:
        yield "DEBUG đang bật: trang lỗi sẽ lộ mã nguồn và cấu hình. Bỏ DEBUG."
    if len(key) < KEY_LENGTH or len(set(key)) < KEY_LETTERS or key.startswith("django-insecure-"):
        yield f"SECRET_KEY quá ngắn hoặc dễ đoán. Tạo chuỗi ngẫu nhiên từ {KEY_LENGTH} ký tự trở lên."
    if settings["DATABASES"]["default"]["ENGINE"].endswith("sqlite3"):
        yield "Cơ sở dữ liệu là SQLite. Đặt DATABASE_URL đến PostgreSQL."
    replicas = [database for name, database in settings["DATABASES"].items() if name != "default"]
    if not all(replica["ENGINE"].endswith("postgresql") for replica in replicas):
        yield "DATABASE_REPLICA_URL chỉ nhận PostgreSQL (postgres://…), nhiều bản cách nhau bằng dấu phẩy."
    if not hosts - LOCAL or "*" in hosts:
        yield "ALLOWED_HOSTS chưa có tên miền của trang, hoặc nhận mọi tên. Ghi đúng tên miền."
    if not settings["HTTPS"]:
        yield "HTTPS đang tắt: mật khẩu sẽ đi trên mạng không mã hóa. Bỏ HTTPS=off."
    if not settings["TRUSTED_PROXIES"]:  # TLS ends at a proxy, so there is one
        yield "TRUSTED_PROXIES chưa đặt: mọi người sẽ chung một địa chỉ. Ghi địa chỉ máy chủ proxy, ví dụ 127.0.0.1."
