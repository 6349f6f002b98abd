"""Old Excel files (BIFF8, BIFF5), record by record: to say what no library would write."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from targets.imports.isolated.compound import compound

BIFF8, BIFF5 = 0x0600, 0x0500
BLANK = b"\x03\0\0\0\0\0\xff\xff"  # a formula's result
TEXT_FOLLOWS = b"\0\0\0\0\0\0\xff\xff"


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def number(row: int, column: int, value: float, style: int = 15) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, style, value))


def numbers(row: int, column: int, *values: int) -> bytes:
    """Whole numbers side by side, as Excel packs them."""
    cells = b"".join(struct.pack("<HI", 15, value << 2 | 2) for value in values)
    return record(0xBD, struct.pack("<HH", row, column) + cells + struct.pack("<H", column + len(values) - 1))


def text(row: int, column: int, value: str) -> bytes:
    return record(0x204, struct.pack("<HHH", row, column, 15) + letters(value))


def text_biff5(row: int, column: int, value: bytes) -> bytes:
    return record(0x204, struct.pack("<HHHH", row, column, 15, len(value)) + value)


def wrong(row: int, column: int, code: int) -> bytes:
    return record(0x205, struct.pack("<HHHBB", row, column, 15, code, 1))


def formula(row: int, column: int, result: bytes, *, style: int = 15, flags: int = 0) -> bytes:
    return record(6, struct.pack("<HHH8sHIH", row, column, style, result, flags, 0, 3) + b"\x1e\x01\x00")


def wrong_result(code: int) -> bytes:
    return bytes([2, 0, code, 0, 0, 0, 0xFF, 0xFF])


def result_text(value: str) -> bytes:
    """Stands behind a formula whose result is TEXT_FOLLOWS."""
    return record(0x207, letters(value))


def hidden_row(row: int) -> bytes:
    return record(0x208, struct.pack("<HHHHHHI", row, 0, 1, 255, 0, 0, 0x20))


def hidden_columns(first: int, last: int) -> bytes:
    return record(0x7D, struct.pack("<HHHHHH", first, last, 2000, 15, 1, 0))


def merged(top: int, left: int, bottom: int, right: int) -> bytes:
    return record(0xE5, struct.pack("<5H", 1, top, bottom, left, right))


def extent(rows: int, columns: int) -> bytes:
    """What the sheet says of its own size."""
    return record(0x200, struct.pack("<IIHHH", 0, rows, 0, columns, 0))


def letters(value: str) -> bytes:
    return struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")


def beginning(what: int, version: int) -> bytes:
    return record(0x809, struct.pack("<HHHH8x" if version == BIFF8 else "<HHHH", version, what, 0, 0))


def old_excel(
    sheets: Sequence[tuple[str, bytes] | tuple[str, bytes, int]],
    *,
    formats: Sequence[tuple[int, str]] = (),
    styles: Sequence[int] = (),
    first: bytes = b"",
    version: int = BIFF8,
) -> bytes:
    """`sheets` are (name, records[, hidden 0-2]); `styles` the number formats of styles 16, 17 …"""
    start = beginning(5, version) + first
    start += b"".join(record(0x41E, struct.pack("<H", number) + letters(code)) for number, code in formats)
    for form in [*[0] * 16, *styles]:
        start += record(0xE0, struct.pack("<HHH14x" if version == BIFF8 else "<HHH10x", 0, form, 1))
    names = [_name(sheet[0], version) for sheet in sheets]
    place = len(start) + sum(10 + len(name) for name in names) + 4
    listed = body = b""
    for name, (_, records, *state) in zip(names, sheets, strict=True):
        listed += record(0x85, struct.pack("<IBB", place + len(body), *state or [0], 0) + name)
        body += beginning(0x10, version) + records + record(0x0A)
    return compound("Workbook" if version == BIFF8 else "Book", start + listed + record(0x0A) + body)


def _name(name: str, version: int) -> bytes:
    if version == BIFF8:
        return struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    return bytes([len(name)]) + name.encode("cp1258")
