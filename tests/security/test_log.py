"""What the log of the door keeps, what it never keeps, and that nobody changes it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from agencies.access.throttle import FEW
from agencies.models import AccessEvent, Agency, AgencySuccession, Unit, UnitSuccession, User
from targets.models import ApprovedFigure, Duty, FigureChange, Indicator, Measure, Period, Plan, ReportEvent, Target
from tests.admin.conftest import address

from .conftest import LOGIN, PASSWORD, come_in

pytestmark = pytest.mark.django_db
Kind = AccessEvent.Kind
REFERENCE = (Agency, AgencySuccession, Unit, UnitSuccession, User, Plan, Period, Measure, Indicator, Target, Duty)


def logged() -> list[tuple]:
    return list(AccessEvent.objects.order_by("pk").values_list("kind", "user__username", "address", "detail"))


def test_coming_in_and_going_out(client, account):
    come_in(client, account.username, address="203.0.113.9")
    client.post(reverse("logout"), REMOTE_ADDR="203.0.113.9")
    assert logged() == [("signed_in", "thanh", "203.0.113.9", ""), ("signed_out", "thanh", "203.0.113.9", "")]


def test_a_wrong_password_is_logged_with_the_account_and_without_the_password(client, account):
    come_in(client, account.username, "Mat-khau-sai-1")
    assert logged() == [("failed", "thanh", "203.0.113.5", "")]


def test_a_name_that_is_nobody_s_is_recognised_again_and_not_readable(client):
    for name in ("Mat-khau-go-nham", "Mat-khau-go-nham", "khac"):
        come_in(client, name, "x")
    (first, again, other) = [detail for *_, detail in logged()]
    assert (first == again, first == other, "nham" in first) == (True, False, False)


def test_a_lock_is_one_row_however_often_one_goes_on(account):
    for _ in range(FEW + 5):
        come_in(Client(), account.username, "sai")
    assert [kind for kind, *_ in logged()] == [*["failed"] * FEW, "locked"]


def test_refused_pages_are_logged_with_their_path_and_without_what_was_asked(client, account):
    client.force_login(account)
    client.get(reverse("reports:queue"), {"q": "bí mật"})
    assert logged()[1:] == [("refused", "thanh", "127.0.0.1", reverse("reports:queue"))]


def test_another_agency_s_report_is_logged_as_out_of_scope(client, stranger, draft):
    client.force_login(stranger)
    page = reverse("reports:detail", args=[draft.pk])
    for _ in range(3):
        client.get(page)
    assert logged()[1:] == [("out_of_scope", "mai", "127.0.0.1", page)]


def test_a_page_that_was_mistyped_is_no_event(client, account):
    client.force_login(account)
    client.get("/khong-co/")
    assert [kind for kind, *_ in logged()] == ["signed_in"]


def test_a_forged_form_is_logged_even_from_nobody(account):
    stranger = Client(enforce_csrf_checks=True)
    assert come_in(stranger, account.username).status_code == 403
    assert logged() == [("forged", None, "203.0.113.5", LOGIN)]


def test_passwords_that_change_are_logged(client, account):
    client.force_login(account)
    new = "Mat-khau-khac-2027"
    client.post(reverse("password_change"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert [kind for kind, *_ in logged()] == ["signed_in", "password"]


@pytest.mark.parametrize(
    "change", ["UPDATE agencies_accessevent SET address = NULL", "DELETE FROM agencies_accessevent"]
)
def test_the_database_refuses_to_change_a_row(change, client, account):
    come_in(client, account.username)
    before = logged()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert logged() == before


@pytest.mark.parametrize("model", [AccessEvent, LogEntry, ReportEvent, FigureChange, ApprovedFigure])
def test_no_page_of_the_admin_changes_what_happened(model, rf, administrator):
    request = rf.get("/")
    request.user = administrator
    page = admin.site._registry.get(model)
    may = page and (page.has_add_permission(request), page.has_change_permission(request),
                    page.has_delete_permission(request))  # fmt: skip
    assert may in (None, (False, False, False))


def test_no_row_of_history_can_be_changed_in_the_admin():
    historical = {model for model in apps.get_models() if model.__name__.startswith("Historical")}
    assert historical
    assert not historical & set(admin.site._registry)


@pytest.mark.parametrize("model", REFERENCE, ids=lambda model: model.__name__)
def test_every_reference_table_has_a_history(model):
    assert hasattr(model, "history")


def test_a_new_role_is_in_the_history_with_who_gave_it(client, administrator, reporter):
    client.force_login(administrator)
    typed = {"username": reporter.username, "full_name": reporter.full_name, "role": "leader", "is_active": "on"}
    client.post(address(User, "change", reporter.pk), typed)
    newest = reporter.history.first()
    assert (newest.role, newest.history_user) == ("leader", administrator)


def test_administrators_read_it(client, administrator, stranger, draft):
    other = Client()
    other.force_login(stranger)
    other.get(reverse("reports:detail", args=[draft.pk]))
    client.force_login(administrator)
    page = client.get(address(AccessEvent, "changelist")).content.decode()
    assert "Nhật ký truy cập" in page
    assert "Không có hoặc ngoài phạm vi (404)" in page
