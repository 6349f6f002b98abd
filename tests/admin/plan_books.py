"""Workbooks of a new plan, as an administrator fills in the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from targets.imports.reference.sheets import SHEETS
from targets.imports.reference.template import template
from targets.models import Plan

NUMBER = "12/KH-UBND"
UNION = "Hội LHPN cấp xã"
# A plan of one year: a ratio of what stands at its end, a count with parts that add up and parts that overlap.
NEW_PLAN = {
    "Kế hoạch": [
        {
            "Số, ký hiệu": NUMBER, "Tên kế hoạch": "Kế hoạch năm 2026", "Tên gọn": "Năm 2026", "Bắt đầu": "15/12/2025",
            "Kết thúc": "31/12/2026", "Chế độ báo cáo": "6 tháng và năm", "Tiếp theo kế hoạch": "503/KH-UBND",
            "Ngưỡng chậm nhiều (%)": 75, "Ngưỡng đúng lộ trình (%)": 95, "Ngưỡng vượt lộ trình (%)": 105,
        }
    ],
    "Kỳ": [
        {"Mã": "2026-H1", "Tên kỳ": "6 tháng đầu năm 2026", "Loại kỳ": "6 tháng", "Từ ngày": "15/12/2025",
         "Chốt số liệu ngày": "14/6/2026", "Hạn nộp": "19/6/2026"},
        {"Mã": "2026-H2", "Tên kỳ": "6 tháng cuối năm 2026", "Loại kỳ": "6 tháng", "Từ ngày": "15/6/2026",
         "Chốt số liệu ngày": "14/12/2026", "Hạn nộp": "19/12/2026"},
    ],
    "Số liệu": [
        {"Mã": code, "Tên số liệu": name, "Tên gọn": name, "Đơn vị tính": "người", "Cách cộng": adding,
         "Loại số": "Người", "Phần của biểu": section, "Thuộc số tổng": whole, "Quan hệ với số tổng": relation,
         "Bắt buộc": "có" if not whole else "không", "Thứ tự": order, "Cơ quan được tính số": UNION}
        for order, (code, name, adding, section, whole, relation) in enumerate([
            # The part stands before its whole: the order of lines does not matter.
            ("A_NU", "Nữ", "Trong kỳ (cộng dồn)", "A", "A_TS", "Chia theo (các phần cộng lại bằng tổng)"),
            ("A_NAM", "Nam", "Trong kỳ (cộng dồn)", "A", "A_TS", "Chia theo (các phần cộng lại bằng tổng)"),
            ("A_NGHEO", "Nghèo", "Trong kỳ (cộng dồn)", "A", "A_TS", "Trong đó (mỗi phần không quá tổng)"),
            ("A_TS", "Người được hỗ trợ", "Trong kỳ (cộng dồn)", "A", "", ""),
            ("B_TS", "Hội viên", "Tại thời điểm cuối kỳ", "B", "", ""),
            ("B_TT", "Hội viên được tuyên truyền", "Tại thời điểm cuối kỳ", "B", "", ""),
        ], 1)
    ],
    "Chỉ tiêu": [
        {"Mã": "A", "Tên chỉ tiêu": "Người được hỗ trợ", "Tên gọn": "Hỗ trợ", "Đơn vị tính": "người", "Tử số": "A_TS",
         "Chiều": "Càng cao càng tốt", "Thứ tự": 1},
        {"Mã": "B", "Tên chỉ tiêu": "Hội viên được tuyên truyền", "Tên gọn": "Tuyên truyền", "Đơn vị tính": "%",
         "Tử số": "B_TT", "Mẫu số": "B_TS", "Chiều": "Càng cao càng tốt", "Thứ tự": 2},
    ],
    "Mục tiêu": [
        {"Chỉ tiêu": code, "Giao cho đơn vị": unit, "Của cả nước": "không", "Tính từ ngày": "15/12/2025",
         "Đến ngày": day, "Mục tiêu": value}
        for code, unit, day, value in [
            ("A", "", "14/06/2026", 40), ("A", "", "14/12/2026", "1.000"),
            ("A", "xa-ly-quoc", "14/12/2026", 30), ("A", "xa-moi", "14/12/2026", 970), ("B", "", "14/12/2026", 80),
        ]
    ],
    "Đơn vị": [
        {"Mã tham chiếu": "xa-moi", "Mã GSO": "09999", "Tên": "Mới", "Cấp": "Xã", "Thuộc": "tinh-cao-bang",
         "Có hiệu lực từ": "01/01/2026"},
    ],
    "Sáp nhập": [
        {"Đơn vị cũ": "xa-vinh-quy", "Đơn vị kế thừa": "xa-moi", "Từ ngày": "01/01/2026", "Phần chính": "có",
         "Trọn vẹn": "có", "Phần": 1},
    ],
    "Cơ quan": [
        {"Mã": "hoi-lhpn-xa-moi", "Tên": "Hội LHPN xã Mới", "Tên gọn": "Hội LHPN xã Mới", "Loại": "Hội LHPN",
         "Cấp": "Cấp xã", "Địa bàn": "xa-moi", "Cấp trên": "hoi-lhpn-tinh", "Có hiệu lực từ": "01/01/2026"},
    ],
    "Kế thừa cơ quan": [
        {"Cơ quan cũ": "hoi-lhpn-xa-vinh-quy", "Cơ quan kế thừa": "hoi-lhpn-xa-moi", "Từ ngày": "01/01/2026"},
    ],
    "Nhiệm vụ": [
        {"Cơ quan": code, "Nhiệm vụ được giao": "Báo cáo", "Chủ trì": "không", "Liên quan chỉ tiêu": "A B",
         "Kỳ báo cáo": "6 tháng"}
        for code in ("hoi-lhpn-xa-ly-quoc", "hoi-lhpn-xa-moi")
    ],
}  # fmt: skip


def filled(
    lines: Mapping[str, Sequence[Mapping[str, object]]] = NEW_PLAN, plan: Plan | None = None, *, for_next: bool = False
) -> bytes:
    """The template with `lines` typed below what each sheet holds already, by heading."""
    book = load_workbook(BytesIO(template(plan, for_next=for_next)))
    for name, rows in lines.items():
        sheet = book[name]
        places = {cell.value: cell.column for cell in sheet[1]}
        for row, line in enumerate(rows, sheet.max_row + 1):
            for heading, value in line.items():
                sheet.cell(row, places[heading], value or None)
    return saved(book)


def written(lines: Mapping[str, Sequence[Mapping[str, object]]] = NEW_PLAN) -> bytes:
    """The same lines under the template's headings, without the units and agencies that it lists."""
    book = Workbook()
    book.remove(book.active)
    for table in SHEETS:
        sheet, headings = book.create_sheet(table.name), list(table.headings.values())
        sheet.append(headings)
        for line in lines.get(table.name, ()):
            sheet.append([line.get(heading) or None for heading in headings])
    return saved(book)


def saved(book) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(content: bytes) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("ke-hoach.xlsx", content)}
