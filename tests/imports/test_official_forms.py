"""Forms in the style of the province's own papers: what each column or row of them is taken for."""

from __future__ import annotations

import pytest

from targets.imports.assessment import Assessment, assess

from .books import made

pytestmark = pytest.mark.django_db


def taken(found: Assessment) -> dict[str, str]:
    """Column or row -> code of its measure, or what else it is for."""
    (layout,) = found.layouts
    return {line.where: line.measure.code if line.measure else str(line.use) for line in layout.lines}


def provincial(_, sheet) -> None:
    """The province's summary form: three heading rows, ratios, cumulative sums, an average in the total row."""
    sheet.write("A1", "HỘI LHPN TỈNH CAO BẰNG")
    sheet.write("G1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    sheet.merge_range("A3:Q3", "BIỂU TỔNG HỢP KẾT QUẢ THỰC HIỆN ĐỀ ÁN 939 NĂM 2024")
    sheet.merge_range("A4:Q4", "(Kèm theo Báo cáo số 12/BC-BTV ngày 05/12/2024)")
    alone = ["STT", "Đơn vị", "DN mới được tư vấn", "Kinh phí (triệu đồng)", "Ghi chú"]
    for column, text in zip("ABOPQ", alone, strict=True):
        sheet.merge_range(f"{column}6:{column}8", text)
    groups = (("C6:E6", "Cán bộ Hội"), ("F6:H6", "Hội viên"), ("I6:K6", "PN được hỗ trợ KN"), ("L6:N6", "Tổ chức mới"))
    for block, text in groups:
        sheet.merge_range(block, text)
    headings = [
        "Tổng số", "Được tập huấn", "Tỷ lệ %", "Tổng số", "Được tuyên truyền", "Tỷ lệ %", "Trong kỳ", "Trong đó DTTS",
        "Lũy kế", "HTX", "THT", "Tổ liên kết",
    ]  # fmt: skip
    for column, text in zip("CDEFGHIJKLMN", headings, strict=True):
        sheet.merge_range(f"{column}7:{column}8", text)
    sheet.write_row("A9", [f"({n})" for n in range(1, 18)])
    sheet.write_row("A10", [None, "TỔNG CỘNG", 300, 200, 66.6, 2000, 1000, 50, 9, 4, 9, 1, 2, 3, 5, 12.5])
    sheet.write_row("A11", [1, "TP Cao Bằng", 100, 50, 50, 1000, 500, 50, 4, 2, 4, 1, 1, 1, 2, 2.5, "tốt"])
    sheet.write_row("A12", [2, "Huyện Hoà An", 100, 50, 50, 500, 250, 50, 3, 2, 3, 0, 1, 1, 2, 5])
    sheet.write_row("A13", [3, "H. Bảo Lạc", 100, 100, 100, 500, 250, 50, 2, 0, 2, 0, 0, 1, 1, 5])
    sheet.write("B15", "Người lập biểu")
    sheet.write("N15", "TM. BAN THƯỜNG VỤ")


def test_the_provinces_summary_form(plan):
    found = assess(made(provincial, "Bieu 01"), "a.xlsx", plan=plan)
    assert (found.outcome, found.period.code, found.rows_read) == ("ok", "2024", 3)
    assert taken(found) == {
        "A": "row_number", "C": "CT1_TS", "D": "CT1_TH", "E": "ratio", "F": "CT2_TS", "G": "CT2_TT", "H": "ratio",
        "I": "CT3", "J": "CT3_DTTS", "K": "cumulative", "L": "CT4_HTX", "M": "CT4_THT", "N": "CT4_TLK",
        "O": "CT5_DN", "P": "unknown", "Q": "note",
    }  # fmt: skip
    assert [(w.cell, w.code) for w in found.warnings] == [("P7", "unknown_column")]
    assert {total.agrees for total in found.totals} == {True}


def by_hand(_, sheet) -> None:
    """Made by hand at a district: nothing merged, columns in an order of their own, "Trong đó" over three columns."""
    sheet.write("A1", "BÁO CÁO 6 THÁNG ĐẦU NĂM 2024")
    sheet.write_row("A3", [
        "Huyện, thành phố", "Số CB Hội", "Trong đó: đã tập huấn", "Số HV", "HV được tuyên truyền",
        "Tổng số phụ nữ được hỗ trợ khởi sự kinh doanh, khởi nghiệp", "Trong đó", None, None,
        "Số THT/HTX/TLK do phụ nữ quản lý được thành lập", "Số mô hình được tư vấn",
    ])  # fmt: skip
    sheet.write_row("G4", ["Hộ nghèo, cận nghèo", "Dân tộc thiểu số", "Khuyết tật"])
    sheet.write_row("A5", ["Bảo Lâm", 1, 1, 10, 5, 9, 1, 2, 3, 4, 5])
    sheet.write_row("A6", ["Hạ Lang", 1, 1, 10, 5, 9, 1, 2, 3, 4, 5])


def test_a_form_made_by_hand(plan):
    found = assess(made(by_hand, "Sheet1"), "a.xlsx", plan=plan)
    assert (found.outcome, found.period.code) == ("ok", "2024-H1")
    assert taken(found) == {
        "B": "CT1_TS", "C": "unknown", "D": "CT2_TS", "E": "CT2_TT", "F": "CT3", "G": "CT3_HN", "H": "CT3_DTTS",
        "I": "CT3_KT", "J": "CT4", "K": "unknown",
    }  # fmt: skip
    assert [w.cell for w in found.warnings] == ["C4", "K4"]


def of_a_commune(_, sheet) -> None:
    sheet.write("A1", "HỘI LHPN XÃ MINH TÂM")
    sheet.write("A2", "BIỂU SỐ LIỆU KẾT QUẢ NĂM 2025")
    sheet.write_row("A4", ["TT", "Chỉ tiêu", "Đơn vị tính", "Kết quả"])
    rows = [
        ("Tổng số cán bộ Hội", 12), ("Cán bộ Hội được tập huấn", 10), ("Tổng số hội viên", 900),
        ("Hội viên được tuyên truyền về việc làm, khởi nghiệp", 700),
        ("Phụ nữ được hỗ trợ khởi nghiệp, khởi sự kinh doanh", 5), ("  Trong đó: - Dân tộc thiểu số", 4),
        ("  - Hộ nghèo, cận nghèo", 1), ("Tổ hợp tác, hợp tác xã, tổ phụ nữ liên kết được thành lập", 1),
    ]  # fmt: skip
    for n, (text, number) in enumerate(rows, 1):
        sheet.write_row(3 + n, 0, [n, text, "người", number])


def test_the_report_of_a_commune(plan):
    found = assess(made(of_a_commune, "Sheet1"), "a.xlsx", plan=plan)
    assert (found.outcome, found.layout, found.warnings) == ("ok", "long", [])
    assert list(taken(found).values()) == ["CT1_TS", "CT1_TH", "CT2_TS", "CT2_TT", "CT3", "CT3_DTTS", "CT3_HN", "CT4"]
    assert {cell.agency.name for cell in found.cells} == {"Hội LHPN xã Minh Tâm"}
