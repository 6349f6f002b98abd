"""However a table is arranged, the same figures come out: generated titles, headings, orders, groups and spellings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from targets.imports import lexicon
from targets.imports.layout import find_tables
from targets.imports.reader import Cell, Merge, Sheet, Workbook
from targets.imports.table import read_table
from targets.models.numbers import spell

pytestmark = pytest.mark.django_db
END_2023 = dt.date(2023, 12, 14)
EXAMPLES = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

# Group and heading, as officials write them; no group stands alone.
WORDINGS = {
    "CT1_TS": [("", "Tổng số cán bộ Hội"), ("Cán bộ Hội", "Tổng số"), ("", "TỔNG SỐ CB HỘI"), ("", "Tổng CB")],
    "CT1_TH": [("", "Số CB được TH"), ("Cán bộ Hội", "Đã được tập huấn"), ("", "Cán bộ Hội được tập huấn")],
    "CT2_TS": [("", "Tổng số hội viên"), ("Hội viên phụ nữ", "Tổng số"), ("", "Tổng HV")],
    "CT2_TT": [("", "HV được TT"), ("Hội viên phụ nữ", "Được truyền thông"), ("", "Số hội viên được tuyên truyền")],
    "CT3": [("", "PN được hỗ trợ KN"), ("", "Số phụ nữ được hỗ trợ khởi nghiệp (người)"), ("", "CT3")],
    "CT4": [("", "Tổ hợp tác, HTX, tổ liên kết thành lập mới"), ("", "Số THT, HTX, tổ liên kết mới thành lập")],
    "LOP": [("", "Số lớp tập huấn"), ("", "Số lớp tập huấn, truyền thông")],
}
GROUPS = [("CT1_TS", "CT1_TH"), ("CT2_TS", "CT2_TT"), ("CT3",), ("CT4",), ("LOP",)]
UNITS = {
    "Huyện Bảo Lâm": ["Bảo Lâm", "H. Bảo Lâm", "BẢO LÂM", "Huyện Bảo Lâm", "UBND huyện Bảo Lâm"],
    "Huyện Hạ Lang": ["Hạ Lang", "H.Hạ Lang", "Hội LHPN huyện Hạ Lang", "Ha\u0323 Lang"],
    "Huyện Hòa An": ["Hoà An", "Huyện Hòa An", "hòa an"],
    "Thành phố Cao Bằng": ["TP Cao Bằng", "TP. Cao Bằng", "Thành phố Cao Bằng", "Thành phố"],
    "Huyện Quảng Hòa": ["Quảng Hoà", "Huyện Quảng Hòa "],
}
TITLES = [
    "HỘI LHPN TỈNH CAO BẰNG", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "BIỂU TỔNG HỢP KẾT QUẢ ĐỀ ÁN 939 NĂM 2023",
    "(Kèm theo Báo cáo số 12/BC-BTV ngày 10/12/2023)", "Đơn vị tính: người", "Giai đoạn 2017-2025",
]  # fmt: skip
ENDS = ["Người lập biểu", "TM. BAN THƯỜNG VỤ", "Ghi chú: số liệu tính đến 14/12/2023", "Nơi nhận:"]


@dataclass
class Arrangement:
    """What was drawn: the truth, and how it is laid out."""

    measures: list[str]
    headings: dict[str, tuple[str, str]]
    units: list[str]
    labels: dict[str, str]
    numbers: dict[tuple[str, str], int | None]
    as_text: bool
    titles: list[str]
    ends: list[str]
    row_numbers: bool
    numbering: bool
    total: str  # "", "top" or "bottom"
    ratio: bool
    group_row: bool
    merged: bool
    cells: dict[tuple[int, int], object] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)

    @property
    def truth(self) -> dict[str, dict[str, int | None]]:
        return {unit: {code: self.numbers[unit, code] for code in self.measures} for unit in self.units}

    def shown(self, value: int | None) -> object:
        if value is None:
            return "-"
        return spell(Decimal(value)) if self.as_text else value

    def total_of(self, code: str) -> int:
        return sum(self.numbers[unit, code] or 0 for unit in self.units)


@st.composite
def arrangements(draw) -> Arrangement:
    groups = draw(st.permutations(draw(st.lists(st.sampled_from(GROUPS), min_size=2, max_size=5, unique=True))))
    measures = [code for group in groups for code in group]
    headings = {}
    for group in groups:
        grouped = len(group) > 1 and draw(st.booleans())
        for code in group:
            headings[code] = draw(st.sampled_from([one for one in WORDINGS[code] if bool(one[0]) == grouped]))
    units = draw(st.lists(st.sampled_from(list(UNITS)), min_size=2, max_size=5, unique=True))
    pairs = [(unit, code) for unit in units for code in measures]
    filled = st.one_of(st.integers(0, 99_999), st.integers(0, 99_999), st.none())
    numbers = {pair: draw(filled) for pair in pairs}
    return Arrangement(
        measures,
        headings,
        units,
        {unit: draw(st.sampled_from(UNITS[unit])) for unit in units},
        numbers,
        as_text=draw(st.booleans()),
        titles=draw(st.lists(st.sampled_from(TITLES), max_size=4)),
        ends=draw(st.lists(st.sampled_from(ENDS), max_size=2)),
        row_numbers=draw(st.booleans()),
        numbering=draw(st.booleans()),
        total=draw(st.sampled_from(["", "top", "bottom"])),
        ratio=draw(st.booleans()),
        group_row=draw(st.booleans()),
        merged=draw(st.booleans()),
    )


def wide(it: Arrangement) -> Sheet:
    """A row per unit under the headings."""
    row = _titles(it)
    first = 2 if it.row_numbers else 1
    grouped = any(it.headings[code][0] for code in it.measures)
    bottom = row + 1 if grouped else row
    if it.row_numbers:
        _heading(it, row, bottom, 1, "", "STT")
    _heading(it, row, bottom, first, "", "Tên đơn vị")
    _measures(it, row, bottom, first + 1)
    end = first + len(it.measures)
    if it.ratio:
        _heading(it, row, bottom, end + 1, "", "Tỷ lệ (%)")
    row = bottom + 1
    if it.numbering:
        it.cells |= {(row, column): f"({column})" for column in range(1, end + 1)}
        row += 1
    row = _total_row(it, row, first) if it.total == "top" else row
    if it.group_row:
        it.cells[row, first] = "I. Các huyện, thành phố"
        row += 1
    for n, unit in enumerate(it.units, 1):
        if it.row_numbers:
            it.cells[row, 1] = n
        it.cells[row, first] = it.labels[unit]
        it.cells |= {(row, first + k): it.shown(it.numbers[unit, code]) for k, code in enumerate(it.measures, 1)}
        if it.ratio:
            it.cells[row, end + 1] = 81.25
        row += 1
    row = _total_row(it, row, first) if it.total == "bottom" else row
    it.cells |= {(row + 1 + n, first): text for n, text in enumerate(it.ends)}
    return _sheet(it)


def upright(it: Arrangement, units: list[str]) -> Sheet:
    """A row per figure; a column per unit, or of one agency that the sheet's name tells."""
    row = _titles(it)
    first = 2 if it.row_numbers else 1
    if it.row_numbers:
        it.cells[row, 1] = "TT"
    it.cells[row, first] = "Nội dung"
    one_agency = len(units) == 1
    for n, unit in enumerate(units, 1):
        it.cells[row, first + n] = "Kết quả trong kỳ" if one_agency else it.labels[unit]
    if it.total and not one_agency:
        it.cells[row, first + len(units) + 1] = "Tổng cộng"
    group = ""
    for code in it.measures:
        above, own = it.headings[code]
        if above and above != group:
            row += 1
            it.cells[row, first] = above
        group = above
        row += 1
        it.cells[row, first] = own
        it.cells |= {(row, first + n): it.shown(it.numbers[unit, code]) for n, unit in enumerate(units, 1)}
        if it.total and not one_agency:
            it.cells[row, first + len(units) + 1] = it.total_of(code)
    it.cells |= {(row + 2 + n, first): text for n, text in enumerate(it.ends)}
    return _sheet(it, it.labels[units[0]] if one_agency else "Biểu 1")


