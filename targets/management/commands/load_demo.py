"""`manage.py load_demo`: illustrative accounts and reports, so that the site can be looked at and tried."""

import os
import secrets

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from targets.demo import history, people
from targets.models import Plan, Report
from targets.reports.workflow import NotAllowed
from targets.totals import keeping


class Command(BaseCommand):
    help = "Load illustrative users and reports over plan 503, once; refuses on a site with real reports."

    def add_arguments(self, parser):
        parser.add_argument("--password", help="for every account; else DEMO_PASSWORD, else one is made and printed")

    def handle(self, *args, password: str | None, **options):
        if settings.PRODUCTION:
            raise CommandError("PRODUCTION=on: không nạp dữ liệu minh họa và tài khoản có mật khẩu chung.")
        password = password or os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(9)
        if history.exists():
            self.stdout.write("Dữ liệu minh họa: đã có, giữ nguyên. Mật khẩu như lần nạp đầu.")
        else:
            try:
                made = self._load(password)
            except NotAllowed as refusal:  # a period an administrator closed, say
                raise CommandError(f"Không nạp dữ liệu minh họa: {refusal}") from refusal
            self.stdout.write(f"Dữ liệu minh họa: {made} báo cáo.\nMật khẩu chung: {password}")
        for username, role in people.accounts():
            self.stdout.write(f"  {username:<18}{role}")

    @transaction.atomic
    def _load(self, password: str) -> int:
        """Accounts and reports, all or nothing: a load that broke off can be run again."""
        if Report.objects.exists():
            raise CommandError("Hệ thống đã có báo cáo thật. Không nạp dữ liệu minh họa.")
        plan = Plan.objects.filter(number="503/KH-UBND").first()
        if plan is None:
            raise CommandError("Chưa có kế hoạch 503/KH-UBND. Chạy load_plan503 trước.")
        if taken := people.usernames_taken():
            raise CommandError(f"Đã có tài khoản {', '.join(taken)}. Không nạp dữ liệu minh họa.")
        people.create_people(password)
        with keeping.put_off(plan):
            return history.make_history(plan)
