"""Tables with a row per figure: long ones, of one agency, and transposed ones, with a column per unit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .headings import Heading, MeasureTerm, Use, value_use
from .parsing import fold
from .periods import find_periods
from .reader import Cell, Sheet
from .recognised import Kind, Layout, Line, NoTable, Problem, Subject, placed, problems_of
from .rows import is_blank, is_figure, is_no_data, is_numbering
from .vocabulary import Vocabulary
from .wide import path_of

MOST_HEADER_ROWS = 4
LONGEST_ROW_NUMBER = 4  # characters: "VIII", "1.10"
FEWEST_FIGURES = 2  # rows that match, for a column to be one that names figures
BULLET = re.compile(r"^(?:[-–+*•]|[a-zđ]\))\s*")
AMONG = re.compile(rf"^(?:{fold('trong đó')}|{fold('tr.đó')}|{fold('chia ra')}|{fold('gồm')})\b[\s:]*")


def recognise_upright(sheet: Sheet, vocabulary: Vocabulary, chosen: str = "") -> Layout:
    """The table of a sheet whose rows are figures. Raises NoTable when there is none.

    `chosen`: the letter of the value column, when its sender was asked.
    """
    column, lines = _label_column(sheet, vocabulary)
    if len({line.measure.code for line in lines if line.measure}) < FEWEST_FIGURES:
        raise NoTable(sheet.name, Problem("no_measures", f"Trang “{sheet.name}” không có cột nào ghi tên số liệu."))
    header = _header_rows(sheet, column, lines[0].index)
    columns = [_Column(index, path_of(sheet, header, index)) for index in range(column + 1, sheet.columns + 1)]
    units = tuple(_unit_subjects(sheet, vocabulary, columns, header))
    beside = tuple(Line(one.index, one.path, value_use(one.path)) for one in columns if one.path)
    lines = _with_units_of_measure(sheet, lines, beside)
    problems = tuple(problems_of(lines, lines[0].index, "Dòng"))
    if len([one for one in units if not one.is_total]) > 1:
        return Layout(sheet, Kind.TRANSPOSED, header, column, lines, problems, units, beside)
    values, asked = _value_columns(sheet, lines, beside, chosen)
    subjects = tuple(Subject(index, sheet.at(lines[0].index, index), is_row=False) for index in values)
    return Layout(sheet, Kind.LONG, header, column, lines, (*problems, *asked), subjects, beside)


@dataclass(frozen=True, slots=True)
class _Column:
    index: int
    path: tuple[str, ...]


def _label_column(sheet: Sheet, vocabulary: Vocabulary) -> tuple[int, tuple[Line, ...]]:
    """The column in which most rows name a measure, with its rows; the leftmost of equals."""
    glossary = vocabulary.glossary
    named = Counter(cell.index for cell in sheet.texts if glossary.is_name(cell.text))
    # Headings may say something only together with their group: then any column of words may be the one.
    worded = Counter(cell.index for cell in sheet.texts if any(map(str.isalpha, cell.text)))
    several = [index for index, count in named.items() if count >= FEWEST_FIGURES]
    tried = {
        index: tuple(placed(_rows(sheet, vocabulary, index)))
        for index in several or [index for index, count in worded.items() if count > FEWEST_FIGURES]
    }

    def worth(index: int) -> tuple[int, int, int]:
        lines = tried[index]
        coded = sum(glossary.coded(line.path[-1]) is not None for line in lines)
        return len({line.measure.code for line in lines if line.measure}), -coded, -index

    best = max(tried, key=worth, default=1)
    return best, tried.get(best, ())


def _rows(sheet: Sheet, vocabulary: Vocabulary, column: int) -> Iterator[Line]:
    """Every row that has figures beside its label, matched with the group and the whole it stands under."""
    group: tuple[str, ...] = ()
    whole: MeasureTerm | None = None
    for row in range(1, sheet.rows + 1):
        path = _labels(sheet, vocabulary, row, column)
        if not path or is_numbering(sheet, row):
            continue
        coded = next((m for cell in sheet.row(row) if cell.text and (m := vocabulary.glossary.coded(cell.text))), None)
        heading = Heading(Use.MEASURE, (coded,)) if coded else _match(vocabulary, path, group, whole)
        has_figures = _has_figures(sheet, row, column)
        if not has_figures and (heading.use != Use.MEASURE or heading.is_weak):
            group, whole = (group, whole) if _is_among(path[-1]) else (path, None)
            continue
        if not _is_among(path[-1]) and not _bulleted(sheet, row, column):
            whole = _whole_of(heading, whole)
        yield Line(row, path, heading.use, heading.measures, is_row=True, is_weak=heading.is_weak and whole is None)


def _whole_of(heading: Heading, whole: MeasureTerm | None) -> MeasureTerm | None:
    """What the rows below may be parts of: this row's measure, unless it is itself a part of the one above."""
    if heading.use != Use.MEASURE:
        return None
    found = heading.measures[0]
    return whole if whole and found.part_of == whole.code else found


def _labels(sheet: Sheet, vocabulary: Vocabulary, row: int, column: int) -> tuple[str, ...]:
    """The texts that name a row: of its label and of the groups left of it, without row numbers and codes."""
    cells = {}
    for index in range(1, column + 1):
        cell = sheet.shown(row, index)
        is_group = len(cell.text) > LONGEST_ROW_NUMBER and not vocabulary.glossary.coded(cell.text)
        if cell.text and (index == column or is_group):
            cells[cell.address] = " ".join(cell.text.split())
    return tuple(cells.values()) if sheet.shown(row, column).text else ()


