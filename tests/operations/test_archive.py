"""The file of a backup: whole or refused, and never in place of a good one before it is whole itself."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from khoinghiep.backup import archive

TEXT = b"Cao B\xe1\xba\xb1ng\n"


@pytest.fixture
def whole(tmp_path) -> Path:
    path = tmp_path / "a.zip"
    with archive.writing(path) as into:
        for name in ("tables/one", "tables/two"):
            with archive.member(into, name) as stream:
                stream.write(TEXT)
    return path


def refused(path: Path, content: bytes) -> bool:
    path.write_bytes(content)
    try:
        archive.check(path)
    except archive.Damaged:
        return True
    return False


def test_what_was_written_is_read_again(whole):
    with archive.reading(whole) as found:
        assert [found.read(name) for name in found.namelist()] == [TEXT, TEXT]


def test_only_its_owner_may_read_it(whole):
    assert stat.S_IMODE(whole.stat().st_mode) == 0o600


def test_equal_contents_make_equal_files(whole, tmp_path):
    with archive.writing(tmp_path / "b.zip") as into:
        for name in ("tables/one", "tables/two"):
            with archive.member(into, name) as stream:
                stream.write(TEXT)
    assert (tmp_path / "b.zip").read_bytes() == whole.read_bytes()


def test_one_changed_byte_anywhere_is_found(whole, tmp_path):
    good = whole.read_bytes()
    for place in range(len(good)):
        bad = good[:place] + bytes([good[place] ^ 0x20]) + good[place + 1 :]
        assert refused(tmp_path / "bad.zip", bad), place


def test_a_file_that_was_cut_or_grew_is_found(whole, tmp_path):
    good = whole.read_bytes()
    for length in range(len(good)):
        assert refused(tmp_path / "bad.zip", good[:length]), length
    assert refused(tmp_path / "bad.zip", good + b"\0")
    assert not refused(tmp_path / "bad.zip", good)


def test_it_says_which_part_is_damaged(whole):
    content = bytearray(whole.read_bytes())
    content[content.rindex(b"tables/two", 0, content.index(b"PK\x01\x02")) + len("tables/two") + 24] ^= 1
    whole.write_bytes(content)
    with pytest.raises(archive.Damaged, match="tables/two"):
        archive.check(whole)


def test_a_backup_that_breaks_off_leaves_the_one_before_it_and_nothing_else(whole):
    good = whole.read_bytes()
    with pytest.raises(OSError, match="no room"), archive.writing(whole) as into, archive.member(into, "tables/one"):
        raise OSError("no room")
    assert whole.read_bytes() == good
    assert list(whole.parent.iterdir()) == [whole]
