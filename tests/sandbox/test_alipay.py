"""Alipay's gateway and face check, called by python-alipay-sdk as an independent peer."""

from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import pytest
import requests
from alipay import AliPay
from alipay.exceptions import AliPayException, AliPayValidationError
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.sandbox.clients import Json, arm, shift_clock
from tests.support.sandbox_server import SandboxServer

INITIALIZE = "alipay.user.certify.open.initialize"
CERTIFY = "alipay.user.certify.open.certify"
QUERY = "alipay.user.certify.open.query"
RETURN_URL = "http://127.0.0.1:8000/h5/face-done"
Start = Callable[..., str]


def client(sandbox: SandboxServer, private_key: str = "", app_id: str = "") -> Any:
    given = sandbox.credentials["alipay"]
    keys = private_key or given["app_private_key_pem"], given["alipay_public_key_pem"]
    return _client(given["gateway_url"], app_id or given["app_id"], *keys)


@cache
def _client(url: str, app_id: str, private_key: str, public_key: str) -> Any:
    """The SDK takes its time to load a key."""
    alipay = AliPay(app_id, None, private_key, public_key)
    alipay._gateway = url
    return alipay


def order(name: str = "张伟", id_number: str = "220100199003071013", **changes: Any) -> Json:
    person = {"identity_type": "CERT_INFO", "cert_type": "IDENTITY_CARD", "cert_name": name, "cert_no": id_number}
    return {
        "outer_order_no": uuid4().hex,
        "biz_code": "FACE",
        "identity_param": person,
        "merchant_config": {"return_url": RETURN_URL},
        **changes,
    }


@pytest.fixture
def start(calm: SandboxServer) -> Start:
    def start_check(**changes: Any) -> str:
        answer = client(calm).server_api(INITIALIZE, order(**changes))
        assert answer["code"] == "10000"
        return str(answer["certify_id"])

    return start_check


def page_url(sandbox: SandboxServer, certify_id: str) -> str:
    signed = client(sandbox).client_api(CERTIFY, {"certify_id": certify_id})
    return f"{sandbox.credentials['alipay']['gateway_url']}?{signed}"


def query(sandbox: SandboxServer, certify_id: str) -> Json:
    answer: Json = client(sandbox).server_api(QUERY, {"certify_id": certify_id})
    return answer


def post(sandbox: SandboxServer, method: str, content: Json, **changes: str) -> Json:
    """By form POST; `changes` are made after signing."""
    signed = dict(parse_qsl(client(sandbox).client_api(method, content)))
    answer: Json = requests.post(sandbox.credentials["alipay"]["gateway_url"], data=signed | changes, timeout=5).json()
    return answer


@pytest.mark.parametrize(
    ("result", "passed", "reason"), [("pass", "T", ""), ("fail", "F", "未通过"), ("cancel", "F", "取消")]
)
def test_a_person_plays_the_check(calm: SandboxServer, start: Start, result: str, passed: str, reason: str) -> None:
    certify_id = start()
    before = query(calm, certify_id)
    assert before["passed"] == "F"
    assert "fail_reason" not in before
    page = requests.get(page_url(calm, certify_id), timeout=5)
    assert "您正在进行人脸核身" in page.text
    assert "张*" in page.text
    done = requests.post(page.url, data={"result": result}, allow_redirects=False, timeout=5)
    assert (done.status_code, done.headers["Location"]) == (302, RETURN_URL)
    after = query(calm, certify_id)
    assert after["passed"] == passed
    assert reason in after.get("fail_reason", "")


def test_a_check_is_done_once(calm: SandboxServer, start: Start) -> None:
    certify_id = start()
    control = f"{calm.url}/__sandbox/face/{certify_id}"
    assert requests.post(control, json={"result": "fail"}, timeout=5).status_code == 200
    assert requests.post(control, json={"result": "pass"}, timeout=5).status_code == 409
    page = requests.get(page_url(calm, certify_id), timeout=5)
    assert "已经完成" in page.text
    requests.post(page.url, data={"result": "pass"}, allow_redirects=False, timeout=5)
    assert query(calm, certify_id)["passed"] == "F"


