"""A sender's workbook comes back marked, otherwise as it was, and can be sent again once it is corrected."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO

import pytest
import xlsxwriter
from openpyxl import load_workbook

from targets.imports import isolation
from targets.imports.assessment import assess
from targets.imports.books.annotate import CannotMark, annotate
from targets.imports.books.rebuild import rebuild
from targets.imports.books.returned import returned
from targets.imports.reader import Cell, Defect, Merge, Sheet, Workbook, read_workbook

from .books import TWO_ROWS, official, plain

RED, AMBER = "00F9B4AC", "00FFE08A"
BOOK = "Biểu tổng hợp"  # the sheet of `official`: headings in rows 5 and 6, units in 8 and 9
HEADER = {"sheet": BOOK, "row": 6, "kind": "header"}


def mark(row, column="", message="Sai.", kind="error", value="", sheet=BOOK) -> dict:
    return {"sheet": sheet, "row": row, "column": column, "value": value, "message": message, "kind": kind}


def opened(content: bytes, **options):
    return load_workbook(BytesIO(content), **options)


def midnight(year: int, month: int, day: int) -> dt.datetime:
    """A day as a workbook gives it back."""
    return dt.datetime.combine(dt.date(year, month, day), dt.time())


def made(fill) -> bytes:
    """A workbook of one sheet "A"; `fill` takes the book and the sheet."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        fill(book, book.add_worksheet("A"))
    return stream.getvalue()


MARKS = [
    HEADER,
    mark(8, "D", "132 lớn hơn 100.", value="132"),
    mark(8, "E", "Gấp 4 lần kỳ trước.", "warning", "9388"),
    mark(9, "", "Dòng này đang ẩn.", "warning"),
]


def by_openpyxl(marks):
    return annotate(official(), marks)


def by_rebuilding(marks):
    return rebuild(read_workbook(official(), "a.xlsx"), marks)


both_ways = pytest.mark.parametrize("marked", [by_openpyxl, by_rebuilding])


@both_ways
def test_wrong_cells_are_red_odd_ones_amber_and_each_says_why(marked):
    sheet = opened(marked(MARKS))[BOOK]
    colours = {cell.coordinate: cell.fill.fgColor.rgb[-6:] for line in sheet for cell in line if cell.fill.fill_type}
    assert colours == {"D8": RED[-6:], "E8": AMBER[-6:]}
    assert [sheet[place].comment.text for place in ("D8", "E8")] == [
        "Lỗi: 132 lớn hơn 100.",
        "Lưu ý: Gấp 4 lần kỳ trước.",
    ]


@both_ways
def test_a_last_column_says_all_that_is_wrong_in_a_row(marked):
    sheet = opened(marked(MARKS))[BOOK]
    assert {cell.row: cell.value for cell in sheet["J"] if cell.value} == {
        6: "Lỗi",
        8: "Ô D8: 132 lớn hơn 100. Ô E8: Gấp 4 lần kỳ trước.",
        9: "Dòng này đang ẩn.",
    }


@both_ways
def test_a_first_sheet_lists_everything_with_links_to_the_cells(marked):
    book = opened(marked([*MARKS, mark(None, message="Không rõ kỳ báo cáo.", sheet="")]))
    assert (book.sheetnames, book.active.title) == (["Lỗi", BOOK], "Lỗi")
    sheet = book["Lỗi"]
    assert [[cell.value for cell in line] for line in sheet.iter_rows(min_row=4)] == [
        ["Trang", "Ô", "Nội dung ô", "Loại", "Cần làm"],
        [BOOK, "D8", "132", "Lỗi", "132 lớn hơn 100."],
        [BOOK, "E8", "9388", "Lưu ý", "Gấp 4 lần kỳ trước."],
        [BOOK, "Dòng 9", None, "Lưu ý", "Dòng này đang ẩn."],
        [None, None, None, "Lỗi", "Không rõ kỳ báo cáo."],
    ]
    assert [sheet[f"B{row}"].hyperlink.location for row in (5, 7)] == [f"'{BOOK}'!D8", f"'{BOOK}'!A9"]
    assert sheet["A2"].value.startswith("2 lỗi (ô nền đỏ), 2 lưu ý (ô nền vàng). ")


