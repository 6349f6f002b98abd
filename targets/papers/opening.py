"""How an official paper begins and ends: letterhead, subject, signature and recipients, in the issuer's own style."""

from __future__ import annotations

from collections.abc import Sequence

from docx.shared import Length, Mm, Pt

from .letterhead import MOTTO, NATION, Letterhead
from .page import TEXT_WIDTH, Page, rule, write

BLANK = "…"
UNFILLED_DAY = f"ngày {BLANK} tháng {BLANK} năm {BLANK}"
LEFT_OF_STATE, LEFT_OF_UNION, LEFT_OF_SIGNATURE = Mm(65), Mm(72), Mm(82)
ISSUER_RULE, MOTTO_RULE, SUBJECT_RULE = Mm(25), Mm(59), Mm(45)
LINES_TO_SIGN = 4


def begin(page: Page, style: Letterhead, subject: str, labels: Sequence[str]) -> None:
    """Letterhead, "BÁO CÁO", what on; then what must not be overlooked in these figures."""
    _letterhead(page, style)
    page.line(size=Pt(8))
    page.line("BÁO CÁO", bold=True, size=Pt(14))
    page.line(subject, bold=True, size=Pt(14))
    rule(page.line(), SUBJECT_RULE, TEXT_WIDTH)
    page.line(size=Pt(8))
    for label in labels:
        page.line(label.upper(), bold=True, size=Pt(13))
    page.line(size=Pt(8))


def _letterhead(page: Page, style: Letterhead) -> None:
    """Two columns without lines: the issuer at the left; the nation's heading, place and day at the right."""
    left = LEFT_OF_STATE if style.is_state else LEFT_OF_UNION
    right = Length(TEXT_WIDTH - left)
    (issuer, nation), (number, day) = page.frame((left, right), rows=2)
    for text in style.above:
        write(issuer, text, size=Pt(13))
    for text in style.issuer:
        write(issuer, text, size=Pt(13), bold=True)
    if style.is_state:
        rule(issuer.add_paragraph(), ISSUER_RULE, left)
        write(nation, NATION, size=Pt(12), bold=True)
        write(nation, MOTTO, size=Pt(13), bold=True)
        rule(nation.add_paragraph(), MOTTO_RULE, right)
    else:
        write(issuer, "*", size=Pt(13))
    write(number, f"Số: {BLANK}/{style.symbol}", size=Pt(13))
    write(day, f"{style.place}, {UNFILLED_DAY}", size=Pt(14), italic=True)


def sign(page: Page, style: Letterhead) -> None:
    """Recipients at the left, at the right in whose name it is signed, and room for it."""
    page.line(size=Pt(8))
    ((recipients, signature),) = page.frame((LEFT_OF_SIGNATURE, Length(TEXT_WIDTH - LEFT_OF_SIGNATURE)))
    write(recipients, "Nơi nhận:", align=None, size=Pt(12), bold=True, italic=True)
    for name in (*style.recipients, BLANK):
        write(recipients, f"- {name};", align=None, size=Pt(11))
    write(recipients, f"- Lưu: VT, {BLANK}", align=None, size=Pt(11))
    for text in style.signs:
        write(signature, text, size=Pt(14), bold=True)
    for _ in range(LINES_TO_SIGN):
        write(signature, "", size=Pt(14))
    write(signature, BLANK, size=Pt(14), bold=True)
