"""The task of reading a zipped workbook, .xlsx or .ods."""

from __future__ import annotations

from . import ods, xlsx
from .finding import told
from .package import XLSX, Package


def task(content: bytes) -> dict[str, object]:
    package = Package(content)
    kind = package.kind
    return told(kind, xlsx.read(package) if kind == XLSX else ods.read(package))
