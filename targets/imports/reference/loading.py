"""A plan's workbook -> what it would do, or has done. One transaction: all of it or nothing; rows are never deleted.

Looking ahead does the very same and is then rolled back, so that a preview cannot differ from what is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

import tablib
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from import_export.results import RowResult

from targets.models import Indicator, Plan
from targets.models.soundness import faults as unsound

from ..reader import Workbook, read_workbook
from .base import CellRefused
from .outcome import CHANGED, NEW, SAME, Change, Outcome, TableOutcome
from .plans import IndicatorResource
from .results import is_changed
from .sheets import GUIDE, INDICATORS, LOADING, MEASURES, PLANS, SHEETS, Fault, Line, Lines, Table, lines_of
from .widgets import MEND, NO, PLAN, DateWidget, TextWidget

KINDS = {RowResult.IMPORT_TYPE_NEW: NEW, RowResult.IMPORT_TYPE_UPDATE: CHANGED, RowResult.IMPORT_TYPE_SKIP: SAME}
MADE_OF = [IndicatorResource().fields[name].column_name for name in ("numerator", "denominator")]


class ShownDiffers(Exception):
    """What would be written is no longer what was shown; `outcome` is what it would be now."""

    def __init__(self, outcome: Outcome):
        super().__init__("Dữ liệu đã thay đổi từ khi xem trước. Xem lại rồi xác nhận.")
        self.outcome = outcome


def preview(content: bytes) -> Outcome:
    """Nothing stays written. Raises Refused for a file that cannot be read."""
    book = read_workbook(content)
    with transaction.atomic():
        outcome = _load(book)
        transaction.set_rollback(True)
    return outcome


def load(content: bytes, *, mark: str) -> Outcome:
    """Write what a preview with this `mark` showed. Raises Refused, or ShownDiffers when it is not that any more."""
    book = read_workbook(content)
    with transaction.atomic():
        outcome = _load(book)
        if outcome.faults or outcome.mark != mark:
            transaction.set_rollback(True)
            raise ShownDiffers(outcome)
    return outcome


def _load(book: Workbook) -> Outcome:
    outcome = Outcome()
    found = _sheets(book, outcome)
    plan = _plan_named(found)
    outcome.faults += [fault for lines in found.values() for fault in lines.faults]
    if outcome.faults:
        return outcome
    started, refused = set(), set()
    for table in LOADING:
        if table is MEASURES and INDICATORS.name in found:
            started = _start_indicators(found[INDICATORS.name], plan)
        if table.name in found:
            new = started if table is INDICATORS else set()
            outcome.tables.append(_table(found[table.name], plan, new, refused, outcome.faults))
    if not outcome.faults:
        outcome.unsound = _unsound(found, plan)
    return outcome


def _sheets(book: Workbook, outcome: Outcome) -> dict[str, Lines]:
    known = {table.name.casefold(): table for table in SHEETS}
    found = {}
    for sheet in book.visible_sheets:
        table = known.get(sheet.name.strip().casefold())
        if table:
            found[table.name] = lines_of(sheet, table)
        elif sheet.name != GUIDE and sheet.rows:
            outcome.passed_over.append(sheet.name)
    if not found:
        names = ", ".join(table.name for table in SHEETS)
        outcome.faults.append(Fault("", None, "", "", "", f"Không thấy trang nào của mẫu: {names}. Tải mẫu rồi điền."))
    return found


def _plan_named(found: Mapping[str, Lines]) -> str:
    """Number of the workbook's plan, which every line of its other sheets is about; "" when it holds none."""
    plans = found.get(PLANS.name)
    numbers = [_text(line.values.get(PLANS.key[0])) for line in plans.lines] if plans else []
    for line in plans.lines[1:] if plans else ():
        plans.faults.append(plans.fault(line.row, PLANS.key[0], numbers[-1], "Mỗi tệp một kế hoạch. Xóa dòng này."))
    for lines in found.values():
        if lines.table.of_plan and not any(numbers):
            lines.faults += [
                lines.fault(line.row, "", None, "Chưa rõ thuộc kế hoạch nào. Ghi số, ký hiệu ở trang Kế hoạch.")
                for line in lines.lines
                if not _text(line.values.get(PLAN))
            ]
    return next(filter(None, numbers), "")


