"""`manage.py send_reminders`: the daily round, from cron. Running it twice on a day sends nothing twice."""

import datetime as dt

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from targets.models import Reminder
from targets.participation import reminders


class Command(BaseCommand):
    help = "Remind agencies of reports they owe: 3 days before the due day, on it, then every 7th day from the next."

    def add_arguments(self, parser):
        parser.add_argument("--date", help="ngày nhắc, ví dụ 2026-06-16; mặc định: hôm nay")
        parser.add_argument("--dry-run", action="store_true", help="chỉ in, không ghi, không gửi")

    def handle(self, *args, date: str | None, dry_run: bool, **options):
        wanted = reminders.due_reminders(_day(date))
        addresses = reminders.addresses_of(cell.agency for cell, _ in wanted)
        at, sent, failed = timezone.now(), 0, []
        for cell, occasion in wanted:
            to = addresses[cell.agency.pk]
            if not dry_run:
                delivery = reminders.remind_by_itself(cell, occasion, to, at=at)
                failed += delivery.failed
                if not delivery.reminders:  # another run was faster
                    continue
            sent += 1
            word = Reminder.Occasion(occasion).label
            self.stdout.write(f"{cell.agency}, {cell.period}: {word}, {', '.join(to) or 'chỉ nhắc trên hệ thống'}")
        if failed:
            self.stderr.write(f"Không gửi được thư đến: {', '.join(failed)}.")
        self.stdout.write(f"{'Sẽ nhắc' if dry_run else 'Đã nhắc'}: {sent}.")


def _day(text: str | None) -> dt.date:
    if not text:
        return timezone.localdate()
    try:
        return dt.date.fromisoformat(text)
    except ValueError as why:
        raise CommandError(f"“{text}” không phải ngày, ví dụ 2026-06-16.") from why
