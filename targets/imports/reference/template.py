"""The one workbook of a plan to fill in: empty, with a plan as it is, or with what the next plan takes over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Manager, QuerySet
from import_export.widgets import Widget
from xlsxwriter.worksheet import Worksheet

from targets.models import Plan

from ..books.writing import Book, height
from .plans import PREDECESSOR
from .sheets import DUTIES, GUIDE, INDICATORS, MEASURES, PERIODS, PLANS, SHEETS, TARGETS, Table
from .widgets import NO, YES, ChoiceWidget, DateWidget, NumberWidget, OwnersWidget, YesNoWidget

Rows = Sequence[Mapping[str, object]]  # each by heading
# Tables whose rows belong to one plan, and how they say which.
OF_PLAN = dict.fromkeys((PERIODS, MEASURES, INDICATORS, DUTIES), "plan") | {TARGETS: "indicator__plan"}
TAKEN_OVER = ("calendar", "pace_below", "pace_on", "pace_above")
LAST_ROW = 1000  # down to here a column's choices are offered
LONGEST_CHOICES = 255  # what Excel keeps of a list
NOT_OFFERED = {"error_title": "Không có trong danh mục", "error_message": "Chọn một mục trong danh sách của ô."}
NARROW, USUAL, WIDEST, GUIDE_WIDTH = 13, 18, 48, 100
STEPS = (
    "Mỗi tệp một kế hoạch. Ghi số, ký hiệu của kế hoạch ở trang Kế hoạch; các trang khác thuộc kế hoạch đó.",
    "Không đổi tên trang, tên cột. Trang không cần thì để trống hoặc xóa.",
    "Cột tên màu đỏ là mã của dòng: mã đã có thì sửa dòng đó, mã chưa có thì thêm dòng. Không dòng nào bị xóa.",
    "Ô để trống của một cột có trong tệp là ghi trống. Xóa cả cột thì giữ giá trị đang có.",
    "Ngày ghi ngày/tháng/năm, ví dụ 14/6/2026. Số ghi 1.200 hoặc 1200,5. Tỷ lệ phần trăm ghi 90, không ghi 90%.",
    "Số liệu: chọn “Trong kỳ” khi cộng các kỳ lại, “Tại thời điểm” khi lấy số cuối kỳ.",
    "Số liệu thành phần: ghi mã số tổng ở cột “Thuộc số tổng” và chọn quan hệ với số tổng.",
    "Chỉ tiêu: tử số, mẫu số ghi mã số liệu, cách nhau bằng dấu cách. Chỉ tiêu là số đếm thì để trống mẫu số.",
    f"Cơ quan được tính số: loại và cấp, cách nhau bằng dấu chấm phẩy, ví dụ: {OwnersWidget.EXAMPLE}.",
    "Mục tiêu: để trống đơn vị và cơ quan là mục tiêu của tỉnh. Các mốc hằng năm có cùng ngày “Tính từ ngày”.",
    "Đơn vị, cơ quan gọi bằng mã. Mã đang có ở trang Đơn vị và trang Cơ quan.",
    "Nhiệm vụ: kỳ báo cáo cho biết cơ quan nào phải nộp báo cáo kỳ nào.",
    "Kỳ để trống được: tạo sau bằng “Tạo kỳ báo cáo theo lịch” ở trang của kế hoạch.",
    "Lưu .xlsx, vào Quản trị, Kế hoạch, “Lập kế hoạch từ tệp Excel”, tải lên, xem trước rồi xác nhận.",
)


def template(plan: Plan | None = None, *, for_next: bool = False) -> bytes:
    """An .xlsx. With `plan`: its rows, which read back change nothing; `for_next`: what the plan after it begins with.

    Units, agencies and what became of them are always there, for their codes.
    """
    book = Book()
    rows = _rows(plan, for_next=for_next)
    for table in SHEETS:
        _write(book, table, rows[table] if table in rows else _lines(table, _model(table).all()))
    _guide(book)
    return book.finished()


def _rows(plan: Plan | None, *, for_next: bool) -> dict[Table, Rows]:
    """Of every table that belongs to one plan."""
    if plan is None:
        return dict.fromkeys((PLANS, *OF_PLAN), ())
    own = {table: _lines(table, _model(table).filter(**{path: plan})) for table, path in OF_PLAN.items()}
    own[PLANS] = _lines(PLANS, Plan.objects.filter(pk=plan.pk))
    if for_next:
        # Days, targets and agencies that are gone are the old plan's own.
        own[PERIODS] = own[TARGETS] = ()
        own[DUTIES] = _lines(DUTIES, plan.duties.filter(agency__valid_to=None))
        kept = {heading: own[PLANS][0][heading] for heading in map(PLANS.headings.get, TAKEN_OVER)}
        own[PLANS] = [kept | {PREDECESSOR: "" if plan.successor_id else plan.number}]
    return own


def _model(table: Table) -> Manager:
    return table.resource._meta.model._default_manager


def _lines(table: Table, rows: QuerySet) -> Rows:
    return table.resource().export(rows).dict


def _write(book: Book, table: Table, lines: Sequence[Mapping[str, object]]) -> None:
    """Headings in the first row, those of the key in red; lines below."""
    sheet, fields = book.sheet(table.name), table.resource().fields
    for column, (name, heading) in enumerate(table.headings.items()):
        said, widget = [line.get(heading, "") for line in lines], fields[name].widget
        sheet.write_string(0, column, heading, book.style("cell", "head", *(["fault"] if heading in table.key else [])))
        sheet.set_column(column, column, _width(widget, said))
        for row, value in enumerate(said, 1):
            _cell(book, sheet, row, column, value, widget)
        if choices := _choices(widget):
            sheet.data_validation(1, column, LAST_ROW, column, {"validate": "list", "source": choices, **NOT_OFFERED})
    sheet.set_row(0, 36)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _cell(book: Book, sheet: Worksheet, row: int, column: int, value: object, widget: Widget) -> None:
    """Days and numbers as such, so that Excel helps with them; all else as the text it is."""
    if isinstance(widget, DateWidget) and value:
        sheet.write_datetime(row, column, widget.clean(value), book.style("cell", "day"))
    elif isinstance(value, int):
        sheet.write_number(row, column, value, book.style("cell"))
    else:
        book.write_text(sheet, row, column, str(value), "cell")


def _choices(widget: Widget) -> list[str]:
    """Words to choose from in a cell; none where Excel could not hold them."""
    words = list(widget.choices.values()) if isinstance(widget, ChoiceWidget) else []
    words = [YES, NO] if isinstance(widget, YesNoWidget) else words
    parted = any("," in word for word in words) or len(",".join(words)) > LONGEST_CHOICES
    return [] if parted else words


def _width(widget: Widget, said: Sequence[object]) -> int:
    """In digits: of the longest line of text, within bounds."""
    longest = max((len(line) for value in said for line in str(value).splitlines()), default=0)
    return NARROW if isinstance(widget, (DateWidget, NumberWidget, YesNoWidget)) else min(max(longest, USUAL), WIDEST)


def _guide(book: Book) -> None:
    sheet = book.sheet(GUIDE)
    sheet.set_column(0, 0, GUIDE_WIDTH)
    sheet.write_string(0, 0, "LẬP KẾ HOẠCH TỪ TỆP EXCEL", book.style("bold"))
    for row, step in enumerate(STEPS, 2):
        line = f"{row - 1}. {step}"
        sheet.write_string(row, 0, line, book.style("text"))
        sheet.set_row(row, height((line, GUIDE_WIDTH)))
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
