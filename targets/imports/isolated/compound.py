"""Compound (OLE) files: what is in one, and a new one that holds a single stream and nothing else."""

from __future__ import annotations

import io
import struct

import olefile

from . import refusal
from .refusal import Damaged

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECTOR = LEAST_STREAM = 4096  # a shorter stream would need the small sectors
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
STREAMS = ("Workbook", "Book")  # BIFF8, BIFF5
OTHERS = {"WordDocument": "tệp Word (.doc)", "PowerPoint Document": "tệp PowerPoint (.ppt)"}
ENCRYPTED = ("EncryptedPackage", "EncryptionInfo")


def workbook_stream(content: bytes) -> tuple[str, bytes]:
    """(name, bytes) of the stream that is the workbook. Raises Refused for other kinds, Damaged for a broken one."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            if any(map(file.exists, ENCRYPTED)):
                raise refusal.has_password()
            for name in STREAMS:
                if file.exists(name):
                    return name, file.openstream(name).read()
            kind = next(
                (kind for stream, kind in OTHERS.items() if file.exists(stream)), "tệp khác, không phải bảng tính"
            )
    # olefile trusts some sizes of a damaged file and stumbles over them in ways of its own.
    except (OSError, ValueError, LookupError, TypeError, AttributeError, struct.error, OverflowError) as why:
        raise Damaged(str(why)) from why
    raise refusal.unsupported(kind)


def compound(name: str, stream: bytes) -> bytes:
    """A compound file (MS-CFB, version 4) with this one stream: header, stream, directory, table of sectors."""
    length = max(-(-len(stream) // SECTOR), 1)
    tables = (length + 1) // (SECTOR // 4 - 1) + 1
    chain = [*range(1, length), END, END, *[TABLE] * tables]
    places = [length + 1 + number for number in range(tables)]
    header = struct.pack(
        "<8s16x5H6x9I109I", SIGNATURE, 0x3E, 4, 0xFFFE, 12, 6,
        1, tables, length, 0, LEAST_STREAM, END, 0, END, 0, *places, *[FREE] * (109 - tables),
    )  # fmt: skip
    # calamine wants some sector for small streams, though there are none.
    directory = _entry("Root Entry", 5, length, 64, child=1) + _entry(name, 2, 0, max(len(stream), LEAST_STREAM))
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(tables * SECTOR, b"\xff")
    return b"".join((
        header.ljust(SECTOR, b"\0"), stream.ljust(length * SECTOR, b"\0"), directory.ljust(SECTOR, b"\0"), table,
    ))  # fmt: skip


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    letters = f"{name}\0".encode("utf-16-le")
    return struct.pack("<64sHBB3I36xIQ", letters, len(letters), kind, 1, FREE, FREE, child, start, size)
