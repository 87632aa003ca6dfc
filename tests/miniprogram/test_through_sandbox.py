"""Mini-programs and identity providers through the real protocols: our routes, the adapters, the sandbox (A4–A6)."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask

from app.adapters.platforms import identity_providers, mini_programs
from app.settings import Settings
from tests.adapters.conftest import Control
from tests.factories import agreements, last_code
from tests.miniprogram.test_api import MiniClient
from tests.support.database import Database
from tests.support.sandbox_server import SandboxServer
from tests.support.web import WorkerClient, fake_providers, make_app

ZHANG, WANG = "220100199003071013", "220100199508121020"
AGREED = [{"kind": str(kind), "version": version} for kind, version in agreements()]
PUBLIC = "http://127.0.0.1:8000"  # where the sandbox's providers send people back


@pytest.fixture
def web(sandbox: SandboxServer, control: Control, database: Database, tmp_path: Path) -> Flask:
    settings = Settings.from_environment({"SANDBOX_CREDENTIALS": str(sandbox.credentials_file)})
    mini, messengers = mini_programs(settings)
    vendors = replace(
        fake_providers(tmp_path), mini=mini, messengers=messengers, identity_providers=identity_providers(settings),
        public_url=PUBLIC,
    )  # fmt: skip
    return make_app(tmp_path, vendors, public_url=PUBLIC)


@pytest.mark.parametrize("platform", ["weixin", "alipay"])
def test_a_first_and_a_second_login(web: Flask, control: Control, platform: str) -> None:
    client, api = MiniClient(web), f"/api/v1/miniprogram/{platform}"
    asked = client.post(
        f"{api}/login", {"code": control.login_code(platform, ZHANG)["code"], "agreements": AGREED}
    ).get_json()
    proof = control.phone_proof(platform, ZHANG)
    body = {"ticket": asked["ticket"], "proof": proof, "agreements": AGREED}
    opened = client.post(f"{api}/login/phone", body).get_json()
    assert opened["phone_masked"] == "138****8000"
    again = client.post(f"{api}/login", {"code": control.login_code(platform, ZHANG)["code"], "agreements": AGREED})
    assert again.get_json()["account_id"] == opened["account_id"]
    client.token = opened["token"]
    settings = client.send("GET", f"{api}/settings").get_json()
    for template in settings["subscribe_templates"] + settings["employee_templates"]:
        assert client.post(f"{api}/subscriptions", {"template": template, "accepted": True}).status_code == 204


def test_the_government_tells_a_phone_and_no_code_is_needed(web: Flask) -> None:
    client = WorkerClient(web)
    begun = client.post("/api/v1/worker/login/providers/gov", {}, Origin=PUBLIC).get_json()
    back = client.get(_agree(begun["url"], ZHANG))
    assert back.status_code == 303, back.get_data(as_text=True)
    ticket = back.headers["Location"].partition("?ticket=")[2]
    opened = _enter(client, ticket)
    assert opened["phone_masked"] == "138****8000"


def test_a_card_on_the_phone_lets_a_computer_in_and_binds_a_phone(web: Flask) -> None:
    computer, phone = WorkerClient(web), WorkerClient(web)
    begun = computer.post("/api/v1/worker/login/providers/social_card", {}, Origin=PUBLIC).get_json()
    assert phone.get(_agree(begun["url"], WANG)).headers["Location"] == "/api/v1/h5/oidc/confirmation"
    accepted = phone.client.post(
        "/api/v1/h5/oidc/confirmation", data={"decision": "accept"}, headers={"Origin": PUBLIC}
    )
    assert accepted.status_code == 200
    status = computer.post("/api/v1/worker/login/third/status", {"ticket": begun["ticket"]}, Origin=PUBLIC)
    more: dict[str, Any] = {}
    if status.get_json() == {"status": "needs_phone"}:
        body = {"ticket": begun["ticket"], "phone": "13800138001"}
        assert computer.post("/api/v1/worker/login/third/codes", body, Origin=PUBLIC).status_code == 202
        more = {"phone": "13800138001", "code": last_code("13800138001")}
    assert _enter(computer, begun["ticket"], **more)["phone_masked"] == "138****8001"


def test_whoever_refuses_there_is_not_logged_in(web: Flask) -> None:
    client = WorkerClient(web)
    begun = client.post("/api/v1/worker/login/providers/gov", {}, Origin=PUBLIC).get_json()
    assert client.get(_agree(begun["url"], ZHANG, "refuse")).status_code == 422


def _agree(url: str, person: str, answer: str = "agree") -> str:
    """The provider's page, filled in; returns the path on our side."""
    sent = requests.post(url, data={"person": person, "answer": answer}, allow_redirects=False, timeout=5)
    assert sent.status_code == 303, sent.text
    location = sent.headers["Location"]
    assert location.startswith(f"{PUBLIC}/api/v1/h5/oidc/")
    return location.removeprefix(PUBLIC)


def _enter(client: WorkerClient, ticket: str, **more: Any) -> dict[str, Any]:
    body = {"ticket": ticket, "agreements": AGREED, **more}
    opened = client.post("/api/v1/worker/login/third/session", body, Origin=PUBLIC)
    assert opened.status_code == 200, opened.get_data(as_text=True)
    found: dict[str, Any] = opened.get_json()
    return found