@both_ways
def test_values_and_merged_blocks_stay(marked):
    before, after = opened(official())[BOOK], opened(marked(MARKS))[BOOK]
    assert {str(block) for block in after.merged_cells.ranges} == {str(block) for block in before.merged_cells.ranges}
    assert [[cell.value for cell in line[:9]] for line in after] == [[cell.value for cell in line] for line in before]


@both_ways
def test_above_and_in_the_headings_only_the_cell_is_marked(marked):
    """A text in a heading or title row would change what the table is taken for."""
    sheet = opened(marked([HEADER, mark(6, "C", "Trùng cột."), mark(3, "A", "Hai kỳ.", "warning")]))[BOOK]
    assert (sheet["C6"].comment.text, sheet["A3"].comment.text) == ("Lỗi: Trùng cột.", "Lưu ý: Hai kỳ.")
    assert sheet.max_column == 9


@both_ways
def test_what_is_wrong_under_a_merged_block_is_marked_where_it_is_seen(marked):
    sheet = opened(marked([HEADER, mark(10, "B", "Không phải đơn vị.")]))[BOOK]
    assert sheet["A10"].comment.text == "Lỗi: Không phải đơn vị."


@both_ways
def test_texts_that_look_like_formulas_stay_text(marked):
    book = opened(marked([HEADER, mark(8, "D", "=1+1", value="=HYPERLINK(1)"), mark(9, "", "+2")]))
    cells = [book["Lỗi"]["C5"], book["Lỗi"]["E5"], book[BOOK]["J9"]]
    assert [(cell.value, cell.data_type) for cell in cells] == [("=HYPERLINK(1)", "s"), ("=1+1", "s"), ("+2", "s")]


@both_ways
def test_only_the_list_is_selected_when_the_file_is_opened(marked):
    book = opened(marked(MARKS))
    assert [bool(sheet.sheet_view.tabSelected) for sheet in book] == [True, False]


def test_formulas_keep_their_results(plan):
    def fill(book, sheet):
        sheet.write("A1", 5)
        sheet.write_formula("B1", "=A1*2", None, 10)
        sheet.write_formula("C1", '="a<"&"b"', None, "a<b")
        sheet.write_formula("D1", "=1/0", None, "#DIV/0!")
        sheet.write_formula("E1", "=A1>2", None, True)
        sheet.write_formula("F1", "=TODAY()", book.add_format({"num_format": "dd/mm/yyyy"}), 45000)
        sheet.write_array_formula("G1:G2", "{=A1:A2*2}", None, 10)

    content = annotate(made(fill), [mark(1, "A", value="5", sheet="A")])
    formulas, results = opened(content)["A"], opened(content, data_only=True)["A"]
    assert [formulas[place].value for place in ("B1", "C1", "D1", "E1", "F1")] == [
        "=A1*2", '="a<"&"b"', "=1/0", "=A1>2", "=TODAY()",
    ]  # fmt: skip
    assert [results[place].value for place in ("B1", "C1", "D1", "E1", "F1", "G1")] == [
        10, "a<b", "#DIV/0!", True, midnight(2023, 3, 15), 10,
    ]  # fmt: skip
    read = read_workbook(content).named("A")
    assert [(read.at(1, n).value, read.at(1, n).defect) for n in (2, 3)] == [(10, None), ("a<b", None)]


