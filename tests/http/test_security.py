"""Headers of every answer; CSRF and Origin; cookies; proxies (T-05, T-11, Z-08, Z-11)."""

from pathlib import Path

import pytest
from flask import Flask

from app.http.access import WORKER_COOKIE
from tests.factories import agreements, last_code, new_phone, new_worker
from tests.support.database import Database
from tests.support.web import WorkerClient, make_app, problem

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

ADDRESSES = ("/", "/healthz", "/nothing", "/api/docs", "/api/openapi.json", "/api/v1/help", "/static/landing.css")


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_is_hardened(web: Flask, address: str) -> None:
    with web.test_client().get(address) as response:
        headers = response.headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    assert "Access-Control-Allow-Origin" not in headers
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("address", ["/api/v1/help", "/nothing", "/api/v1/worker/session"])
def test_the_api_is_never_cached(web: Flask, address: str) -> None:
    assert web.test_client().get(address).headers["Cache-Control"] == "no-store"


def test_over_tls_browsers_are_told_to_stay_there(database: Database, tmp_path: Path) -> None:
    app = make_app(tmp_path, public_url="https://gongyue.cn")
    assert "max-age=63072000" in app.test_client().get("/healthz").headers["Strict-Transport-Security"]


def test_a_request_id_is_made_here(web: Flask) -> None:
    sent = "client-made-this"
    first, second = (
        web.test_client().get("/healthz", headers={"X-Request-Id": sent}).headers["X-Request-Id"] for _ in "ab"
    )
    assert len({first, second, sent}) == 3


def test_a_cookie_needs_the_csrf_token(web: Flask) -> None:
    client = WorkerClient(web, new_worker().token)
    assert client.send("PUT", "/api/v1/worker/preferences", {"language": "en"}).status_code == 200
    for token in ("", "wrong", "\xe4\xb8\x8d"):
        refused = client.client.put(
            "/api/v1/worker/preferences", json={"language": "en"}, headers={"X-CSRF-Token": token}
        )
        problem(refused, 403, "csrf_refused")


def test_another_sessions_csrf_token_is_worth_nothing(web: Flask) -> None:
    mine, other = WorkerClient(web, new_worker().token), WorkerClient(web, new_worker().token)
    stolen = other.get("/api/v1/worker/session").get_json()["csrf_token"]
    refused = mine.send("PUT", "/api/v1/worker/preferences", {"language": "en"}, X_CSRF_Token=stolen)
    problem(refused, 403, "csrf_refused")


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example", "http://localhost:1"]
)
def test_another_sites_page_is_refused(web: Flask, origin: str) -> None:
    client = WorkerClient(web, new_worker().token)
    problem(client.send("PUT", "/api/v1/worker/preferences", {"language": "en"}, Origin=origin), 403, "csrf_refused")


def test_another_sites_page_cannot_even_log_somebody_in(web: Flask) -> None:
    client = WorkerClient(web)
    refused = client.post("/api/v1/worker/login/codes", {"phone": new_phone()}, Origin="https://evil.example")
    problem(refused, 403, "csrf_refused")
    refused = client.post("/api/v1/worker/login/codes", {"phone": new_phone()}, Origin="", Sec_Fetch_Site="cross-site")
    problem(refused, 403, "csrf_refused")


def test_reading_needs_no_token(web: Flask) -> None:
    client = WorkerClient(web, new_worker().token)
    assert client.client.get("/api/v1/worker/session").status_code == 200


def test_a_bearer_needs_no_csrf_token_and_a_cookie_beside_it_changes_nothing(web: Flask) -> None:
    worker = new_worker()
    client = web.test_client()
    client.set_cookie(WORKER_COOKIE, new_worker().token)
    changed = client.put(
        "/api/v1/worker/preferences", json={"language": "en"}, headers={"Authorization": f"Bearer {worker.token}"}
    )
    assert changed.get_json()["account_id"] == str(worker.actor.account_id)


@pytest.mark.parametrize("authorization", ["Bearer ", "Bearer x", "Basic dXNlcjpwYXNz", "Bearer a.b.c", "nonsense"])
def test_other_credentials_open_nothing(web: Flask, authorization: str) -> None:
    response = web.test_client().get("/api/v1/worker/session", headers={"Authorization": authorization})
    problem(response, 401, "session_ended")


@pytest.mark.parametrize(("url", "secure"), [("http://localhost", False), ("https://localhost", True)])
def test_the_session_cookie(database: Database, tmp_path: Path, url: str, secure: bool) -> None:
    client = WorkerClient(make_app(tmp_path, public_url=url))
    phone = new_phone()
    client.post("/api/v1/worker/login/codes", {"phone": phone})
    body = {"phone": phone, "code": last_code(phone), "agreements": _agreed()}
    cookie = client.post("/api/v1/worker/login", body).headers["Set-Cookie"]
    parts = {part.strip() for part in cookie.split(";")}
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= parts
    assert ("Secure" in parts) is secure


def test_a_clients_own_forwarding_headers_are_ignored(database: Database, tmp_path: Path) -> None:
    client = make_app(tmp_path, rate_limit_public="2 per minute").test_client()
    answers = [client.get("/api/v1/help", headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code for n in range(3)]
    assert answers == [200, 200, 429]


def test_as_many_proxies_as_configured_are_believed(database: Database, tmp_path: Path) -> None:
    client = make_app(tmp_path, rate_limit_public="1 per minute", trusted_proxies=1).test_client()
    spoofed = [f"203.0.113.{n}, 198.51.100.7" for n in range(2)]
    answers = [client.get("/api/v1/help", headers={"X-Forwarded-For": value}).status_code for value in spoofed]
    assert answers == [200, 429]
    assert client.get("/api/v1/help", headers={"X-Forwarded-For": "198.51.100.8"}).status_code == 200


def test_metrics_are_for_the_allowed_networks_only(database: Database, tmp_path: Path) -> None:
    app = make_app(tmp_path)
    assert app.test_client().get("/metrics").status_code == 200
    refused = app.test_client().get("/metrics", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    problem(refused, 404, "not_found")


def _agreed() -> list[dict[str, str]]:
    return [{"kind": str(kind), "version": version} for kind, version in agreements()]
