"""Every number on the page, in the workbook, the document, CSV and JSON is the same, on generated histories."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given

from agencies.models.agency import AgencyKind
from targets.papers.document import official_report
from targets.papers.table import figures_csv, figures_json
from targets.papers.workbook import dashboard_book
from targets.progress.figures import IndicatorFigure, Progress, UnitFigure
from targets.progress.progress import progress
from targets.templatetags.kn import percent, vi
from tests.progress.histories import BASE, FLOW, PART, approve, histories, sandbox, staged
from tests.progress.test_histories import few

from . import reading

pytestmark = pytest.mark.django_db

ADDED = {"provisional", "read_at", "labels"}
WORDS = {"reported": "", "districts": "huyen", "communes": "xa"}
ASKED = [("2020-H2", "reported"), ("2022", "districts"), ("2022-H1", "communes")]
# By indicator, the measures whose ledger entries add up to what was reached, and to its base.
MADE_OF = {"COUNT": (FLOW, None), "RATIO": (PART, BASE), "HELD": (BASE, None)}


@few(4)
@given(histories())
def test_page_workbook_document_csv_and_json_say_the_same(history):
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        client = Client()
        client.force_login(stage.approver)
        for code, by in ASKED:
            found = progress(stage.periods[code], by=by)
            asked = {"ke_hoach": stage.plan.number, "ky": code, "theo": WORDS[by]}
            said = _command(code, by)
            assert said == found.as_json()
            _the_page_shows(client.get(reverse("progress:dashboard"), asked), found)
            file = json.loads(client.get(reverse("papers:figures"), asked).content)
            assert {name: value for name, value in file.items() if name not in ADDED} == said
            _the_csv_holds(client.get(reverse("papers:table"), asked).content, found)
            _the_workbook_holds(client.get(reverse("papers:workbook"), asked).content, found)
            _the_document_holds(client.get(reverse("papers:report"), asked).content, found)


@few(3)
@given(histories())
def test_r9_papers_read_as_known_earlier_say_what_was_known_then(history):
    instants = sorted({event.at for event in history.events})
    instants = [instants[len(instants) * part // 4] for part in (2, 3)] if instants else []
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        period = stage.periods["2021-H2"]
        for at in instants:
            found = progress(period, as_of=at)
            _the_csv_holds(figures_csv(period, as_of=at), found)
            _the_workbook_holds(dashboard_book(period, as_of=at), found)
            _the_document_holds(official_report(period, AgencyKind.WOMENS_UNION, as_of=at), found)
            assert figures_json(period, as_of=at)["indicators"] == found.as_json()["indicators"]


def _command(code: str, by: str) -> dict:
    out = StringIO()
    call_command("progress", plan="1/KH-THU", period=code, by=by, json=True, stdout=out)
    return json.loads(out.getvalue())


def _the_page_shows(page, found: Progress) -> None:
    assert page.context["progress"].as_json() == found.as_json()
    text = page.content.decode()
    for one in found.indicators:
        if one.reached is not None:
            assert (percent(one.percent) if one.is_ratio and one.base else vi(one.reached)) in text


def _the_csv_holds(content: bytes, found: Progress) -> None:
    lines = iter(reading.lines(content))
    for place, said in enumerate(found.as_json()["indicators"]):
        province = next(lines)
        names = {
            "Lũy kế": "reached", "Mẫu số": "base", "Tỷ lệ (%)": "percent", "Mục tiêu": "target",
            "So với mục tiêu (%)": "percent_of_target", "Mức lộ trình": "expected", "Dự báo": "forecast",
        }  # fmt: skip
        for heading, name in names.items():
            value = reading.decimal(province[heading])
            assert (value is None, value and float(value)) == (said[name] is None, said[name] and float(said[name]))
        units = iter(said["units"])
        for row in found.rows:
            line = next(lines)
            assert (line["Mã chỉ tiêu"], line["Đơn vị"]) == (said["code"], row.unit)
            if row.figures[place].reached is None:
                assert (line["Lũy kế"], line["Ghi chú"]) == ("", str(row.figures[place].absence))
                continue
            unit = next(units)
            assert float(reading.decimal(line["Lũy kế"])) == float(unit["reached"])
            assert (reading.decimal(line["Mẫu số"]), line["Số của kỳ"]) == (
                unit["base"] if unit["base"] is None else Decimal(unit["base"]),
                unit["from_period"],
            )
            assert ("≈ ước tính" in line["Ghi chú"]) == unit["approximate"]
    assert list(lines) == []


def _the_workbook_holds(content: bytes, found: Progress) -> None:
    book = reading.opened(content)
    scorecard = reading.rows(book["Tổng quan"])
    units = reading.of_units(book["Đơn vị"])
    ledger = reading.rows(book["Số liệu gốc"])
    assert [name for name, _ in units] == [*(row.unit for row in found.rows), "Toàn tỉnh"]
    for place, (one, line) in enumerate(zip(found.indicators, scorecard, strict=True)):
        _the_scorecard_line_is(line, one)
        for row, (_, cells) in zip(found.rows, units[:-1], strict=True):
            _the_unit_cells_are(cells[one.code], row.figures[place], is_ratio=one.is_ratio)
        assert reading.same(units[-1][1][one.code]["Đạt" if one.is_ratio else "Lũy kế"], one.reached)
        _the_ledger_adds_up(ledger, one)
        if found.period == "2020-H2" or found.period == "2021-H2" or found.period == "2022-H1":
            last = reading.course(book["Diễn biến"], one.code)[-1]
            assert reading.same(last["Lũy kế"], one.reached)
            assert reading.same(last["Mẫu số"], one.base)
            assert reading.same(last["Tỷ lệ"], reading.cut(one.percent))
    assert [row["Cơ quan"] for row in reading.rows(book["Chưa có báo cáo"])] == [m.agency for m in found.missing]
    beside = [(row["Mã"], row["Cơ quan"], row["Giá trị"]) for row in reading.rows(book["Tham khảo"])]
    assert beside == [(one.code, r.agency, r.reached) for one in found.indicators for r in one.reference]


def _the_scorecard_line_is(line: dict[str, object], one: IndicatorFigure) -> None:
    assert line["Mã"] == one.code
    assert reading.same(line["Lũy kế"], one.reached)
    assert reading.same(line["Mẫu số"], one.base)
    assert reading.same(line["Tỷ lệ"], reading.cut(one.percent))
    assert reading.same(line["So với mục tiêu"], reading.cut(one.percent_of_target))
    assert reading.same(line["Mục tiêu"], one.target)
    if not one.is_ratio and one.in_period is not None:
        assert reading.same(line["Trong kỳ"], one.in_period)


def _the_unit_cells_are(cells: dict[str, object], figure: UnitFigure, *, is_ratio: bool) -> None:
    first = cells["Đạt" if is_ratio else "Lũy kế"]
    if figure.reached is None:
        assert first == str(figure.absence)
        return
    assert reading.same(first, figure.reached)
    assert cells["Số của kỳ"] == figure.from_period
    assert ("≈ ước tính" in (cells["Ghi chú"] or "")) == figure.approximate
    if is_ratio:
        assert reading.same(cells["Mẫu số"], figure.base)
        assert reading.same(cells["Tỷ lệ"], reading.cut(figure.percent))
    else:
        assert reading.same(cells["So với mục tiêu"], reading.cut(figure.percent_of_target))
        assert reading.same(cells["Trong kỳ"], figure.in_period or figure.change_since_previous) or (
            figure.in_period == 0 and cells["Trong kỳ"] == 0
        )


def _the_ledger_adds_up(ledger: list[dict[str, object]], one: IndicatorFigure) -> None:
    """R13: the entries said to count in an indicator are what its number is the sum of."""
    for measure, number in zip(MADE_OF[one.code], (one.reached, one.base), strict=True):
        counted = [
            line["Giá trị"]
            for line in ledger
            if line["Mã số liệu"] == measure and one.code in (line["Tính vào"] or "").split(", ")
        ]
        assert sum(counted) == (number or 0)
        assert bool(counted) == (number is not None)


def _the_document_holds(content: bytes, found: Progress) -> None:
    document = reading.document(content)
    table, units = reading.table(document, "Chỉ tiêu")[1:], reading.table(document, "Đơn vị")[1:]
    for place, (one, line) in enumerate(zip(found.indicators, table, strict=True)):
        _, name, goal, _, reached, of_target, _ = line
        assert name.startswith(f"{one.code}. ")
        assert reading.split(goal) == [one.target]
        if one.reached is None:
            assert reached == "Chưa có số liệu"
            continue
        numbers = [reading.cut(one.percent), one.reached, one.base] if one.is_ratio else [one.reached]
        assert reading.split(reached) == numbers
        assert reading.split(of_target) == [reading.cut(one.percent_of_target)]
        for row, cells in zip(found.rows, units[1:], strict=True):
            figure, shown = row.figures[place], cells[2 + place]
            if figure.reached is None:
                assert shown == str(figure.absence)
            elif one.is_ratio:
                assert reading.split(shown) == [reading.cut(figure.percent), figure.reached, figure.base]
            elif figure.target is None:
                assert reading.split(shown) == [figure.reached]
            else:
                numbers = [reading.cut(figure.percent_of_target), figure.reached, figure.target]
                assert reading.split(shown) == numbers
    assert [cells[1].removesuffix(" (đã kết thúc)") for cells in units] == ["Toàn tỉnh", *(r.unit for r in found.rows)]
