"""Generated histories whose count has parts and a group: the same reports say more about what they count."""

from __future__ import annotations

from dataclasses import replace

from targets.models import CountingOwner, Measure

from .histories import FLOW, Event, History, Stage

FIRST, SECOND, GROUP = "F1", "F2", "FG"  # two that add up to F, and one group in it


def with_parts(history: History) -> History:
    """Some reports leave the parts out, some one of them, some a few people unsorted: parts are optional."""
    return replace(history, events=[_with_parts(event) for event in history.events])


def _with_parts(event: Event) -> Event:
    whole = event.values.get(FLOW)
    if whole is None or whole % 7 == 6:
        return event
    said = {FIRST: whole // 3, SECOND: whole - whole // 3 - (whole % 7 == 5), GROUP: whole // 2}
    if whole % 7 == 4:
        del said[SECOND]
    return replace(event, values={**event.values, **{code: value for code, value in said.items() if value >= 0}})


def add_parts(stage: Stage) -> None:
    """Measures for them, counted by whoever counts the whole."""
    whole = stage.measures[FLOW]
    relations = {FIRST: "partition", SECOND: "partition", GROUP: "subset"}
    made = Measure.objects.bulk_create(
        Measure(
            plan=stage.plan, code=code, name=code, short_name=code, unit_of_measure="người", kind=Measure.Kind.PEOPLE,
            part_of=whole, relation=relation,
        )
        for code, relation in relations.items()
    )  # fmt: skip
    CountingOwner.objects.bulk_create(
        CountingOwner(measure=measure, agency_kind=owner.agency_kind, agency_level=owner.agency_level)
        for measure in made
        for owner in whole.counted_by.all()
    )
    stage.measures |= {measure.code: measure for measure in made}
