"""Tasks that do in the child process what no task may: the tests of isolation set them to work."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys

from targets.imports.isolated.refusal import Damaged, Refused


def echo(content: bytes, **arguments: object) -> list:
    return [content.decode(), arguments]


def raw(content: bytes) -> bytes:
    return content[::-1]


def refuse(_: bytes) -> None:
    raise Refused("Không nhận\u202e\n.", "why")


def stumble(_: bytes) -> None:
    raise Damaged("…")


def pretend(_: bytes, name: str) -> dict[str, object]:
    """A workbook that our own reader would never tell of."""
    return {"kind": "csv", "sheets": [{"name": name}]}


def raise_error(content: bytes) -> None:
    raise KeyError(content.decode())


def allocate(_: bytes, megabytes: int) -> int:
    return len(bytearray(megabytes * 1024 * 1024))


def compute_for_ever(_: bytes) -> None:
    """Within one second instead of ten, for the sake of those who wait for the test."""
    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
    while True:
        pass


def sleep_for_ever(_: bytes) -> None:
    signal.pause()


def be_killed(_: bytes, by: int) -> None:
    os.kill(os.getpid(), by)


def crash(_: bytes) -> None:
    ctypes.string_at(0)


def answer_without_end(_: bytes) -> None:
    while True:
        os.write(1, b"x" * 65536)


def complain_without_end(_: bytes) -> None:
    while True:
        os.write(2, b"x" * 65536)


def answer_with(content: bytes) -> None:
    """Past what a task gives: just these bytes, with the status of a good end."""
    os.write(1, content)
    os._exit(0)


def what_is_possible(_: bytes, folder: str) -> dict[str, str]:
    """What each forbidden thing ends in: the name of an error, or "done"."""
    attempts = {
        "read a file": lambda: os.open("/etc/passwd", os.O_RDONLY),
        "write a file": lambda: os.open(os.path.join(folder, "x"), os.O_WRONLY | os.O_CREAT),
        "make a socket": socket.socket,
        "run a program": lambda: subprocess.run(["/bin/true"]),
    }
    return {name: _attempt(attempt) for name, attempt in attempts.items()}


def _attempt(attempt) -> str:
    try:
        attempt()
    except Exception as why:
        return type(why).__name__
    return "done"


def surroundings(_: bytes) -> dict[str, object]:
    """Environment, modules and handles of the child."""
    return {
        "environment": sorted(os.environ),
        "django": any(name.partition(".")[0] in ("django", "openpyxl") for name in sys.modules),
        "limits": {name: _limit(name) for name in ("RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_NPROC")},
    }


def _limit(name: str) -> int:
    return resource.getrlimit(getattr(resource, name))[0]
