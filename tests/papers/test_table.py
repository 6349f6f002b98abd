"""CSV and JSON of the figures: what other programs read."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from agencies.models import Unit
from targets.models import Indicator
from targets.papers.table import figures_csv, figures_json
from targets.progress.progress import progress

from . import reading

pytestmark = pytest.mark.django_db


def test_the_csv_opens_in_a_vietnamese_excel(period, report):
    report("huyen-ha-lang", "2024-H1", CT1_TS=141, CT1_TH=126)
    content = figures_csv(period)
    assert content.startswith("\ufeffKế hoạch;Kỳ;Số liệu đến hết;".encode())
    assert (
        content.count(b"\r\n") == content.count(b"\n") == 1 + 5 * 11
    )  # headings; ten districts and the whole province
    ct1 = reading.lines(content)[0]
    assert (ct1["Đơn vị"], ct1["Lũy kế"], ct1["Mẫu số"]) == ("Toàn tỉnh", "126", "141")
    assert ct1["Tỷ lệ (%)"].startswith("89,361702127")


def test_every_line_carries_filters_and_when_it_was_read(period, report):
    report("huyen-ha-lang", "2024-H1", CT3=17)
    at = dt.datetime(2099, 7, 1, 3, tzinfo=dt.UTC)
    lines = reading.lines(figures_csv(period, as_of=at, by="districts"))
    said = {
        tuple(line[name] for name in ("Kế hoạch", "Kỳ", "Số liệu đến hết", "Bộ lọc", "Số liệu tính đến", "Lưu ý"))
        for line in lines
    }
    assert said == {
        (
            "503/KH-UBND", "6 tháng đầu năm 2024", "14/6/2024", "Chỉ đã duyệt, theo 10 huyện, TP",
            "Số liệu tính đến 10:00, 01/7/2099", "",
        )
    }  # fmt: skip


def test_r2_a_unit_without_a_number_says_why_and_has_no_zero(period, report):
    report("huyen-ha-lang", "2024-H1", CT3=0)
    lines = {line["Đơn vị"]: line for line in reading.lines(figures_csv(period)) if line["Mã chỉ tiêu"] == "CT3"}
    assert (lines["Huyện Hạ Lang"]["Lũy kế"], lines["Huyện Hạ Lang"]["Ghi chú"]) == ("0", "")
    assert (lines["Huyện Bảo Lâm"]["Lũy kế"], lines["Huyện Bảo Lâm"]["Ghi chú"]) == ("", "Chưa có số liệu")


def test_text_that_a_spreadsheet_would_calculate_is_quoted(plan, period):
    Indicator.objects.filter(plan=plan, code="CT3").update(name="=1+1")
    Indicator.objects.filter(plan=plan, code="CT4").update(name="'-2")
    Unit.objects.filter(slug="huyen-ha-lang").update(code="@48")
    lines = reading.lines(figures_csv(period))
    assert {line["Chỉ tiêu"] for line in lines if line["Mã chỉ tiêu"] == "CT3"} == {"'=1+1"}
    assert {line["Chỉ tiêu"] for line in lines if line["Mã chỉ tiêu"] == "CT4"} == {"''-2"}
    assert {line["Mã đơn vị"] for line in lines if line["Đơn vị"] == "Huyện Hạ Lang"} == {"'@48"}


def test_the_json_is_the_dashboard_s_with_how_it_was_read(period, report):
    report("huyen-ha-lang", "2024-H1", CT3=17)
    said = figures_json(period, provisional=True)
    added = {name: said.pop(name) for name in ("provisional", "read_at", "labels")}
    assert said == progress(period, provisional=True).as_json()
    assert (added["provisional"], added["labels"]) == (True, ["Tạm tính: có cả số chưa duyệt"])


def test_what_the_period_brought_is_added_when_asked_for(period, report):
    report("huyen-ha-lang", "2023-H2", CT1_TS=100, CT1_TH=50, CT3=3)
    report("huyen-ha-lang", "2024-H1", CT1_TS=100, CT1_TH=60, CT3=17)
    report("huyen-bao-lam", "2023-H2", CT3=5)
    said = json.loads(json.dumps(figures_json(period, in_period=True)))
    ct1, _, ct3, _, _ = said["indicators"]
    assert (ct1["reached"], ct1["in_period"], ct1["change_since_previous"]) == (60, None, 10)
    assert (ct3["reached"], ct3["in_period"], ct3["change_since_previous"]) == (25, 17, None)
    assert {unit["unit"]: unit["in_period"] for unit in ct3["units"]} == {"Huyện Hạ Lang": 17, "Huyện Bảo Lâm": None}
    assert "in_period" not in figures_json(period)["indicators"][0]