def test_a_check_expires_after_23_hours(calm: SandboxServer, start: Start) -> None:
    certify_id = start()
    shift_clock(calm, 23 * 3600 + 1)
    assert "已过期" in requests.get(page_url(calm, certify_id), timeout=5).text
    control = f"{calm.url}/__sandbox/face/{certify_id}"
    assert requests.post(control, json={"result": "pass"}, timeout=5).status_code == 409
    shift_clock(calm, 91 * 86400)
    assert query(calm, certify_id)["sub_code"] == "OPEN_CERTIFY_BILL_NOT_EXIST"


@pytest.mark.parametrize(("name", "id_number"), [("周婷", "220100199209091108"), ("王小丽", "220100199003071013")])
def test_who_is_not_at_the_authority_never_passes(calm: SandboxServer, start: Start, name: str, id_number: str) -> None:
    certify_id = start(name=name, id_number=id_number)
    requests.post(f"{calm.url}/__sandbox/face/{certify_id}", json={"result": "pass"}, timeout=5)
    assert query(calm, certify_id)["passed"] == "F"


def test_form_post_works_like_get(calm: SandboxServer) -> None:
    answer = post(calm, INITIALIZE, order())
    assert answer["alipay_user_certify_open_initialize_response"]["code"] == "10000"
    assert answer["sign"]


def test_a_wrong_signature_is_refused_under_the_methods_name(calm: SandboxServer) -> None:
    answer = post(calm, QUERY, {"certify_id": "x"}, biz_content='{"certify_id":"y"}')
    inner = answer["alipay_user_certify_open_query_response"]
    assert (inner["code"], inner["sub_code"]) == ("40002", "isv.invalid-signature")


def test_another_key_or_app_is_refused(calm: SandboxServer) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    assert client(calm, other.decode()).server_api(QUERY, {"certify_id": "x"})["sub_code"] == "isv.invalid-signature"
    assert client(calm, app_id="2021").server_api(QUERY, {"certify_id": "x"})["sub_code"] == "isv.invalid-app-id"


def test_a_forged_page_address_opens_nothing(calm: SandboxServer, start: Start) -> None:
    url = page_url(calm, start()).replace("version=1.0", "version=1.1")
    page = requests.get(url, timeout=5)
    assert page.status_code == 400
    assert "无效签名" in page.text


@pytest.mark.parametrize(
    "change",
    [
        {"outer_order_no": "a" * 33},
        {"biz_code": "PALM"},
        {"identity_param": {"identity_type": "CERT_INFO", "cert_type": "PASSPORT"}},
        {"id_number": "220100199003071014"},
        {"merchant_config": {"return_url": "javascript:alert(1)"}},
    ],
)
def test_initialize_checks_its_input(calm: SandboxServer, change: Json) -> None:
    answer = client(calm).server_api(INITIALIZE, order(**change))
    assert (answer["code"], answer["sub_code"]) == ("40004", "INVALID_PARAMETER")


def test_an_order_number_is_used_once(calm: SandboxServer) -> None:
    same = order()
    assert client(calm).server_api(INITIALIZE, same)["code"] == "10000"
    assert client(calm).server_api(INITIALIZE, same)["code"] == "40004"


def test_an_unknown_method_is_an_error_response(calm: SandboxServer) -> None:
    with pytest.raises(AliPayException):
        client(calm).server_api("alipay.trade.query", {"out_trade_no": "1"})


def test_faults_of_alipay(calm: SandboxServer) -> None:
    arm(calm, "alipay", "bad_signature")
    with pytest.raises(AliPayValidationError):
        query(calm, "x")
    arm(calm, "alipay", "rate_limit")
    assert query(calm, "x")["code"] == "40005"
    assert query(calm, "x")["code"] == "40004"


def test_the_gateway_address_has_no_personal_data_in_the_page(calm: SandboxServer, start: Start) -> None:
    location = requests.get(page_url(calm, start()), allow_redirects=False, timeout=5).headers["Location"]
    assert urlsplit(location).query == ""
