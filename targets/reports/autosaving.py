"""Saving while somebody types: the changed fields alone, read by the same form as the whole page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.template.defaultfilters import date as spell_date
from django.template.loader import render_to_string
from django.utils import timezone

from agencies.models import User
from targets.models import Report

from . import checks, reading, rules, workflow
from .beside import beside
from .entries import entries_of
from .field_names import NOT_APPLICABLE, NOTHING
from .forms import ESTIMATE, ReportForm
from .soft_checks import warnings


@dataclass(frozen=True, slots=True)
class Asked:
    """`fields`: what is typed now, by the name of the field; only those that changed."""

    version: int
    fields: Mapping[str, str]


def read(sent: object) -> Asked:
    """What a page sent. Raises ValueError, TypeError or KeyError for anything else."""
    version, fields = sent["version"], sent["fields"]
    if type(version) is not int or not isinstance(fields, dict):
        raise ValueError
    if not all(isinstance(text, str) for text in (*fields, *fields.values())):
        raise ValueError
    return Asked(version, dict(fields))


def save(report: Report, asked: Asked, *, by: User) -> dict[str, object]:
    """Store what can be read of it; answers with the new version and what to say beside each figure.

    Raises workflow.Stale when the report changed since `asked.version`, NotAllowed when it cannot be written.
    """
    if not rules.may_write(by, report):
        raise workflow.NotAllowed(reading.why_locked(by, report))
    stored, rulebook = entries_of(report), checks.Rulebook.kept(report.period.plan, report.agency)
    form = ReportForm(
        _overlaid(ReportForm.initial_of(report, stored), asked.fields),
        rulebook=rulebook,
        report=report,
        beside=beside(report, rulebook),
    )
    form.full_clean()
    unread = [name for name in asked.fields if name.partition("-")[0] in form.errors or name in form.errors]
    entries = form.readable_entries(stored, only=asked.fields)
    saved = workflow.save(
        report,
        entries,
        by=by,
        version=asked.version,
        texts={name: text for name, text in form.texts().items() if name in asked.fields},
        estimate=form.estimate() if ESTIMATE in asked.fields else None,
    )
    now = stored | {measure.code: entry for measure, entry in entries.items()}  # nobody else wrote: versions agree
    form.add_problems([p for p in checks.problems(rulebook, form.agreeing(now)) if p.kind != checks.MISSING])
    form.add_warnings(warnings(rulebook, now, form.beside))
    return {
        "version": saved.version,
        "saved_at": spell_date(timezone.localtime(), "H:i"),
        "unread": unread,
        "errors": {name: " ".join(errors) for name, errors in form.errors.items()},
        "warnings": form.warnings,
        "rail": render_to_string("reports/rail.html", {"form": form, "attachments": report.attachments.present()}),
    }


def stored(report_pk: int) -> dict[str, object]:
    """What the database holds now, field by field as the form would show it: for a page that met a conflict."""
    report = Report.objects.get(pk=report_pk)
    initial = ReportForm.initial_of(report, entries_of(report))
    return {"version": initial.pop("version"), "stored": {name: _as_text(value) for name, value in initial.items()}}


def _overlaid(initial: Mapping[str, object], fields: Mapping[str, str]) -> dict[str, str]:
    """The whole form as a browser would send it: what is stored, with what was typed over it; unticked boxes absent."""
    data = {name: _as_text(value) for name, value in initial.items()} | dict(fields)
    ticked = (f"-{NOT_APPLICABLE}", f"-{NOTHING}")
    return {name: text for name, text in data.items() if text or not (name.endswith(ticked) or name == ESTIMATE)}


def _as_text(value: object) -> str:
    """Boxes are "on" or empty."""
    return ("on" if value else "") if isinstance(value, bool) else str(value)
