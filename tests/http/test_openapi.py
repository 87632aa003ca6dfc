"""The specification: valid, complete, and honest about errors; its page asks no other host."""

import re
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.http.idempotency import needs_key
from app.http.public import is_public
from tests.support.database import ROOT

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

METHODS = ("get", "post", "put", "patch", "delete")
KEY = {"$ref": "#/components/parameters/IdempotencyKey"}


@pytest.fixture
def document(web: Flask) -> dict[str, Any]:
    found: dict[str, Any] = web.test_client().get("/api/openapi.json").get_json()
    return found


def _operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, item[method]) for path, item in document["paths"].items() for method in METHODS if method in item
    ]


def test_it_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()


def test_every_api_route_is_in_it(web: Flask, document: dict[str, Any]) -> None:
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in web.url_map.iter_rules()
        for method in rule.methods or ()
        if rule.rule.startswith("/api/v1/")
        and method not in ("HEAD", "OPTIONS")
        and not rule.endpoint.startswith("h5_oidc.")  # pages, to which browsers are redirected
    }
    assert served == {(path, method) for path, method, _ in _operations(document)}


def test_every_error_code_is_listed(document: dict[str, Any]) -> None:
    listed = document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
    defined = set()
    for path in (ROOT / "app").rglob("*.py"):
        defined |= set(re.findall(r'^    code = "([a-z_]+)"$', path.read_text(), re.MULTILINE))
    assert len(defined) > 50
    assert defined <= set(listed)


def test_errors_are_documented_as_problems(document: dict[str, Any]) -> None:
    for path, method, operation in _operations(document):
        assert operation["responses"]["default"] == {"$ref": "#/components/responses/DEFAULT_ERROR"}, (path, method)
    for name, response in document["components"]["responses"].items():
        assert list(response["content"]) == ["application/problem+json"], name
        assert response["content"]["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}


def test_sessions_and_keys_are_documented_as_they_are_demanded(web: Flask, document: dict[str, Any]) -> None:
    for rule in web.url_map.iter_rules():
        if not rule.rule.startswith("/api/v1/worker"):
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            operation = document["paths"][path][method.lower()]
            assert (operation["security"] == []) is is_public(rule.endpoint), path
            exempt = is_public(rule.endpoint) or not needs_key(web.view_functions[rule.endpoint])
            wanted = method == "POST" and not exempt
            assert (KEY in operation.get("parameters", [])) is wanted, path


def test_every_body_refuses_unknown_fields(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for path, method, operation in _operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            reference = content["schema"].get("$ref", "")
            if path.startswith(("/api/v1/worker", "/api/v1/h5")) and reference:
                assert schemas[reference.rsplit("/", 1)[1]]["additionalProperties"] is False, (path, method)


def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    for path, method, operation in _operations(document):
        assert operation.get("summary"), (path, method)


def test_the_page_asks_no_other_host(web: Flask) -> None:
    for address in ("/api/docs", "/static/api-docs.js"):
        with web.test_client().get(address) as response:
            assert not re.search(r"(?:https?:)?//[a-z]", response.get_data(as_text=True)), address
