"""`manage.py load_plan NAME`: a plan's reference data, from its folder of CSV files."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from targets.reference import PLANS, load_reference, plan_folders


class Command(BaseCommand):
    help = "Load units, agencies and a plan; creates what is missing, never overwrites."

    def add_arguments(self, parser):
        parser.add_argument("name", help="tên thư mục trong targets/data, hoặc đường dẫn đến một thư mục")

    def handle(self, *args, name: str, **options):
        result = load_reference(_folder(name))
        self.stdout.write(f"Dữ liệu gốc: tạo mới {result.created}, giữ nguyên {result.kept}.")
        for line in result.different:
            self.stdout.write(f"  giữ nguyên, khác tệp gốc: {line}")


def _folder(name: str) -> Path:
    for folder in (PLANS / name, Path(name)):
        if (folder / "plan.csv").is_file():
            return folder
    raise CommandError(f"Không có kế hoạch nào ở “{name}”. Các thư mục hiện có: {', '.join(plan_folders())}.")
