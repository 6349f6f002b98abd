"""What kind of file this is, by its content, and whether it is safe to open. The extension is not believed."""

from __future__ import annotations

import io
import zipfile
import zlib

MOST_BYTES = 10 * 1024 * 1024
MOST_INFLATED = 100 * 1024 * 1024
MOST_ENTRIES = 2_000

HOW_TO_SAVE = "Mở tệp bằng Excel hoặc LibreOffice, chọn Lưu thành (Save As), kiểu Excel Workbook (.xlsx), rồi tải lại."
DAMAGED = "Tệp bị hỏng hoặc tải lên chưa trọn. " + HOW_TO_SAVE
OLD_EXCEL, PLAIN_TEXT = "tệp Excel đời cũ (.xls) hoặc tệp có mật khẩu", "tệp văn bản (.csv, .txt)"
# First bytes -> what people call such a file.
OTHER_KINDS = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": OLD_EXCEL,
    b"\xff\xfe": PLAIN_TEXT,
    b"\xef\xbb\xbf": PLAIN_TEXT,
    b"%PDF": "tệp PDF",
    b"MZ": "chương trình, không phải bảng tính",
    b"\xff\xd8\xff": "ảnh",
    b"\x89PNG": "ảnh",
}
CAN_BE_SAVED_ANEW = {OLD_EXCEL, PLAIN_TEXT, "tệp LibreOffice (.ods)", "tệp .xlsb"}


class Refused(Exception):
    """The file cannot be taken; the reason is Vietnamese and fit to show. `code` is for programs."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


def too_big() -> Refused:
    return Refused(f"Tệp lớn hơn {MOST_BYTES // 1024**2} MB. Xóa ảnh, trang tính không dùng rồi tải lại.", "too_big")


def open_package(content: bytes, name: str = "") -> zipfile.ZipFile:
    """The .xlsx package in `content`, checked for size, kind and declared contents. Raises Refused."""
    if len(content) > MOST_BYTES:
        raise too_big()
    if not content:
        raise Refused("Tệp rỗng, không có nội dung.", "empty_file")
    if not content.startswith(b"PK\x03\x04"):
        raise _not_xlsx(_kind_of(content, name))
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
        _check_entries(package.infolist())
        _check_no_dtd(package)
    # NotImplementedError and RuntimeError: compression or encryption zipfile does not know.
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as why:
        raise Refused(DAMAGED, "damaged") from why
    return package


def _not_xlsx(kind: str) -> Refused:
    advice = f" {HOW_TO_SAVE}" if kind in CAN_BE_SAVED_ANEW else ""
    return Refused(f"Chỉ nhận .xlsx. Đây là {kind}.{advice}", "not_xlsx")


def _kind_of(content: bytes, name: str) -> str:
    for start, kind in OTHER_KINDS.items():
        if content.startswith(start):
            return kind
    return PLAIN_TEXT if name.lower().endswith((".csv", ".txt", ".tsv")) else "tệp khác, không phải bảng tính Excel"


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    """Declared sizes and names; zipfile never inflates an entry beyond what it declares."""
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_INFLATED:
        raise Refused(
            f"Tệp bung ra lớn hơn {MOST_INFLATED // 1024**2} MB, có thể gây hại cho máy chủ nên không mở.", "zip_bomb"
        )
    names = [entry.filename for entry in entries]
    if len(names) != len(set(names)):
        raise Refused(DAMAGED, "damaged")
    if "xl/workbook.bin" in names:
        raise _not_xlsx("tệp .xlsb")
    if "xl/workbook.xml" not in names:
        raise _not_xlsx("tệp LibreOffice (.ods)" if "content.xml" in names else "tệp nén, không phải bảng tính Excel")


def _check_no_dtd(package: zipfile.ZipFile) -> None:
    """No office program writes a DTD; it is how entity bombs and reads of other files begin."""
    for entry in package.infolist():
        if entry.filename.lower().endswith((".xml", ".rels")):
            with package.open(entry) as part:
                if b"<!DOCTYPE" in part.read(64 * 1024).upper():
                    raise Refused("Tệp chứa khai báo lạ (DTD) mà Excel không bao giờ ghi, nên không mở.", "dtd")
