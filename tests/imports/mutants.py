"""Workbooks gone wrong: bytes flipped, pieces lost, doubled or moved, cells and values swapped, by a fixed seed."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from targets.imports.isolated.compound import compound, workbook_stream

from . import books

SAMPLES = Path(__file__).parent / "samples"
SEED = 503
VALUES = (
    "", "0", "-1", "1.234", "1.234,5", "12,5", "100%", "9" * 400, "1e999", "NaN", "0x1F", "#REF!", "=1+1", "x" * 40_000,
    "\u202eHạ Lang", "Hạ\u0301 Lang", "Huyện Phục Hòa", "TỔNG CỘNG", "Năm 2023", "6 tháng đầu năm 2024", "2023-02-30",
    "CT1_TS", "hoi-lhpn-huyen-ha-lang", "HuyÖn H¹ Lang", "😀", "_x0000_", "]]>", "٣٤",
)  # fmt: skip
PLACES = ("A1", "B4", "C4", "XFD1048576", "A0", "AAAA1", "a1", "", "C99999999999")
XLSX_CELL = re.compile(rb"<c [^>]*?(?:/>|>.*?</c>)", re.DOTALL)
XLSX_VALUE = re.compile(rb"(?<=<v>)[^<]*(?=</v>)|(?<=<t>)[^<]*(?=</t>)|(?<=<f>)[^<]*(?=</f>)")
XLSX_PLACE = re.compile(rb'(?<= r=")[A-Z0-9]*(?=")|(?<= s=")\d+(?=")|(?<= t=")\w+(?=")|(?<= ref=")[A-Z0-9:]+(?=")')
ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell[^>]*?(?:/>|>.*?</table:(?:covered-)?table-cell>)", re.DOTALL)
ODS_VALUE = re.compile(rb'(?<=<text:p>)[^<]*(?=</text:p>)|(?<=value=")[^"]*(?=")|(?<=value-type=")[^"]*(?=")')
ODS_PLACE = re.compile(rb'(?<=repeated=")\d+(?=")|(?<=spanned=")\d+(?=")')

Change = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True)
class Mutant:
    number: int
    name: str
    changes: tuple[str, ...]
    content: bytes


def samples() -> list[tuple[str, bytes]]:
    """Sound and unsound workbooks of all four kinds; the rarer kinds as often as the usual one."""
    files = sorted([*SAMPLES.glob("vn_ok/*"), *SAMPLES.glob("vn_err/*")])
    found = [(file.name, file.read_bytes()) for file in files]
    rare = [one for one in found if not one[0].endswith(".xlsx")]
    text = dict(found)["22_utf16le.csv"].decode("utf-16").replace("\t", ";")
    made = [("bieu.csv", text.encode("utf-8-sig")), ("bieu.txt", text.encode()), ("tong_hop.xlsx", books.official())]
    return found + rare * 3 + made * 2


def mutant(number: int, among: list[tuple[str, bytes]]) -> Mutant:
    """The same for the same number, always."""
    chance = random.Random(SEED * 1_000_003 + number)
    name, content = among[number % len(among)]
    changes = []
    for _ in range(chance.choice((1, 1, 2, 3))):
        change = chance.choice((outside, inside, inside, inside))
        changed = change(content, chance)
        changes.append(change.__name__)
        content = changed
    return Mutant(number, name, tuple(changes), content)


def outside(content: bytes, chance: random.Random) -> bytes:
    """The file as it lies on the disk or comes over the line."""
    return chance.choice((flip, lose, double, cut_off, move, insert))(content, chance)


def inside(content: bytes, chance: random.Random) -> bytes:
    """What the file holds, in a container that is sound again."""
    if content.startswith(b"PK"):
        return _inside_package(content, chance)
    if content.startswith(b"\xd0\xcf"):
        return _inside_compound(content, chance)
    return _inside_text(content, chance)


def flip(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8, 32)) if changed else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def lose(content: bytes, chance: random.Random) -> bytes:
    start, end = _piece(content, chance)
    return content[:start] + content[end:]


def double(content: bytes, chance: random.Random) -> bytes:
    start, end = _piece(content, chance)
    return content[:end] + content[start:end] * chance.choice((1, 1, 1, 50)) + content[end:]


def move(content: bytes, chance: random.Random) -> bytes:
    start, end = _piece(content, chance)
    rest, place = content[:start] + content[end:], chance.randint(0, start)
    return rest[:place] + content[start:end] + rest[place:]


def cut_off(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randint(0, len(content))]


def insert(content: bytes, chance: random.Random) -> bytes:
    place = chance.randint(0, len(content))
    return content[:place] + chance.randbytes(chance.choice((1, 4, 100))) + content[place:]


def _piece(content: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randint(0, len(content))
    return start, min(len(content), start + chance.choice((1, 2, 16, 100, 1000)))


def _inside_package(content: bytes, chance: random.Random) -> bytes:
    """One part, mostly that of a sheet. A package that is no longer one is changed outside."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as old:
            parts = {name: old.read(name) for name in old.namelist()}
    except Exception:  # whatever zipfile says to a package that was changed before
        return outside(content, chance)
    sheets = [name for name in parts if "sheet" in name.lower() or name == "content.xml"]
    name = chance.choice(sheets if sheets and chance.random() < 0.8 else list(parts) or [""])
    if name:
        parts[name] = _changed_markup(parts[name], chance)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part, markup in parts.items():
            new.writestr(part, markup)
    return stream.getvalue()


