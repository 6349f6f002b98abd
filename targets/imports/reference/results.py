"""What an import of reference tables says: lines numbered as in the spreadsheet, old and new value of each cell."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from import_export.resources import Diff
from import_export.results import Result


class WorkbookResult(Result):
    """The headings are line 1."""

    def append_invalid_row(self, number: int, row, validation_error: ValidationError) -> None:
        super().append_invalid_row(number + 1, row, validation_error)

    def row_errors(self) -> list[tuple[int, list]]:
        return [(line + 1, errors) for line, errors in super().row_errors()]


class WorkbookDiff(Diff):
    """Whole values, old then new. The package's own marks single digits, with inline styles that the CSP stops."""

    def as_html(self) -> list[SafeString]:
        return [self._change(old, new) for old, new in zip(self.left, self.right, strict=True)]

    def _change(self, old: object, new: object) -> SafeString:
        old, new = str(old), str(new)
        if old == new:
            return format_html("{}", new)
        if self.new or not old:
            return format_html("<ins>{}</ins>", new) if new else SafeString()
        return format_html("<del>{}</del> <ins>{}</ins>", old, new) if new else format_html("<del>{}</del>", old)


def is_changed(cell: str) -> bool:
    """Whether a cell of a diff shows an old or a new value. Text cannot forge the marks: it is escaped."""
    return "<ins>" in cell or "<del>" in cell
