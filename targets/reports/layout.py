"""How the report form is laid out: crispy layout objects that render our own cards and figure rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from crispy_forms.layout import Div, Field
from django.template.loader import render_to_string

from targets.models import Indicator, Measure

from .beside import Beside
from .comments import Thread
from .field_names import NOT_APPLICABLE, NOTE, NOTHING, REASON, beside_name


class FigureRow(Field):
    """One measure: number, name, last period's figure, input, what it adds up to, message, what is said beside it."""

    def __init__(self, measure: Measure, beside: Beside, fault: str, warning: str, threads: Sequence[Thread]):
        super().__init__(measure.code, template="reports/figure_row.html")
        self.measure, self.beside = measure, beside
        self.fault, self.warning, self.threads = fault, warning, threads

    def render(self, form, context, template_pack=None, extra_context=None, **kwargs):
        row = {
            "measure": self.measure,
            "beside": self.beside,
            "fault": self.fault,
            "warning": self.warning,
            "threads": self.threads,
            "report": form.report,
            **self._around(form),
        }
        return super().render(form, context, template_pack=template_pack, extra_context=row, **kwargs)

    def _around(self, form) -> dict[str, object]:
        """The fields beside the figure's own."""
        said = {what: form[beside_name(self.measure.code, what)] for what in (NOTE, NOT_APPLICABLE, REASON, NOTHING)}
        return {
            "note": said[NOTE],
            "not_applicable": said[NOT_APPLICABLE],
            "reason": said[REASON],
            "nothing": said[NOTHING],
            "has_more": bool(said[NOTE].value() or said[NOT_APPLICABLE].value() or self.warning),
        }


class Section(Div):
    """A card of the form: an indicator's measures, or the others."""

    template = "reports/form_section.html"

    def __init__(self, indicator: Indicator | None, rows: list[FigureRow]):
        super().__init__(*rows)
        self.indicator, self.rows = indicator, rows

    def render(self, form, context, template_pack=None, **kwargs):
        groups = [
            (*self._heading(rows[0].measure), [row.render(form, context, template_pack=template_pack) for row in rows])
            for rows in (list(group) for _, group in groupby(self.rows, key=lambda row: row.measure.relation))
        ]
        return render_to_string(self.template, {"indicator": self.indicator, "groups": groups})

    @staticmethod
    def _heading(measure: Measure) -> tuple[str, str, str]:
        """(heading, remark, code of the whole that the parts add up to) above a group of parts; none above wholes."""
        if measure.relation == Measure.Relation.SUBSET:
            return "Trong đó", "một người có thể thuộc nhiều nhóm", ""
        if measure.relation == Measure.Relation.PARTITION:
            whole = measure.part_of
            return "Chia ra", f"cộng lại bằng ô {whole.number or whole.code}", whole.code
        return "", "", ""


class Card(Div):
    """A plain card with a heading."""

    template = "reports/form_card.html"

    def __init__(self, title: str, anchor: str, *fields):
        super().__init__(*fields)
        self.title, self.anchor = title, anchor

    def render(self, form, context, template_pack=None, **kwargs):
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(self.template, {"title": self.title, "anchor": self.anchor, "fields": fields})
