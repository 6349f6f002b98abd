"""Rows of a plan where one is chosen: told apart by their plan, offered from it, and taken from no other."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from targets.models import Duty, Indicator, Measure, Plan, Target
from targets.reference import PLANS, load_reference

from .conftest import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_plan(db) -> Plan:
    load_reference(PLANS / "plan2415")
    return Plan.objects.get(number="2415/QĐ-TTg")


def offered(client, model: str, field: str, term: str, **asked) -> list[str]:
    asked |= {"app_label": "targets", "model_name": model, "field_name": field, "term": term}
    return [row["text"] for row in client.get(reverse("admin:targets_of_plan"), asked).json()["results"]]


def test_what_is_offered_says_its_plan_and_is_of_the_plan_asked_for(as_admin, plan, other_plan):
    assert set(offered(as_admin, "indicator", "numerator", "CT1_TS")) == {
        "CT1_TS Tổng CB (503/KH-UBND)", "CT1_TS Tổng HV, PN (2415/QĐ-TTg)",
    }  # fmt: skip
    assert offered(as_admin, "indicator", "numerator", "CT1_TS", plan=plan.pk) == ["CT1_TS Tổng CB (503/KH-UBND)"]
    assert len(offered(as_admin, "measure", "section", "", plan=other_plan.pk)) == 8


@pytest.mark.parametrize("who", ["reporter", "reviewer", "leader"])
def test_nobody_else_is_offered_anything(who, client, request):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("admin:targets_of_plan")).status_code == 302


@pytest.mark.parametrize(
    ("model", "field"), [(Indicator, "numerator"), (Measure, "part_of"), (Target, "indicator"), (Duty, "indicators")]
)
def test_the_page_of_a_row_offers_its_own_plan(model, field, as_admin, plan):
    url = reverse("admin:targets_of_plan")
    page = as_admin.get(address(model, "change", model.objects.first().pk)).content.decode()
    assert f'data-ajax--url="{url}?plan={plan.pk}"' in page
    assert f'data-ajax--url="{url}"' in as_admin.get(address(model, "add")).content.decode()


def test_an_indicator_is_not_made_of_another_plan_s_measures(as_admin, plan, other_plan):
    measure, strange = plan.measures.get(code="CT3"), other_plan.measures.get(code="CT3")
    typed = {"plan": plan.pk, "code": "CT9", "name": "Thử", "short_name": "Thử", "unit_of_measure": "người",
             "direction": "up", "order": 9, "numerator": [measure.pk, strange.pk],
             "targets-TOTAL_FORMS": 0, "targets-INITIAL_FORMS": 0}  # fmt: skip
    page = as_admin.post(address(Indicator, "add"), typed)
    assert page.context["adminform"].form.errors == {
        "numerator": [f"Thuộc kế hoạch khác: {strange}. Chọn trong 503/KH-UBND."]
    }
    as_admin.post(address(Indicator, "add"), typed | {"numerator": [measure.pk]})
    assert plan.indicators.get(code="CT9").numerator.get() == measure


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"section": "CT1"}, {"section": ["Chỉ tiêu này thuộc kế hoạch khác."]}),
        ({"part_of": "CT3", "relation": "subset"}, {"part_of": ["Số tổng này thuộc kế hoạch khác."]}),
    ],
)
def test_a_measure_stands_in_no_other_plan_s_section_or_whole(changes, refused, plan, other_plan):
    strange = {"section": plan.indicators, "part_of": plan.measures}
    found = {name: strange[name].get(code=code) if name in strange else code for name, code in changes.items()}
    measure = other_plan.measures.filter(part_of=None).first()
    for name, value in found.items():
        setattr(measure, name, value)
    with pytest.raises(ValidationError) as why:
        measure.clean()
    assert why.value.message_dict == refused


def test_a_part_is_added_up_as_its_whole_is_and_has_no_parts(plan):
    whole, part = plan.measures.get(code="CT3"), plan.measures.get(code="CT3_KN")
    other = Measure(plan=plan, code="X", part_of=part, relation="subset", accumulation="flow")
    with pytest.raises(ValidationError, match="CT3_KN đã là một phần của số khác"):
        other.clean()
    other.part_of, other.accumulation = whole, "state"
    with pytest.raises(ValidationError, match="Cách cộng phải như số tổng CT3"):
        other.clean()
