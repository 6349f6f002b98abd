"""A report's history as people tell it: each hand-in says what was typed for it, each return how many questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agencies.models import User
from targets.models import Attachment, Comment, FigureChange, Report, ReportEvent

from .corrections import Correction
from .differences import Said

Verb = ReportEvent.Verb
Changes = Mapping[int, list[FigureChange]]  # by event


@dataclass(frozen=True, slots=True)
class Step:
    """One line. The saves before a hand-in are part of it; those after the last step are one line of their own."""

    event: ReportEvent
    figures: int = 0  # that say something else than before it, net
    files: int = 0
    questions: int = 0
    others: tuple[str, ...] = ()  # who typed besides the person who did this
    correction: Correction | None = None

    @property
    def name(self) -> str:
        if self.event.verb == Verb.SUBMIT:
            return f"Nộp lần {self.event.round}"
        return "Duyệt đính chính" if self.correction else self.event.get_verb_display()

    @property
    def details(self) -> str:
        """ "Sửa 2 số, thêm 1 tệp"; the first hand-in changes nothing, it says everything."""
        first = self.event.verb == Verb.SUBMIT and self.event.round == 1
        said = [
            f"{'nhập' if first else 'sửa'} {self.figures} số" if self.figures else "",
            f"thêm {self.files} tệp" if self.files else "",
            f"{self.questions} ý kiến" if self.questions else "",
            f"cùng nhập: {', '.join(self.others)}" if self.others else "",
        ]
        text = ", ".join(filter(None, said))
        return text[:1].upper() + text[1:]


def history(
    report: Report, events: list[ReportEvent], attachments: Iterable[Attachment], corrections: list[Correction]
) -> list[Step]:
    """Newest first, like `events`; two queries, whatever their number."""
    changes: dict[int, list[FigureChange]] = {}
    for change in FigureChange.objects.filter(event__report=report).order_by("event__pk"):
        changes.setdefault(change.event_id, []).append(change)
    sent = Comment.objects.filter(report=report, sent_at__isnull=False).exclude(by__role=User.Role.REPORTER)
    questions = Counter(sent.values_list("sent_at", flat=True))
    files, corrected = list(attachments), {correction.at: correction for correction in corrections}
    steps: list[Step] = []
    saves: list[ReportEvent] = []
    before = None  # the last hand-in
    for event in reversed(events):
        if event.verb == Verb.SAVE:
            saves.append(event)
        elif event.verb == Verb.SUBMIT:
            came = sum(file.uploaded_at <= event.at and (not before or file.uploaded_at > before.at) for file in files)
            steps.append(Step(event, _net(saves, changes), came, others=_others(saves, event)))
            saves, before = [], event
        else:
            steps.append(Step(event, questions=questions[event.at], correction=corrected.get(event.at)))
    if saves:
        steps.append(Step(saves[-1], _net(saves, changes), others=_others(saves, saves[-1])))
    return steps[::-1]


def _net(saves: Iterable[ReportEvent], changes: Changes) -> int:
    """Figures that differ between before the first and after the last of these saves."""
    first: dict[int, Said] = {}
    last: dict[int, Said] = {}
    for save in saves:
        for change in changes.get(save.pk, ()):
            first.setdefault(change.measure_id, Said(change.old_value, change.old_not_applicable))
            last[change.measure_id] = Said(change.new_value, change.new_not_applicable)
    return sum(last[measure] != said for measure, said in first.items())


def _others(saves: Iterable[ReportEvent], event: ReportEvent) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(save.by) for save in saves if save.by_id != event.by_id))
