"""A mini-program over HTTP: log in, bind a phone, allow messages, unbind (A6)."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.factories import agreements, last_code, new_phone
from tests.support.database import Database
from tests.support.web import WorkerClient, make_app, problem

AGREED = [{"kind": str(kind), "version": version} for kind, version in agreements()]
API = "/api/v1/miniprogram/weixin"


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Flask:
    return make_app(tmp_path)


class MiniClient(WorkerClient):
    """Keeps a bearer token itself and sends no Origin."""

    token = ""

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        mine = {"Origin": "", "X_CSRF_Token": "", "Authorization": self.token and f"Bearer {self.token}"}
        return super().send(
            method, path, body, **{name.replace("-", "_"): value for name, value in mine.items()} | headers
        )

    def log_in_there(self, subject: str, phone: str, number: int = 1) -> dict[str, Any]:
        asked = self.post(f"{API}/login", {"code": f"code-{subject}-{number}", "agreements": AGREED})
        assert asked.status_code == 202
        assert asked.get_json()["next"] == "phone"
        body = {"ticket": asked.get_json()["ticket"], "proof": f"proof-{phone}-{number}", "agreements": AGREED}
        opened: dict[str, Any] = self.post(f"{API}/login/phone", body).get_json()
        self.token = opened["token"]
        return opened


def test_the_platforms_user_logs_in(web: Flask) -> None:
    client, phone = MiniClient(web), new_phone()
    opened = client.log_in_there("o1", phone)
    assert opened["phone_masked"] == f"{phone[:3]}****{phone[-4:]}"
    assert client.client.get_cookie("gongyue_worker") is None
    again = MiniClient(web).post(f"{API}/login", {"code": "code-o1-2", "agreements": AGREED})
    assert again.status_code == 200
    assert again.get_json()["account_id"] == opened["account_id"]
    devices = client.send("GET", "/api/v1/worker/sessions").get_json()
    assert {device["channel"] for device in devices} == {"weixin"}


def test_a_phone_by_sms_where_the_platform_gives_none(web: Flask) -> None:
    client, phone = MiniClient(web), new_phone()
    ticket = client.post(f"{API}/login", {"code": "code-o1-1", "agreements": AGREED}).get_json()["ticket"]
    assert client.post("/api/v1/worker/login/codes", {"phone": phone}).status_code == 202
    body = {"ticket": ticket, "phone": phone, "code": last_code(phone), "agreements": AGREED}
    assert client.post(f"{API}/login/phone", body).status_code == 200
    problem(client.post(f"{API}/login/phone", body), 409, "login_ticket_over")


def test_messages_are_allowed_and_bindings_shown_and_ended(web: Flask) -> None:
    client = MiniClient(web)
    client.log_in_there("o1", new_phone())
    offered = client.send("GET", f"{API}/settings").get_json()
    assert offered == {"subscribe_templates": ["T1", "T2"], "employee_templates": ["E1"]}
    assert client.post(f"{API}/subscriptions", {"template": "T1", "accepted": True}).status_code == 204
    problem(client.post(f"{API}/subscriptions", {"template": "T9", "accepted": True}), 422, "template_unknown")
    (binding,) = client.send("GET", "/api/v1/worker/bindings").get_json()
    assert (binding["kind"], binding["label"]) == ("weixin", "微信")
    assert client.send("DELETE", f"/api/v1/worker/bindings/{binding['id']}").status_code == 204
    problem(client.send("GET", "/api/v1/worker/bindings"), 401, "session_ended")


def test_a_worker_of_h5_binds_another_user(web: Flask) -> None:
    h5, phone = WorkerClient(web), new_phone()
    h5.log_in(phone)
    assert h5.post(f"{API}/bindings", {"code": "code-o1-1"}).status_code == 201
    assert MiniClient(web).post(f"{API}/login", {"code": "code-o1-2", "agreements": AGREED}).status_code == 200
    other = WorkerClient(web)
    other.log_in(new_phone())
    problem(other.post(f"{API}/bindings", {"code": "code-o1-3"}), 409, "binding_taken")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("dingtalk/login", {"code": "code-o1-1", "agreements": AGREED}),
        ("dingtalk/login/phone", {"ticket": "x", "proof": "x", "agreements": AGREED}),
    ],
)
def test_an_unknown_platform_is_not_offered(web: Flask, path: str, body: dict[str, Any]) -> None:
    problem(MiniClient(web).post(f"/api/v1/miniprogram/{path}", body), 404, "platform_not_offered")


def test_a_used_code_is_told_as_such(web: Flask) -> None:
    client = MiniClient(web)
    client.log_in_there("o1", new_phone())
    body = {"code": "code-o1-1", "agreements": AGREED}
    problem(client.post(f"{API}/login", body), 422, "platform_code_invalid")
    problem(client.post(f"{API}/login", {"code": "code-o1-2", "agreements": []}), 422, "agreement_required")
