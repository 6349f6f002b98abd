"""Whatever was typed and imported: files taken back, the last first, leave everything as it was before each."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from targets.imports import staging, undoing
from targets.models import ImportBatch, Report
from targets.reports import workflow
from targets.reports.entries import Entry
from targets.reports.workflow import NotAllowed
from tests.conftest import FIGURES

from .staged import everything, sent, standing

pytestmark = pytest.mark.django_db

NUMBERS = st.integers(0, 9).map(lambda number: Entry(Decimal(number)))
NOTED = st.builds(Entry, st.integers(0, 9).map(Decimal), note=st.sampled_from(["", "theo biên bản", "\\t\\"]))
SAID = st.one_of(NUMBERS, NOTED, st.just(Entry(not_applicable=True, reason="Không giao")))
CODES = st.sampled_from(["CT1_TH", "CT2_TT", "CT3", "CT3_DTTS", "CT4", "CT5", "VON"])
FILE = st.dictionaries(st.integers(0, 2), st.dictionaries(CODES, SAID, min_size=1), min_size=1)


def refusal_of(batch: ImportBatch, **options) -> str:
    """What stops the file, or "" when it was confirmed."""
    try:
        staging.confirm(batch, **options)
    except NotAllowed as refusal:
        return str(refusal)
    return ""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=FILE, complete=st.booleans(), files=st.lists(FILE, min_size=1, max_size=3), submit=st.booleans())
def test_confirming_and_undoing_leaves_everything_as_it_was(
    typed, complete, files, submit, own_district, other_district, province_union, period, reviewer, plan
):
    """Whatever stood there, by whatever way it came; a file that cannot be confirmed changes nothing either."""
    agencies, measures = [own_district, other_district, province_union], {m.code: m for m in plan.measures.all()}
    required = {code: Entry(Decimal(value)) for code, value in FIGURES.items()} if complete else {}

    def now() -> tuple:
        return everything(), {report.agency: standing(report) for report in Report.objects.all()}

    with transaction.atomic():
        for place, agency in enumerate(agencies):
            report = workflow.start(agency, period, by=reviewer)
            entries = {measures[code]: entry for code, entry in (required | typed.get(place, {})).items()}
            workflow.save(report, entries, by=reviewer, version=report.version)
        before, batches = [now()], []
        for file in files:
            batch = sent(period, {agencies[place]: said for place, said in file.items()}, reviewer)
            refusal = refusal_of(batch, by=reviewer, submit=submit and file is files[-1])
            if refusal:
                assert "Chưa nộp được" in refusal
                assert now() == before[-1]
            else:
                batches.append(batch)
                before.append(now())
        for batch in reversed(batches):
            assert now() == before.pop()
            undoing.undo(batch, by=reviewer)
        assert [now()] == before
        assert ImportBatch.objects.filter(state="undone").count() == len(batches)
        transaction.set_rollback(True)
