"""Which database a request reads from: decided once, then at most over to the primary. Real copies: test_replicas."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.exceptions import MiddlewareNotUsed

from agencies.models import AccessEvent, Agency, User
from khoinghiep import production, replicas
from khoinghiep.replicas import PRIMARY, Router, Source
from targets.models import ApiClient, Plan

from .site import Site

COPY = "replica-1"
POSTGRES = "postgres://u:p@127.0.0.1:5432/kn"
SHOW = """
import json
from django.conf import settings
print(json.dumps([settings.DATABASES, settings.REPLICAS, settings.DATABASE_ROUTERS]))
"""
router = Router()


@pytest.fixture
def source() -> Iterator[Source]:
    """Of a page that has begun to read from a copy."""
    made = Source("session", COPY)
    token = replicas._source.set(made)
    yield made
    replicas._source.reset(token)


def configured(tmp_path, **environment: str) -> tuple[dict, list[str], list[str]]:
    databases, copies, routers = json.loads(Site(tmp_path, POSTGRES, environment).python(SHOW))
    return databases, copies, routers


def test_without_copies_nothing_is_routed(tmp_path):
    databases, copies, routers = configured(tmp_path)
    assert (list(databases), copies, routers) == (["default"], [], [])
    with pytest.raises(MiddlewareNotUsed):
        replicas.Reading(lambda request: None)


def test_every_copy_is_connected_to_as_the_primary_is(tmp_path):
    urls = "postgres://u:p@one:5432/kn,postgres://u:p@two:5433/kn?sslmode=require"
    databases, copies, routers = configured(tmp_path, DATABASE_REPLICA_URL=urls, STATEMENT_TIMEOUT="7")
    assert (copies, routers) == (["replica-1", "replica-2"], ["khoinghiep.replicas.Router"])
    assert [(databases[name]["HOST"], databases[name]["PORT"]) for name in copies] == [("one", 5432), ("two", 5433)]
    primary, one, two = databases["default"], databases["replica-1"], databases["replica-2"]
    assert one["OPTIONS"] == primary["OPTIONS"]
    assert two["OPTIONS"] == primary["OPTIONS"] | {"sslmode": "require"}
    assert one["OPTIONS"]["options"] == "-c statement_timeout=7s"
    for same in ("CONN_MAX_AGE", "CONN_HEALTH_CHECKS"):
        assert one[same] == two[same] == primary[same]
    assert one["TEST"]["MIRROR"] == two["TEST"]["MIRROR"] == "default"


def test_production_takes_copies_of_postgresql_only():
    engine = "django.db.backends.{}".format
    databases = {"default": {"ENGINE": engine("postgresql")}, COPY: {"ENGINE": engine("mysql")}}
    fit = {
        "DEBUG": False, "SECRET_KEY": "0123456789" * 5, "ALLOWED_HOSTS": ["kn.example.vn"], "HTTPS": True,
        "TRUSTED_PROXIES": ["127.0.0.1"],
    }  # fmt: skip
    (said,) = production.faults(fit | {"DATABASES": databases})
    assert said.startswith("DATABASE_REPLICA_URL chỉ nhận PostgreSQL")
    databases[COPY] = databases["default"]
    assert list(production.faults(fit | {"DATABASES": databases})) == []


def test_outside_of_a_page_all_is_read_from_the_primary():
    assert router.db_for_read(Plan) == PRIMARY


def test_a_page_reads_the_apps_own_tables_from_its_copy_and_the_door_from_the_primary(source):
    late = [Plan, Agency]
    now = [User, AccessEvent, ApiClient, Session, *apps.get_app_config("axes").get_models()]
    assert {router.db_for_read(model) for model in late} == {COPY}
    assert {router.db_for_read(model) for model in now} == {PRIMARY}
    assert source.database == COPY


def test_every_table_that_must_not_be_late_is_named_by_its_name():
    names = {model._meta.model_name for app in replicas.COPIED for model in apps.get_app_config(app).get_models()}
    assert names >= replicas.DOOR


def test_what_a_page_wrote_it_reads_from_the_primary_for_the_rest_of_it(source):
    assert [router.db_for_read(Plan), router.db_for_write(Plan), router.db_for_read(Agency)] == [COPY, PRIMARY, PRIMARY]


def test_a_note_about_the_session_or_the_client_leaves_the_page_where_it_is(source):
    assert {router.db_for_write(model) for model in (Session, ApiClient, AccessEvent)} == {PRIMARY}
    assert router.db_for_read(Plan) == COPY


def test_what_was_read_in_a_transaction_is_not_followed_by_what_is_older(db, source):
    """Every test with a database is within one."""
    assert router.db_for_read(Plan) == PRIMARY
    assert source.database == PRIMARY


def test_no_table_is_made_in_a_copy():
    assert [router.allow_migrate(name, "targets") for name in (PRIMARY, COPY)] == [True, False]
