"""Tencent's E证通, called as its documentation says: token, the person's page, status, result."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.sandbox.clients import Json, arm, shift_clock, tencent
from tests.support.sandbox_server import SandboxServer

REDIRECT_URL = "http://127.0.0.1:8000/h5/?a=1#/pages/face/return?id=1"


def call(sandbox: SandboxServer, action: str, *, skew: int = 0, **body: Any) -> Json:
    answer = tencent(sandbox, "faceid", "2018-03-01", action, body, skew=skew)
    assert answer.headers["Content-Type"] == "application/json"
    found: Json = answer.json()["Response"]
    return found


def get_token(sandbox: SandboxServer, **changes: Any) -> Json:
    body = {
        "MerchantId": sandbox.credentials["tencent"]["eid_merchant_id"],
        "Name": "张伟",
        "IdCard": "220100199003071013",
        "Extra": "order-1",
        "RedirectUrl": REDIRECT_URL,
        "Config": {"InputType": "4"},
        **changes,
    }
    return call(sandbox, "GetEidToken", **body)


def status(sandbox: SandboxServer, token: str, skew: int = 0) -> Any:
    return call(sandbox, "CheckEidTokenStatus", skew=skew, EidToken=token).get("Status")


def result(sandbox: SandboxServer, token: str) -> Any:
    return call(sandbox, "GetEidResult", EidToken=token, InfoType="1")["Text"]


@pytest.mark.parametrize(("choice", "code"), [("pass", 0), ("fail", 2016), ("cancel", 17)])
def test_a_person_plays_the_check(calm: SandboxServer, choice: str, code: int) -> None:
    started = get_token(calm)
    token = started["EidToken"]
    assert status(calm, token) == "init"
    assert result(calm, token) is None
    page = requests.get(started["Url"], timeout=5)
    assert "您正在进行人脸核身" in page.text
    assert "腾讯云" in page.text
    assert status(calm, token) == "doing"
    done = requests.post(page.url, data={"result": choice}, allow_redirects=False, timeout=5)
    back = urlsplit(done.headers["Location"])
    assert (back.path, back.fragment) == ("/h5/", "/pages/face/return?id=1")
    assert parse_qs(back.query) == {"a": ["1"], "token": [token]}
    assert status(calm, token) == "finished"
    text = result(calm, token)
    assert (text["ErrCode"], text["Extra"], text["Name"]) == (code, "order-1", "")


@pytest.mark.parametrize(
    ("name", "id_number", "code"), [("周婷", "220100199209091108", 2007), ("王小丽", "220100199003071013", 2006)]
)
def test_who_is_not_at_the_authority_never_passes(calm: SandboxServer, name: str, id_number: str, code: int) -> None:
    token = get_token(calm, Name=name, IdCard=id_number)["EidToken"]
    requests.post(f"{calm.url}/__sandbox/face/{token}", json={"result": "pass"}, timeout=5)
    assert result(calm, token)["ErrCode"] == code


def test_a_token_is_good_for_ten_minutes_and_one_check(calm: SandboxServer) -> None:
    token = get_token(calm)["EidToken"]
    shift_clock(calm, 601)
    assert status(calm, token, skew=601) == "timeout"
    settle = f"{calm.url}/__sandbox/face/{token}"
    assert requests.post(settle, json={"result": "pass"}, timeout=5).status_code == 409
    shift_clock(calm, 0)
    assert requests.post(settle, json={"result": "fail"}, timeout=5).status_code == 200
    assert requests.post(settle, json={"result": "pass"}, timeout=5).status_code == 409
    later = 3 * 86400 + 1
    shift_clock(calm, later)
    error = call(calm, "GetEidResult", skew=later, EidToken=token)["Error"]
    assert error["Code"] == "InvalidParameterValue.BizTokenExpired"


def test_another_vendors_check_is_no_token(calm: SandboxServer) -> None:
    error = call(calm, "CheckEidTokenStatus", EidToken="2B3B265E-2C91-5A62-B32D-D0CA5C3F1A15")["Error"]
    assert error["Code"] == "InvalidParameterValue.BizTokenIllegal"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"MerchantId": "0NSJ"}, "UnauthorizedOperation.Nonactivated"),
        ({"Config": {"InputType": "1"}}, "InvalidParameter"),
        ({"Config": None}, "InvalidParameter"),
        ({"IdCard": "220100199003071014"}, "InvalidParameterValue"),
        ({"Name": "长" * 33}, "InvalidParameterValue"),
        ({"Extra": "x" * 1025}, "InvalidParameterValue"),
        ({"RedirectUrl": "javascript:alert(1)"}, "InvalidParameterValue"),
        ({"Name": None}, "MissingParameter"),
    ],
)
def test_a_token_needs_proper_input(calm: SandboxServer, changes: Json, code: str) -> None:
    assert get_token(calm, **changes)["Error"]["Code"] == code


def test_too_often_is_told_in_tencents_way(calm: SandboxServer) -> None:
    arm(calm, "tencent-faceid", "rate_limit")
    assert get_token(calm)["Error"]["Code"] == "RequestLimitExceeded"
