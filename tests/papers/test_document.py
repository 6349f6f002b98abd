"""The official report: built as NĐ 30/2020 and the Union's own papers are, and saying only what was approved."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt

from agencies.models.agency import AgencyKind
from targets.models import Report
from targets.papers.document import official_report
from targets.reports import workflow
from tests.progress.conftest import NOT_OURS

from . import reading

pytestmark = pytest.mark.django_db

UNION, COMMITTEE = AgencyKind.WOMENS_UNION, AgencyKind.PEOPLES_COMMITTEE
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
CHAPTERS = [
    "I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI",
    "II. KẾT QUẢ THỰC HIỆN",
    "III. ĐÁNH GIÁ",
    "IV. PHƯƠNG HƯỚNG, NHIỆM VỤ KỲ TỚI",
    "V. KIẾN NGHỊ, ĐỀ XUẤT",
]


@pytest.fixture
def told(reviewer, second_reviewer, entries, plan):
    """`told(agency, period, approve=True, recommendations="…")`: a report with words and no number."""

    def make(agency, period, *, approve: bool = True, at=None, **texts) -> Report:
        required = {m.code: NOT_OURS for m in plan.measures.all() if m.required}
        made = workflow.start(agency, period, by=reviewer)
        made = workflow.save(made, entries(**required), texts=texts, by=reviewer, version=made.version)
        made = workflow.submit(made, by=reviewer, version=made.version, at=at)
        return workflow.approve(made, by=second_reviewer, version=made.version, at=at) if approve else made

    return make


def under(found: list[str], heading: str) -> list[str]:
    """The paragraphs between a heading of the first order and the next."""
    start = found.index(heading) + 1
    ends = [found.index(one) for one in CHAPTERS if found.index(one) >= start]
    return found[start : min(ends, default=None)]


# Its form ----------------------------------------------------------------------------------------------------------


def test_the_paper_is_a4_with_the_margins_of_the_decree(period):
    first, appendix = reading.document(official_report(period, UNION)).sections
    # Word keeps lengths in twentieths of a point, a little off the millimetre.
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    assert (round(appendix.page_width.mm), round(appendix.page_height.mm)) == (297, 210)
    assert appendix.orientation == WD_ORIENT.LANDSCAPE
    for section in (first, appendix):
        assert 20 <= round(section.top_margin.mm) <= 25
        assert 20 <= round(section.bottom_margin.mm) <= 25
        assert 30 <= round(section.left_margin.mm) <= 35
        assert 15 <= round(section.right_margin.mm) <= 20


def test_pages_are_numbered_in_the_top_margin_but_the_first(period):
    first, appendix = reading.document(official_report(period, UNION)).sections
    (number,) = first.header.paragraphs
    assert [part.text for part in number._p.iter(qn("w:instrText"))] == ["PAGE"]
    assert (number.alignment, number.runs[0].font.size) == (WD_ALIGN_PARAGRAPH.CENTER, Pt(14))
    assert first.different_first_page_header_footer
    assert appendix.different_first_page_header_footer
    assert not list(first.first_page_header._element.iter(qn("w:instrText")))
    assert appendix.header.is_linked_to_previous
    assert appendix._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_everything_is_in_times_new_roman_and_between_11_and_14_points(period):
    document = reading.document(official_report(period, UNION))
    for name in ("Normal", "Body Text", "Heading 1", "Heading 2", "Ô bảng"):
        fonts = document.styles[name].element.rPr.rFonts
        assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs", "eastAsia")} == {"Times New Roman"}
        assert [key for key in fonts.attrib if key.endswith("Theme")] == []
        assert Pt(13) <= document.styles[name].font.size <= Pt(14)
    runs = list(document.element.body.iter(qn("w:r")))
    assert [run for run in runs if run.rPr is not None and run.rPr.rFonts is not None] == []
    written = [run for run in runs if "".join(t.text or "" for t in run.iter(qn("w:t"))).strip()]
    sizes = {run.rPr.sz.get(qn("w:val")) for run in written if run.rPr is not None and run.rPr.sz is not None}
    assert sizes <= {"22", "24", "26", "28"}


def test_body_text_is_justified_with_its_first_line_indented_and_headings_are_bold(period):
    document = reading.document(official_report(period, UNION))
    body = document.styles["Body Text"].paragraph_format
    assert (body.alignment, body.first_line_indent) == (WD_ALIGN_PARAGRAPH.JUSTIFY, Cm(1.27))
    assert body.space_after >= Pt(6)
    assert 1 <= body.line_spacing <= 1.5
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"] == CHAPTERS
    assert document.styles["Heading 1"].font.bold
    assert document.styles["Heading 2"].font.bold


def test_the_committee_has_the_nation_s_heading_at_the_right_and_signs_for_itself(period):
    document = reading.document(official_report(period, COMMITTEE))
    (issuer, nation), (number, day) = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert issuer.split("\n") == ["ỦY BAN NHÂN DÂN", "TỈNH CAO BẰNG", ""]
    assert nation.split("\n") == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", ""]
    assert (number, day) == ("Số: …/BC-UBND", "Cao Bằng, ngày … tháng … năm …")
    recipients, signature = (cell.text.split("\n") for cell in document.tables[2].rows[0].cells)
    assert recipients[0] == "Nơi nhận:"
    assert recipients[-1] == "- Lưu: VT, …"
    assert signature[:2] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]
    assert signature[-1] == "…"


def test_the_letterhead_has_no_lines_and_its_two_rules_are_of_their_own_length(period):
    table = reading.document(official_report(period, COMMITTEE)).tables[0]
    assert table.style.name == "Normal Table"
    for cell, width in zip(table.rows[0].cells, (Mm(65), Mm(100)), strict=True):
        rule = cell.paragraphs[-1]
        assert rule._p.pPr.find(qn("w:pBdr")) is not None
        drawn = width - rule.paragraph_format.left_indent - rule.paragraph_format.right_indent
        assert Mm(20) < drawn < Mm(62)


@pytest.mark.parametrize(
    ("day", "above"),
    [
        (dt.datetime(2025, 6, 30, 23, 59, tzinfo=HANOI), []),
        (dt.datetime(2025, 7, 1, tzinfo=HANOI), ["ỦY BAN MTTQ VIỆT NAM", "TỈNH CAO BẰNG"]),
    ],
)
def test_the_union_has_a_star_and_no_nation_and_since_july_2025_stands_under_the_front(day, above, period):
    document = reading.document(official_report(period, UNION, as_of=day))
    (issuer, nation), (number, place) = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert issuer.split("\n") == [*above, "HỘI LHPN TỈNH CAO BẰNG", "BAN THƯỜNG VỤ", "*"]
    assert (nation, number, place) == ("", "Số: …/BC-BTV", "Cao Bằng, ngày … tháng … năm …")
    assert "CỘNG HÒA" not in "".join(t.text or "" for t in document.element.body.iter(qn("w:t")))
    assert document.tables[2].rows[0].cells[1].text.split("\n")[0] == "TM. BAN THƯỜNG VỤ"


def test_a_body_without_a_letterhead_is_refused(period):
    with pytest.raises(LookupError):
        official_report(period, AgencyKind.PRESS)


def test_the_text_ends_with_the_end_mark_before_the_signature(period):
    found = reading.texts(official_report(period, UNION))
    end = next(place for place, text in enumerate(found) if text.endswith("./."))
    assert found[end].startswith("Trên đây là báo cáo kết quả thực hiện Kế hoạch 503/KH-UBND")
    assert found.index(CHAPTERS[-1]) < end < found.index("Phụ lục")


def test_tables_repeat_their_heading_and_their_rows_stay_whole(period, report):
    report("huyen-ha-lang", "2024-H1", CT3=17)
    document = reading.document(official_report(period, UNION))
    for table in (document.tables[1], document.tables[3]):
        first, *others = table.rows
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in others)


# What it says ------------------------------------------------------------------------------------------------------


def test_sentences_say_what_was_reached_in_all_and_in_the_period(period, report):
    report("huyen-ha-lang", "2023-H1", CT3=9)
    report("huyen-ha-lang", "2023-H2", CT3=3)
    report("huyen-ha-lang", "2024-H1", CT3=17, CT3_KSKD=12, CT3_KN=5, CT3_DTTS=15, CT1_TS=141, CT1_TH=126)
    found = reading.texts(official_report(period, UNION))
    (ct3,) = [text for text in found if "29 người" in text]
    assert ct3.startswith(
        "Đến 14/6/2024: 29 người, đạt 3,6\u00a0% mục tiêu (800 người đến 14/12/2025), chậm nhiều so với lộ trình. "
        "Trong kỳ: 17 người (kỳ trước 3; cùng kỳ năm trước 9). "
        "Chia ra: khởi sự kinh doanh: 12; khởi nghiệp: 5; chưa phân loại: 12. "
        "Trong đó (một người có thể thuộc nhiều nhóm): người dân tộc thiểu số: 15; hộ nghèo, cận nghèo: chưa có số liệu"
    )
    (ct1,) = [text for text in found if "126/141" in text]
    assert ct1.startswith("Đến 14/6/2024: 89,3\u00a0% (126/141 cán bộ), mục tiêu 90\u00a0% đến 14/12/2025, ")


def test_r2_what_nobody_reported_is_told_and_is_no_zero(period):
    content = official_report(period, UNION)
    assert reading.texts(content).count("Chưa có số liệu.") == 5
    rows = reading.table(reading.document(content), "Chỉ tiêu")[1:]
    assert [row[4] for row in rows] == ["Chưa có số liệu"] * 5


def test_r11_what_is_not_quite_the_target_is_never_written_as_the_target(period, report):
    report("huyen-ha-lang", "2024-H1", CT2_TS=10_000, CT2_TT=6_999)
    found = "\n".join(reading.texts(official_report(period, UNION)))
    assert "69,9\u00a0% (6.999/10.000 hội viên)" in found
    assert "70,0" not in found


def test_the_agencies_words_stand_under_their_names_the_province_first_then_by_code(
    period, told, own_district, other_district, province_union
):
    told(own_district, period, recommendations="Cấp thêm vốn.\n\nMở lớp.")
    told(province_union, period, recommendations="Ban hành cơ chế.")
    told(other_district, period, difficulties="Xa trung tâm.")
    content = official_report(period, UNION)
    found = reading.texts(content)
    assert under(found, CHAPTERS[4])[:3] == [
        "Hội Liên hiệp Phụ nữ tỉnh Cao Bằng: Ban hành cơ chế.", "Hội LHPN huyện Hạ Lang: Cấp thêm vốn.", "Mở lớp.",
    ]  # fmt: skip
    assert "Hội LHPN huyện Bảo Lâm: Xa trung tâm." in under(found, CHAPTERS[2])
    assert under(found, CHAPTERS[0]) == ["…"]
    name, text = next(p for p in reading.document(content).paragraphs if p.text.startswith("Hội LHPN huyện Hạ")).runs
    assert (name.bold, text.bold) == (True, None)


def test_r1_words_that_wait_for_review_are_in_the_provisional_paper_only(period, told, own_district):
    told(own_district, period, approve=False, recommendations="Cấp thêm vốn.")
    assert under(reading.texts(official_report(period, UNION)), CHAPTERS[4])[0] == "…"
    content = official_report(period, UNION, provisional=True)
    found = reading.texts(content)
    assert under(found, CHAPTERS[4])[0] == "Hội LHPN huyện Hạ Lang: Cấp thêm vốn."
    assert "TẠM TÍNH: CÓ CẢ SỐ CHƯA DUYỆT" in found
    first = reading.document(content).sections[0]
    assert {first.footer.paragraphs[0].text, first.first_page_footer.paragraphs[0].text} == {
        "TẠM TÍNH: CÓ CẢ SỐ CHƯA DUYỆT"
    }


def test_r10_the_words_of_a_report_opened_again_are_left_out_and_its_agency_is_named(
    period, told, own_district, second_reviewer
):
    made = told(own_district, period, recommendations="Cấp thêm vốn.")
    workflow.reopen(made, by=second_reviewer, version=made.version, reason="Nhầm số")
    found = reading.texts(official_report(period, UNION))
    assert under(found, CHAPTERS[4])[:2] == ["…", "(Chưa có thuyết minh đã duyệt của: Hội LHPN huyện Hạ Lang.)"]


def test_r9_words_approved_after_the_instant_are_left_out(period, told, own_district):
    at = dt.datetime(2024, 6, 20, 9, tzinfo=HANOI)
    told(own_district, period, at=at, recommendations="Cấp thêm vốn.")
    before = reading.texts(official_report(period, UNION, as_of=at - dt.timedelta(hours=1)))
    assert under(before, CHAPTERS[4])[0] == "…"
    after = reading.texts(official_report(period, UNION, as_of=at))
    assert under(after, CHAPTERS[4])[0] == "Hội LHPN huyện Hạ Lang: Cấp thêm vốn."
    assert any("Số liệu tính đến 09:00, 20/6/2024" in text for text in after)


def test_r5_a_year_gathers_its_halves_and_takes_the_year_s_own_report_instead(plan, told, own_district, other_district):
    half, year = plan.periods.get(code="2023-H1"), plan.periods.get(code="2023")
    told(own_district, half, recommendations="Của nửa năm.")
    told(other_district, half, recommendations="Bị thay.")
    told(other_district, year, recommendations="Của cả năm.")
    found = under(reading.texts(official_report(year, UNION)), CHAPTERS[4])
    assert found[:2] == [
        "Hội LHPN huyện Bảo Lâm: Của cả năm.", "Hội LHPN huyện Hạ Lang (6 tháng đầu năm 2023): Của nửa năm.",
    ]  # fmt: skip


def test_invented_figures_are_marked_on_the_first_page_and_at_the_foot_of_every_page(period, told, own_district):
    made = told(own_district, period)
    Report.objects.filter(pk=made.pk).update(is_illustrative=True)
    content = official_report(period, UNION)
    assert "DỮ LIỆU MINH HỌA" in reading.texts(content)
    for section in reading.document(content).sections:
        assert section.footer.paragraphs[0].text == "DỮ LIỆU MINH HỌA"
        assert section.first_page_footer.paragraphs[0].text == "DỮ LIỆU MINH HỌA"


def test_letters_that_no_document_can_hold_are_left_out(period, told, own_district):
    told(own_district, period, recommendations="Cấp\x0b thêm\x01 vốn <b>&\ufffe.")
    found = under(reading.texts(official_report(period, UNION)), CHAPTERS[4])
    assert "Hội LHPN huyện Hạ Lang: Cấp" in found[0] + found[1]
    assert "vốn <b>&." in found[0] + found[1]


def test_a_document_asks_the_database_as_often_for_many_reports_as_for_one(
    period, told, own_district, other_district, province_union, django_assert_num_queries
):
    told(own_district, period, recommendations="Một.")
    with django_assert_num_queries(21):
        official_report(period, UNION)
    told(other_district, period, recommendations="Hai.")
    told(province_union, period, recommendations="Ba.")
    with django_assert_num_queries(21):
        official_report(period, UNION)
