"""Whether a file leaves something open that only its sender can say: then the columns are asked about first."""

from __future__ import annotations

from .assessment import Assessment
from .remarks import unknown_lines

# Codes of problems that the page of columns settles.
ASKED = frozenset(
    {
        "ambiguous_column", "duplicate_column", "no_measures", "no_units", "no_header", "several_sheets", "no_sheet",
        "period_unknown", "value_column_unknown", "agency_unknown",
    }
)  # fmt: skip


def asks(found: Assessment) -> bool:
    """A heading that may be two things, a table or period not found, or numbers under a heading nobody knows."""
    return any(problem.code in ASKED for problem in found.errors) or any(map(unknown_lines, found.layouts))
