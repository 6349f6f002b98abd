"""Where the illustrative data must not go."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from agencies.models import User
from targets.models import Plan, Report, Target


def test_it_refuses_beside_real_reports(draft):
    with pytest.raises(CommandError, match="đã có báo cáo thật"):
        call_command("load_demo", stdout=StringIO())
    assert User.objects.filter(username="tinh").count() == 0


def test_it_refuses_without_the_plan(db):
    Plan.objects.filter(number="503/KH-UBND").update(number="cũ")
    with pytest.raises(CommandError, match="Chạy load_plan503 trước"):
        call_command("load_demo", stdout=StringIO())


def test_it_refuses_over_someone_elses_account(db):
    User.objects.create(username="tinh", role=User.Role.ADMIN, full_name="Người khác")
    with pytest.raises(CommandError, match="Đã có tài khoản tinh"):
        call_command("load_demo", stdout=StringIO())
    assert list(User.objects.values_list("full_name", flat=True)) == ["Người khác"]


def test_a_load_that_breaks_off_leaves_nothing_behind(plan, reviewer):
    plan.periods.filter(code="2018-H1").update(closed_at=timezone.now(), closed_by=reviewer)
    with pytest.raises(CommandError, match="Không nạp dữ liệu minh họa"):
        call_command("load_demo", stdout=StringIO())
    assert list(User.objects.all()) == [reviewer]
    assert (Report.objects.count(), Target.objects.exclude(unit=None).count()) == (0, 0)