def _titles(it: Arrangement) -> int:
    for row, title in enumerate(it.titles, 1):
        it.cells[row, 1] = title
    return len(it.titles) + 2


def _heading(it: Arrangement, top: int, bottom: int, column: int, group: str, own: str) -> None:
    if group:
        it.cells[top, column] = group
    it.cells[bottom if group else top, column] = own
    if not group and bottom > top:
        it.merges.append(Merge(top, column, bottom, column))


def _measures(it: Arrangement, top: int, bottom: int, column: int) -> None:
    before = ""
    for n, code in enumerate(it.measures, column):
        group, own = it.headings[code]
        _heading(it, top, bottom, n, group if group != before else "", own)
        if group:
            it.cells.pop((top, n), None) if group == before else None
            it.cells[bottom, n] = own
            it.merges = [merge for merge in it.merges if merge.left != n]
            if it.merged and group == before:
                it.merges.append(Merge(top, n - 1, top, n))
        before = group


def _total_row(it: Arrangement, row: int, first: int) -> int:
    it.cells[row, first] = "TỔNG CỘNG"
    it.cells |= {(row, first + k): it.shown(it.total_of(code)) for k, code in enumerate(it.measures, 1)}
    return row + 1


def _sheet(it: Arrangement, name: str = "Biểu 1") -> Sheet:
    cells = {place: Cell(*place, value) for place, value in it.cells.items()}
    return Sheet(name, True, cells, tuple(it.merges))


