"""Reference data from CSV: what is missing is created, what exists is never touched (an admin may have changed it)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.db import models
from simple_history.utils import bulk_create_with_history

from agencies.models import Agency, AgencySuccession, Unit, UnitSuccession

DATA = Path(__file__).parent / "data"


@dataclass
class LoadResult:
    """How many rows were created and kept, and which kept rows say something else than their file."""

    created: int = 0
    kept: int = 0
    different: list[str] = field(default_factory=list)

    def __iadd__(self, other: LoadResult) -> LoadResult:
        self.created += other.created
        self.kept += other.kept
        self.different += other.different
        return self


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def create_missing(
    model: type[models.Model],
    rows: Iterable[Mapping[str, object]],
    key: tuple[str, ...],
    refer: Mapping[str, Callable[[str], models.Model]] | None = None,
) -> LoadResult:
    """Create the rows of a file whose `key` fields no stored row has.

    Values are text as in the file, or ready objects; `refer` turns the text of a foreign key into its object.
    Raises KeyError for a column that is no field, or a reference to something that is not there.
    """
    made = [model(**_values(model, row, refer or {})) for row in rows]
    stored = {_key(row, key): row for row in model._default_manager.all()}
    missing = [row for row in made if _key(row, key) not in stored]
    if hasattr(model, "history"):
        bulk_create_with_history(missing, model, batch_size=200)
    else:
        model._default_manager.bulk_create(missing)
    result = LoadResult(created=len(missing), kept=len(made) - len(missing))
    for row in made:
        kept = stored.get(_key(row, key))
        if kept and (fields := _differences(kept, row)):
            result.different.append(f"{model._meta.verbose_name} {kept}: {', '.join(fields)}")
    return result


def load_units() -> LoadResult:
    """Province, districts with their validity, communes of 2025, and who succeeded whom.

    A succession is `exact` when everything counted for the successor's part of it came from this predecessor alone, so
    that re-attributing along it approximates nothing; Trà Lĩnh's split and the communes over two districts are not.
    """
    rows = read_csv(DATA / "units.csv")
    result = LoadResult()
    for level in ([r for r in rows if not r["parent"]], [r for r in rows if r["parent"]]):
        result += create_missing(Unit, level, ("slug",), {"parent": by(Unit, "slug")})
    unit = by(Unit, "slug")
    successions = read_csv(DATA / "unit_successions.csv")
    result += create_missing(
        UnitSuccession, successions, ("predecessor_id", "successor_id"), {"predecessor": unit, "successor": unit}
    )
    return result


def load_agencies() -> LoadResult:
    """Agencies that take part, at every level, and what became of those that were merged."""
    rows = read_csv(DATA / "agencies.csv")
    result, unit = LoadResult(), by(Unit, "slug")
    for level in ([r for r in rows if not r["parent"]], [r for r in rows if r["parent"]]):
        result += create_missing(Agency, level, ("code",), {"parent": by(Agency, "code"), "unit": unit})
    agency = by(Agency, "code")
    successions = read_csv(DATA / "agency_successions.csv")
    result += create_missing(
        AgencySuccession, successions, ("predecessor_id", "successor_id"), {"predecessor": agency, "successor": agency}
    )
    return result


def by(model: type[models.Model], name: str, **among: object) -> Callable[[str], models.Model]:
    """A look-up of stored rows by one field, read once."""
    return {getattr(row, name): row for row in model._default_manager.filter(**among)}.__getitem__


def _key(row: models.Model, names: tuple[str, ...]) -> tuple:
    return tuple(getattr(row, name) for name in names)


def _values(
    model: type[models.Model], row: Mapping[str, object], refer: Mapping[str, Callable[[str], models.Model]]
) -> dict[str, object]:
    values = {}
    for name, text in row.items():
        column = model._meta.get_field(name)
        if not isinstance(text, str):
            values[name] = text
        elif text == "" and column.null:
            values[name] = None
        else:
            values[name] = refer[name](text) if name in refer else column.to_python(text)
    return values


def _differences(kept: models.Model, row: models.Model) -> list[str]:
    """Names of the fields in which a stored row and its file differ."""
    return [
        str(column.verbose_name)
        for column in kept._meta.concrete_fields
        if column.editable and not column.primary_key and getattr(kept, column.attname) != getattr(row, column.attname)
    ]
