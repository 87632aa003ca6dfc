"""The doors for platforms' pushes: only what the platform signed for us comes in, and it gets its answer."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.accounts.login_models import ReceivedEvent
from app.adapters.platforms import event_sources
from app.core.db import reading
from app.settings import Settings
from tests.support.database import Database
from tests.support.sandbox_server import SandboxServer
from tests.support.web import fake_providers, make_app, problem

ZHANG = "13800138000"
CHANGE = {"event": "subscribe_msg_change_event", "template": "T1"}


@pytest.fixture
def web(database: Database, sandbox: SandboxServer, tmp_path: Path) -> Iterator[Flask]:
    """With the sandbox's keys behind the doors."""
    settings = Settings.from_environment({"SANDBOX_CREDENTIALS": str(sandbox.credentials_file)})
    yield make_app(tmp_path, replace(fake_providers(tmp_path), event_sources=event_sources(settings)))
    requests.post(f"{sandbox.url}/__sandbox/clock", json={"offset_seconds": 0}, timeout=5).raise_for_status()


def ordered(sandbox: SandboxServer, platform: str, **order: Any) -> dict[str, str]:
    url = f"{sandbox.url}/__sandbox/pushes/{platform}"
    answer = requests.post(url, json={"person": ZHANG, **order}, timeout=5)
    answer.raise_for_status()
    made: dict[str, str] = answer.json()["request"]
    return made


def push(client: FlaskClient, made: dict[str, str]) -> TestResponse:
    path = f"/api/v1/callbacks{made['path']}"
    return client.post(path, data=made["body"].encode(), content_type=made["content_type"])


def kept() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(ReceivedEvent)) or 0


@pytest.mark.parametrize(("platform", "order"), [("weixin", CHANGE), ("alipay", {})])
def test_an_event_is_kept_once_and_answered_each_time(
    web: Flask, sandbox: SandboxServer, platform: str, order: dict[str, str]
) -> None:
    made = ordered(sandbox, platform, **order)
    for _ in range(3):
        answer = push(web.test_client(), made)
        assert (answer.status_code, answer.get_data(as_text=True)) == (200, "success")
        assert answer.mimetype == "text/plain"
    assert kept() == 1


@pytest.mark.parametrize(
    ("platform", "order"),
    [
        ("weixin", CHANGE | {"flaw": "wrong_signature"}),
        ("weixin", CHANGE | {"flaw": "old"}),
        ("weixin", CHANGE | {"flaw": "other_app"}),
        ("alipay", {"flaw": "wrong_signature"}),
        ("alipay", {"flaw": "other_app"}),
    ],
)
def test_what_is_not_right_is_refused_and_not_kept(
    web: Flask, sandbox: SandboxServer, platform: str, order: dict[str, str]
) -> None:
    problem(push(web.test_client(), ordered(sandbox, platform, **order)), 403, "platform_event_refused")
    assert kept() == 0


@pytest.mark.parametrize(
    ("platform", "order"),
    [("weixin", {"event": "subscribe_msg_popup_event", "template": "T1"}), ("alipay", {"msg_method": "alipay.other"})],
)
def test_what_does_not_concern_us_is_answered_and_forgotten(
    web: Flask, sandbox: SandboxServer, platform: str, order: dict[str, str]
) -> None:
    answer = push(web.test_client(), ordered(sandbox, platform, **order))
    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "success")
    assert kept() == 0


@pytest.mark.parametrize(("platform", "order"), [("weixin", CHANGE), ("alipay", {})])
def test_where_nothing_is_configured_nothing_is_there(
    database: Database, sandbox: SandboxServer, tmp_path: Path, platform: str, order: dict[str, str]
) -> None:
    client = make_app(tmp_path).test_client()
    problem(push(client, ordered(sandbox, platform, **order)), 404, "not_found")


def test_wechat_asks_whether_the_address_is_ours(web: Flask, sandbox: SandboxServer) -> None:
    stamp, nonce = str(int(time.time())), "n1"
    right = {"timestamp": stamp, "nonce": nonce, "echostr": "12345", "signature": _signature(sandbox, stamp, nonce)}
    answer = web.test_client().get("/api/v1/callbacks/wechat", query_string=right)
    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "12345")
    wrong = right | {"signature": "0" * 40}
    problem(web.test_client().get("/api/v1/callbacks/wechat", query_string=wrong), 403, "platform_event_refused")


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"Encrypt": 1}', "<xml/>", '{"Encrypt": ""}'])
def test_a_malformed_push_is_refused(web: Flask, body: str) -> None:
    made = {"path": "/wechat?timestamp=1&nonce=n&msg_signature=" + "0" * 40, "body": body}
    answer = push(web.test_client(), made | {"content_type": "application/json"})
    assert answer.status_code in (400, 422)
    assert kept() == 0


def _signature(sandbox: SandboxServer, timestamp: str, nonce: str) -> str:
    text = "".join(sorted([sandbox.credentials["wechat"]["push_token"], timestamp, nonce]))
    return hashlib.sha1(text.encode()).hexdigest()
