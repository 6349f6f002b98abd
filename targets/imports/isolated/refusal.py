"""Why a file is not taken: one exception with a plain Vietnamese reason, and the reasons that several readers give."""

from __future__ import annotations

from .bounds import MOST_BYTES, MOST_INFLATED

ACCEPTED = "Chỉ nhận .xlsx, .xls, .ods hoặc .csv."
HOW_TO_SAVE = "Mở tệp bằng Excel hoặc LibreOffice, chọn Lưu thành (Save As), kiểu Excel Workbook (.xlsx), rồi tải lại."


class Refused(Exception):
    """The file cannot be taken; the reason is Vietnamese and fit to show. `code` is for programs."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Damaged(Exception):
    """The file is not what its kind has to be; becomes the plain refusal of a damaged file."""


def unsupported(kind: str, *, can_be_saved_anew: bool = False) -> Refused:
    """`kind` is what people call such a file; where Excel opens it, how to save it as what we read."""
    return Refused(f"{ACCEPTED} Đây là {kind}.{' ' + HOW_TO_SAVE if can_be_saved_anew else ''}", "unsupported")


def too_big() -> Refused:
    return Refused(f"Tệp lớn hơn {MOST_BYTES // 1024**2} MB. Xóa ảnh, trang tính không dùng rồi tải lại.", "too_big")


def empty() -> Refused:
    return Refused("Tệp rỗng, không có nội dung.", "empty_file")


def damaged() -> Refused:
    return Refused(f"Tệp bị hỏng hoặc tải lên chưa trọn. {HOW_TO_SAVE}", "damaged")


def bomb() -> Refused:
    size = MOST_INFLATED // 1024**2
    return Refused(f"Tệp bung ra lớn hơn {size} MB, có thể gây hại cho máy chủ nên không mở.", "zip_bomb")


def declares_a_document_type() -> Refused:
    return Refused("Tệp chứa khai báo lạ (DTD) mà Excel không bao giờ ghi, nên không mở.", "dtd")


def has_password() -> Refused:
    return Refused("Tệp có mật khẩu. Mở tệp, bỏ mật khẩu, lưu rồi tải lại.", "password")


def beyond_limits() -> Refused:
    return Refused(
        "Đọc tệp quá lâu hoặc tốn quá nhiều bộ nhớ. Chỉ để lại trang tính cần nhập, xóa hàng, cột thừa rồi tải lại.",
        "limits",
    )


def too_far(sheet: str, row: int, index: int) -> Refused:
    """A filled cell where no report has one."""
    return Refused(f"Trang tính “{sheet}” có ô ở dòng {row}, cột thứ {index}: quá lớn để là biểu báo cáo.", "too_large")


def too_many(what: str, most: int) -> Refused:
    return Refused(f"Tệp có hơn {most:,} {what}: quá lớn để là biểu báo cáo.".replace(",", "."), "too_large")


def no_sheet() -> Refused:
    return Refused(f"Tệp không có trang tính nào. {HOW_TO_SAVE}", "no_sheet")


def a_web_page() -> Refused:
    return Refused(f"{ACCEPTED} Đây là trang web (HTML) mang tên bảng tính. {HOW_TO_SAVE}", "html")


def unknown_letters() -> Refused:
    return Refused(
        "Không đọc được chữ trong tệp văn bản này. Mở bằng Excel, lưu thành CSV UTF-8 hoặc .xlsx rồi tải lại.",
        "encoding",
    )


def open_quote() -> Refused:
    return Refused(f"Tệp .csv có dấu ngoặc kép không khép. {HOW_TO_SAVE}", "damaged")
