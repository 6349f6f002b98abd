"""Django's admin: every page opens for administrators, none for others, and nothing reported can be changed there."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import AccessEvent, User
from targets.models import (
    ApiClient,
    ApprovedFigure,
    Comment,
    Extension,
    ImportBatch,
    LearnedHeading,
    Period,
    PeriodEvent,
    Plan,
    Reminder,
    Report,
    ReportEvent,
)
from targets.reports import workflow
from tests.conftest import FIGURES

from .conftest import address, inline_code

pytestmark = pytest.mark.django_db
OURS = sorted(
    (model for model in admin.site._registry if model._meta.app_label in ("agencies", "targets")),
    key=lambda model: model._meta.label,
)
READ_ONLY = {Report, ReportEvent, ApprovedFigure, ImportBatch, Comment, Extension, PeriodEvent, Reminder, AccessEvent}
NEVER_ADDED = READ_ONLY | {LearnedHeading}  # headings come from the pages of an import
SHEETS = ["agencies.unit", "agencies.unitsuccession", "agencies.agency", "agencies.agencysuccession",
          "targets.indicator", "targets.measure", "targets.target", "targets.period", "targets.duty"]  # fmt: skip


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_list_and_row_opens(model, as_admin, approved):
    assert as_admin.get(address(model, "changelist")).status_code == 200
    assert as_admin.get(address(model, "changelist"), {"q": "Hạ"}).status_code == 200
    row = model._default_manager.first()
    if row is not None:
        assert as_admin.get(address(model, "change", row.pk)).status_code == 200
    assert as_admin.get(address(model, "add")).status_code == (403 if model in NEVER_ADDED else 200)


@pytest.mark.parametrize("who", ["reporter", "reviewer", "leader"])
@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_only_administrators_come_in(model, who, client, request):
    client.force_login(request.getfixturevalue(who))
    response = client.get(address(model, "changelist"))
    assert (response.status_code, response.url.startswith("/quan-tri/login/")) == (302, True)


@pytest.mark.parametrize("label", SHEETS)
@pytest.mark.parametrize("page", ["import", "export"])
@pytest.mark.parametrize(
    ("who", "status"), [("administrator", 200), ("reviewer", 302), ("leader", 302), ("reporter", 302)]
)
def test_only_administrators_import_and_export(label, page, who, status, client, request):
    client.force_login(request.getfixturevalue(who))
    url = reverse(f"admin:{label.replace('.', '_')}_{page}")
    assert client.get(url).status_code == status


@pytest.mark.parametrize("model", sorted(READ_ONLY, key=lambda m: m.__name__), ids=lambda model: model.__name__)
def test_what_the_workflow_wrote_cannot_be_changed_or_deleted_here(model, as_admin, approved):
    row = model._default_manager.first()
    if row is None:
        return
    before = model.objects.filter(pk=row.pk).values().get()
    as_admin.post(address(model, "change", row.pk), {"status": "draft", "value": "1"})
    assert as_admin.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).values().get() == before


def test_a_row_that_others_need_is_not_deleted(as_admin, approved):
    as_admin.post(address(Period, "delete", approved.period_id), {"post": "yes"})
    assert Period.objects.filter(pk=approved.period_id).exists()


def test_accounts_are_switched_off_and_never_deleted(as_admin, reporter):
    assert as_admin.post(address(User, "delete", reporter.pk), {"post": "yes"}).status_code == 403


def test_a_new_account_can_sign_in(as_admin, own_district, client):
    made = {
        "username": "moi", "full_name": "Lý Thị Mới", "role": "reporter", "agency": own_district.pk,
        "password1": "Mat-khau-dai-2026", "password2": "Mat-khau-dai-2026",
    }  # fmt: skip
    as_admin.post(address(User, "add"), made)
    assert User.objects.get(username="moi").check_password("Mat-khau-dai-2026")


def test_a_reporter_without_an_agency_is_refused_in_vietnamese(as_admin):
    made = {"username": "moi", "full_name": "Lý Thị Mới", "role": "reporter", "password1": "Mat-khau-dai-2026",
            "password2": "Mat-khau-dai-2026"}  # fmt: skip
    page = as_admin.post(address(User, "add"), made)
    assert "Cán bộ báo cáo phải thuộc một cơ quan." in page.content.decode()
    assert not User.objects.filter(username="moi").exists()


def test_a_date_typed_day_first_is_read_day_first(as_admin, plan):
    """Django's own Vietnamese formats read 03/09/2024 as 9 March."""
    period = plan.periods.get(code="2024-H1")
    typed = {
        "name": period.name,
        "kind": "half",
        "starts_on": "15/12/2023",
        "ends_on": "14/06/2024",
        "due_on": "03/09/2024",
    }
    response = as_admin.post(address(Period, "change", period.pk), typed)
    assert response.status_code == 302
    period.refresh_from_db()
    assert (period.due_on.day, period.due_on.month) == (3, 9)
    assert period.code == "2024-H1"