Read = Callable[[Sheet], tuple[dict[str, dict], list[str], set]]


@pytest.fixture
def read(plan) -> Read:
    """Gives the figures by unit and measure, what is wrong, and whether totals agree."""
    words = lexicon.of(plan, {}).vocabulary

    def of(sheet: Sheet) -> tuple[dict[str, dict], list[str], set]:
        (layout,) = find_tables(Workbook((sheet,)), words)
        table = read_table(layout, words, END_2023)
        rows: dict[str, dict] = {}
        for reading in table.readings:
            rows.setdefault(reading.place.full_name, {})[reading.measure.code] = reading.value
        return rows, [problem.message for problem in table.problems], {total.agrees for total in table.totals}

    return of


@EXAMPLES
@given(it=arrangements())
def test_a_row_for_each_unit_reads_the_same_however_it_is_arranged(read, it):
    rows, problems, totals = read(wide(it))
    assert (rows, problems) == (it.truth, [])
    assert totals == ({True} if it.total else set())


@EXAMPLES
@given(it=arrangements())
def test_a_row_for_each_figure_reads_the_same_however_it_is_arranged(read, it):
    rows, problems, totals = read(upright(it, it.units))
    assert (rows, problems) == (it.truth, [])
    assert totals == ({True} if it.total else set())


@EXAMPLES
@given(it=arrangements())
def test_a_report_of_one_agency_reads_the_same_however_it_is_arranged(read, it):
    unit = it.units[0]
    rows, problems, _ = read(upright(it, [unit]))
    assert (rows, problems) == ({unit: it.truth[unit]}, [])


@EXAMPLES
@given(it=arrangements(), where=st.data())
def test_one_number_more_in_a_cell_is_never_lost_in_a_total(read, it, where):
    """A sum that is off by one is always named, in whichever row or column it stands."""
    it.total = it.total or "bottom"
    sheet = wide(it)
    row, column = next(place for place, value in it.cells.items() if value == "TỔNG CỘNG")
    code = where.draw(st.sampled_from(it.measures))
    place = (row, column + 1 + it.measures.index(code))
    wrong = it.total_of(code) + 1
    cells = sheet.cells | {place: Cell(*place, it.shown(wrong))}
    _, problems, _ = read(Sheet(sheet.name, True, cells, sheet.merges))
    assert problems == [
        f"Dòng tổng ghi {spell(Decimal(wrong))}, cộng các đơn vị được {spell(Decimal(it.total_of(code)))}."
    ]
