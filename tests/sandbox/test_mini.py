"""Mini-programs of both platforms, called as their documentation says."""

from typing import Any

import pytest
import requests

from tests.sandbox.clients import Json
from tests.sandbox.test_alipay import client
from tests.sandbox.test_wechat import stable_token
from tests.support.sandbox_server import SandboxServer

ZHANG = "13800138000"


def order(sandbox: SandboxServer, path: str, body: Json) -> Json:
    answer = requests.post(f"{sandbox.url}/__sandbox/{path}", json=body, timeout=5)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def wechat(sandbox: SandboxServer, path: str, body: Json) -> Json:
    token = stable_token(sandbox)["access_token"]
    url = f"{sandbox.credentials['wechat']['base_url']}{path}"
    found: Json = requests.post(url, params={"access_token": token}, json=body, timeout=5).json()
    return found


def session(sandbox: SandboxServer, **changes: str) -> Json:
    given = sandbox.credentials["wechat"]
    query = {
        "appid": given["app_id"], "secret": given["app_secret"], "grant_type": "authorization_code",
        "js_code": order(sandbox, "phone/weixin/login-code", {"person": ZHANG})["code"],
    }  # fmt: skip
    answer = requests.get(f"{given['base_url']}/sns/jscode2session", params=query | changes, timeout=5)
    found: Json = answer.json()
    return found


def message(sandbox: SandboxServer, data: Json | None = None, **changes: Any) -> Json:
    template = contract_done(sandbox)
    subject = order(sandbox, "phone/weixin/login-code", {"person": ZHANG})["subject"]
    fields = {"thing1": {"value": "启明公司"}, "thing2": {"value": "劳动合同"}} if data is None else data
    right = {"touser": subject, "template_id": template, "page": "pages/x", "data": fields}
    return wechat(sandbox, "/cgi-bin/message/subscribe/send", right | changes)


def test_a_login_has_a_session_key_and_no_errcode(calm: SandboxServer) -> None:
    found = session(calm)
    assert set(found) == {"openid", "session_key"}
    assert len(found["openid"]) == 28


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [({"appid": "wx"}, 40013), ({"secret": "x"}, 40125), ({"grant_type": "x"}, 40002), ({"js_code": "x"}, 40029)],
)
def test_what_is_no_login(calm: SandboxServer, changes: dict[str, str], errcode: int) -> None:
    assert session(calm, **changes)["errcode"] == errcode


def test_a_used_login_code_has_an_error_of_its_own(calm: SandboxServer) -> None:
    code = order(calm, "phone/weixin/login-code", {"person": ZHANG})["code"]
    assert "openid" in session(calm, js_code=code)
    assert session(calm, js_code=code)["errcode"] == 40163


def contract_done(sandbox: SandboxServer) -> str:
    return str(sandbox.credentials["wechat"]["templates"]["CONTRACT_DONE"]["id"])


def answer_no(sandbox: SandboxServer) -> None:
    """Other tests may have said yes before."""
    refusal = {"person": ZHANG, "template": contract_done(sandbox), "accepted": False}
    order(sandbox, "phone/weixin/consents", refusal)


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"touser": "nobody"}, 40003),
        ({"template_id": "none"}, 40037),
        ({"page": "elsewhere"}, 41030),
        ({"miniprogram_state": "x"}, 47003),
        ({"data": {}}, 47003),
        ({"data": {"thing1": {"value": "字" * 21}, "thing2": {"value": "x"}}}, 47003),
        ({"data": {"thing1": {"value": ""}, "thing2": {"value": "x"}}}, 47003),
        ({}, 43101),
    ],
)
def test_messages_that_wechat_refuses(calm: SandboxServer, changes: Json, errcode: int) -> None:
    answer_no(calm)
    assert message(calm, **changes)["errcode"] == errcode


def test_a_message_for_each_yes_shows_on_the_page(calm: SandboxServer) -> None:
    answer_no(calm)
    order(calm, "phone/weixin/consents", {"person": ZHANG, "template": contract_done(calm)})
    assert message(calm)["errcode"] == 0
    assert message(calm)["errcode"] == 43101
    page = requests.get(calm.url, params={"phone": ZHANG}, timeout=5).text
    assert "劳动合同签署完成" in page
    assert "微信小程序" in page
    requests.delete(f"{calm.url}/__sandbox/mini-messages", timeout=5)


def test_alipays_login_as_its_sdk_sees_it(calm: SandboxServer) -> None:
    given = order(calm, "phone/alipay/login-code", {"person": ZHANG})
    found = client(calm).server_api("alipay.system.oauth.token", grant_type="authorization_code", code=given["code"])
    assert found["open_id"] == given["subject"]
    assert "code" not in found


@pytest.mark.parametrize("path", ["phone/weixin/login-code", "phone/weixin/phone-proof", "pushes/alipay"])
def test_nobody_has_no_phone(calm: SandboxServer, path: str) -> None:
    answer = requests.post(f"{calm.url}/__sandbox/{path}", json={"person": "nobody"}, timeout=5)
    assert answer.status_code == 404