def test_a_change_leaves_its_history(as_admin, plan, administrator):
    period = plan.periods.get(code="2024-H1")
    typed = {
        "name": period.name,
        "kind": "half",
        "starts_on": "15/12/2023",
        "ends_on": "14/06/2024",
        "due_on": "25/06/2024",
    }
    as_admin.post(address(Period, "change", period.pk), typed)
    newest, before = period.history.all()[:2]
    assert (newest.history_user, newest.due_on.day, before.due_on.day) == (administrator, 25, 19)


@pytest.mark.parametrize("model", [Report, ApprovedFigure, ReportEvent], ids=lambda model: model.__name__)
def test_lists_ask_the_database_as_often_for_many_rows_as_for_few(
    model, as_admin, approved, plan, reporter, entries, reviewer
):
    as_admin.get(address(model, "changelist"))
    with CaptureQueriesContext(connection) as few:
        as_admin.get(address(model, "changelist"))
    for code in ("2023-H1", "2023-H2"):
        more = workflow.start(approved.agency, plan.periods.get(code=code), by=reporter)
        more = workflow.save(more, entries(**FIGURES), by=reporter, version=more.version)
        more = workflow.submit(more, by=reporter, version=more.version)
        workflow.approve(more, by=reviewer, version=more.version)
    with CaptureQueriesContext(connection) as many:
        as_admin.get(address(model, "changelist"))
    assert len(many) == len(few)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_no_page_needs_code_that_the_security_policy_stops(model, as_admin, approved):
    row = model._default_manager.first()
    pages = [address(model, "changelist")]
    if model not in NEVER_ADDED:
        pages.append(address(model, "add"))
    if row is not None:
        pages += [address(model, "change", row.pk), address(model, "history", row.pk)]
    if hasattr(row, "history"):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_simple_history"
        pages.append(reverse(name, args=[row.pk, row.history.latest().history_id]))
    for page in pages:
        answer = as_admin.get(page)
        assert (page, answer.status_code, inline_code(answer)) == (page, 200, [])


@pytest.mark.parametrize("page", ["index", "password_change"])
def test_the_admin_s_own_pages_need_no_inline_code_either(page, as_admin):
    assert inline_code(as_admin.get(reverse(f"admin:{page}"))) == []


@pytest.mark.parametrize(
    "model", [model for model in OURS if model not in NEVER_ADDED | {Plan, ApiClient}], ids=lambda model: model.__name__
)
def test_reference_lists_ask_the_database_as_often_for_three_rows_as_for_one(model, as_admin, reporter, stranger):
    three = list(model._default_manager.values_list("pk", flat=True)[:3])
    asked = []
    for rows in (three, three[:1], three):  # the first fills caches
        with CaptureQueriesContext(connection) as queries:
            page = as_admin.get(address(model, "changelist"), {"pk__in": ",".join(map(str, rows))})
        asked.append((page.context["cl"].result_count, len(queries)))
    assert asked[1:] == [(1, asked[2][1]), (3, asked[2][1])]


def test_what_an_event_changed_is_shown_with_it(as_admin, approved):
    saved = approved.events.get(verb="save")
    page = as_admin.get(address(ReportEvent, "change", saved.pk))
    (changes,) = page.context["inline_admin_formsets"]
    shown = {change.measure.code: (change.old_value, change.new_value) for change in changes.formset.queryset}
    assert shown == {code: (None, value) for code, value in FIGURES.items()}
