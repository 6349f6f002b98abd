"""`manage.py restore FILE`: what `backup` saved, all of it or nothing."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from khoinghiep.backup import restoring
from khoinghiep.backup.archive import Damaged
from khoinghiep.backup.schema import Newer


class Command(BaseCommand):
    help = "Put back the database and the files from a backup, also one of an earlier version; all or nothing."
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--replace", action="store_true", help="thay cả dữ liệu đang có")

    def handle(self, *args, file: Path, replace: bool, **options):
        try:
            found = restoring.restore(file, replace=replace)
        except restoring.NotEmpty as why:
            raise CommandError("Cơ sở dữ liệu đang có dữ liệu. Muốn thay toàn bộ: thêm --replace.") from why
        except (Damaged, Newer) as why:
            raise CommandError(f"Chưa khôi phục, dữ liệu đang có không đổi. {why}") from why
        except OSError as why:
            raise CommandError(f"Chưa khôi phục, dữ liệu đang có không đổi. Không đọc, ghi được: {why}") from why
        except Error as why:
            raise CommandError(f"Chưa khôi phục, dữ liệu đang có không đổi. Lỗi cơ sở dữ liệu: {why}") from why
        self.stdout.write(f"Đã khôi phục {found.rows} dòng, {found.files} tệp, sao lưu lúc {found.made_at}.")
        self.stdout.write("Mọi người phải đăng nhập lại.")
