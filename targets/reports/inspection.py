"""The automatic checks as a reviewer reads them: each with the cells it looked at and what it found there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from targets.models import Measure

from .beside import Beside
from .checks import Problem, Rulebook, problems
from .entries import Entry
from .soft_checks import REASON, warnings

OK, ERROR, WARN, NOTHING = "ok", "err", "warn", "none"
# State: (icon, word for those who do not see it).
SHOWN = {OK: ("check", "Đạt"), ERROR: ("err", "Lỗi"), WARN: ("warn", "Lưu ý"), NOTHING: ("dash", "Chưa so được")}


@dataclass(frozen=True, slots=True)
class Inspected:
    """One check; NOTHING when there was no number to look at."""

    state: str
    name: str
    cells: str
    found: tuple[Problem, ...] = ()

    @property
    def icon(self) -> str:
        return SHOWN[self.state][0]

    @property
    def word(self) -> str:
        return SHOWN[self.state][1]


def inspect(rulebook: Rulebook, entries: Mapping[str, Entry], beside: Mapping[str, Beside]) -> list[Inspected]:
    """Those that stop a hand-in first, then those that only ask for a second look."""
    hard = problems(rulebook, entries)
    soft = [_for_reviewers(problem, entries) for problem in warnings(rulebook, entries, beside)]
    filled = {code for code, entry in entries.items() if entry.value is not None}
    return [
        *(_one(name, codes, measures, hard, filled, ERROR) for name, codes, measures in _hard(rulebook)),
        *(_one(name, codes, measures, soft, filled, WARN) for name, codes, measures in _soft(rulebook, beside)),
    ]


def _for_reviewers(problem: Problem, entries: Mapping[str, Entry]) -> Problem:
    """What the form asks the agency for is replaced by what the agency said."""
    note = entries[problem.measure.code].note
    said = f"Đơn vị ghi: {note}" if note else "Đơn vị chưa ghi lý do."
    return replace(problem, message=f"{problem.message.removesuffix(REASON)}{said}")


Check = tuple[str, set[str], list[Measure]]


def _hard(rulebook: Rulebook) -> Iterable[Check]:
    """(what must hold, codes of problems, figures looked at)."""
    wholes = [measure for measure in rulebook.measures if rulebook.parts_of(measure, Measure.Relation.PARTITION)]
    parts = [part for whole in wholes for part in rulebook.parts_of(whole, Measure.Relation.PARTITION)]
    subsets = [measure for measure in rulebook.measures if measure.relation == Measure.Relation.SUBSET]
    ratios = [measure for pair in rulebook.ratios for measure in pair]
    yield "Đủ số bắt buộc", {"required"}, [m for m in rulebook.measures if m.code in rulebook.required]
    yield "Không có số âm, số đếm là số nguyên", {"negative", "not_integer"}, list(rulebook.measures)
    yield "Tử số không vượt mẫu số", {"over_base"}, ratios
    yield "Chia theo loại hình cộng đúng", {"parts_differ"}, [*wholes, *parts]
    yield "Số trong đó không vượt tổng", {"over_whole"}, [*subsets, *(m.part_of for m in subsets)]


def _soft(rulebook: Rulebook, beside: Mapping[str, Beside]) -> Iterable[Check]:
    bases = [base for _, base in rulebook.ratios]
    known = [m for m in rulebook.measures if beside[m.code].previous is not None]
    states = [m for m in known if m.is_state and m not in bases]
    yield "Lũy kế không giảm", {"fell"}, states
    yield "Không tăng, giảm đột biến so với kỳ trước", {"jumped", "dropped"}, [m for m in known if m not in bases]
    yield "Mẫu số không đổi quá 20\u00a0%", {"base_changed"}, [m for m in known if m in bases]
    allotted = [m for m in rulebook.measures if beside[m.code].is_summed and beside[m.code].target is not None]
    yield "Không vượt chỉ tiêu giao", {"over_target"}, allotted


def _one(
    name: str, codes: set[str], measures: list[Measure], found: list[Problem], filled: set[str], bad: str
) -> Inspected:
    """A required figure is looked at even when blank; any other check looks at numbers only.

    Soft checks say one thing a figure: where another spoke first, this one did not look.
    """
    mine = tuple(problem for problem in found if problem.code in codes)
    taken = {p.measure.code for p in found if p.code not in codes} if bad == WARN else set()
    seen = filled - taken
    looked_at = measures if codes == {"required"} else [m for m in measures if m.code in seen]
    state = bad if mine else OK if looked_at else NOTHING
    return Inspected(state, name, _spelt(looked_at), mine)


def _spelt(measures: Iterable[Measure]) -> str:
    """ "ô 1.1, 1.2", each once, in the order of the form."""
    once = sorted({m.pk: m for m in measures}.values(), key=lambda m: m.order)
    return f"ô {', '.join(m.number or m.code for m in once)}" if once else "chưa có số để so"


def doubts(inspected: Iterable[Inspected]) -> list[Problem]:
    """What somebody who approves should have seen."""
    return [problem for check in inspected for problem in check.found]
