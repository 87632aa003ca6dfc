"""The web application in this process, with fakes at its ports, and clients that behave like ours."""

import json
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.sessions import csrf_token_of
from app.adapters.local_blobs import LocalBlobStore
from app.adapters.software_keys import SoftwareKeyStore
from app.console.access import CONSOLE_COOKIE
from app.factory import build_app
from app.http.access import WORKER_COOKIE
from app.http.context import attach
from app.providers import Providers
from app.settings import Settings
from app.signing.ports import IssuedCertificate, KeyAlgorithm
from tests.factories import agreements, last_code
from tests.fakes import (
    FakeBank,
    FakeCarrier,
    FakeFace,
    FakeRegistry,
    FakeSms,
    fake_platforms,
)

CALLBACK_TOKEN = "callback-token-of-the-tests"
_shared: list[Flask] = []


class NoAuthority:
    """CertificateAuthority and Timestamper for tests that seal nothing."""

    def issue(self, request: bytes, *, profile: str, reference: str) -> IssuedCertificate:
        raise AssertionError("nothing is certified here")

    def stamp(self, digest: bytes) -> bytes:
        raise AssertionError("nothing is time-stamped here")

    def roots(self) -> tuple[bytes, ...]:
        return ()


def fake_providers(directory: Path) -> Providers:
    """Vendors that say yes; documents in `directory`."""
    return Providers(
        sms=FakeSms(), carrier=FakeCarrier(), faces={"alipay": FakeFace()}, bank=FakeBank(), registry=FakeRegistry(),
        blobs=LocalBlobStore(directory / "files"), authority=NoAuthority(), key_store=SoftwareKeyStore(),
        timestamper=NoAuthority(), public_url="http://localhost", key_algorithm=KeyAlgorithm.P256,
        **fake_platforms(),
    )  # fmt: skip


def make_app(directory: Path, providers: Providers | None = None, **changes: Any) -> Flask:
    """`providers`: fakes by default. `changes`: settings that differ, e.g. `rate_limit_public="2 per minute"`.

    Without changes all tests of a process get the same application with their own ports: making one takes longer than
    most tests.
    """
    if changes:
        return own_app(directory, providers, **changes)
    if not _shared:
        _shared.append(own_app(directory))
    app = _shared[0]
    attach(app, _settings(directory), providers or fake_providers(directory))
    for limiter in app.extensions["limiter"]:
        limiter.reset()
    return app


def own_app(directory: Path, providers: Providers | None = None, **changes: Any) -> Flask:
    """An application that nobody else has: for settings that differ, and for tests that add routes."""
    return build_app(_settings(directory, **changes), providers or fake_providers(directory))


def _settings(directory: Path, **changes: Any) -> Settings:
    defaults = {
        "gongyue_env": "test", "public_url": "http://localhost", "data_dir": str(directory),
        "sms_callback_token": CALLBACK_TOKEN, "rate_limit_public": "10000 per minute",
        "rate_limit_default": "100000 per minute",
    }  # fmt: skip
    return replace(Settings(), **(defaults | changes))


class WorkerClient:
    """Talks as the H5 client does: cookie, CSRF header, a fresh Idempotency-Key for every POST."""

    cookie = WORKER_COOKIE

    def __init__(self, app: Flask, token: str = "") -> None:
        self.client: FlaskClient = app.test_client()
        self._csrf = csrf_token_of(token) if token else ""
        if token:
            self.client.set_cookie(self.cookie, token)

    def log_in(self, phone: str, **more: Any) -> dict[str, Any]:
        """By code, as a person does; keeps the session."""
        sent = self.post("/api/v1/worker/login/codes", {"phone": phone})
        assert sent.status_code == 202, sent.get_data(as_text=True)
        agreed = [{"kind": str(kind), "version": version} for kind, version in agreements()]
        body = {"phone": phone, "code": last_code(phone), "agreements": agreed, **more}
        answer = self.post("/api/v1/worker/login", body)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        session: dict[str, Any] = answer.get_json()
        self._csrf = session["csrf_token"]
        return session

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers=_named(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.send("POST", path, body, **headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """`headers`: names with underscores; an empty value leaves the header out."""
        sent = {"Origin": "http://localhost", "X-CSRF-Token": self._csrf, "Idempotency-Key": str(uuid.uuid4())}
        sent |= _named(headers)
        data = json.dumps(body) if body is not None else None
        kept = {name: value for name, value in sent.items() if value}
        return self.client.open(path, method=method, data=data, headers=kept, content_type="application/json")


class ConsoleClient(WorkerClient):
    """The same for an operator; `submit` sends a form as the console's pages do."""

    cookie = CONSOLE_COOKIE

    def submit(self, path: str, form: dict[str, Any]) -> TestResponse:
        fields = {"csrf_token": self._csrf, "idempotency_key": str(uuid.uuid4())} | form
        return self.client.post(path, data=fields, headers={"Origin": "http://localhost"})


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def problem(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The body of an error, after checking that it is one of ours and complete (RFC 9457)."""
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.content_type == "application/problem+json"
    body: dict[str, Any] = json.loads(response.get_data())
    assert (body["code"], body["status"]) == (code, status)
    assert body["type"] == f"urn:gongyue:problem:{code}"
    assert body["detail"] in (body["detail_zh"], body["detail_en"])
    assert all(body[name] for name in ("detail_zh", "detail_en", "title"))
    assert body["request_id"] == response.headers["X-Request-Id"]
    return body
