"""Backups of a site at work, and what a restore refuses, in processes of their own as an administrator runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from khoinghiep.backup import archive

from .site import Site
from .test_drill import parts

pytestmark = pytest.mark.django_db  # on each database


@pytest.fixture
def site(new_site) -> Site:
    return new_site()


def rewritten(path: Path, changed: Path, change) -> Path:
    """The same backup in another file, sealed anew, with what `change(name, content)` makes of its parts."""
    with archive.reading(path) as old, archive.writing(changed) as new:
        for name in old.namelist():
            with archive.member(new, name) as stream:
                stream.write(change(name, old.read(name)))
    return changed


def test_a_database_that_holds_data_is_replaced_only_when_told_to(site, saved, tmp_path):
    users = "from agencies.models import User; tinh = User.objects.filter(username='tinh'); "
    site.python(users + "tinh.update(full_name='X')")
    assert "thêm --replace" in site.manage("restore", saved, status=1)
    assert site.python(users + "print(tinh.get().full_name)") == "X\n"
    assert "Đã khôi phục" in site.manage("restore", saved, "--replace")
    site.manage("backup", tmp_path / "after.zip")
    assert parts(tmp_path / "after.zip") == parts(saved)


def test_a_restore_that_breaks_off_leaves_all_as_it_was(site, saved, tmp_path):
    """The file is whole, but its last table refers to what is not there: found only after all else is in."""
    broken = rewritten(
        saved, tmp_path / "broken.zip", lambda name, content: b"" if name == "tables/agencies_agency" else content
    )
    assert "dữ liệu đang có không đổi" in site.manage("restore", broken, "--replace", status=1)
    site.manage("backup", tmp_path / "after.zip")
    assert parts(tmp_path / "after.zip") == parts(saved)


def test_a_damaged_file_is_refused_before_anything_is_touched(site, saved, tmp_path):
    content = bytearray(saved.read_bytes())
    content[len(content) // 2] ^= 1
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(content)
    assert "bị hỏng ở phần “tables/" in site.manage("restore", damaged, "--replace", status=1)
    damaged.write_text("Sở Tài chính")
    assert "không phải bản sao lưu" in site.manage("restore", damaged, "--replace", status=1)
    assert "No such file" in site.manage("restore", tmp_path / "none.zip", "--replace", status=1)


def test_a_backup_of_a_later_version_is_refused(site, saved, tmp_path):
    def later(name: str, content: bytes) -> bytes:
        if name != "manifest.json":
            return content
        said = json.loads(content)
        said["migrations"].append(["targets", "9999_later"])
        return json.dumps(said).encode()

    from_later = rewritten(saved, tmp_path / "later.zip", later)
    assert "targets.9999_later" in site.manage("restore", from_later, "--replace", status=1)


def test_a_backup_of_an_earlier_version_is_brought_to_today(site, new_site, tmp_path):
    told = site.manage("progress", "--json")
    site.manage("migrate", "targets", "0006")
    site.manage("backup", tmp_path / "earlier.zip")
    assert "tables/targets_apiclient" not in parts(tmp_path / "earlier.zip")
    fresh = new_site(empty=True)
    fresh.manage("restore", tmp_path / "earlier.zip")
    fresh.manage("migrate", "--check")
    assert fresh.manage("progress", "--json") == told


def test_a_restored_site_gives_out_new_keys_and_guards_its_ledger(saved, new_site):
    fresh = new_site(empty=True)
    fresh.manage("restore", saved)
    said = fresh.python(
        "from django.db import connection, DatabaseError\n"
        "from agencies.models import User\n"
        "last = User.objects.order_by('pk').last().pk\n"
        "print(User.objects.create(username='moi', role='leader').pk - last)\n"
        "try: connection.cursor().execute('DELETE FROM targets_approvedfigure')\n"
        "except DatabaseError as refusal: print(refusal)\n"
    )
    assert said.startswith("1\nSo so lieu da duyet chi ghi them")


def test_a_file_that_is_gone_is_named_and_the_rest_is_saved(site, tmp_path):
    (gone,) = (path for path in site.files.rglob("*") if path.is_file())
    gone.unlink()
    said = site.manage("backup", tmp_path / "a.zip")
    assert f"Thiếu tệp {gone.relative_to(site.files)}" in said
    assert "tables/targets_report" in parts(tmp_path / "a.zip")


def test_the_newest_are_kept_and_nothing_else_is_touched(site, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    others = ["khoinghiep-20200101-000000.zip", "khoinghiep-20200102-000000.zip", "khoinghiep-cu.zip", "note.txt"]
    for name in others:
        (folder / name).touch()
    said = site.manage("backup", folder, "--keep", 2)
    assert "Đã xóa bản cũ khoinghiep-20200101-000000.zip" in said
    left = sorted(path.name for path in folder.iterdir())
    assert [name for name in left if name in others] == others[1:]
    assert len(left) == 4


def test_a_full_disk_is_told_and_the_old_backup_stays(site, saved, tmp_path):
    mine, good = tmp_path / "site.zip", saved.read_bytes()
    mine.write_bytes(good)
    assert "hết chỗ trên đĩa" in site.manage("backup", mine, status=1, limit=len(good) // 2)
    assert mine.read_bytes() == good
    assert list(tmp_path.glob(".*")) == []


OTHERS_WRITE = """
from concurrent.futures import ThreadPoolExecutor
from agencies.models import User
from khoinghiep.backup.saving import one_moment

def rename():
    return User.objects.filter(username="tinh").update(full_name="X")

with ThreadPoolExecutor(1) as pool, one_moment():
    before = User.objects.get(username="tinh").full_name
    print(pool.submit(rename).result(timeout=10))  # nobody waits for the backup
    print(User.objects.get(username="tinh").full_name == before)  # and the backup sees nothing of it
print(User.objects.get(username="tinh").full_name)
"""


def test_a_backup_holds_one_moment_while_others_write(site):
    assert site.python(OTHERS_WRITE).split() == ["1", "True", "X"]
