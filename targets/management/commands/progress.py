"""`manage.py progress`: what the dashboard shows, for scripts."""

import datetime as dt
import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from targets.management.asked import period_named, plan_named
from targets.models import Period
from targets.progress.progress import REPORTED, VIEWS, progress


class Command(BaseCommand):
    help = "How far a plan got by the end of a period."

    def add_arguments(self, parser):
        parser.add_argument("--plan", help="số của kế hoạch; mặc định: kế hoạch có kỳ đã nêu, hoặc đã có số liệu")
        parser.add_argument("--period", help="mã kỳ, ví dụ 2024-H1; mặc định: kỳ mới nhất đã chốt số liệu")
        parser.add_argument("--as-of", help="thời điểm, ví dụ 2025-12-14T17:00+07:00")
        parser.add_argument("--by", choices=VIEWS, default=REPORTED, help="đơn vị của các dòng")
        parser.add_argument("--provisional", action="store_true", help="tính cả báo cáo đã nộp, chưa duyệt")
        parser.add_argument("--json", action="store_true", help="in JSON (dạng duy nhất)")

    def handle(self, *args, **options):
        if options["as_of"] and options["provisional"]:
            raise CommandError("Số tạm tính chỉ có ở hiện tại: bỏ --as-of hoặc --provisional.")
        period, as_of = _period(options["plan"], options["period"]), _instant(options["as_of"])
        found = progress(period, as_of=as_of, provisional=options["provisional"], by=options["by"])
        self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=2))


def _period(plan_number: str | None, code: str | None) -> Period:
    plan = plan_named(plan_number, with_period=code)
    period = period_named(plan, code) if code else plan.periods.to_show()
    if period is None:
        raise CommandError("Kế hoạch chưa có kỳ nào.")
    return period


def _instant(text: str | None) -> dt.datetime | None:
    if not text:
        return None
    try:
        instant = parse_datetime(text)
    except ValueError:
        instant = None
    if instant is None:
        raise CommandError(f"“{text}” không phải thời điểm, ví dụ 2025-12-14T17:00+07:00.")
    return instant if timezone.is_aware(instant) else timezone.make_aware(instant)
