"""`manage.py purge_imports`: uploads that nobody confirmed, from cron. All that was ever in is kept for good."""

import datetime as dt

from django.core.management.base import BaseCommand
from django.utils import timezone

from targets.imports import batches


class Command(BaseCommand):
    help = "Delete uploads that were never confirmed, with their cells and files."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=7, help="giữ tệp gửi trong số ngày này; mặc định: 7")
        parser.add_argument("--dry-run", action="store_true", help="chỉ in, không xóa")

    def handle(self, *args, days: int, dry_run: bool, **options):
        found = batches.purge(timezone.now() - dt.timedelta(days=days), dry_run=dry_run)
        for batch in found:
            self.stdout.write(f"{batch.name}, {batch.sent_by} gửi lúc {batches.spell_moment(batch.sent_at)}")
        self.stdout.write(f"{'Sẽ xóa' if dry_run else 'Đã xóa'}: {len(found)} tệp chưa xác nhận.")
