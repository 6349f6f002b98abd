"""Units, agencies and what became of them, as tables in and out."""

from __future__ import annotations

from agencies.models import Agency, AgencySuccession, Unit, UnitSuccession

from .base import ReferenceResource, column
from .widgets import ChoiceWidget, DateWidget, NumberWidget, ReferenceWidget, YesNoWidget


class UnitResource(ReferenceResource):
    slug = column(Unit, "slug")
    code = column(Unit, "code")
    name = column(Unit, "name")
    kind = column(Unit, "kind", ChoiceWidget(Unit.Kind.choices))
    parent = column(Unit, "parent", ReferenceWidget(Unit, "slug"))
    valid_from = column(Unit, "valid_from", DateWidget())
    valid_to = column(Unit, "valid_to", DateWidget())
    aliases = column(Unit, "aliases")
    legal_basis = column(Unit, "legal_basis")

    class Meta(ReferenceResource.Meta):
        model = Unit
        import_id_fields = ("slug",)
        fields = ("slug", "code", "name", "kind", "parent", "valid_from", "valid_to", "aliases", "legal_basis")


class UnitSuccessionResource(ReferenceResource):
    predecessor = column(UnitSuccession, "predecessor", ReferenceWidget(Unit, "slug"))
    successor = column(UnitSuccession, "successor", ReferenceWidget(Unit, "slug"))
    on = column(UnitSuccession, "on", DateWidget())
    main = column(UnitSuccession, "main", YesNoWidget())
    exact = column(UnitSuccession, "exact", YesNoWidget())
    weight = column(UnitSuccession, "weight", NumberWidget(whole=True))
    legal_basis = column(UnitSuccession, "legal_basis")

    class Meta(ReferenceResource.Meta):
        model = UnitSuccession
        import_id_fields = ("predecessor", "successor")
        fields = ("predecessor", "successor", "on", "main", "exact", "weight", "legal_basis")


class AgencyResource(ReferenceResource):
    code = column(Agency, "code")
    name = column(Agency, "name")
    short_name = column(Agency, "short_name")
    kind = column(Agency, "kind", ChoiceWidget(Agency._meta.get_field("kind").choices))
    level = column(Agency, "level", ChoiceWidget(Agency._meta.get_field("level").choices))
    unit = column(Agency, "unit", ReferenceWidget(Unit, "slug"))
    parent = column(Agency, "parent", ReferenceWidget(Agency, "code"))
    valid_from = column(Agency, "valid_from", DateWidget())
    valid_to = column(Agency, "valid_to", DateWidget())
    confirmed = column(Agency, "confirmed", YesNoWidget())
    note = column(Agency, "note")
    contact_name = column(Agency, "contact_name")
    contact_phone = column(Agency, "contact_phone")
    contact_email = column(Agency, "contact_email")

    class Meta(ReferenceResource.Meta):
        model = Agency
        import_id_fields = ("code",)
        fields = (
            "code", "name", "short_name", "kind", "level", "unit", "parent", "valid_from", "valid_to", "confirmed",
            "note", "contact_name", "contact_phone", "contact_email",
        )  # fmt: skip


class AgencySuccessionResource(ReferenceResource):
    predecessor = column(AgencySuccession, "predecessor", ReferenceWidget(Agency, "code"))
    successor = column(AgencySuccession, "successor", ReferenceWidget(Agency, "code"))
    on = column(AgencySuccession, "on", DateWidget())
    duties = column(AgencySuccession, "duties")
    confirmed = column(AgencySuccession, "confirmed", YesNoWidget())

    class Meta(ReferenceResource.Meta):
        model = AgencySuccession
        import_id_fields = ("predecessor", "successor")
        fields = ("predecessor", "successor", "on", "duties", "confirmed")
