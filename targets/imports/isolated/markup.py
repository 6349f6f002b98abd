"""XML read as a stream, without building a tree: handlers by local name, in the order of the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.parsers import expat

from . import refusal
from .refusal import Damaged

Attributes = Mapping[str, str]
OnStart = Callable[[Attributes], None]
OnEnd = Callable[[], None]


def walk(part: bytes, starts: Mapping[str, OnStart], ends: Mapping[str, OnEnd] | None = None, text=None) -> None:
    """Call the handlers of each element by its name without prefix. Raises Damaged, or Refused for a DTD."""

    def start(name: str, attributes: Attributes) -> None:
        handler = starts.get(name.rpartition(":")[2])
        if handler is not None:
            handler(attributes)

    def end(name: str) -> None:
        handler = ends.get(name.rpartition(":")[2])
        if handler is not None:
            handler()

    def doctype(*_: object) -> None:
        raise refusal.declares_a_document_type()

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    if ends:
        parser.EndElementHandler = end
    if text:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError, OverflowError) as why:
        raise Damaged(str(why)) from why


def is_true(value: str | None) -> bool:
    return value in ("1", "true", "on")
