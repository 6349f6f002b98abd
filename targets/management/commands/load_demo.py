"""`manage.py load_demo`: illustrative accounts and reports, so that the site can be looked at and tried."""

import os
import secrets

from django.core.management.base import BaseCommand, CommandError

from targets.demo import history, people
from targets.models import Plan, Report


class Command(BaseCommand):
    help = "Load illustrative users and reports over plan 503, once; refuses on a site with real reports."

    def add_arguments(self, parser):
        parser.add_argument("--password", help="for every account; else DEMO_PASSWORD, else one is made and printed")

    def handle(self, *args, password: str | None, **options):
        password = password or os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(9)
        if history.exists():
            self.stdout.write("Dữ liệu minh họa: đã có, giữ nguyên. Mật khẩu như lần nạp đầu.")
        else:
            self._load(password)
            self.stdout.write(f"Mật khẩu chung: {password}")
        for username, role in people.accounts():
            self.stdout.write(f"  {username:<18}{role}")

    def _load(self, password: str) -> None:
        if Report.objects.exists():
            raise CommandError("Hệ thống đã có báo cáo thật. Không nạp dữ liệu minh họa.")
        plan = Plan.objects.filter(number="503/KH-UBND").first()
        if plan is None:
            raise CommandError("Chưa có kế hoạch 503/KH-UBND. Chạy load_plan503 trước.")
        people.create_people(password)
        made = history.make_history(plan)
        self.stdout.write(f"Dữ liệu minh họa: {made} báo cáo.")
