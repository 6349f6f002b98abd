"""`manage.py load_plan NAME...`: plans' reference data, each from its folder of CSV files."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from agencies.reference import LoadResult
from targets.reference import PLANS, load_reference, plan_folders


class Command(BaseCommand):
    help = "Load units, agencies and plans; creates what is missing, never overwrites."

    def add_arguments(self, parser):
        where = "tên thư mục trong targets/data, hoặc đường dẫn đến một thư mục"
        parser.add_argument("names", nargs="+", metavar="NAME", help=where)

    def handle(self, *args, names: list[str], **options):
        result = LoadResult()
        for folder in [_folder(name) for name in names]:
            result += load_reference(folder)
        self.stdout.write(f"Dữ liệu gốc: tạo mới {result.created}, giữ nguyên {result.kept}.")
        for line in result.different:
            self.stdout.write(f"  giữ nguyên, khác tệp gốc: {line}")


def _folder(name: str) -> Path:
    for folder in (PLANS / name, Path(name)):
        if (folder / "plan.csv").is_file():
            return folder
    raise CommandError(f"Không có kế hoạch nào ở “{name}”. Các thư mục hiện có: {', '.join(plan_folders())}.")
