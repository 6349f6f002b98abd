"""Static files under hashed names, also where one script imports another; what people send, whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.core.files import File
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # what the system says of a full disk, or a limit on space


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True


class WholeFiles(FileSystemStorage):
    """A full disk, or a process that is killed, leaves no half of a file under its name."""

    def _save(self, name: str, content: File) -> str:
        with written_whole(Path(self.path(name))) as file:
            for chunk in content.chunks():
                file.write(chunk)
        return name.replace("\\", "/")


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that only its owner may read (mode 600), which takes its name when all of it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)
