"""Zipped workbooks: what kind one is, whether it is safe to open, and its parts."""

from __future__ import annotations

import codecs
import io
import zipfile
import zlib

from . import refusal
from .bounds import MOST_ENTRIES, MOST_INFLATED
from .refusal import Damaged

codecs.lookup("cp437")  # how zipfile reads names; now, for later the child can open no file
XLSX, ODS = "xlsx", "ods"

# A part that only such a package has -> what people call it. Excel opens the first.
OTHERS = {
    "xl/workbook.bin": "tệp .xlsb",
    "word/document.xml": "tệp Word (.docx)",
    "ppt/presentation.xml": "tệp PowerPoint (.pptx)",
}


class Package:
    """The parts of a zipped workbook by name, checked for declared size, number and names. Raises Refused."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as why:
            raise Damaged from why
        entries = self._zip.infolist()
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_INFLATED:
            raise refusal.bomb()
        self._entries = {entry.filename.replace("\\", "/").lower(): entry for entry in entries}
        if len(self._entries) < len(entries) or any(".." in name.split("/") for name in self._entries):
            raise Damaged("two entries of one name, or one that leads out of the package")

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    @property
    def kind(self) -> str:
        """XLSX or ODS. Raises Refused for other packages."""
        if "xl/workbook.xml" in self:
            return XLSX
        if "content.xml" in self:
            return self._open_document()
        for part, kind in OTHERS.items():
            if part in self:
                raise refusal.unsupported(kind, can_be_saved_anew=part.endswith(".bin"))
        raise refusal.unsupported("tệp nén, không phải bảng tính")

    def _open_document(self) -> str:
        if "META-INF/manifest.xml" in self and b"encryption-data" in self.read("META-INF/manifest.xml"):
            raise refusal.has_password()
        if "mimetype" in self and b"spreadsheet" not in self.read("mimetype"):
            raise refusal.unsupported("tệp LibreOffice, nhưng không phải bảng tính")
        return ODS

    def read(self, name: str) -> bytes:
        """A part, inflated; zipfile never inflates one beyond the size that was declared and checked."""
        entry = self._entries.get(name.lower())
        if entry is None:
            raise Damaged(name)
        if entry.flag_bits & 0x1:
            raise refusal.has_password()
        try:
            return self._zip.read(entry)
        # NotImplementedError and RuntimeError: compression or encryption zipfile does not know.
        except (
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            RuntimeError,
            EOFError,
            OSError,
            ValueError,
        ) as why:
            raise Damaged(name) from why

    def xml(self, name: str) -> bytes:
        """An XML part. Office programs write them in UTF-8 and without a DTD, which is how entity bombs begin."""
        part = self.read(name)
        if b"<!DOCTYPE" in part:
            raise refusal.declares_a_document_type()
        if b"\x00" in part:
            raise Damaged(name)
        return part
