"""No room for a file that somebody sends: they are told, and nothing half stored is left."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from targets.models import Attachment, ImportBatch
from tests.imports import books

from .conftest import open_report

pytestmark = pytest.mark.django_db
SMALL, LARGE = 1_000_000, 9_000_000  # bytes


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file of this process may grow beyond: the system refuses as it does on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def kept(folder: str) -> list[Path]:
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def test_evidence(client, draft, reporter, settings):
    client.force_login(reporter)
    client.raise_request_exception = False
    sent = {"files": SimpleUploadedFile("a.pdf", b"%PDF-1.7" + b"x" * SMALL)}
    with room_for(SMALL // 2):
        answer = client.post(f"/bao-cao/{draft.pk}/minh-chung/", sent)
    assert (answer.status_code, "hết chỗ" in answer.content.decode()) == (507, True)
    assert "Chưa lưu gì của lần gửi này" in answer.content.decode()
    assert (Attachment.objects.count(), kept(settings.MEDIA_ROOT)) == (0, [])
    sent["files"].seek(0)
    client.post(f"/bao-cao/{draft.pk}/minh-chung/", sent)
    assert [path.stat().st_size for path in kept(settings.MEDIA_ROOT)] == [SMALL + 8]


def test_evidence_that_is_a_file_already_while_it_comes_in(new_site):
    site = new_site()
    page, before = f"/bao-cao/{open_report(site)}/minh-chung/", kept(site.files)
    with site.serve(limit=LARGE - 1) as server:
        answer = server.visitor().sign_in("xa-co-ba").upload(page, "b.pdf", b"%PDF-1.7" + b"x" * LARGE)
    assert (answer.status, "hết chỗ" in answer.text) == (507, True)
    assert kept(site.files) == before


def test_a_workbook(client, reporter, plan, settings):
    client.force_login(reporter)
    client.raise_request_exception = False
    book = books.plain([("Huyện Hạ Lang", *range(7))])
    sent = {"file": SimpleUploadedFile("a.xlsx", book), "plan": plan.pk}
    with room_for(len(book) // 2):
        answer = client.post("/nhap-excel/", sent)
    assert answer.status_code == 507
    assert (ImportBatch.objects.count(), kept(settings.MEDIA_ROOT)) == (0, [])
