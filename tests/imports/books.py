"""Workbooks in the styles officials send, made in memory."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

MEASURES = ["CT1_TS", "CT1_TH", "CT2_TS", "CT2_TT", "CT3", "CT4", "CT5"]
HEADINGS = [
    "Tổng số cán bộ Hội",
    "Số cán bộ Hội được tập huấn",
    "Tổng số hội viên",
    "Số hội viên được truyền thông",
    "Số phụ nữ được hỗ trợ khởi nghiệp",
    "Số THT, HTX, tổ liên kết thành lập mới",
    "Số DN, HTX, THT, tổ liên kết mới được tư vấn, hỗ trợ",
]
Rows = Sequence[tuple]
TWO_ROWS: Rows = [
    ("Huyện Bảo Lâm", 181, 132, 9388, 5708, 23, 2, 8),
    ("Huyện Hạ Lang", 114, 108, 8605, 6343, 3, 0, 9),
]


def plain(rows: Rows = TWO_ROWS, title: str = "Kỳ báo cáo: Năm 2023", headings: Sequence[str] = HEADINGS) -> bytes:
    """One heading row under one title; data from row 4, units in B, measures from C."""

    def fill(book, sheet):
        sheet.write("A1", title)
        sheet.write_row("A3", ["STT", "Đơn vị", *headings, "Ghi chú"])
        for n, row in enumerate(rows):
            sheet.write_row(3 + n, 0, [n + 1, *row])

    return made(fill, "Biểu 1")


def official(rows: Rows = TWO_ROWS, *, total: Sequence[object] | None = None) -> bytes:
    """National heading, title, two merged heading rows, (1)(2), STT, total row, signatures; data from row 8."""

    def fill(book, sheet):
        sheet.merge_range("A1:D1", "HỘI LIÊN HIỆP PHỤ NỮ TỈNH")
        sheet.merge_range("F1:I1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        sheet.merge_range("A3:I3", 'BIỂU TỔNG HỢP KẾT QUẢ THỰC HIỆN ĐỀ ÁN "HỖ TRỢ PHỤ NỮ KHỞI NGHIỆP" NĂM 2023')
        sheet.merge_range("A5:A6", "TT")
        sheet.merge_range("B5:B6", "Tên đơn vị")
        sheet.merge_range("C5:D5", "Cán bộ Hội")
        sheet.merge_range("E5:F5", "Hội viên phụ nữ")
        sheet.write_row("C6", ["Tổng số", "Đã được tập huấn", "Tổng số", "Được truyền thông"])
        for column, text in zip("GHI", HEADINGS[4:], strict=True):
            sheet.merge_range(f"{column}5:{column}6", text)
        sheet.write_row("A7", [f"({n})" for n in range(1, 10)])
        for n, row in enumerate(rows):
            sheet.write_row(7 + n, 0, [n + 1, *row])
        last = 7 + len(rows)
        sheet.merge_range(last, 0, last, 1, "TỔNG CỘNG")
        sheet.write_row(last, 2, total or [sum(row[k] for row in rows) for k in range(1, 8)])
        sheet.write(last + 2, 7, "TM. BAN THƯỜNG VỤ")

    return made(fill, "Biểu tổng hợp")


def made(fill, name: str) -> bytes:
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    fill(book, book.add_worksheet(name))
    book.close()
    return stream.getvalue()
