"""The records of an .xls workbook (MS-XLS, BIFF8 and BIFF5) as far as calamine leaves them out."""

from __future__ import annotations

import codecs
import struct
import unicodedata
from collections.abc import Iterator

from . import refusal
from .bounds import MOST_SHEETS
from .finding import ERROR, NOT_CALCULATED, PERCENT, Count, FoundSheet, Place
from .refusal import Damaged

BOF, EOF, FILEPASS, CODEPAGE, BOUNDSHEET, FORMAT, XF = 0x809, 0x0A, 0x2F, 0x42, 0x85, 0x41E, 0xE0
DIMENSIONS, ROW, COLINFO, MERGECELLS = 0x200, 0x208, 0x7D, 0xE5
NUMBER, RK, MULRK, BOOLERR, FORMULA = 0x203, 0x27E, 0xBD, 0x205, 0x06
LABEL, LABELSST, RSTRING = 0x204, 0xFD, 0xD6
ONE_CELL = {NUMBER, RK, BOOLERR, FORMULA, LABEL, LABELSST, RSTRING}
BUILT_IN_PERCENT = {9, 10}
BIFF8 = 0x0600
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
IS_ERROR, IS_BLANK = 2, 3  # what a formula's result may be when it is no number
CALCULATE_ON_LOAD = 0x2

CODE_PAGES = {1258: "cp1258", 1252: "cp1252"}
for _letters in (*CODE_PAGES.values(), "utf-16-le"):
    codecs.lookup(_letters)  # now: later the child can open no file

Record = tuple[int, int, bytes]  # kind, where it begins, content


