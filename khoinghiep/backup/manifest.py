"""The first page of a backup: what is in it and which version of the software made it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from zipfile import ZipFile

from .archive import Damaged, member
from .schema import Migration

NAME = "manifest.json"
FORMAT = 1


@dataclass
class Manifest:
    """`tables`: name -> its columns and how many rows; `files`: how many; `missing`: named in a row and not there."""

    made_at: str
    migrations: list[Migration]
    tables: dict[str, dict] = field(default_factory=dict)
    files: int = 0
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table["rows"] for table in self.tables.values())

    def write(self, archive: ZipFile) -> None:
        with member(archive, NAME) as stream:
            stream.write(json.dumps(asdict(self), ensure_ascii=False, indent=1).encode())

    @classmethod
    def read(cls, archive: ZipFile) -> Manifest:
        """Raises Damaged for an archive that is whole but no backup of this software."""
        try:
            found = cls(**json.loads(archive.read(NAME)))
        except (KeyError, TypeError, ValueError) as why:
            raise Damaged("Tệp này không phải bản sao lưu của phần mềm.") from why
        if found.format != FORMAT:
            raise Damaged(f"Bản sao lưu có dạng {found.format}; phiên bản này chỉ đọc được dạng {FORMAT}.")
        found.migrations = [tuple(one) for one in found.migrations]
        return found
