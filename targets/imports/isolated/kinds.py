"""What a file is by its first bytes. Cheap and safe enough for the web process; the extension is not believed."""

from __future__ import annotations

from . import refusal
from .bounds import MOST_BYTES

PACKAGE, COMPOUND, TEXT = "package", "compound", "text"  # each is a task of its own

OURS = {b"PK\x03\x04": PACKAGE, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": COMPOUND}
ANCIENT = "tệp Excel 4 hoặc cũ hơn"
# First bytes -> what people call such a file.
OTHERS = {
    b"MZ": "chương trình, không phải bảng tính",
    b"\x7fELF": "chương trình, không phải bảng tính",
    b"#!": "chương trình, không phải bảng tính",
    b"\xff\xd8\xff": "ảnh",
    b"\x89PNG": "ảnh",
    b"GIF8": "ảnh",
    b"BM": "ảnh",
    b"II*\x00": "ảnh",
    b"MM\x00*": "ảnh",
    b"RIFF": "ảnh hoặc âm thanh",
    b"PK\x05\x06": "tệp nén rỗng",
    b"Rar!": "tệp nén",
    b"7z\xbc\xaf": "tệp nén",
    b"\x1f\x8b": "tệp nén",
    b"BZh": "tệp nén",
    b"{\\rtf": "tệp văn bản .rtf",
    b"\x09\x00\x04\x00": ANCIENT,
    b"\x09\x02": ANCIENT,
    b"\x09\x04": ANCIENT,
    b"\x09\x08": ANCIENT,
}


def kind_of(content: bytes) -> str:
    """PACKAGE, COMPOUND, or TEXT for whatever only reading can tell. Raises Refused for all other files."""
    if len(content) > MOST_BYTES:
        raise refusal.too_big()
    if not content:
        raise refusal.empty()
    if b"%PDF-" in content[:1024]:  # other bytes may stand before
        raise refusal.unsupported("tệp PDF")
    for start, kind in OURS.items():
        if content.startswith(start):
            return kind
    for start, kind in OTHERS.items():
        # "BM" may begin a text too; a picture has a NUL soon after it.
        if content.startswith(start) and (start != b"BM" or b"\0" in content[:64]):
            raise refusal.unsupported(kind, can_be_saved_anew=kind == ANCIENT)
    return TEXT
