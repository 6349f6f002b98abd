""".xls: values by calamine, and what it leaves out by reading the records. The two must agree, or it is refused."""

from __future__ import annotations

from .compound import compound, workbook_stream
from .finding import FoundSheet
from .records import Records
from .values import take_values


def read(content: bytes) -> list[FoundSheet]:
    """All worksheets. Raises Refused or Damaged."""
    name, stream = workbook_stream(content)
    records = Records(stream)
    # calamine gets the workbook alone: no macros, and no sheet that lies about its size.
    take_values(compound(name, records.with_true_dimensions()), records.sheets)
    return [found for _, found in records.sheets]
