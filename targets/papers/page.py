"""An official paper in the making: A4, margins, typeface, headings and tables of NĐ 30/2020/NĐ-CP, by python-docx."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

TYPEFACE, SIZE = "Times New Roman", Pt(14)
SHORT, LONG = Mm(210), Mm(297)
TOP, BOTTOM, LEFT, RIGHT = Mm(20), Mm(20), Mm(30), Mm(15)
TEXT_WIDTH, WIDE_TEXT_WIDTH = SHORT - LEFT - RIGHT, LONG - LEFT - RIGHT
BODY, HEADING, SUBHEADING, CELL = "Body Text", "Heading 1", "Heading 2", "Ô bảng"
CENTRE, RIGHT_SIDE = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML cannot hold


class Page:
    """`document` is python-docx's own, for what a paper needs only once."""

    def __init__(self, title: str, footer: str = "") -> None:
        self.document = docx.Document()
        self.document.core_properties.title = title
        self.document.core_properties.author = ""
        _set_styles(self.document.styles)
        section = self.document.sections[0]
        _set_size(section, SHORT, LONG)
        section.different_first_page_header_footer = True
        _number_pages(section)
        for part in (section.footer, section.first_page_footer):
            _write_footer(part.paragraphs[0], footer)

    def paragraph(self, text: str = "", style: str = BODY, **look: object) -> Paragraph:
        """`look` as `run` takes it, and `align`."""
        found = self.document.add_paragraph(style=style)
        found.alignment = look.pop("align", None)
        if text:
            run(found, text, **look)
        return found

    def line(self, text: str = "", **look: object) -> Paragraph:
        """In the middle, without the indent of body text."""
        return self.paragraph(text, CELL, align=CENTRE, **look)

    def frame(self, widths: Sequence[Length], rows: int = 1) -> list[list[_Cell]]:
        """A table without lines, to put things side by side."""
        table = self.document.add_table(rows, len(widths))
        _fix_widths(table, widths)
        return [list(row.cells) for row in table.rows]

    def table(
        self,
        headings: Sequence[str],
        widths: Sequence[Length],
        rows: Iterable[Sequence[str]],
        *,
        left: int = 2,
        size: Pt,
    ) -> Table:
        """With lines; the heading comes again on every page, rows are not torn. `left`: how many columns are words."""
        rows = list(rows)
        table = self.document.add_table(len(rows) + 1, len(headings), style="Table Grid")
        _fix_widths(table, widths)
        for row, values in zip(table.rows, [headings, *rows], strict=True):
            _keep_whole(row)
            for place, (cell, text) in enumerate(zip(row.cells, values, strict=True)):
                is_heading = values is headings
                write(
                    cell,
                    text,
                    align=None if 0 < place < left and not is_heading else CENTRE,
                    size=size,
                    bold=is_heading,
                )
        _mark(table.rows[0], "w:tblHeader")
        return table

    def turn(self) -> None:
        """Begin an appendix: sideways, numbered anew, no number on its first page."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        _set_size(section, LONG, SHORT)
        start = OxmlElement("w:pgNumType")
        start.set(qn("w:start"), "1")
        section._sectPr.append(start)

    def finished(self) -> bytes:
        stream = BytesIO()
        self.document.save(stream)
        return stream.getvalue()


def run(paragraph: Paragraph, text: str, *, bold: bool = False, italic: bool = False, size: Pt | None = None) -> None:
    """Text as somebody typed it, without the characters no document can hold."""
    made = paragraph.add_run(ILLEGAL.sub("", text))
    made.bold, made.italic, made.font.size = bold or None, italic or None, size


def write(cell: _Cell, text: str, *, align: WD_ALIGN_PARAGRAPH | None = CENTRE, **look: object) -> Paragraph:
    """Into the first, empty paragraph of a cell, or into one more."""
    first = cell.paragraphs[0]
    paragraph = first if not first.runs and len(cell.paragraphs) == 1 else cell.add_paragraph()
    paragraph.style, paragraph.alignment = CELL, align
    run(paragraph, text, **look)
    return paragraph


def rule(paragraph: Paragraph, width: Length, room: Length) -> None:
    """A thin line of that width in the middle of the room, as an almost empty paragraph."""
    paragraph.style = CELL
    look = paragraph.paragraph_format
    look.left_indent = look.right_indent = Length(max((room - width) // 2, 0))
    look.line_spacing = Pt(3)
    border = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    border.append(bottom)
    paragraph._p.get_or_add_pPr().insert_element_before(border, "w:spacing", "w:ind", "w:jc", "w:rPr")


# How it is set -------------------------------------------------------------------------------------------------------


def _set_styles(styles) -> None:
    _set_style(styles["Normal"], SIZE)
    body = _set_style(styles[BODY], SIZE, before=0, after=6)
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    body.paragraph_format.first_line_indent = Cm(1.27)
    body.paragraph_format.line_spacing = 1.15
    _set_style(styles[HEADING], SIZE, before=12, after=6, bold=True).paragraph_format.first_line_indent = Cm(1.27)
    _set_style(styles[SUBHEADING], SIZE, before=6, after=6, bold=True).paragraph_format.first_line_indent = Cm(1.27)
    cell = styles.add_style(CELL, WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style = styles["Normal"]
    _set_style(cell, Pt(13), before=0, after=0)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    styles["Normal"].element.get_or_add_rPr().append(language)


def _set_style(
    style: ParagraphStyle, size: Pt, *, before: int = 0, after: int = 0, bold: bool = False
) -> ParagraphStyle:
    """Black Times New Roman; the template's own themes and colours are taken away."""
    font, look = style.font, style.paragraph_format
    font.name, font.size, font.bold, font.italic, font.color.rgb = TYPEFACE, size, bold, False, RGBColor(0, 0, 0)
    names = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in [name for name in names.attrib if name.endswith("Theme")]:
        del names.attrib[theme]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        names.set(qn(f"w:{script}"), TYPEFACE)
    look.space_before, look.space_after, look.line_spacing = Pt(before), Pt(after), 1.0
    look.keep_with_next = bold
    return style


def _set_size(section: Section, width: Length, height: Length) -> None:
    section.page_width, section.page_height = width, height
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = TOP, BOTTOM, LEFT, RIGHT
    section.header_distance = section.footer_distance = Mm(10)


def _number_pages(section: Section) -> None:
    """In the middle of the top margin, 14 points; the first page has none."""
    section.first_page_header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.style, paragraph.alignment = CELL, CENTRE
    made = paragraph.add_run()
    made.font.size = SIZE
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        made._r.append(part)


def _write_footer(paragraph: Paragraph, text: str) -> None:
    paragraph.style, paragraph.alignment = CELL, CENTRE
    if text:
        run(paragraph, text, italic=True, size=Pt(11))


def _fix_widths(table: Table, widths: Sequence[Length]) -> None:
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        row.height_rule = WD_ROW_HEIGHT_RULE.AUTO
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _keep_whole(row: _Row) -> None:
    _mark(row, "w:cantSplit")


def _mark(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))