class Records:
    """A workbook stream: its worksheets, each with its position among all sheets. Raises Refused or Damaged."""

    def __init__(self, stream: bytes) -> None:
        self.stream = stream
        self.is_biff8, self.letters = True, "latin-1"
        self.sheets: list[tuple[int, FoundSheet]] = []
        self.dimensions: list[int] = []  # where the records stand that say how large each sheet is
        self._percent_formats = set(BUILT_IN_PERCENT)
        self._formats: list[int] = []  # of each cell style
        self._bound: list[bytes] = []
        try:
            self._read()
        except (struct.error, IndexError) as why:
            raise Damaged(str(why)) from why

    def _read(self) -> None:
        self._read_globals()
        if len(self._bound) > MOST_SHEETS:
            raise refusal.too_many("trang tính", MOST_SHEETS)
        self._percent_styles = {at for at, one in enumerate(self._formats) if one in self._percent_formats}
        count = Count()
        for position, bound in enumerate(self._bound):
            start, state, kind = struct.unpack_from("<IBB", bound)
            if kind == 0:  # a worksheet; charts and macros hold no cells
                self.sheets.append((position, FoundSheet(self._name(bound), visible=state & 3 == 0, count=count)))
                self._read_sheet(start)

    def _substream(self, start: int) -> Iterator[Record]:
        """The records from a BOF to its EOF, without those of charts that stand in between."""
        depth, place = 0, start
        while True:
            kind, length = struct.unpack_from("<HH", self.stream, place)
            content = self.stream[place + 4 : place + 4 + length]
            if len(content) < length or (place == start and kind != BOF):
                raise Damaged("a record that is cut off, or no beginning")
            depth += (kind == BOF) - (kind == EOF)
            if depth == 0:
                return
            if depth == 1:
                yield kind, place, content
            place += 4 + length

    def _read_globals(self) -> None:
        for kind, _, content in self._substream(0):
            if kind == FILEPASS:
                raise refusal.has_password()
            if kind == BOF:
                self.is_biff8 = struct.unpack_from("<H", content)[0] >= BIFF8
            elif kind == CODEPAGE:
                self.letters = CODE_PAGES.get(struct.unpack_from("<H", content)[0], "latin-1")
            elif kind == FORMAT:
                self._format(content)
            elif kind == XF:
                self._formats.append(struct.unpack_from("<H", content, 2)[0])
            elif kind == BOUNDSHEET:
                self._bound.append(content)

    def _format(self, content: bytes) -> None:
        (number,) = struct.unpack_from("<H", content)
        if "%" in (self._unicode(content[4:]) if self.is_biff8 else content[3:].decode("latin-1")):
            self._percent_formats.add(number)

    def _name(self, bound: bytes) -> str:
        if self.is_biff8:
            return self._unicode(bound[7 : 8 + bound[6] * (1 + (bound[7] & 1))])
        return unicodedata.normalize("NFC", bound[7 : 7 + bound[6]].decode(self.letters, "replace"))

    @staticmethod
    def _unicode(text: bytes) -> str:
        """Letters behind a byte that says whether they take two bytes each."""
        return text[1:].decode("utf-16-le" if text[0] & 1 else "latin-1", "replace")

    def _read_sheet(self, start: int) -> None:
        self._found = self.sheets[-1][1]
        handlers = {ROW: self._row, COLINFO: self._columns, MERGECELLS: self._merges, MULRK: self._row_of_numbers}
        for kind, place, content in self._substream(start):
            if kind in ONE_CELL:
                self._cell(kind, content)
            elif kind in handlers:
                handlers[kind](content)
            elif kind == DIMENSIONS:
                self.dimensions.append(place)

    def _row(self, content: bytes) -> None:
        row, flags = struct.unpack_from("<H10xH", content)
        if flags & 0x20:
            self._found.hide_rows(row + 1, row + 1)

    def _columns(self, content: bytes) -> None:
        first, last, flags = struct.unpack_from("<HH4xH", content)
        if flags & 1:
            self._found.hide_columns(first + 1, last + 1)

    def _merges(self, content: bytes) -> None:
        (count,) = struct.unpack_from("<H", content)
        for top, bottom, left, right in struct.iter_unpack("<4H", content[2 : 2 + 8 * count]):
            if top <= bottom and left <= right:
                self._found.merges.append((top + 1, left + 1, bottom + 1, right + 1))

    def _row_of_numbers(self, content: bytes) -> None:
        row, first = struct.unpack_from("<HH", content)
        for offset in range((len(content) - 6) // 6):
            (style,) = struct.unpack_from("<H", content, 4 + 6 * offset)
            self._take((row + 1, first + 1 + offset), style, is_number=True)

    def _cell(self, kind: int, content: bytes) -> None:
        row, column, style = struct.unpack_from("<HHH", content)
        place = row + 1, column + 1
        self._take(place, style, is_number=kind in (NUMBER, RK))
        if kind == BOOLERR and content[7]:
            self._wrong(place, content[6])
        elif kind == FORMULA:
            self._formula(place, style, content)

    def _take(self, place: Place, style: int, *, is_number: bool) -> None:
        self._found.fill(place)
        if is_number:
            self._found.numbers.add(place)
            if style in self._percent_styles:
                self._found.defects[place] = PERCENT

    def _formula(self, place: Place, style: int, content: bytes) -> None:
        """A result is a number, or by its last two bytes a text, truth value, error or blank."""
        self._found.formulas.add(place)
        result, (flags,) = content[6:14], struct.unpack_from("<H", content, 14)
        is_number = result[6:] != b"\xff\xff"
        kind = None if is_number else result[0]
        is_nothing = struct.unpack("<d", result)[0] == 0 if is_number else kind == IS_BLANK
        if is_nothing and flags & CALCULATE_ON_LOAD:
            self._found.defects[place] = NOT_CALCULATED
        elif kind == IS_ERROR:
            self._wrong(place, result[2])
        elif is_number and style in self._percent_styles:
            self._found.defects[place] = PERCENT

    def _wrong(self, place: Place, code: int) -> None:
        self._found.defects[place] = ERROR
        self._found.values[place] = ERRORS.get(code, "#N/A")

    def with_true_dimensions(self) -> bytes:
        """The stream with each sheet said to be one cell large: calamine makes room for whatever is said there."""
        stream = bytearray(self.stream)
        for place in self.dimensions:
            (length,) = struct.unpack_from("<H", stream, place + 2)
            form = "<IIHH" if self.is_biff8 else "<HHHH"
            if length >= struct.calcsize(form):
                struct.pack_into(form, stream, place + 4, 0, 1, 0, 1)
        return bytes(stream)
