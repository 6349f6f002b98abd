"""The OpenAPI document: valid, complete, and true of what the endpoints answer."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.urls import get_resolver
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from targets.api import views
from targets.api.problems import TITLES
from targets.models import ApiClient
from targets.progress.progress import VIEWS

from .conftest import PLAN
from .test_door import ENDPOINTS

DOCUMENT = views.described()
PATHS = DOCUMENT["paths"]


def schema_at(pointer: str) -> OAS31Validator:
    """A validator of one schema of the document, by its place."""
    registry = Registry().with_resource("urn:api", Resource.from_contents(DOCUMENT, DRAFT202012))
    return OAS31Validator(
        {"$ref": f"urn:api#{pointer}"}, registry=registry, format_checker=OAS31Validator.FORMAT_CHECKER
    )


def faults(answer, path: str) -> list[str]:
    """Where an answer differs from what the document says of that path and status."""
    said = PATHS[path]["get"]["responses"][str(answer.status_code)]
    pointer = f"/paths/{path.replace('/', '~1')}/get/responses/{answer.status_code}"
    if "$ref" in said:
        pointer = said["$ref"].removeprefix("#")
        said = DOCUMENT["components"]["responses"][pointer.rpartition("/")[2]]
    (kind,) = said["content"]
    assert answer["Content-Type"] == kind
    validator = schema_at(f"{pointer}/content/{kind.replace('/', '~1')}/schema")
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(answer.json())]


def addresses(patterns=None, prefix: str = "") -> set[str]:
    """Every named address under /api/v1/, as OpenAPI writes it."""
    found = set()
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        at = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            found |= addresses(pattern.url_patterns, at)
        elif at.startswith("api/") and pattern.name:
            found.add(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", at.removeprefix("api/v1")))
    return found


def template_of(path: str) -> str:
    return path.replace(PLAN, "{number}")


def test_the_document_is_valid():
    validate(DOCUMENT)


def test_it_lists_every_address_under_api():
    assert set(PATHS) == addresses()


def test_it_knows_every_code_scope_and_view():
    schemas = DOCUMENT["components"]["schemas"]
    assert set(schemas["Problem"]["properties"]["code"]["enum"]) == set(TITLES)
    scopes = {scope for path in PATHS.values() for need in path["get"]["security"] for scope in need["token"]}
    assert scopes == set(ApiClient.Scope)
    assert DOCUMENT["components"]["parameters"]["by"]["schema"]["enum"] == list(VIEWS)


@pytest.mark.django_db
def test_the_document_that_is_served_is_this_one(ask):
    assert ask("/openapi.json").json() == json.loads(views.DESCRIPTION.read_text())


@pytest.mark.django_db
@pytest.mark.parametrize("path", list(ENDPOINTS))
@pytest.mark.parametrize("filled", [False, True])
def test_every_answer_is_as_described(path, filled, ask, request, own_district):
    if filled:
        for fixture in ("approved", "report"):
            made = request.getfixturevalue(fixture)
        made("hoi-lhpn-tinh", "2024-H1", CT3=2)
        made("huyen-bao-lam", "2024-H1", CT1_TS=3, CT1_TH=2, approve=False)
    params, scope = ENDPOINTS[path]
    answer = ask(path, **params)
    assert (answer.status_code, faults(answer, template_of(path))) == (200, [])
    assert PATHS[template_of(path)]["get"]["security"] == [{"token": [scope]}]


@pytest.mark.django_db
@pytest.mark.parametrize("path", list(ENDPOINTS))
def test_every_refusal_is_as_described(path, ask, issued, db):
    params, needed = ENDPOINTS[path]
    other = issued(next(scope for scope in ApiClient.Scope if scope != needed))
    refusals = [
        ask(path, using="kn_khong", **params),
        ask(path, using=other, **params),
        ask(path, **params, khong="x"),
        *([ask(path.replace(PLAN, "1/KH"))] if PLAN in path else []),
    ]
    assert [one.status_code for one in refusals] == [401, 403, 422, *([404] if PLAN in path else [])]
    assert [faults(one, template_of(path)) for one in refusals] == [[] for _ in refusals]


@pytest.mark.django_db
@pytest.mark.parametrize("path", [path for path in ENDPOINTS if path.count("/") == 1])
def test_the_parameters_described_are_those_that_are_taken(path, ask):
    """One that the document names is never unknown; the others are."""
    params, _ = ENDPOINTS[path]
    described = {ref["$ref"].rpartition("/")[2] for ref in PATHS[path]["get"]["parameters"]}
    named = {DOCUMENT["components"]["parameters"][name]["name"] for name in described} - {"If-None-Match"}
    for name in named | {"q"}:
        code = ask(path, **({name: "x"} | params)).json().get("code")
        assert (name, code == "parameter_unknown") == (name, name == "q")


def test_the_validator_of_these_tests_can_fail():
    assert [error.validator for error in schema_at("/components/schemas/Plans").iter_errors({"plans": [], "x": 1})] == [
        "additionalProperties"
    ]
    at = schema_at("/components/schemas/Period/properties/closed_at")
    assert [at.is_valid(one) for one in (None, "2024-07-01T08:30:00+07:00", "hôm qua")] == [True, True, False]


def test_the_guide_for_users_names_every_address_parameter_and_code():
    guide = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    names = {ref["$ref"].rpartition("/")[2] for path in PATHS.values() for ref in path["get"]["parameters"]}
    parameters = {DOCUMENT["components"]["parameters"][name]["name"] for name in names - {"if_none_match", "number"}}
    broken_off = {"fault", "unavailable", "no_room"}
    wanted = {*PATHS, *parameters, *TITLES, *broken_off, *ApiClient.Scope}
    assert {one for one in wanted if f"`{one}`" not in guide} == set()
