"""Work on a file that nobody trusts, in a process of its own that can do nothing but compute and answer."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from .isolated import child, kinds, refusal

# What may be asked -> module:function of ours, called as `function(content, **arguments)`, that gives JSON or bytes.
# The module must import all it needs at its top: once the work begins the child can open no file.
TASKS = {
    kinds.PACKAGE: "targets.imports.isolated.read_package:task",
    kinds.COMPOUND: "targets.imports.isolated.read_compound:task",
    kinds.TEXT: "targets.imports.isolated.read_text:task",
    "annotate": "targets.imports.books.annotate:annotate",
}
MOST_SECONDS = 20  # by the clock; the child limits its own computing to half of it
MOST_ANSWER = 32 * 1024 * 1024
ROOT = Path(__file__).resolve().parents[2]
NEEDED_BY_PYTHON = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
OUT_OF_BOUNDS = {child.OUT_OF_MEMORY, -signal.SIGABRT}  # a library that gets no memory aborts
if os.name == "posix":
    OUT_OF_BOUNDS |= {-signal.SIGKILL, -signal.SIGXCPU}

logger = logging.getLogger(__name__)


def run(task: str, content: bytes, **arguments: object) -> object:
    """What the task gives, unchecked: JSON or bytes. Raises Refused, also for a child that breaks off."""
    request = json.dumps([TASKS[task].split(":"), arguments]).encode() + b"\n" + content
    status, answer, complaint = _ask(request)
    try:
        return _understood(status, answer)
    except (ValueError, RecursionError) as why:
        logger.warning("%s of %d bytes broke off: status %s, %s", task, len(content), status, complaint)
        raise (refusal.beyond_limits() if status in OUT_OF_BOUNDS else refusal.damaged()) from why


def _understood(status: int, answer: bytes) -> object:
    """Raises Refused as the child says, ValueError for what is no answer."""
    kind, rest = answer[:1], answer[1:]
    if status != 0 or len(answer) > MOST_ANSWER:
        raise ValueError("no whole answer")
    if kind == child.BYTES:
        return rest
    said = json.loads(rest, parse_constant=_no_number)
    if kind == child.JSON:
        return said
    match said:
        case [str(message), str(code)] if kind == child.REFUSED and len(message) < 1000:
            raise refusal.Refused(_printable(message), _printable(code))
    raise ValueError("no answer")


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _no_number(word: str) -> None:
    raise ValueError(word)


def _ask(request: bytes) -> tuple[int, bytes, str]:
    """(exit status, answer, what it complained of). The status is that of a kill when it took too long."""
    process = subprocess.Popen(
        [sys.executable, "-E", "-s", "-m", child.__name__],
        cwd=ROOT,
        env={name: os.environ[name] for name in NEEDED_BY_PYTHON if name in os.environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    alarm = threading.Timer(MOST_SECONDS, _kill, [process])
    alarm.start()
    try:
        return _converse(process, request)
    finally:
        _kill(process)
        process.wait()
        alarm.cancel()


def _converse(process: subprocess.Popen, request: bytes) -> tuple[int, bytes, str]:
    """The child reads all before it answers, so that neither waits for the other; whatever hangs ends by the alarm."""
    with suppress(BrokenPipeError):  # it ended before it had read all
        process.stdin.write(request)
    with suppress(BrokenPipeError):
        process.stdin.close()
    with process.stdout, process.stderr:
        answer = process.stdout.read(MOST_ANSWER + 1)
        if len(answer) > MOST_ANSWER:
            _kill(process)
        complaint = process.stderr.read(65536).decode(errors="replace")
    return process.wait(), answer, _kind_of(complaint)


def _kind_of(complaint: str) -> str:
    """The name of the error at the end of a traceback, without the rest of it: that may quote the file."""
    lines = [line for line in complaint.splitlines() if line and not line.startswith("note:")]
    return lines[-1].partition(":")[0][:100] if lines else "silent"


def _kill(process: subprocess.Popen) -> None:
    """If it still runs: it, and whatever it may have started."""
    if process.poll() is not None:
        return
    if os.name == "posix":
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
