""".xlsx: values by calamine, and what it leaves out by reading each sheet's markup.

Without the second reading a `#REF!` or a formula no program has calculated would be an empty cell, and 100 % the
number 1. The two must agree on where the numbers stand, or the file is refused.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterable

from . import markup
from .finding import Count, FoundSheet
from .package import Package
from .refusal import Damaged
from .sheet_markup import SheetMarkup
from .values import take_values

BUILT_IN_PERCENT = {"9", "10"}  # ECMA-376 18.8.30: 0% and 0.00%
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def read(package: Package) -> list[FoundSheet]:
    """All worksheets. Raises Refused or Damaged."""
    book = _Book(package)
    count, percent, sheets, parts = Count(), book.percent_styles(), [], []
    for name, state, part in book.sheets:
        found = FoundSheet(name, visible=state in (None, "visible"), count=count)
        content = package.xml(part)
        SheetMarkup(found, percent, calculates_on_load=book.calculates_on_load).read(content)
        sheets.append(found)
        parts.append(content)
    take_values(_plain_package(package, book, parts), enumerate(sheets))
    return sheets


class _Book:
    """What xl/workbook.xml and the parts beside it say: sheets in order, day one, percent styles."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.sheets: list[tuple[str, str | None, str]] = []  # name, state, part
        self.calculates_on_load = self.from_1904 = False
        self._targets = self._relations()
        starts = {"sheet": self._sheet, "calcPr": self._calculation, "workbookPr": self._properties}
        markup.walk(package.xml("xl/workbook.xml"), starts)

    def _relations(self) -> dict[str, tuple[str, str]]:
        """Relationship id -> (its kind, the part it leads to)."""
        found = {}

        def relation(attributes: markup.Attributes) -> None:
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "").replace("\\", "/")))
            found[attributes.get("Id")] = attributes.get("Type", "").rpartition("/")[2], target.lstrip("/")

        markup.walk(self.package.xml("xl/_rels/workbook.xml.rels"), {"Relationship": relation})
        return found

    def _sheet(self, attributes: markup.Attributes) -> None:
        """Chart sheets and macro sheets are passed over: they hold no cells."""
        identity = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), None)
        kind, part = self._targets.get(identity, ("", ""))
        if not kind:
            raise Damaged(f"sheet without a part: {identity}")
        if kind == "worksheet":
            self.sheets.append((attributes.get("name", ""), attributes.get("state"), part))

    def _calculation(self, attributes: markup.Attributes) -> None:
        self.calculates_on_load = markup.is_true(attributes.get("fullCalcOnLoad"))

    def _properties(self, attributes: markup.Attributes) -> None:
        self.from_1904 = markup.is_true(attributes.get("date1904"))

    def part_of(self, kind: str, usual: str) -> str | None:
        """The one part of this kind, if the package has it."""
        named = next((part for one, part in self._targets.values() if one == kind), usual)
        return named if named in self.package else None

    def percent_styles(self) -> set[str]:
        """Indices of the cell styles that show a number as a percentage."""
        part = self.part_of("styles", "xl/styles.xml")
        return _percent_styles(self.package.xml(part)) if part else set()


def _percent_styles(styles: bytes) -> set[str]:
    own, formats, inside = set(BUILT_IN_PERCENT), [], []

    def number_format(attributes: markup.Attributes) -> None:
        if "%" in attributes.get("formatCode", ""):
            own.add(attributes.get("numFmtId", ""))

    def style(attributes: markup.Attributes) -> None:
        if inside:
            formats.append(attributes.get("numFmtId", "0"))

    starts = {"numFmt": number_format, "cellXfs": lambda _: inside.append(1), "xf": style}
    markup.walk(styles, starts, {"cellXfs": inside.clear})
    return {str(position) for position, one in enumerate(formats) if one in own}


def _plain_package(package: Package, book: _Book, parts: list[bytes]) -> bytes:
    """The checked parts alone, under plain names: so calamine opens nothing that was not looked at."""
    stream = io.BytesIO()
    sheets = range(1, len(parts) + 1)
    with zipfile.ZipFile(stream, "w") as plain:
        plain.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        plain.writestr("xl/workbook.xml", _plain_workbook(sheets, book.from_1904))
        plain.writestr(
            "xl/_rels/workbook.xml.rels",
            _relations(("worksheet", f"worksheets/sheet{number}.xml") for number in sheets),
        )
        for kind, name in (("sharedStrings", "xl/sharedStrings.xml"), ("styles", "xl/styles.xml")):
            if part := book.part_of(kind, name):
                plain.writestr(name, package.xml(part))
        for number, content in zip(sheets, parts, strict=True):
            plain.writestr(f"xl/worksheets/sheet{number}.xml", content)
    return stream.getvalue()


def _plain_workbook(sheets: range, from_1904: bool) -> str:
    listed = "".join(f'<sheet name="S{number}" sheetId="{number}" r:id="rId{number}"/>' for number in sheets)
    properties = f'<workbookPr date1904="{int(from_1904)}"/>'
    return f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{properties}<sheets>{listed}</sheets></workbook>'


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE_RELATIONS}">{listed}</Relationships>'
