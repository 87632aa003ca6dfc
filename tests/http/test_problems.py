"""Every error is a problem document, keeps its headers, and tells nothing that it should not (RFC 9457, Z-14)."""

import io
import json
import logging
import re
from pathlib import Path

import pytest
from flask import Flask, abort
from sqlalchemy.exc import OperationalError

from app.accounts.errors import SmsLimitReached
from app.core.errors import InvalidInput, ProviderError
from tests.factories import new_worker
from tests.support.database import Database
from tests.support.web import WorkerClient, own_app, problem

SECRET = "110101199003071234"

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def failing(database: Database, tmp_path: Path) -> Flask:
    """Routes that fail in every way."""
    web = own_app(tmp_path)

    def raising(error: Exception) -> None:
        raise error

    failures = {
        "domain": lambda: raising(SmsLimitReached(retry_after=41)),
        "fields": lambda: raising(InvalidInput(fields={"name": ["请填写证件上的姓名，不含数字和符号。"]})),
        "vendor": lambda: raising(ProviderError("aliyun_sms", "timeout", SECRET)),
        "database": lambda: raising(OperationalError(f"SELECT {SECRET}", {}, Exception("gone"))),
        "bug": lambda: raising(KeyError(SECRET)),
        "unauthorised": lambda: abort(401),
        "teapot": lambda: abort(418),
    }
    for name, view in failures.items():
        web.add_url_rule(f"/fail/{name}", f"fail_{name}", view)
    web.add_url_rule("/fail/large", "fail_large", lambda: "", methods=["POST"])
    return web


def test_unknown_address(web: Flask) -> None:
    problem(web.test_client().get("/api/v1/nothing/here"), 404, "not_found")


def test_wrong_method_says_which_are_right(web: Flask) -> None:
    response = web.test_client().delete("/api/v1/worker/login")
    problem(response, 405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


def test_no_session_says_how_to_authenticate(web: Flask) -> None:
    response = web.test_client().get("/api/v1/worker/session")
    problem(response, 401, "session_ended")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_abort_401_keeps_the_header_too(failing: Flask) -> None:
    response = failing.test_client().get("/fail/unauthorised")
    problem(response, 401, "session_ended")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_domain_error_with_details_and_retry_after(failing: Flask) -> None:
    response = failing.test_client().get("/fail/domain")
    assert problem(response, 429, "sms_limit_reached")["retry_after"] == 41
    assert response.headers["Retry-After"] == "41"


def test_other_client_errors_are_bad_requests(failing: Flask) -> None:
    problem(failing.test_client().get("/fail/teapot"), 418, "bad_request")


def test_a_vendors_failure_is_told_as_such(failing: Flask) -> None:
    body = problem(failing.test_client().get("/fail/vendor"), 503, "provider_unavailable")
    assert SECRET not in json.dumps(body)


def test_a_lost_database_is_told_as_such(failing: Flask) -> None:
    response = failing.test_client().get("/fail/database")
    problem(response, 503, "service_busy")
    assert response.headers["Retry-After"] == "2"


def test_a_bug_tells_its_request_id_and_nothing_else(failing: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    response = failing.test_client().get("/fail/bug")
    body = problem(response, 500, "internal_error")
    told = response.get_data(as_text=True) + capsys.readouterr().out
    assert SECRET not in told
    assert "Traceback" not in told
    assert set(body) == {"type", "title", "status", "detail", "detail_zh", "detail_en", "code", "request_id"}


def test_a_bug_is_logged_with_its_place(failing: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        failing.test_client().get("/fail/bug")
    assert SECRET not in caplog.text


@pytest.mark.parametrize(("accept", "language"), [("zh-CN", "zh"), ("en", "en"), ("fr, en;q=0.5", "en"), ("fr", "zh")])
def test_detail_is_in_the_language_of_the_request(web: Flask, accept: str, language: str) -> None:
    body = problem(web.test_client().get("/nothing", headers={"Accept-Language": accept}), 404, "not_found")
    assert body["detail"] == body[f"detail_{language}"]


def test_fields_of_a_schema_are_flat_and_chinese(web: Flask) -> None:
    body = {"phone": 13800138000, "agreements": [{"kind": "user_agreement"}], "role": "admin"}
    found = problem(WorkerClient(web).post("/api/v1/worker/login", body), 422, "invalid_input")["fields"]
    assert found == {
        "phone": ["应为文字。"],
        "code": ["请填写此项。"],
        "agreements.0.version": ["请填写此项。"],
        "role": ["不接受此项。"],
    }


def test_fields_of_a_schema_in_english(web: Flask) -> None:
    response = WorkerClient(web).post("/api/v1/worker/login/codes", {}, Accept_Language="en")
    assert problem(response, 422, "invalid_input")["fields"] == {"phone": ["Missing data for required field."]}


def test_fields_of_the_domain_in_both_languages(failing: Flask) -> None:
    client = failing.test_client()
    chinese = problem(client.get("/fail/fields"), 422, "invalid_input")["fields"]["name"]
    english = client.get("/fail/fields", headers={"Accept-Language": "en"}).get_json(force=True)["fields"]["name"]
    assert chinese == ["请填写证件上的姓名，不含数字和符号。"]
    assert english[0].isascii()


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"null", b"\xff"])
def test_bodies_that_are_no_json_object(web: Flask, body: bytes) -> None:
    response = web.test_client().post("/api/v1/worker/login/codes", data=body, content_type="application/json")
    assert response.status_code in (400, 422)
    problem(response, response.status_code, "bad_request" if response.status_code == 400 else "invalid_input")


def test_a_body_that_is_too_large(failing: Flask) -> None:
    failing.config["MAX_CONTENT_LENGTH"] = 1000
    worker = new_worker()
    response = WorkerClient(failing, worker.token).post("/api/v1/h5/links/claim", {"token": "x" * 2000})
    problem(response, 413, "payload_too_large")


def test_every_unknown_field_is_refused_by_every_body(web: Flask) -> None:
    """Mass assignment: no column's name gets through (T-28)."""
    worker = new_worker()
    client = WorkerClient(web, worker.token)
    for path in _posts(web):
        found = problem(client.post(path, {"status": "completed", "person_id": "x"}), 422, "invalid_input")["fields"]
        assert found["status"] == ["不接受此项。"], path
        assert found["person_id"] == ["不接受此项。"], path


def _posts(web: Flask) -> list[str]:
    """Every JSON POST of the worker's channel that has a body."""
    nobody = "00000000-0000-4000-8000-000000000000"
    document = web.test_client().get("/api/openapi.json").get_json()
    return [
        re.sub(r"\{\w+_id\}", nobody, path)
        for path, methods in document["paths"].items()
        if path.startswith(("/api/v1/worker", "/api/v1/h5"))
        and "application/json" in methods.get("post", {}).get("requestBody", {}).get("content", {})
    ]


def test_multipart_to_a_json_route_is_refused(web: Flask) -> None:
    response = web.test_client().post("/api/v1/worker/login/codes", data={"file": (io.BytesIO(b"x"), "x.pdf")})
    assert response.status_code in (415, 422)
