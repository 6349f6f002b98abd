"""The sheet of an agency's workbook that says how to fill it in. One column of sentences: nothing there is a table."""

from __future__ import annotations

from targets.models import Period
from targets.models.days import spell_day

from . import wording
from .writing import Book, height

NAME, WIDTH = "Hướng dẫn", 90
STEPS = (
    f"Chỉ nhập các ô nền vàng ở trang “Báo cáo”: cột “{wording.THIS_PERIOD}” và “{wording.NOTE}”. Các ô khác đã khóa.",
    "Ghi 0 nếu trong kỳ không phát sinh. Để trống nếu chưa có số liệu; ô trống không được tính là 0.",
    f"Không thuộc nhiệm vụ của đơn vị: ghi “{wording.NOT_APPLICABLE}” vào ô số và ghi lý do ở cột “{wording.NOTE}”.",
    "Đếm người, không đếm lượt. Số người, số tổ chức là số nguyên. Số tiền ghi theo cột ĐVT, được ghi phần lẻ.",
    "Chọn một ô số để xem cách tính của ô đó.",
    "Các dòng “Chia ra” cộng lại phải bằng dòng tổng. Mỗi dòng “Trong đó” không lớn hơn dòng tổng.",
    "Dán số từ tệp khác: dùng Dán giá trị (Paste Values), để giữ nguyên ô khóa và cách kiểm tra số.",
    "Lưu tệp ở dạng .xlsx, mở phần mềm, chọn “Nhập từ Excel”, tải tệp lên, xem lại rồi xác nhận.",
)


def write(book: Book, period: Period) -> None:
    """How to fill the workbook in, and from when to when it counts."""
    sheet = book.sheet(NAME)
    sheet.set_column(0, 0, WIDTH)
    sheet.write_string(0, 0, "HƯỚNG DẪN NHẬP SỐ LIỆU", book.style("bold"))
    counted = f"Số liệu tính từ {spell_day(period.starts_on)} đến hết {spell_day(period.ends_on)}."
    for row, line in enumerate((counted, *STEPS), 2):
        sheet.write_string(row, 0, f"{row - 1}. {line}", book.style("text"))
        sheet.set_row(row, height((line, WIDTH)))
    sheet.protect()
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