def _changed_markup(markup: bytes, chance: random.Random) -> bytes:
    is_ods = b"office:document-content" in markup
    cell, value, place = (ODS_CELL, ODS_VALUE, ODS_PLACE) if is_ods else (XLSX_CELL, XLSX_VALUE, XLSX_PLACE)
    change = chance.randrange(8)
    if change < 2:
        return _swapped(markup, cell, chance)
    if change < 3:
        return _swapped(markup, value, chance)
    if change < 5:
        return _replaced(markup, value, chance.choice(VALUES), chance)
    if change < 6:
        return _replaced(markup, place, chance.choice(("2", "7", "99", "1000000", "e", "str", "b", *PLACES)), chance)
    return outside(markup, chance)


def _swapped(content: bytes, what: re.Pattern[bytes], chance: random.Random) -> bytes:
    found = list(what.finditer(content))
    if len(found) < 2:
        return content
    one, other = sorted(chance.sample(found, 2), key=re.Match.start)
    between = content[one.end() : other.start()]
    return content[: one.start()] + other[0] + between + one[0] + content[other.end() :]


def _replaced(content: bytes, what: re.Pattern[bytes], by: str, chance: random.Random) -> bytes:
    found = list(what.finditer(content))
    if not found:
        return content
    match = chance.choice(found)
    return content[: match.start()] + by.encode() + content[match.end() :]


def _inside_compound(content: bytes, chance: random.Random) -> bytes:
    try:
        name, stream = workbook_stream(content)
        records = list(_records(stream))
    except Exception:  # it was changed before
        return outside(content, chance)
    if chance.random() < 0.2:
        return compound(name, outside(stream, chance))
    one, other = chance.randrange(len(records)), chance.randrange(len(records))
    kind, body = records[one]
    match chance.randrange(5):
        case 0:
            records[one], records[other] = records[other], records[one]
        case 1:
            records[one] = kind, records[other][1]
        case 2:
            del records[one]
        case 3:
            records.insert(other, records[one])
        case 4:
            records[one] = kind, flip(body, chance)
    return compound(name, b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records))


def _records(stream: bytes):
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _inside_text(content: bytes, chance: random.Random) -> bytes:
    letters = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    lines = content.decode(letters, "replace").split("\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    cells = re.split("([;\t])", lines[one])
    place = chance.randrange(len(cells))
    match chance.randrange(5):
        case 0:
            lines[one], lines[other] = lines[other], lines[one]
        case 1:
            cells[place] = chance.choice((*VALUES, '"', ",", "\t"))
            lines[one] = "".join(cells)
        case 2:
            chance.shuffle(cells)
            lines[one] = "".join(cells)
        case 3:
            del lines[one]
        case 4:
            lines.insert(other, lines[one])
    return "\n".join(lines).encode(letters, "replace")
