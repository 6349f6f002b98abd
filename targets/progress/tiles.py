"""One indicator over the province, each unit a tile that stands where the unit lies on a map."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from targets.totals.reading import Book

from .figures import IndicatorFigure, Progress, UnitFigure, UnitRow
from .territories import DISTRICTS, view_of


@dataclass(frozen=True, slots=True)
class Tile:
    row: UnitRow
    figure: UnitFigure
    column: int | None
    line: int | None


@dataclass(frozen=True, slots=True)
class TileMap:
    """`groups`: those that have no place of their own, under the district that their main part belonged to."""

    indicator: IndicatorFigure
    placed: tuple[Tile, ...]
    groups: tuple[tuple[str, tuple[Tile, ...]], ...]


def tiles(found: Progress, code: str, book: Book) -> TileMap | None:
    """Of the indicator asked for, else of the one furthest behind. None where nothing could be drawn."""
    asked = next((one for one in found.indicators if one.code == code), None)
    indicator = asked or next(iter(found.behind), None) or next(iter(found.indicators), None)
    if indicator is None:
        return None
    place = found.indicators.index(indicator)
    all_tiles = [_tile(row, place, book) for row in found.living_rows if not row.is_province]
    return TileMap(
        indicator,
        tuple(one for one in all_tiles if one.column),
        _grouped([one for one in all_tiles if not one.column], book),
    )


def _tile(row: UnitRow, place: int, book: Book) -> Tile:
    unit = book.units[row.unit_pk]
    return Tile(row, row.figures[place], unit.tile_column, unit.tile_row)


def _grouped(some: list[Tile], book: Book) -> tuple[tuple[str, tuple[Tile, ...]], ...]:
    """In the order of the districts' codes."""
    if not some:
        return ()
    view, found = view_of(book, DISTRICTS), defaultdict(list)
    for one in some:
        shares = view.place(one.row.unit_pk).shares
        found[max(shares, key=shares.get)].append(one)
    units = sorted((book.units[pk] for pk in found), key=lambda unit: unit.code)
    return tuple((unit.short_name, tuple(found[unit.pk])) for unit in units)
