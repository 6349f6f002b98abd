"""Fields and forms of the admin: numbers typed the Vietnamese way, identities made from names, accounts."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from agencies.models import Unit, User
from targets.models import CountingOwner, resting
from targets.models.numbers import NotANumber, parse_amount, spell

BARRED_D = str.maketrans("đĐ", "dD")  # the one Vietnamese letter that is not a letter with a mark


class NumberField(forms.DecimalField):
    """ "1.200" is one thousand two hundred, as everywhere else (docs/decisions/0007)."""

    widget = AdminTextInputWidget(attrs={"inputmode": "decimal", "class": "vIntegerField"})

    def to_python(self, value: object) -> Decimal | None:
        try:
            return parse_amount("" if value is None else str(value))
        except NotANumber as why:
            raise ValidationError(why.message, code=why.code) from why

    def prepare_value(self, value: object) -> object:
        return spell(value) if isinstance(value, Decimal) else value

    def has_changed(self, initial: object, data: object) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class RestingForm(forms.ModelForm):
    """What approved figures rest on stays as it is (targets.models.resting)."""

    def _post_clean(self) -> None:
        super()._post_clean()
        try:
            resting.check(self.instance)
        except ValidationError as why:
            self.add_error(None, why)


class OwnerFormSet(forms.BaseInlineFormSet):
    """Whose reports are counted: nobody goes whose approved figures are in the totals."""

    def clean(self) -> None:
        super().clean()
        for form in self.initial_forms:
            if self._should_delete_form(form) or form.has_changed():
                resting.check_owner_may_go(CountingOwner.objects.get(pk=form.instance.pk))


class IdentityForm(RestingForm):
    """A new row whose lasting code is left blank gets its name without marks: "Xã Hạ Lang" -> xa-ha-lang."""

    identity = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if field := self.fields.get(self.identity):
            field.required = False
            field.help_text = "Để trống để lấy theo tên, không dấu. Không đổi sau khi tạo."

    def clean(self) -> dict[str, object]:
        typed = super().clean()
        if self.identity in self.fields and not typed.get(self.identity) and self.identity not in self.errors:
            longest = self._meta.model._meta.get_field(self.identity).max_length
            typed[self.identity] = slugify(self.spoken_name(typed).translate(BARRED_D))[:longest].strip("-")
        return typed

    def spoken_name(self, typed: dict[str, object]) -> str:
        return typed.get("name") or ""


class UnitForm(IdentityForm):
    identity = "slug"

    def spoken_name(self, typed: dict[str, object]) -> str:
        """With its kind: a district and a commune may bear the same name."""
        return Unit(kind=typed.get("kind", ""), name=super().spoken_name(typed)).full_name


class AgencyForm(IdentityForm):
    identity = "code"


class NewUserForm(AdminUserCreationForm):
    usable_password = None

    class Meta:
        model = User
        fields = ("username", "full_name", "role", "agency", "email")


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"
        field_classes = {"username": forms.CharField}
