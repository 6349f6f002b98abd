"""What calamine leaves out of an .xlsx: error values, uncalculated formulas, percent formats, hidden rows.

Without this a `#REF!` or a formula no program has calculated would read as an empty cell, and 100 % as the number 1.
"""

from __future__ import annotations

import posixpath
import re
import xml.etree.ElementTree as ET
import zipfile
import zlib
from dataclasses import dataclass, field

from .container import DAMAGED, Refused

ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
BUILT_IN_PERCENT = {"9", "10"}  # ECMA-376 18.8.30: 0% and 0.00%
RELATIONSHIP_ID = re.compile(r"\{.*/relationships\}id")


@dataclass
class Marks:
    """(row, column) -> (defect, what Excel shows), with the rows and columns that are hidden."""

    defects: dict[tuple[int, int], tuple[str, str | None]] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def read_marks(package: zipfile.ZipFile, most_rows: int, most_columns: int) -> dict[str, Marks]:
    """Marks of every sheet by its name. Raises Refused when the package is damaged or a sheet is too large."""
    try:
        percent = _percent_styles(package)
        return {
            name: _sheet_marks(package, name, part, percent, (most_rows, most_columns))
            for name, part in _sheet_parts(package).items()
        }
    except (ET.ParseError, zipfile.BadZipFile, zlib.error, LookupError, EOFError, ValueError) as why:
        raise Refused(DAMAGED, "damaged") from why


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> path of its part inside the package."""
    targets = {
        relation.get("Id"): posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
        for relation in ET.fromstring(package.read("xl/_rels/workbook.xml.rels"))
        if (relation.get("Type") or "").endswith("/worksheet")
    }
    sheets = ET.fromstring(package.read("xl/workbook.xml")).findall("{*}sheets/{*}sheet")
    names = [sheet.get("name", "") for sheet in sheets]
    if len(set(names)) < len(names):  # by name calamine would open the first, while the last was looked at
        raise ValueError("two sheets of one name")
    identified = {
        sheet.get("name", ""): next((value for key, value in sheet.items() if RELATIONSHIP_ID.fullmatch(key)), None)
        for sheet in sheets
    }
    return {name: targets[identity] for name, identity in identified.items() if identity in targets}


def _percent_styles(package: zipfile.ZipFile) -> set[str]:
    """Indices of the cell styles that show a number as a percentage."""
    if "xl/styles.xml" not in package.namelist():
        return set()
    styles = ET.fromstring(package.read("xl/styles.xml"))
    own = {
        own.get("numFmtId") for own in styles.iterfind("{*}numFmts/{*}numFmt") if "%" in (own.get("formatCode") or "")
    }
    return {
        str(position)
        for position, style in enumerate(styles.iterfind("{*}cellXfs/{*}xf"))
        if style.get("numFmtId") in BUILT_IN_PERCENT | own
    }


def _sheet_marks(package: zipfile.ZipFile, name: str, part: str, percent: set[str], most: tuple[int, int]) -> Marks:
    marks, hidden_rows, hidden_columns = Marks(), set(), set()
    row = index = 0
    with package.open(part) as stream:
        for moment, element in ET.iterparse(stream, events=("start", "end")):
            tag = element.tag.rpartition("}")[2]
            if moment == "start":
                if tag == "row":
                    # A writer may leave positions out: then rows and cells follow one another.
                    row, index = int(element.get("r") or row + 1), 0
                continue
            if tag == "c":
                row, index = _position(element.get("r"), (row, index + 1))
                _check_extent(name, element, row, index, most)
                if found := _defect(element, percent):
                    marks.defects[row, index] = found
            elif tag == "col" and element.get("hidden") in ("1", "true"):
                hidden_columns.update(range(int(element.get("min", 1)), min(int(element.get("max", 1)), most[1]) + 1))
            elif tag == "row":
                if element.get("hidden") in ("1", "true"):
                    hidden_rows.add(row)
                element.clear()
    marks.hidden_rows, marks.hidden_columns = frozenset(hidden_rows), frozenset(hidden_columns)
    return marks


def _position(address: str | None, following: tuple[int, int]) -> tuple[int, int]:
    """Where a cell is. An address no Excel writes is no "next cell": calamine might read it as one far away."""
    if address is None:
        return following
    match = ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(address)
    index = 0
    for letter in match[1]:
        index = index * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), index


def _check_extent(name: str, cell: ET.Element, row: int, index: int, most: tuple[int, int]) -> None:
    """Only filled cells count: formats reach to the last row of many honest files."""
    if (row > most[0] or index > most[1]) and len(cell):
        raise Refused(
            f"Trang tính “{name}” có ô ở dòng {row}, cột thứ {index}: quá lớn để là biểu báo cáo.", "too_large"
        )


def _defect(cell: ET.Element, percent: set[str]) -> tuple[str, str | None] | None:
    """(defect, what Excel shows) of a cell, or None when its value may be taken as it stands."""
    value = cell.findtext("{*}v") or ""
    if cell.get("t") == "e":
        return "error_value", value or None
    if cell.find("{*}f") is not None and not value and cell.get("t") != "str":
        return "formula_without_value", None
    if value and cell.get("s") in percent and cell.get("t", "n") == "n":
        return "percent", None
    return None
