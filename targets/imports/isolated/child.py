"""The child process: takes one task on stdin, gives up its rights, answers on stdout. Run by targets.imports.isolation.

In: a line of JSON, [[module, function], arguments], then the file.
Out: a letter that says what follows: JSON, bytes, or the message and code of a refusal.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module

from targets.imports.isolated import refusal
from targets.imports.isolated.limits import confine

JSON, BYTES, REFUSED = b"J", b"B", b"R"
OUT_OF_MEMORY = 3  # exit status


def main() -> None:
    (module, function), arguments = json.loads(sys.stdin.buffer.readline())
    task = getattr(import_module(module), function)
    content = sys.stdin.buffer.read()
    confine()
    sys.stdout.buffer.write(answer(task, content, arguments))
    sys.stdout.buffer.flush()


def answer(task, content: bytes, arguments: dict[str, object]) -> bytes:
    try:
        done = task(content, **arguments)
    except refusal.Damaged:
        return refused(refusal.damaged())
    except refusal.Refused as why:
        return refused(why)
    except (MemoryError, RecursionError):
        sys.exit(OUT_OF_MEMORY)
    return BYTES + done if isinstance(done, bytes) else JSON + _json(done)


def refused(why: refusal.Refused) -> bytes:
    return REFUSED + _json([why.message, why.code])


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


if __name__ == "__main__":
    main()
