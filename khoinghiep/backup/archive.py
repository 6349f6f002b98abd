"""The file: a ZIP whose last 64 bytes, its comment, are the SHA-256 of all before them.

Any tool opens it; one changed, missing or added byte is found before anything is read from it.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

SEAL = 64  # bytes: a SHA-256 in hexadecimal digits
BLOCK = 1024 * 1024


class Damaged(Exception):
    """The file is not a whole backup; the text says in what, for the administrator."""


@contextmanager
def writing(path: Path) -> Iterator[ZipFile]:
    """A new archive beside `path`, which takes its place only after it was read back whole; mode 600.

    Whatever goes wrong, `path` stays as it was and nothing half written is left. Raises OSError, Damaged.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".partial")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            with ZipFile(file, "w") as archive:
                yield archive
                archive.comment = b"0" * SEAL
            _seal(file)
        check(draft)
        draft.replace(path)
        sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def reading(path: Path) -> Iterator[ZipFile]:
    """An archive that was read once from end to end and found whole. Raises Damaged, OSError."""
    check(path)
    with ZipFile(path) as archive:
        yield archive


@contextmanager
def member(archive: ZipFile, name: str) -> Iterator[IO[bytes]]:
    """A part to be written, of any length. Parts carry no time: equal contents make equal archives."""
    part = ZipInfo(name)
    part.compress_type = ZIP_DEFLATED
    with archive.open(part, "w", force_zip64=True) as stream:
        yield stream


def check(path: Path) -> None:
    """Read all of it and compare with the sum it carries. Raises Damaged, OSError."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END) - SEAL
        try:
            with ZipFile(file) as archive:
                if _digest(file, end) == archive.comment:
                    return
                faulty = archive.testzip()
        except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as why:
            raise Damaged("Tệp không phải bản sao lưu, hoặc bị cắt ngắn.") from why
    raise Damaged(f"Tệp sao lưu bị hỏng{f' ở phần “{faulty}”' if faulty else ': mã kiểm tra không khớp'}.")


def sync_folder(folder: Path) -> None:
    """Make a renaming outlast a power cut, where folders can be opened (not on Windows)."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _seal(file: IO[bytes]) -> None:
    """Put the sum in place of the comment that holds it, and make all of it outlast a power cut."""
    end = file.seek(-SEAL, os.SEEK_END)
    seal = _digest(file, end)
    file.seek(end)
    file.write(seal)
    file.flush()
    os.fsync(file.fileno())


def _digest(file: IO[bytes], end: int) -> bytes:
    """SHA-256 of the first `end` bytes, as hexadecimal digits."""
    digest = hashlib.sha256()
    file.seek(0)
    while end > 0 and (block := file.read(min(BLOCK, end))):
        digest.update(block)
        end -= len(block)
    return digest.hexdigest().encode()
