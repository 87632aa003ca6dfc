"""Fault orders, the log, and who may give orders."""

import time

import pytest
import requests

from tests.sandbox.clients import Json, aliyun, arm, messages, send_sms, tencent
from tests.sandbox.test_sms import LOGIN
from tests.support.sandbox_server import SandboxServer


def control(sandbox: SandboxServer, path: str) -> str:
    return f"{sandbox.url}/__sandbox/{path}"


def to(phone: str) -> Json:
    return LOGIN | {"PhoneNumbers": phone}


def test_latency_answers_late(calm: SandboxServer) -> None:
    arm(calm, "aliyun-sms", "latency", seconds=0.3)
    before = time.monotonic()
    assert aliyun(calm, LOGIN).json()["Code"] == "OK"
    assert time.monotonic() - before >= 0.3


@pytest.mark.parametrize(
    ("kind", "arrives"), [("timeout", False), ("refuse", False), ("lost_answer", True), ("http_500", False)]
)
def test_what_was_done_when_no_answer_came(calm: SandboxServer, kind: str, arrives: bool) -> None:
    phone = f"138001381{('timeout', 'refuse', 'lost_answer', 'http_500').index(kind):02d}"
    arm(calm, "aliyun-sms", kind, seconds=0.2)
    if kind == "http_500":
        assert aliyun(calm, to(phone)).status_code == 500
    else:
        with pytest.raises(requests.ConnectionError):
            aliyun(calm, to(phone))
    assert bool(messages(calm, phone)) is arrives
    assert aliyun(calm, to(phone)).json()["Code"] == "OK"


def test_malformed_and_wrong_content_type(calm: SandboxServer) -> None:
    arm(calm, "aliyun-sms", "malformed")
    with pytest.raises(requests.JSONDecodeError):
        aliyun(calm, LOGIN).json()
    arm(calm, "aliyun-sms", "wrong_content_type")
    assert aliyun(calm, LOGIN).headers["Content-Type"] == "application/octet-stream"


def test_rate_limits_are_told_in_the_vendors_way(calm: SandboxServer) -> None:
    arm(calm, "aliyun-sms", "rate_limit")
    arm(calm, "tencent-sms", "rate_limit")
    arm(calm, "tencent-faceid", "rate_limit")
    assert aliyun(calm, LOGIN).json()["Code"] == "isv.BUSINESS_LIMIT_CONTROL"
    assert send_sms(calm)["Code"] == "LimitExceeded.PhoneNumberThirtySecondLimit"
    body = {"Name": "张伟", "IdCard": "220100199003071013", "Phone": "13800138000"}
    answer = tencent(calm, "faceid", "2018-03-01", "PhoneVerification", body)
    assert answer.json()["Response"]["Error"]["Code"] == "RequestLimitExceeded"


def test_an_order_is_for_one_vendor_and_so_many_times(calm: SandboxServer) -> None:
    arm(calm, "tencent-sms", "http_500", times=2)
    assert aliyun(calm, LOGIN).status_code == 200
    body: Json = {}
    codes = [tencent(calm, "sms", "2021-01-11", "SendSms", body).status_code for _ in range(3)]
    assert codes == [500, 500, 200]


def test_an_order_without_end_is_cancelled(calm: SandboxServer) -> None:
    arm(calm, "aliyun-sms", "http_500", times=0)
    assert [aliyun(calm, LOGIN).status_code for _ in range(3)] == [500, 500, 500]
    requests.delete(control(calm, "faults"), timeout=5).raise_for_status()
    assert aliyun(calm, LOGIN).status_code == 200


@pytest.mark.parametrize(
    "order",
    [
        {"vendor": "carrier-pigeon", "kind": "timeout"},
        {"vendor": "tsa", "kind": "fire"},
        {"vendor": "tsa", "kind": "latency", "seconds": -1},
        {"vendor": "tsa", "kind": "latency", "times": "many"},
        {},
    ],
)
def test_senseless_orders_are_refused(calm: SandboxServer, order: Json) -> None:
    answer = requests.post(control(calm, "faults"), json=order, timeout=5)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert requests.get(control(calm, "faults"), timeout=5).json() == []


def test_the_log_shows_what_was_asked_and_answered(calm: SandboxServer) -> None:
    requests.delete(control(calm, "log"), timeout=5).raise_for_status()
    aliyun(calm, LOGIN)
    send_sms(calm)
    [entry] = requests.get(control(calm, "log"), params={"vendor": "aliyun-sms"}, timeout=5).json()
    assert entry["method"] == "POST"
    assert "PhoneNumbers=13800138000" in entry["query"]
    assert '"Code": "OK"' in entry["answer"]
    assert len(requests.get(control(calm, "log"), timeout=5).json()) == 2


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Host": "rebound.example"}, {"Origin": "null"}]
)
def test_other_sites_cannot_give_orders(calm: SandboxServer, headers: Json) -> None:
    order = {"vendor": "tsa", "kind": "http_500"}
    assert requests.post(control(calm, "faults"), json=order, headers=headers, timeout=5).status_code == 403


def test_what_is_too_big_is_refused(calm: SandboxServer) -> None:
    url = calm.credentials["tsa"]["url"]
    answer = requests.post(url, data=b"x" * (1024 * 1024 + 1), timeout=5)
    assert answer.status_code == 413
