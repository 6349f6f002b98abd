"""OpenDocument spreadsheets (.ods), by their markup: to say what no library would write."""

from __future__ import annotations

import io
import zipfile

NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
    for prefix in ("office", "table", "text", "style", "drawing")
) + (' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"')


def cell(shown: str = "", *, paragraphs: str = "", **attributes: object) -> str:
    """`cell("90%", value_type="percentage", value=0.9)`; attributes of a table begin with `t_`, calcext's with `c_`."""
    written = " ".join(f'{_name(name)}="{value}"' for name, value in attributes.items())
    return f"<table:table-cell {written}>{paragraphs or f'<text:p>{shown}</text:p>' * bool(shown)}</table:table-cell>"


def _name(name: str) -> str:
    prefix = {"t_": "table:", "c_": "calcext:"}.get(name[:2])
    return f"{prefix or 'office:'}{name[2 if prefix else 0 :].replace('_', '-')}"


def number(value: float, **attributes: object) -> str:
    return cell(str(value), value_type="float", value=value, **attributes)


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def table(*rows: str, name: str = "Biểu 1", style: str = "ta1") -> str:
    return f'<table:table table:name="{name}" table:style-name="{style}">{"".join(rows)}</table:table>'


def open_document(*tables: str, **more_parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content_xml(*tables))
        for name, part in more_parts.items():
            package.writestr(name.replace("__", "/").replace("_", "."), part)
    return stream.getvalue()


def content_xml(*tables: str) -> str:
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table"><style:table-properties table:display="{shown}"/>'
        "</style:style>"
        for name, shown in (("ta1", "true"), ("ta2", "false"))
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMESPACES}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )
