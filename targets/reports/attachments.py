"""Evidence for a report: what may be sent, how it is kept, who may take it out again."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from targets.models import Attachment, Report

from . import reading, rules
from .rules import NotAllowed

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 20
# By what a file begins with, never by its name: (content type, first bytes, endings a name may have).
KINDS = (
    ("application/pdf", b"%PDF-", (".pdf",)),
    ("image/jpeg", b"\xff\xd8\xff", (".jpg", ".jpeg")),
    ("image/png", b"\x89PNG\r\n\x1a\n", (".png",)),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04", (".xlsx",)),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04", (".docx",)),
    ("application/vnd.ms-excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", (".xls",)),
    ("application/msword", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", (".doc",)),
)
ACCEPTED = ",".join(ending for _, _, endings in KINDS for ending in endings)


@transaction.atomic
def attach(report: Report, file: IO[bytes], name: str, *, by: User) -> Attachment:
    """Keep a file with the report. Raises NotAllowed: too big, too many, of another kind, there already."""
    report = _held(report, by)
    content = file.read(MOST_BYTES + 1)
    name = clean_name(name)
    if not content:
        raise NotAllowed(f"Tệp {name} rỗng. Chọn tệp khác.")
    if len(content) > MOST_BYTES:
        raise NotAllowed(f"Tệp {name} lớn hơn 10 MB. Giảm dung lượng rồi gửi lại.")
    kind_of(name, content)
    digest = hashlib.sha256(content).hexdigest()
    present = list(report.attachments.present())
    if any(one.sha256 == digest for one in present):
        raise NotAllowed(f"Tệp {name} đã có trong báo cáo.")
    if len(present) >= MOST_FILES:
        raise NotAllowed(f"Mỗi báo cáo kèm tối đa {MOST_FILES} tệp. Gỡ bớt tệp không cần.")
    made = Attachment(
        report=report, name=name, size=len(content), sha256=digest, uploaded_at=timezone.now(), uploaded_by=by
    )
    made.file.save(name, ContentFile(content), save=False)
    made.save()
    return made


@transaction.atomic
def remove(attachment: Attachment, *, by: User) -> None:
    """Take it out of the report; the file itself stays, since someone may have decided on it."""
    _held(attachment.report, by)
    Attachment.objects.present().filter(pk=attachment.pk).update(removed_at=timezone.now(), removed_by=by)


def _held(report: Report, by: User) -> Report:
    """The report, its row held: only whoever may change its figures may change its evidence."""
    report = Report.objects.select_for_update(of=("self",)).select_related("agency", "period__plan").get(pk=report.pk)
    if not rules.may_write(by, report):
        raise NotAllowed(reading.why_locked(by, report))
    return report


def kind_of(name: str, content: bytes) -> str:
    """Content type of a file whose bytes and ending agree. Raises NotAllowed for any other."""
    for kind, start, endings in KINDS:
        if content.startswith(start) and name.lower().endswith(endings):
            return kind
    raise NotAllowed(f"Tệp {name} không nhận được. Gửi PDF, ảnh JPG hoặc PNG, Excel, Word.")


def clean_name(name: str) -> str:
    """A file's name as shown and sent back: composed letters, no path, no control or direction characters."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf"))
    return re.sub(r"\s+", " ", name).strip()[-150:] or "tep"