def test_a_result_of_zero_is_still_a_result():
    """A reader takes a zero for "not calculated" where the file asks for a new calculation; this one did not."""
    content = made(lambda book, sheet: sheet.write_formula("A1", "=1-1", None, 0))
    silent = with_part(content, "xl/workbook.xml", lambda part: part.replace(b' fullCalcOnLoad="1"', b""))
    cell = read_workbook(annotate(silent, [mark(2, "A", sheet="A")])).named("A").at(1, 1)
    assert (cell.value, cell.defect) == (0, None)


def with_part(content: bytes, name: str, change) -> bytes:
    """The package with one part of it changed."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return stream.getvalue()


def test_widths_hidden_sheets_charts_rules_and_remarks_of_others_stay():
    def fill(book, sheet):
        sheet.set_column("B:B", 33)
        sheet.write_comment("A2", "Chị Lan xem lại")
        sheet.data_validation("C1", {"validate": "list", "source": ["a", "b"]})
        sheet.conditional_format("A1:A9", {"type": "2_color_scale"})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=A!$A$1:$A$2"})
        sheet.insert_chart("H2", chart)
        sheet.write_column("A1", [1, 2])
        sheet.write("E1", 3)
        book.add_worksheet("Ẩn").hide()

    book = opened(annotate(made(fill), [mark(2, "A", value="2", sheet="A")]))
    sheet = book["A"]
    assert (round(sheet.column_dimensions["B"].width), sheet["A2"].comment.text) == (34, "Chị Lan xem lại")
    assert (len(sheet.data_validations.dataValidation), len(sheet.conditional_formatting), len(sheet._charts)) == (
        1,
        1,
        1,
    )
    assert [(one.title, one.sheet_state) for one in book] == [("Lỗi", "visible"), ("A", "visible"), ("Ẩn", "hidden")]


def test_a_width_set_for_all_columns_to_the_last_is_cut_where_the_column_of_faults_begins():
    """Two widths for one column are what Excel calls a damaged file."""

    def fill(book, sheet):
        sheet.write_row("A1", [1, 2])
        sheet.set_column("B:XFD", 3)

    sheet = opened(annotate(made(fill), [mark(2, "A", sheet="A")]))["A"]
    assert [(run.min, run.max, round(run.width)) for run in sheet.column_dimensions.values()] == [(2, 2, 4), (3, 3, 60)]


def test_the_column_of_faults_keeps_clear_of_titles_that_reach_further_right():
    def fill(book, sheet):
        sheet.merge_range("A1:F3", "BIỂU")
        sheet.write_row("A4", [1, 2])

    sheet = opened(annotate(made(fill), [mark(2, "A", sheet="A"), mark(4, "A", value="1", sheet="A")]))["A"]
    assert (sheet["G1"].value, sheet["G4"].value) == ("Lỗi", "Ô A4: Sai.")


@pytest.mark.parametrize("again", [annotate, lambda content, marks: rebuild(read_workbook(content, "a.xlsx"), marks)])
def test_a_second_round_takes_the_marks_of_the_first_off(again):
    first = annotate(official(), MARKS)
    book = opened(again(first, [HEADER, mark(9, "C", "Chưa đúng.")]))
    sheet = book[BOOK]
    assert book.sheetnames == ["Lỗi", BOOK]
    assert [sheet[place].comment for place in ("D8", "E8")] == [None, None]
    assert [sheet[place].fill.fill_type for place in ("D8", "E8", "C9")] == [None, None, "solid"]
    assert {cell.row: cell.value for cell in sheet["J"] if cell.value} == {6: "Lỗi", 9: "Ô C9: Chưa đúng."}
    assert sheet.max_column == 10


def test_a_sheet_of_their_own_called_faults_stays():
    content = made(lambda book, sheet: book.add_worksheet("LỖI").write("A1", "của chúng tôi"))
    book = opened(annotate(content, [mark(1, "A", sheet="A")]))
    assert (book.sheetnames, book["LỖI"]["A1"].value) == (["Lỗi 2", "A", "LỖI"], "của chúng tôi")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip", b"a;b\n1;2\n"])
def test_what_openpyxl_cannot_open_is_refused(content):
    with pytest.raises(CannotMark):
        annotate(content, [])


def test_a_workbook_that_opens_without_what_was_read_from_it_is_refused():
    """Strict OOXML opens, and is empty."""
    content = made(lambda book, sheet: sheet.write("A1", 1))
    for missing in (mark(7, "C", value="12", sheet="A"), mark(1, "A", sheet="Trang khác")):
        with pytest.raises(CannotMark):
            annotate(content, [missing])


def test_a_heading_that_stands_above_the_cell_marked_is_no_reason_to_refuse():
    marks = [HEADER, mark(6, "G", value="Số phụ nữ"), mark(7, "J", value="Nhóm / Ghi chú"), mark(8, "D", value="132")]
    marks.append(mark(4, "A", value="của trang đã đổi tên", sheet=""))
    assert opened(annotate(official(), marks))[BOOK]["D8"].value == 132


def test_it_works_in_the_confined_process():
    content = isolation.run("annotate", official(), marks=MARKS)
    assert opened(content)[BOOK]["D8"].comment.text == "Lỗi: 132 lớn hơn 100."


def sheet_of(*cells: Cell, name="Trang 1", **options) -> Workbook:
    return Workbook((Sheet(name, True, {(cell.row, cell.index): cell for cell in cells}, **options),))


def test_rebuilt_numbers_stay_numbers_texts_texts_and_days_days():
    book = sheet_of(
        Cell(1, 1, 12.5), Cell(1, 2, "1.234"), Cell(1, 3, "=1+1"), Cell(1, 4, True), Cell(1, 5, dt.date(2024, 6, 14)),
        Cell(1, 6, 0.9, Defect.PERCENT), Cell(1, 7, "#REF!", Defect.ERROR), Cell(1, 8, None, Defect.NOT_CALCULATED),
    )  # fmt: skip
    line = opened(rebuild(book, []))["Trang 1"][1]
    assert [(cell.value, cell.data_type) for cell in line] == [
        (12.5, "n"), ("1.234", "s"), ("=1+1", "s"), (True, "b"), (midnight(2024, 6, 14), "d"),
        (0.9, "n"), ("#REF!", "s"), ("(công thức chưa tính)", "s"),
    ]  # fmt: skip
    assert [line[4].number_format, line[5].number_format] == ["dd/mm/yyyy", "0%"]


def test_rebuilt_sheets_keep_what_is_hidden_and_get_names_that_excel_takes():
    cells = {(2, 2): Cell(2, 2, "x")}
    sheets = (
        Sheet("Bảng [1]: huyện/xã có tên dài hơn mức Excel cho phép", True, cells, (), frozenset({2}), frozenset({2})),
        Sheet("", False, cells),
    )
    marks = [mark(2, "B", value="x", sheet=sheets[0].name)]
    book = opened(rebuild(Workbook(sheets), marks))
    assert [(one.title, one.sheet_state) for one in book] == [
        ("Lỗi", "visible"), ("Bảng  1   huyện xã có tên dài h", "visible"), ("Trang 2", "hidden"),
    ]  # fmt: skip
    sheet = book.worksheets[1]
    assert (sheet.row_dimensions[2].hidden, sheet.column_dimensions["B"].hidden) == (True, True)
    assert sheet["B2"].comment.text == "Lỗi: Sai."


def test_blocks_that_overlap_are_joined_once():
    merges = (Merge(1, 1, 2, 2), Merge(2, 2, 3, 3), Merge(5, 5, 5, 5))
    sheet = opened(rebuild(sheet_of(Cell(1, 1, "x"), merges=merges), []))["Trang 1"]
    assert [str(block) for block in sheet.merged_cells.ranges] == ["A1:B2"]


@pytest.mark.parametrize(
    ("content", "name"), [("Đơn vị;Số\nHuyện Hạ Lang;12,5\n".encode(), "a.csv"), (official(), "a.xlsx")]
)
def test_whatever_was_sent_an_xlsx_comes_back(content, name):
    workbook = read_workbook(content, name)
    sheet = workbook.sheets[0].name
    book = opened(returned(content, workbook, [mark(2, "A", "Sai đơn vị.", sheet=sheet)]))
    assert book["Lỗi"]["E5"].value == "Sai đơn vị."
    assert book.worksheets[1]["A2"].comment.text == "Lỗi: Sai đơn vị."


def test_an_xlsx_that_openpyxl_does_not_open_is_made_anew_from_what_was_read():
    workbook = sheet_of(Cell(1, 1, 12))
    book = opened(returned(b"PK\x03\x04 Strict, say", workbook, [mark(1, "A", value="12", sheet="Trang 1")]))
    assert (book["Trang 1"]["A1"].value, book["Trang 1"]["A1"].comment.text) == (12, "Lỗi: Sai.")


def saved(book) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def marks_of(found, header: int) -> list[dict]:
    marks = [mark(p.row, p.column, p.message, value=p.value, sheet=p.sheet or found.sheet) for p in found.errors]
    return [{"sheet": found.sheet, "row": header, "kind": "header"}, *marks]


@pytest.mark.django_db
@pytest.mark.parametrize("marked", [annotate, lambda content, marks: rebuild(read_workbook(content, "a.xlsx"), marks)])
def test_the_marked_workbook_imports_once_it_is_corrected(marked, plan):
    content = plain([("Huyện Phục Hòa", 181, 132, 9388, 5708, "12,5", 2, 8), TWO_ROWS[1]])
    found = assess(content, "a.xlsx", plan=plan)
    assert ("B4", "Huyện Phục Hòa") in [(p.cell, p.value) for p in found.errors]
    book = opened(marked(content, marks_of(found, 3)))
    still = assess(saved(book), "a.xlsx", plan=plan)
    assert [problem.cell for problem in still.errors] == [problem.cell for problem in found.errors]
    book["Biểu 1"]["B4"].value, book["Biểu 1"]["G4"].value = TWO_ROWS[0][0], TWO_ROWS[0][5]
    again = assess(saved(book), "a.xlsx", plan=plan)
    assert (again.outcome, again.sheet, again.errors, again.warnings) == ("ok", "Biểu 1", [], [])
    assert {(cell.agency.code, cell.measure.code): cell.value for cell in again.cells} == {
        (cell.agency.code, cell.measure.code): cell.value for cell in assess(plain(), "a.xlsx", plan=plan).cells
    }


@pytest.mark.django_db
def test_what_the_column_of_faults_says_is_no_note_of_the_sender(plan):
    def fill(book, sheet):
        sheet.write_column("A1", ["BÁO CÁO NĂM 2023", "HỘI LHPN HUYỆN HẠ LANG"])
        sheet.write_row("A4", ["STT", "Nội dung", "ĐVT", "Trong kỳ"])
        sheet.write_row("A5", [1, "Tổng số hội viên", "người", 4651])
        sheet.write_row("A6", [2, "Số hội viên được tuyên truyền", "người", "2.604,5"])

    content = made(fill)
    found = assess(content, "a.xlsx", plan=plan)
    assert [problem.cell for problem in found.errors] == ["D6"]
    book = opened(annotate(content, marks_of(found, 4)))
    assert book["A"]["E6"].value.startswith("Ô D6: ")
    book["A"]["D6"].value = 2604
    again = assess(saved(book), "a.xlsx", plan=plan)
    assert (again.outcome, again.errors, again.warnings) == ("ok", [], [])
    assert [(cell.measure.code, cell.value, cell.note) for cell in again.cells] == [
        ("CT2_TS", 4651, ""), ("CT2_TT", 2604, ""),
    ]  # fmt: skip
