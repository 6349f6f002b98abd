"""How the report form is laid out: crispy layout objects that render our own cards and figure rows."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby

from crispy_forms.layout import Div, Field
from django.template.loader import render_to_string

from targets.models import Indicator, Measure


class FigureRow(Field):
    """One measure: number, name, last period's figure, input, message."""

    def __init__(self, measure: Measure, previous: Decimal | None):
        super().__init__(measure.code, template="reports/figure_row.html")
        self.measure, self.previous = measure, previous

    def render(self, form, context, template_pack=None, extra_context=None, **kwargs):
        row = {"measure": self.measure, "previous": self.previous, **(extra_context or {})}
        return super().render(form, context, template_pack=template_pack, extra_context=row, **kwargs)


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
    def _heading(measure: Measure) -> tuple[str, str]:
        """(heading, remark) above a group of parts; none above wholes."""
        if measure.relation == Measure.Relation.SUBSET:
            return "Trong đó", "một người có thể thuộc nhiều nhóm"
        if measure.relation == Measure.Relation.PARTITION:
            return "Chia ra", f"cộng lại bằng ô {measure.part_of.number or measure.part_of.code}"
        return "", ""


class Card(Div):
    """A plain card with a heading."""

    template = "reports/form_card.html"

    def __init__(self, title: str, anchor: str, *fields):
        super().__init__(*fields)
        self.title, self.anchor = title, anchor

    def render(self, form, context, template_pack=None, **kwargs):
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(self.template, {"title": self.title, "anchor": self.anchor, "fields": fields})
