"""What must hold before figures may be handed in: one validator for the browser form and for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby

from django.core.cache import cache

from agencies.models import Agency
from targets.models import Indicator, Measure, Plan
from targets.models.numbers import spell
from targets.models.revision import digest, release, revisions
from targets.models.words import lower_first

from .entries import Entry

ERROR, MISSING, WARNING = "error", "missing", "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about the figure of one measure; `kind` is ERROR, MISSING for a required blank, or WARNING."""

    measure: Measure
    code: str
    message: str
    kind: str = ERROR


@dataclass(frozen=True)
class Rulebook:
    """The measures of a plan in the order of its form, and which pairs are a part and its base."""

    measures: tuple[Measure, ...]
    ratios: tuple[tuple[Measure, Measure], ...]
    required: frozenset[str]
    heads: Mapping[str, Indicator]  # by code of a measure that alone is an indicator's numerator

    @classmethod
    def of(cls, plan: Plan, agency: Agency | None = None) -> Rulebook:
        """Read in five queries. Only one-to-one ratios can be checked figure against figure.

        A measure is required of an agency whose reports enter its totals (R7); others may leave it blank, and without
        an agency, as for a spreadsheet, nothing is.
        """
        ordered = plan.measures.select_related("section", "part_of").prefetch_related("counted_by")
        measures = {m.pk: m for m in ordered.order_by("order", "code")}
        ratios, heads = [], {}
        for indicator in plan.indicators.prefetch_related("numerator", "denominator"):
            parts, bases = indicator.numerator.all(), indicator.denominator.all()
            if len(parts) == len(bases) == 1:
                ratios.append((measures[parts[0].pk], measures[bases[0].pk]))
            if len(parts) == 1:
                heads[parts[0].code] = indicator
        required = frozenset(m.code for m in measures.values() if agency and m.required and m.counts_reports_of(agency))
        return cls(tuple(measures.values()), tuple(ratios), required, heads)

    @classmethod
    def kept(cls, plan: Plan, agency: Agency) -> Rulebook:
        """The same, read once for each state of what it is made of: every save while somebody types asks for it."""
        _, _, *reference = next(marks for marks in revisions() if marks[0] == plan.pk)
        key = f"rulebook:{digest(release(), plan.pk, reference, agency.kind, agency.level)}"
        if (found := cache.get(key)) is None:
            found = cls.of(plan, agency)
            cache.set(key, found)
        return found

    def parts_of(self, whole: Measure, relation: str) -> list[Measure]:
        return self._parts.get((whole.pk, relation), [])

    @cached_property
    def _parts(self) -> dict[tuple[int | None, str], list[Measure]]:
        """Asked for every measure of every report of a spreadsheet, so sorted out once."""
        found: dict[tuple[int | None, str], list[Measure]] = {}
        for measure in self.measures:
            found.setdefault((measure.part_of_id, measure.relation), []).append(measure)
        return found

    def sections(self) -> list[tuple[object, list[Measure]]]:
        """(indicator or None, its measures) in the order of the form."""
        return [(section, list(group)) for section, group in groupby(self.measures, key=lambda m: m.section)]


def problems(rulebook: Rulebook, entries: Mapping[str, Entry]) -> list[Problem]:
    """Everything that stops a hand-in, in the order of the form."""
    found = [
        *_bad_numbers(rulebook, entries),
        *_ratios_over_one(rulebook, entries),
        *_partitions_that_do_not_add_up(rulebook, entries),
        *_subsets_over_their_whole(rulebook, entries),
        *_missing(rulebook, entries),
    ]
    place = {measure.code: n for n, measure in enumerate(rulebook.measures)}
    return sorted(found, key=lambda problem: place[problem.measure.code])


def _value(entries: Mapping[str, Entry], measure: Measure) -> Decimal | None:
    entry = entries.get(measure.code)
    return entry.value if entry else None


def _bad_numbers(rulebook: Rulebook, entries: Mapping[str, Entry]) -> Iterable[Problem]:
    for measure in rulebook.measures:
        value = _value(entries, measure)
        if value is None:
            continue
        if value < 0:
            yield Problem(measure, "negative", "Số liệu không được âm.")
        elif measure.is_whole_number and value != value.to_integral_value():
            yield Problem(measure, "not_integer", "Chỉ nhập số nguyên, ví dụ 1.234.")


def _ratios_over_one(rulebook: Rulebook, entries: Mapping[str, Entry]) -> Iterable[Problem]:
    for part, base in rulebook.ratios:
        reached, whole = _value(entries, part), _value(entries, base)
        if reached is not None and whole is not None and reached > whole:
            yield Problem(
                part,
                "over_base",
                f"{spell(reached)} lớn hơn {lower_first(base.name)} {spell(whole)} ({cell(base)}). "
                "Kiểm tra lại một trong hai số.",
            )


def _partitions_that_do_not_add_up(rulebook: Rulebook, entries: Mapping[str, Entry]) -> Iterable[Problem]:
    """Parts are optional; once all are given they must add up, and given ones alone must not exceed the whole."""
    for whole in rulebook.measures:
        parts = rulebook.parts_of(whole, Measure.Relation.PARTITION)
        given = [value for part in parts if (value := _value(entries, part)) is not None]
        total = _value(entries, whole)
        if not given or total is None:
            continue
        complete = len(given) == len(parts)
        if sum(given) > total or (complete and sum(given) != total):
            yield Problem(
                whole,
                "parts_differ",
                f"Chia theo loại hình cộng được {spell(sum(given))}, {cell(whole)} là {spell(total)}.",
            )


def _subsets_over_their_whole(rulebook: Rulebook, entries: Mapping[str, Entry]) -> Iterable[Problem]:
    for part in rulebook.measures:
        if part.relation != Measure.Relation.SUBSET:
            continue
        value, total = _value(entries, part), _value(entries, part.part_of)
        if value is not None and total is not None and value > total:
            yield Problem(part, "over_whole", f"{spell(value)} lớn hơn {cell(part.part_of)} ({spell(total)}).")


def _missing(rulebook: Rulebook, entries: Mapping[str, Entry]) -> Iterable[Problem]:
    for measure in rulebook.measures:
        if measure.code in rulebook.required and entries.get(measure.code, Entry()).is_blank:
            yield Problem(measure, "required", "Chưa nhập. Ghi 0 nếu không phát sinh.", MISSING)


def cell(measure: Measure) -> str:
    """How a message points at another figure of the form: "ô 3.1"."""
    return f"ô {measure.number or measure.code}"
