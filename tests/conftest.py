"""The cast and the stage: plan 503's reference data is loaded once; every test has the same people."""

from __future__ import annotations

import gc
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection

from agencies.models import Agency, User, log_guard
from targets.models import Measure, Period, Plan, Report, ledger_guard
from targets.reference import load_plan503
from targets.reports import workflow
from targets.reports.workflow import Entry

# A report that passes every check, with the parts that are optional left out.
FIGURES = {"CT1_TS": 141, "CT1_TH": 126, "CT2_TS": 4651, "CT2_TT": 2604, "CT3": 17, "CT4": 1, "CT5": 0}

# Tests make many objects and few circles: looking for those less often takes a twentieth off.
gc.freeze()
gc.set_threshold(100_000, 50, 50)

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What touches no database is the same beside every one: the whole suite runs it once."""
    for item in items:
        if not item.get_closest_marker("django_db") and not DATABASE_FIXTURES & set(item.fixturenames):
            item.add_marker("pure")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Every test that touches the database finds the reference data there; gives what the first load did."""
    with django_db_blocker.unblock():
        return load_plan503()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Uploaded files go where they are thrown away."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def no_pages_kept():
    """A test's data is rolled back, its revision comes again; pages kept from it would too."""
    cache.clear()


@pytest.fixture(autouse=True)
def static_files_unread(settings, request):
    """Every test client would read through all static files first; a live server does, once."""
    settings.WHITENOISE_AUTOREFRESH = "live_server" not in request.fixturenames


@pytest.fixture
def a_database_to_empty(transactional_db):
    """For tests with real transactions: ledger and log refuse to be emptied, which they have to be after them.

    The log's guard goes before the test: a page may still be writing there when the test ends.
    """
    log_guard.remove(connection)
    ledger_guard.install(connection)
    yield
    ledger_guard.remove(connection)


@pytest.fixture
def plan(db) -> Plan:
    return Plan.objects.get(number="503/KH-UBND")


@pytest.fixture
def period(plan) -> Period:
    return plan.periods.get(code="2024-H1")


@pytest.fixture
def year(plan) -> Period:
    return plan.periods.get(code="2023")


def make_user(username: str, role: str, agency: Agency | None = None, full_name: str = "") -> User:
    """Without a password: tests sign in by force, so no time goes into hashing."""
    return User.objects.create(username=username, role=role, agency=agency, full_name=full_name or username)


@pytest.fixture
def own_district(db) -> Agency:
    return Agency.objects.get(code="hoi-lhpn-huyen-ha-lang")


@pytest.fixture
def other_district(db) -> Agency:
    return Agency.objects.get(code="hoi-lhpn-huyen-bao-lam")


@pytest.fixture
def province_union(db) -> Agency:
    return Agency.objects.get(code="hoi-lhpn-tinh")


@pytest.fixture
def reporter(own_district) -> User:
    return make_user("thanh", User.Role.REPORTER, own_district, "Lục Thị Thanh")


@pytest.fixture
def colleague(own_district) -> User:
    return make_user("lien", User.Role.REPORTER, own_district, "Đàm Thị Liên")


@pytest.fixture
def stranger(other_district) -> User:
    return make_user("mai", User.Role.REPORTER, other_district, "Hoàng Thị Mai")


@pytest.fixture
def reviewer(province_union) -> User:
    return make_user("hanh", User.Role.REVIEWER, province_union, "Nông Thị Hạnh")


@pytest.fixture
def second_reviewer(province_union) -> User:
    return make_user("nga", User.Role.REVIEWER, province_union, "Bế Thị Nga")


@pytest.fixture
def leader(db) -> User:
    return make_user("lanhdao", User.Role.LEADER, full_name="Triệu Văn Sơn")


@pytest.fixture
def administrator(db) -> User:
    return make_user("quantri", User.Role.ADMIN, full_name="Quản trị")


@pytest.fixture
def entries(plan):
    """`entries(CT3=17)` -> what the verbs take, by measure."""

    def build(**values) -> dict[Measure, Entry]:
        measures = {m.code: m for m in plan.measures.all()}
        return {
            measures[code]: value if isinstance(value, Entry) else Entry(None if value is None else Decimal(value))
            for code, value in values.items()
        }

    return build


@pytest.fixture
def draft(own_district, period, reporter, entries) -> Report:
    """Hạ Lang's report for the first half of 2024, filled in and ready to hand in."""
    report = workflow.start(own_district, period, by=reporter)
    return workflow.save(report, entries(**FIGURES), by=reporter, version=report.version)


@pytest.fixture
def submitted(draft, reporter) -> Report:
    return workflow.submit(draft, by=reporter, version=draft.version)


@pytest.fixture
def approved(submitted, reviewer) -> Report:
    return workflow.approve(submitted, by=reviewer, version=submitted.version)
