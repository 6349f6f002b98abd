"""Files that people sent, by the names that rows give them. A name holds the checksum: equal names, equal contents."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import ZipFile

from django.conf import settings
from django.db import models

from khoinghiep.storage import written_whole

from . import archive

FOLDER = "files/"


def named_in(kept: Iterable[type[models.Model]]) -> Iterator[str]:
    """Every name of a file in any row, each once."""
    seen = set()
    for model in kept:
        for field in (one for one in model._meta.concrete_fields if isinstance(one, models.FileField)):
            for name in model._base_manager.order_by("pk").values_list(field.attname, flat=True).iterator():
                if name and name not in seen:
                    seen.add(name)
                    yield name


def write(names: Iterable[str], into: ZipFile) -> tuple[int, list[str]]:
    """Put files into an archive; how many, and those that are not there."""
    count, missing = 0, []
    for name in names:
        try:
            source = (Path(settings.MEDIA_ROOT) / name).open("rb")
        except FileNotFoundError:
            missing.append(name)
            continue
        with source, archive.member(into, FOLDER + name) as stream:
            shutil.copyfileobj(source, stream, archive.BLOCK)
        count += 1
    return count, missing


def load(found: ZipFile) -> None:
    """Put the files back, each whole or not at all. None is taken away: rows that know it may yet come back."""
    for part in found.namelist():
        if part.startswith(FOLDER):
            with found.open(part) as stream:
                _put(part.removeprefix(FOLDER), stream)


def _put(name: str, stream: IO[bytes]) -> None:
    if not (path := PurePosixPath(name)).parts or path.is_absolute() or ".." in path.parts:
        raise archive.Damaged(f"Bản sao lưu có tên tệp không hợp lệ: “{name}”.")
    with written_whole(Path(settings.MEDIA_ROOT, *path.parts)) as file:
        shutil.copyfileobj(stream, file, archive.BLOCK)
