"""Where the illustrative data must not go."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from agencies.models import User
from targets.models import Plan


def test_it_refuses_beside_real_reports(draft):
    with pytest.raises(CommandError, match="đã có báo cáo thật"):
        call_command("load_demo", stdout=StringIO())
    assert User.objects.filter(username="tinh").count() == 0


def test_it_refuses_without_the_plan(db):
    Plan.objects.filter(number="503/KH-UBND").update(number="cũ")
    with pytest.raises(CommandError, match="Chạy load_plan503 trước"):
        call_command("load_demo", stdout=StringIO())
