"""The sample workbooks, each with the values or the cells that its manifest names."""

from __future__ import annotations

import json
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from targets.models import Figure, ImportBatch

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent / "samples"
MANIFEST = json.loads((SAMPLES / "manifest.json").read_text())
OLD_QUANG_UYEN = "049o"  # how the manifest tells Quảng Uyên, 049 until 2020-02-29, from Quảng Hòa after it


def files(outcome: str) -> list:
    return [pytest.param(one, id=one["file"]) for one in MANIFEST["files"] if one["outcome"] == outcome]


def imported(sample: dict, **options: object) -> dict:
    out = StringIO()
    try:
        call_command("import_reports", str(SAMPLES / sample["file"]), json=True, stdout=out, **options)
        status = 0
    except SystemExit as end:
        status = end.code
    return json.loads(out.getvalue()) | {"status": status}


@cache
def truth(name: str) -> dict:
    return MANIFEST["truth_sets"][name]


@pytest.mark.parametrize("sample", files("import ok after mapping"))
def test_it_reads_what_officials_send(sample, plan):
    said = imported(sample)
    expected = truth(sample["truth"])
    rows: dict[str, dict] = {}
    for value in said["values"]:
        code = OLD_QUANG_UYEN if value["unit"] == "Huyện Quảng Uyên" else value["unit_code"]
        rows.setdefault(code, {})[value["measure"]] = value["value"]
    assert (said["outcome"], said["status"], said["errors"]) == ("ok", 0, [])
    assert (said["period"], rows) == (expected["period"], expected["rows"])
    assert Figure.objects.count() == 0


@pytest.mark.parametrize("sample", files("clean error naming sheet/row/column"))
def test_it_names_the_cells_that_are_wrong(sample, plan):
    said = imported(sample, commit=True)
    places = {(error["sheet"], error["row"], error["column"]) for error in said["errors"]}
    assert (said["outcome"], said["status"]) == ("error", 1)
    for error in sample["errors"]:
        # What matters is the cell; the manifest names the heading row of a column one cell at a time.
        assert (error["sheet"], error["row"], error["column"]) in places
    assert (Figure.objects.count(), ImportBatch.objects.count()) == (0, 0)


@pytest.mark.parametrize("sample", files("refused safely"))
def test_it_refuses_what_is_no_workbook(sample, plan):
    said = imported(sample, commit=True)
    assert (said["outcome"], said["status"], said["values"]) == ("refused", 2, [])
    assert said["message"] != ""
    assert "root:" not in json.dumps(said)
    assert (Figure.objects.count(), ImportBatch.objects.count()) == (0, 0)
