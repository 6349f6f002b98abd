"""`manage.py backup FILE`: database and files as of one moment, while people work. Nightly: `FOLDER --keep 30`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from khoinghiep.backup import saving
from khoinghiep.backup.archive import Damaged
from khoinghiep.storage import NO_ROOM

NAME = "khoinghiep-%Y%m%d-%H%M%S.zip"
NAMES = "khoinghiep-????????-??????.zip"


class Command(BaseCommand):
    help = "Save the database and all files that people sent in one file, checked by reading it back."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="tệp sao lưu, hoặc thư mục: tên tệp theo ngày giờ")
        parser.add_argument("--keep", type=int, metavar="N", help="với thư mục: giữ N bản mới nhất, xóa các bản cũ hơn")

    def handle(self, *args, file: Path, keep: int | None, **options):
        folder = file if file.is_dir() else None
        if keep is not None and (keep < 1 or not folder):
            raise CommandError("--keep cần một thư mục có sẵn và một số từ 1 trở lên.")
        path = folder / timezone.localtime().strftime(NAME) if folder else file
        try:
            saved = saving.save(path)
        except Damaged as why:
            raise CommandError(f"Chưa sao lưu được: tệp vừa ghi đọc lại không đúng. {why} Kiểm tra ổ đĩa.") from why
        except OSError as why:
            raise CommandError(f"Chưa sao lưu được: {_why(why, path)}") from why
        for name in saved.missing:
            self.stderr.write(f"Thiếu tệp {name}: có trong cơ sở dữ liệu, không có trong kho tệp.")
        size = filesizeformat(path.stat().st_size)
        self.stdout.write(f"Đã sao lưu {saved.rows} dòng, {saved.files} tệp vào {path} ({size}).")
        if keep is not None:
            for old in sorted(folder.glob(NAMES))[:-keep]:
                old.unlink()
                self.stdout.write(f"Đã xóa bản cũ {old.name}.")


def _why(error: OSError, path: Path) -> str:
    if error.errno in NO_ROOM:
        return f"hết chỗ trên đĩa của {path.parent}. Bản sao lưu cũ còn nguyên. Giải phóng đĩa rồi chạy lại."
    return f"không ghi được {path} ({error.strerror})."
