"""The plan's measures, the province's units and its agencies, under every name that is data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agencies.models import Agency, AgencySuccession, Unit, UnitSuccession
from agencies.models.agency import AgencyLevel
from targets.models import Measure, Plan

from .headings import MeasureTerm
from .vocabulary import BODY, Place, Vocabulary


@dataclass(frozen=True)
class Lexicon:
    """The words to look for, and the objects behind them. `agencies` are by the keys of their places."""

    vocabulary: Vocabulary
    measures: Mapping[str, Measure]
    agencies: dict[object, Agency]
    units: Mapping[int, Unit]

    def units_of(self, places: Iterable[Place]) -> dict[Place, Unit]:
        """The unit that the figures of each place count for."""
        return {
            place: self.units[self.agencies[place.key].unit_id if place.kind == BODY else place.key] for place in places
        }


def of(plan: Plan, learned: Mapping[str, str]) -> Lexicon:
    """Of all times: which units and agencies exist in a period is asked when it is known."""
    measures = {m.code: m for m in plan.measures.select_related("part_of")}
    units, agencies = ({one.pk: one for one in model.objects.all()} for model in (Unit, Agency))
    next_units, next_agencies = _after(UnitSuccession), _after(AgencySuccession)
    places = [_of_unit(one, [units[pk].full_name for pk in next_units[one.pk]]) for one in units.values()]
    places += [_of_agency(one, [agencies[pk].name for pk in next_agencies[one.pk]]) for one in agencies.values()]
    terms = tuple(_term(measure) for measure in measures.values())
    by_key = {_key(agency): agency for agency in agencies.values()}
    return Lexicon(Vocabulary(terms, tuple(places), learned), measures, by_key, units)


def _after(successions: type[UnitSuccession | AgencySuccession]) -> Mapping[int, list[int]]:
    """Who came after whom, by primary keys: of thousands, the few whose end is told."""
    found: dict[int, list[int]] = defaultdict(list)
    for predecessor, successor in successions.objects.values_list("predecessor_id", "successor_id"):
        found[predecessor].append(successor)
    return found


def _term(measure: Measure) -> MeasureTerm:
    names = tuple(dict.fromkeys((*measure.aliases.splitlines(), measure.name, measure.short_name)))
    part_of = measure.part_of.code if measure.part_of else ""
    label = f"{measure.number} {measure.name}".strip()
    return MeasureTerm(measure.code, names, measure.is_whole_number, part_of, measure.unit_of_measure, label)


def _of_unit(unit: Unit, successors: Sequence[str]) -> Place:
    return Place(
        unit.pk,
        unit.kind,
        unit.full_name,
        (unit.name, *unit.aliases.splitlines()),
        unit.valid_from,
        unit.valid_to,
        tuple(successors),
    )


def _of_agency(agency: Agency, successors: Sequence[str]) -> Place:
    """By its names if it is the province's; a territory's goes by its unit, and by its code in our own workbooks."""
    names = (agency.name, agency.short_name) if agency.level == AgencyLevel.PROVINCE else ()
    return Place(
        _key(agency),
        BODY,
        agency.name,
        (*names, agency.code),
        agency.valid_from,
        agency.valid_to,
        tuple(successors),
    )


def _key(agency: Agency) -> tuple[str, int]:
    return ("agency", agency.pk)
