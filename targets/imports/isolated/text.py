""".csv and other text tables: which letters, which delimiter, by the content. All values are text."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from itertools import islice
from pathlib import PurePath

from . import refusal
from .bounds import MOST_TEXT
from .finding import Count, FoundSheet

NAMES = (".csv", ".txt", ".tsv")
MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
OLD_VIETNAMESE = "cp1258"  # tone marks are letters of their own in it
for _letters in (*MARKS.values(), OLD_VIETNAMESE):
    codecs.lookup(_letters)  # now: later the child can open no file
DELIMITERS = ";\t,"  # what a Vietnamese Excel writes, what "Unicode Text" is, what the rest of the world writes
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
VIETNAMESE = re.compile("[Ạ-ỹ]")  # where these show, it is UTF-8, though perhaps damaged
WEB_PAGE = re.compile(r"<(!doctype html|html|head|body|meta|div|table(?! ss:))\b")
SAMPLE_LINES = 200


def read(content: bytes, name: str) -> list[FoundSheet]:
    """The table of a text file. `name` only decides whether a text that shows no table is taken. Raises Refused."""
    is_named = name.lower().endswith(NAMES)
    _check_is_no_markup(content[:4096].decode("latin-1"))
    text = _text(content, is_named)
    _check_is_no_markup(text[:4096])
    delimiter, text = _announced_delimiter(text)
    delimiter = delimiter or _delimiter(text)
    if delimiter is None and not is_named:
        raise refusal.unsupported("tệp văn bản, không phải bảng")
    sheet = FoundSheet(PurePath(name).stem[:31] or "CSV", visible=True, count=Count())
    _take(sheet, text, delimiter or DELIMITERS[0])
    return [sheet]


def _text(content: bytes, is_named: bool) -> str:
    """The file as text. Letters of before Unicode are only guessed at in a file that says it is text."""
    for mark, letters in MARKS.items():
        if content.startswith(mark):
            return _decoded(content[len(mark) :], [letters], refusal.unknown_letters())
    refused = refusal.unknown_letters() if is_named else refusal.unsupported("tệp khác, không phải bảng tính")
    if b"\0" in content:
        return _decoded(content, _utf_16_by_zeros(content), refused)
    may_be_old = is_named and not VIETNAMESE.search(content.decode("utf-8", "ignore"))
    return _decoded(content, ["utf-8", OLD_VIETNAMESE] if may_be_old else ["utf-8"], refused)


def _decoded(content: bytes, letters: list[str], refused: refusal.Refused) -> str:
    for one in letters:
        try:
            text = content.decode(one)
        except UnicodeDecodeError:
            continue
        if not NOT_TEXT.search(text):
            return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    raise refused


def _utf_16_by_zeros(content: bytes) -> list[str]:
    """Vietnamese has its spaces, digits and half of its letters below 256: their high byte is zero."""
    odd, even = content[1::2].count(0), content[::2].count(0)
    return ["utf-16-le"] if odd > even else ["utf-16-be"]


def _check_is_no_markup(start: str) -> None:
    """Raises Refused for what other programs call .xls: web pages, and XML of several kinds."""
    start = start.lstrip("\ufeff \t\r\n").lower()
    if start.startswith("mime-version:") or (start.startswith(("<", "\xef\xbb\xbf<")) and WEB_PAGE.search(start)):
        raise refusal.a_web_page()
    if start.startswith("<?xml"):
        raise refusal.unsupported("tệp XML", can_be_saved_anew=True)


def _announced_delimiter(text: str) -> tuple[str | None, str]:
    """ "sep=;" as the first line, which Excel obeys and does not show."""
    match = re.match(r"sep=(.)\n", text)
    return (match[1], text[match.end() :]) if match else (None, text)


def _delimiter(text: str) -> str | None:
    """The one that parts the most lines into the same number of cells, two or more; None if none parts two lines."""
    found = {delimiter: _lines_alike(text, delimiter) for delimiter in DELIMITERS}
    best = max(found, key=found.__getitem__)
    return best if found[best] > 1 else None


def _lines_alike(text: str, delimiter: str) -> int:
    widths: dict[int, int] = {}
    reader = csv.reader(islice(io.StringIO(text), SAMPLE_LINES), delimiter=delimiter)
    try:
        for line in reader:
            if len(line) > 1:
                widths[len(line)] = widths.get(len(line), 0) + 1
    except csv.Error:
        return 0
    return max(widths.values(), default=0)


def _take(sheet: FoundSheet, text: str, delimiter: str) -> None:
    """Quoted fields may hold line breaks. Strict: a quote left open would swallow the rest of the table."""
    csv.field_size_limit(MOST_TEXT)
    try:
        for row, line in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True), 1):
            for index, value in enumerate(line, 1):
                if value:
                    sheet.fill((row, index))
                    sheet.values[row, index] = value
    except csv.Error as why:
        raise refusal.open_quote() from why
