"""What a sender said headings mean, remembered for that sender's next files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agencies.models import User
from targets.models import LearnedHeading, Plan

from . import rules
from .recognised import Line


def remember(plan: Plan, answers: Mapping[str, str], lines: Iterable[Line], *, by: User) -> None:
    """Keep, for the sender's agency, each answered heading that stands in these lines; a later word replaces it."""
    keeps, agency = rules.learns_for(by)
    if not keeps:
        return
    measures = {measure.code: measure for measure in plan.measures.all()}
    titles = {line.key: line.title for line in lines}
    for key in answers.keys() & titles.keys():
        LearnedHeading.objects.update_or_create(
            plan=plan,
            agency=agency,
            key=key,
            defaults={"heading": titles[key][:300], "measure": measures.get(answers[key]), "learned_by": by},
        )