def _start_indicators(lines: Lines, plan: str) -> set[int]:
    """Create those that are new, without their measures: measures stand in their sections. Gives their rows.

    What is wrong with them is said when they are read again, whole.
    """
    known = set(Indicator.objects.values_list("plan__number", "code"))
    code = INDICATORS.key[0]
    new = [line for line in lines.lines if (_plan_of(line, plan), _text(line.values.get(code))) not in known]
    bare = [Line(line.row, {k: v for k, v in line.values.items() if k not in MADE_OF}) for line in new]
    results = _imported(replace(lines, lines=bare), plan)
    return {line.row for line, result in results if result.import_type == RowResult.IMPORT_TYPE_NEW}


def _imported(lines: Lines, plan: str) -> list[tuple[Line, RowResult]]:
    """The resource's own import, written into the open transaction; each line with what became of it."""
    ordered = lines.in_order()
    if not ordered:
        return []
    headings = list(dict.fromkeys([*lines.columns, *([PLAN] if lines.table.of_plan else [])]))
    rows = [[{**line.values, PLAN: _plan_of(line, plan)}.get(heading) for heading in headings] for line in ordered]
    result = lines.table.resource().import_data(tablib.Dataset(*rows, headers=headings), use_transactions=True)
    return list(zip(ordered, result.rows, strict=True))


def _table(lines: Lines, plan: str, new: set[int], refused: set[str], faults: list[Fault]) -> TableOutcome:
    """What becomes of a sheet's lines, in its order; `new` are rows that were begun before.

    What is wrong is added to `faults`, and the code of each refused line to `refused`: that others do not find it is
    no fault of theirs, and is not said.
    """
    outcome, found = TableOutcome(lines.table), []
    for line, result in _imported(lines, plan):
        if result.import_type in KINDS:
            outcome.changes.append(_change(lines.table, line, result, is_new=line.row in new))
            continue
        outcome.refused += 1
        for heading, why in _wrong(result):
            value = _plan_of(line, plan) if heading == PLAN else line.values.get(heading)
            if not (MEND in why and refused & set(_text(value).split())):
                found.append(lines.fault(line.row, heading, value, why))
        refused.add(_text(line.values.get(lines.table.key[0])))
    faults += sorted(found, key=lambda fault: fault.row)
    outcome.changes.sort(key=lambda change: change.row)
    return outcome


def _change(table: Table, line: Line, result: RowResult, *, is_new: bool) -> Change:
    """Of a new row all that it holds, of a changed one what changes."""
    kind = NEW if is_new else KINDS[result.import_type]
    said = (_text(line.values.get(heading)) for heading in table.key)
    key = " · ".join(text for text in said if text not in ("", NO))
    cells = zip(table.resource().get_diff_headers(), result.diff, strict=True) if kind != SAME else ()
    values = [(heading, said) for heading, said in cells if (is_changed(said) if kind == CHANGED else said)]
    return Change(line.row, kind, key, values)


def _wrong(result: RowResult) -> Iterable[tuple[str, str]]:
    """(heading, message) of a line that was refused; the heading is "" when it is about the line as a whole."""
    refused = [error.error for error in result.errors] + [result.validation_error] * bool(result.validation_error)
    for error in refused:
        if isinstance(error, CellRefused):
            yield error.heading, str(error)
        elif hasattr(error, "error_dict"):
            for heading, messages in error.message_dict.items():
                yield from ((heading.replace(NON_FIELD_ERRORS, ""), message) for message in messages)
        else:
            yield from (("", message) for message in getattr(error, "messages", [str(error)]))


def _unsound(found: Mapping[str, Lines], plan: str) -> list[tuple[str, str]]:
    """(number, what does not hold together) of the plans that the file is about; of every plan when it names none."""
    named = {_plan_of(line, plan) for lines in found.values() if lines.table.of_plan for line in lines.lines}
    named |= {plan}
    wanted = Plan.objects.filter(number__in=named) if any(named) else Plan.objects.all()
    return [(one.number, fault.message) for one in wanted for fault in unsound(one)]


def _plan_of(line: Line, plan: str) -> str:
    return _text(line.values.get(PLAN)) or plan


def _text(value: object) -> str:
    """As the tables themselves write it: days as days, numbers without a comma and a zero."""
    return DateWidget().render(value) if isinstance(value, dt.date) else TextWidget().clean(value)