def _match(vocabulary: Vocabulary, path: tuple[str, ...], group: tuple[str, ...], whole: MeasureTerm | None) -> Heading:
    """As part of the whole above it, when it says so; else alone, and where that is not enough with its group."""
    own = BULLET.sub("", AMONG.sub("", BULLET.sub("", fold(path[-1]))))
    glossary = vocabulary.glossary
    if whole and (part := glossary.match_part(own, whole)):
        return part
    if _is_among(path[-1]):
        return Heading(Use.UNKNOWN)
    bare = (*path[:-1], BULLET.sub("", path[-1]))
    alone = glossary.match(bare)
    if alone.use == Use.MEASURE and not alone.is_weak:
        return alone
    under = glossary.match((*group, *bare)) if group else alone
    return under if under.use == Use.MEASURE else alone


def _is_among(text: str) -> bool:
    return AMONG.match(BULLET.sub("", fold(text))) is not None


def _bulleted(sheet: Sheet, row: int, column: int) -> bool:
    """A dash before the label, or where other rows have their number."""
    left = [sheet.at(row, index).text for index in range(1, column)]
    return bool(BULLET.match(fold(sheet.at(row, column).text))) or any(text in ("-", "–", "+", "*") for text in left)


def _has_figures(sheet: Sheet, row: int, column: int) -> bool:
    beside = [cell for cell in sheet.row(row) if cell.index > column]
    return any(is_figure(cell) or (cell.text and is_no_data(cell.text)) for cell in beside)


def _header_rows(sheet: Sheet, column: int, first: int) -> tuple[int, ...]:
    """The rows of headings above the first figure: from the label column's own heading down, and groups above it."""
    rows, heading = [], None
    for row in range(first - 1, 0, -1):
        if is_blank(sheet, row) and rows:
            break
        if is_blank(sheet, row) or is_numbering(sheet, row) or not _spans_columns(sheet, row, column):
            continue
        label = sheet.shown(row, column)
        if (heading is not None and label.text and label.address != heading) or len(rows) == MOST_HEADER_ROWS:
            break
        heading = label.address if label.text and heading is None else heading
        rows.insert(0, row)
    return tuple(rows)


def _spans_columns(sheet: Sheet, row: int, column: int) -> bool:
    """Headings stand right of the label column; a group row or a title has its one text left of there."""
    return any(cell.text for cell in sheet.row(row) if cell.index > column)


def _unit_subjects(
    sheet: Sheet, vocabulary: Vocabulary, columns: Sequence[_Column], header: tuple[int, ...]
) -> Iterator[Subject]:
    """Columns headed by a unit; of several under one unit, the one of this period."""
    named: dict[str, list[tuple[_Column, Cell, bool]]] = {}
    for one in columns:
        for row in header:
            cell = sheet.shown(row, one.index)
            total = bool(cell.text) and vocabulary.is_total(cell.text)
            if total or (cell.text and vocabulary.is_territory(cell.text)):
                named.setdefault(cell.address, []).append((one, cell, total))
                break
    for found in named.values():
        current = [one for one in found if value_use(one[0].path) == Use.CURRENT] if len(found) > 1 else found
        for one, cell, total in current or found:
            yield Subject(one.index, cell, is_row=False, is_total=total)


def _with_units_of_measure(sheet: Sheet, lines: tuple[Line, ...], beside: Sequence[Line]) -> tuple[Line, ...]:
    """What the column "ĐVT" says of each row."""
    column = next((one.index for one in beside if one.use == Use.UNIT_OF_MEASURE), None)
    if column is None:
        return lines
    return tuple(replace(line, unit_of_measure=sheet.shown(line.index, column).text) for line in lines)


def _value_columns(
    sheet: Sheet, lines: Sequence[Line], beside: Sequence[Line], chosen: str
) -> tuple[list[int], list[Problem]]:
    """The column with this period's figures; the question, when there is none or more than one."""
    if chosen:
        return [one.index for one in beside if one.where == chosen], []
    filled = [one for one in beside if any(is_figure(sheet.at(line.index, one.index)) for line in lines)]
    found = [one for one in beside if one.use == Use.CURRENT]
    found = found or [one for one in filled if one.use == Use.UNKNOWN]
    if len(found) == 1:
        return [found[0].index], []
    row = lines[0].index
    names = ", ".join(f"{one.where} “{one.title}”" for one in found or filled) or "không có cột nào"
    message = f"Không rõ cột nào là số liệu của kỳ này: {names}. Chọn một cột."
    return [], [Problem("value_column_unknown", message, row, sheet=sheet.name)]


def narrowed(layout: Layout, period: str) -> Layout:
    """Of several value columns that name a period ("Thực hiện 2023", "Thực hiện 2024"), the one of `period`."""
    if layout.kind != Kind.LONG or layout.subjects:
        return layout
    named = [one for one in layout.beside if find_periods(list(one.path)) == {period} and one.use == Use.CURRENT]
    if len(named) != 1:
        return layout
    problems = tuple(problem for problem in layout.problems if problem.code != "value_column_unknown")
    index = named[0].index
    subject = Subject(index, layout.sheet.at(layout.lines[0].index, index), is_row=False)
    return replace(layout, subjects=(subject,), problems=problems)
