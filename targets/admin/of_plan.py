"""Choosing rows that belong to a plan: two plans both have a CT1, so the plan is said beside it and must match."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from targets.models import Plan


class OfPlanChoices(AutocompleteJsonView):
    """What the admin's own search finds; under `?plan=` of that plan alone."""

    def get_queryset(self) -> QuerySet:
        found, plan = super().get_queryset().select_related("plan"), self.request.GET.get("plan", "")
        return found.filter(plan=plan) if plan.isdigit() else found

    def serialize_result(self, row: models.Model, to_field_name: str) -> dict[str, str]:
        return super().serialize_result(row, to_field_name) | {"text": f"{row} ({row.plan.number})"}


class OfPlanMixin(AutocompleteMixin):
    url_name = "%s:targets_of_plan"
    plan: int | None = None

    def get_url(self) -> str:
        return f"{super().get_url()}?plan={self.plan}" if self.plan else super().get_url()


class OfPlanSelect(OfPlanMixin, AutocompleteSelect):
    pass


class OfPlanSelectMultiple(OfPlanMixin, AutocompleteSelectMultiple):
    pass


class OfPlanAdmin(admin.ModelAdmin):
    """`of_plan` fields offer rows of the plan of the row at hand; of every plan while that is not known."""

    of_plan: tuple[str, ...] = ()
    plan_path = "plan"

    def formfield_for_foreignkey(self, field, request: HttpRequest, **kwargs) -> forms.Field:
        return super().formfield_for_foreignkey(field, request, **self._widget(OfPlanSelect, field, request) | kwargs)

    def formfield_for_manytomany(self, field, request: HttpRequest, **kwargs) -> forms.Field:
        widget = self._widget(OfPlanSelectMultiple, field, request)
        return super().formfield_for_manytomany(field, request, **widget | kwargs)

    def _widget(self, kind: type[OfPlanMixin], field, request: HttpRequest) -> dict[str, OfPlanMixin]:
        if field.name not in self.of_plan:
            return {}
        widget = kind(field, self.admin_site)
        row = request.resolver_match.kwargs.get("object_id", "")
        if row.isdigit():
            widget.plan = self.model._default_manager.filter(pk=row).values_list(self.plan_path, flat=True).first()
        return {"widget": widget}


class OfPlanForm(forms.ModelForm):
    """Several rows chosen in one field are of the row's own plan."""

    def clean(self) -> dict[str, object]:
        typed = super().clean()
        plan: Plan | None = typed.get("plan") or (self.instance.plan if self.instance.plan_id else None)
        for name, chosen in list(typed.items()):
            if plan is None or not isinstance(self.fields[name], forms.ModelMultipleChoiceField):
                continue
            strange = [str(row) for row in chosen if row.plan_id != plan.pk]
            if strange:
                self.add_error(name, f"Thuộc kế hoạch khác: {', '.join(strange)}. Chọn trong {plan.number}.")
        return typed
