"""`manage.py load_plan503`: the reference data of Kế hoạch 503/KH-UBND."""

from django.core.management.base import BaseCommand

from targets.reference import load_plan503


class Command(BaseCommand):
    help = "Load units, agencies and plan 503; creates what is missing, never overwrites."

    def handle(self, *args, **options):
        result = load_plan503()
        self.stdout.write(f"Dữ liệu gốc: tạo mới {result.created}, giữ nguyên {result.kept}.")
        for line in result.different:
            self.stdout.write(f"  giữ nguyên, khác tệp gốc: {line}")
