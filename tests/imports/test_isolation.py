"""The child process that takes files apart: what it can do, and that whatever it does ends in a plain refusal.

Real children, whose tasks are in `misbehaving`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time

import pytest

from targets.imports import isolation
from targets.imports.isolated.refusal import Refused
from targets.imports.reader import read_workbook
from targets.imports.reader.answer import Malformed, workbook_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits for a process")
LIMITS, DAMAGED = "limits", "damaged"


@pytest.fixture
def ask(monkeypatch):
    """Have the child carry out a task of `misbehaving`."""

    def carry_out(task: str, content: bytes = b"", **arguments):
        monkeypatch.setitem(isolation.TASKS, task, f"tests.imports.misbehaving:{task}")
        return isolation.run(task, content, **arguments)

    return carry_out


@pytest.fixture
def why(ask):
    def refused(task: str, content: bytes = b"", **arguments) -> str:
        with pytest.raises(Refused) as refusal:
            ask(task, content, **arguments)
        assert refusal.value.message.endswith(".")
        return refusal.value.code

    return refused


def test_a_task_gets_the_content_and_its_arguments_and_gives_json_or_bytes(ask):
    assert ask("echo", "Hạ Lang\n".encode(), marks=[{"row": 1}]) == ["Hạ Lang\n", {"marks": [{"row": 1}]}]
    assert ask("raw", b"\x00\xffab") == b"ba\xff\x00"


def test_a_large_content_goes_in_and_out_whole(ask):
    content = os.urandom(10 * 1024 * 1024)
    assert ask("raw", content) == content[::-1]


def test_a_refusal_comes_through_with_its_reason_fit_to_show(ask):
    with pytest.raises(Refused) as refusal:
        ask("refuse")
    assert (refusal.value.message, refusal.value.code) == ("Không nhận  .", "why")


def test_memory_is_limited(ask, why):
    assert ask("allocate", megabytes=250) == 250 * 1024**2
    assert why("allocate", megabytes=310) == LIMITS


def test_computing_is_limited(why, monkeypatch):
    """The child limits itself, whatever the clock says."""
    monkeypatch.setattr(isolation, "MOST_SECONDS", 60)
    start = time.monotonic()
    assert why("compute_for_ever") == LIMITS
    assert time.monotonic() - start < 30


def test_waiting_is_limited_by_the_clock(why, monkeypatch):
    monkeypatch.setattr(isolation, "MOST_SECONDS", 0.5)
    assert [why("sleep_for_ever"), why("complain_without_end")] == [LIMITS, LIMITS]


def test_an_answer_is_limited(why):
    assert why("answer_without_end") == LIMITS


def test_the_child_can_open_nothing_write_nothing_and_start_nothing(ask, tmp_path):
    found = ask("what_is_possible", folder=str(tmp_path))
    assert found == {
        "read a file": "OSError",
        "write a file": "OSError",
        "make a socket": "OSError",
        "run a program": "OSError",
    }
    assert list(tmp_path.iterdir()) == []


def test_the_child_knows_no_secret_and_none_of_our_site(ask, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://someone:secret@host/db")
    found = ask("surroundings")
    assert set(found["environment"]) <= {"LD_LIBRARY_PATH", "LC_CTYPE"}
    assert found["django"] is False
    assert found["limits"] == {"RLIMIT_CPU": 10, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0, "RLIMIT_NPROC": 0}


@pytest.mark.parametrize(
    ("by", "code"), [(signal.SIGKILL, LIMITS), (signal.SIGXCPU, LIMITS), (signal.SIGTERM, DAMAGED)]
)
def test_a_child_that_is_killed_is_a_refusal(why, by, code):
    assert why("be_killed", by=by) == code


@pytest.mark.parametrize("task", ["raise_error", "crash", "stumble"])
def test_a_child_that_breaks_is_a_refusal(why, task):
    assert why(task) == DAMAGED


def test_what_the_child_complains_of_is_logged_and_never_shown(ask, caplog):
    with pytest.raises(Refused) as refusal:
        ask("raise_error", b"secret")
    assert "secret" not in refusal.value.message + caplog.text
    assert [record.getMessage() for record in caplog.records] == [
        "raise_error of 6 bytes broke off: status 1, KeyError"
    ]


@pytest.mark.parametrize(
    "answer",
    [b"", b"J", b"J{", b"X{}", b"R[]", b'R["a"]', b'R["a",1]', b"J[NaN]", b"J" + b"[" * 100_000, b"\xff\xfe", b"J\xff"],
)
def test_an_answer_of_another_shape_is_a_refusal(why, answer):
    assert why("answer_with", answer) == DAMAGED


def test_several_at_once_do_not_mix(ask):
    found = {}

    def one(number: int) -> None:
        found[number] = ask("echo", str(number).encode(), number=number)

    threads = [threading.Thread(target=one, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: [str(number), {"number": number}] for number in range(8)}


def said(**changes) -> dict:
    sheet = {"name": "Biểu 1", "visible": True, "merges": [], "hidden_rows": [], "hidden_columns": [], "cells": []}
    book = {"kind": "xlsx", "sheets": [sheet | {name: changes[name] for name in sheet if name in changes}]}
    return book | {name: changes[name] for name in book if name in changes}


def test_what_the_reader_says_becomes_a_workbook():
    cells = [
        [1, 1, "s", "x", "", 0],
        [1, 2, "n", 5, "percent", 1],
        [2, 1, "d", "2023-12-03", "", 0],
        [2, 2, "", None, "", 1],
    ]
    sheet = workbook_of(json.loads(json.dumps(said(cells=cells)))).sheets[0]
    assert {cell.address: (str(cell.value), cell.defect, cell.formula) for cell in sheet.cells.values()} == {
        "A1": ("x", None, False), "B1": ("5", "percent", True), "A2": ("2023-12-03", None, False),
        "B2": ("None", None, True),
    }  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        None, [], {}, {"kind": "xlsx"}, said(kind="exe"), said(kind=["xlsx"]), said(sheets=[]), said(sheets={}),
        said(sheets=[1]), said(sheets=said()["sheets"] * 2), said(name=5), said(name="\ud800"), said(visible=1),
        said(cells=[[1, 1]]), said(cells=[[0, 1, "s", "x", "", 0]]), said(cells=[[20_001, 1, "s", "x", "", 0]]),
        said(cells=[[1, 301, "s", "x", "", 0]]), said(cells=[[True, 1, "s", "x", "", 0]]),
        said(cells=[[1.0, 1, "s", "x", "", 0]]), said(cells=[[1, 1, "q", "x", "", 0]]),
        said(cells=[[1, 1, "s", 5, "", 0]]), said(cells=[[1, 1, "s", "\0", "", 0]]),
        said(cells=[[1, 1, "s", "\udcff", "", 0]]), said(cells=[[1, 1, "s", "x" * 40_000, "", 0]]),
        said(cells=[[1, 1, "n", "5", "", 0]]), said(cells=[[1, 1, "n", True, "", 0]]),
        said(cells=[[1, 1, "n", float("inf"), "", 0]]), said(cells=[[1, 1, "d", "hôm qua", "", 0]]),
        said(cells=[[1, 1, "d", 5, "", 0]]), said(cells=[[1, 1, "i", 1e300, "", 0]]),
        said(cells=[[1, 1, "s", "x", "odd", 0]]), said(cells=[[1, 1, "s", "x", "", 7]]),
        said(cells=[[1, 1, "s", "x", "", 0]] * 2), said(cells=[[1, 1, [], "x", "", 0]]),
        said(merges=[[1, 1]]), said(merges=[[2, 1, 1, 1]]), said(merges=[[1, 1, 1, 99_999]]), said(merges=["abcd"]),
        said(hidden_rows=[0]), said(hidden_rows=["1"]), said(hidden_columns=[301]), said(hidden_rows={}),
    ],
)  # fmt: skip
def test_what_the_reader_would_never_say_is_not_believed(answer):
    with pytest.raises(Malformed):
        workbook_of(answer)


def test_a_workbook_that_is_none_is_a_refusal(monkeypatch):
    monkeypatch.setitem(isolation.TASKS, "text", "tests.imports.misbehaving:pretend")
    with pytest.raises(Refused) as refusal:
        read_workbook(b"a;b", "a.csv")
    assert refusal.value.code == DAMAGED
