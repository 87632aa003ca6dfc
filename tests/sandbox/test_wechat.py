"""WeChat's tokens and face check, asked for as its documentation says."""

from base64 import b64encode
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.sandbox.clients import Json, arm, shift_clock
from tests.support.sandbox_server import SandboxServer

DAY = 86400


def stable_token(sandbox: SandboxServer, **changes: Any) -> Json:
    given = sandbox.credentials["wechat"]
    body = {"grant_type": "client_credential", "appid": given["app_id"], "secret": given["app_secret"], **changes}
    answer = requests.post(f"{given['base_url']}/cgi-bin/stable_token", json=body, timeout=5)
    assert answer.status_code == 200
    found: Json = answer.json()
    return found


def test_everybody_gets_the_same_token_until_five_minutes_before_its_end(calm: SandboxServer) -> None:
    shift_clock(calm, 10 * DAY)
    first = stable_token(calm)
    assert len(first["access_token"]) == 512
    assert 7190 <= first["expires_in"] <= 7200
    assert stable_token(calm)["access_token"] == first["access_token"]
    shift_clock(calm, 10 * DAY + 6890)
    again = stable_token(calm)
    assert again["access_token"] == first["access_token"]
    assert 300 < again["expires_in"] <= 310
    shift_clock(calm, 10 * DAY + 6910)
    assert stable_token(calm)["access_token"] != first["access_token"]


def test_a_forced_token_is_new_and_not_given_twice_in_half_a_minute(calm: SandboxServer) -> None:
    shift_clock(calm, 20 * DAY)
    first = stable_token(calm)["access_token"]
    forced = stable_token(calm, force_refresh=True)["access_token"]
    assert forced != first
    assert stable_token(calm)["access_token"] == forced
    assert stable_token(calm, force_refresh=True)["errcode"] == 45009
    shift_clock(calm, 20 * DAY + 31)
    assert stable_token(calm, force_refresh=True)["access_token"] != forced


def test_twenty_forced_tokens_are_a_days_worth(calm: SandboxServer) -> None:
    answers = []
    for number in range(21):
        shift_clock(calm, 30 * DAY + 40 * number)
        answers.append(stable_token(calm, force_refresh=True))
    assert [answer.get("errcode") for answer in answers] == [None] * 20 + [45009]


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"appid": "wx"}, 40013),
        ({"secret": "wrong"}, 40125),
        ({"grant_type": "authorization_code"}, 40002),
    ],
)
def test_strangers_get_no_token(calm: SandboxServer, changes: Json, errcode: int) -> None:
    assert stable_token(calm, **changes)["errcode"] == errcode


def test_too_often_is_told_in_wechats_way(calm: SandboxServer) -> None:
    arm(calm, "wechat", "rate_limit")
    assert stable_token(calm)["errcode"] == 45009


CERT_HASH = "3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b"
PERSON: Json = {"cert_type": "IDENTITY_CARD", "cert_name": "张伟", "cert_no": "220100199003071013"}


def face_call(sandbox: SandboxServer, name: str, body: Json, token: str | None = None) -> Json:
    given = sandbox.credentials["wechat"]
    query = {"access_token": stable_token(sandbox)["access_token"] if token is None else token}
    url = f"{given['base_url']}/cityservice/face/identify/{name}"
    found: Json = requests.post(url, params=query, json=body, timeout=5).json()
    return found


def hash_of(person: Json) -> str:
    """As WeChat documents it."""
    parts = [f"{key}={b64encode(str(value).encode()).decode()}" for key, value in person.items()]
    return sha256("&".join(parts).encode()).hexdigest()


def start_face(sandbox: SandboxServer, **changes: Any) -> Json:
    return face_call(
        sandbox, "getverifyid", {"out_seq_no": uuid4().hex, "cert_info": PERSON, "openid": "o1", **changes}
    )


def test_the_documented_hash() -> None:
    person = {"cert_type": "IDENTITY_CARD", "cert_name": "张三", "cert_no": "310101199801011234"}
    assert hash_of(person) == CERT_HASH


@pytest.mark.parametrize(("choice", "verify_ret"), [("pass", 10000), ("fail", 10004), ("cancel", 90004)])
def test_a_person_plays_the_check(calm: SandboxServer, choice: str, verify_ret: int) -> None:
    order = uuid4().hex
    started = start_face(calm, out_seq_no=order)
    assert (started["errcode"], started["expires_in"]) == (0, 3600)
    question = {
        "verify_id": started["verify_id"], "out_seq_no": order, "cert_hash": hash_of(PERSON), "openid": "o1",
    }  # fmt: skip
    assert "verify_ret" not in face_call(calm, "queryverifyinfo", question)
    page = requests.get(f"{calm.url}/face/{started['verify_id']}", timeout=5)
    assert "微信" in page.text
    settled = requests.post(page.url, data={"result": choice}, timeout=5)
    assert "请回到小程序" in settled.text
    assert face_call(calm, "queryverifyinfo", question)["verify_ret"] == verify_ret
    for change in ({"openid": "o2"}, {"out_seq_no": "other"}, {"cert_hash": CERT_HASH}):
        assert face_call(calm, "queryverifyinfo", question | change)["errcode"] == 47003


def test_a_check_ends_after_an_hour(calm: SandboxServer) -> None:
    order = uuid4().hex
    verify_id = start_face(calm, out_seq_no=order)["verify_id"]
    question = {"verify_id": verify_id, "out_seq_no": order, "cert_hash": hash_of(PERSON), "openid": "o1"}
    shift_clock(calm, 3601)
    assert face_call(calm, "queryverifyinfo", question)["verify_ret"] == 90017
    assert face_call(calm, "queryverifyinfo", question | {"verify_id": "x"})["errcode"] == 84001


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"out_seq_no": "a"}, 47001),
        ({"openid": ""}, 47001),
        ({"cert_info": PERSON | {"cert_no": "220100199003071014"}}, 47003),
        ({"cert_info": PERSON | {"cert_type": "PASSPORT"}}, 47003),
    ],
)
def test_a_check_needs_proper_input(calm: SandboxServer, changes: Json, errcode: int) -> None:
    assert start_face(calm, **changes)["errcode"] == errcode


def test_an_order_number_is_used_once(calm: SandboxServer) -> None:
    order = uuid4().hex
    assert [start_face(calm, out_seq_no=order)["errcode"] for _ in range(2)] == [0, 47003]


def test_calls_need_a_token_in_force(calm: SandboxServer) -> None:
    assert face_call(calm, "getverifyid", {}, token="")["errcode"] == 41001
    assert face_call(calm, "getverifyid", {}, token="wrong")["errcode"] == 40001
    token = stable_token(calm)["access_token"]
    arm(calm, "wechat", "token_refused")
    assert face_call(calm, "getverifyid", {}, token)["errcode"] == 40001
    assert face_call(calm, "getverifyid", {}, token)["errcode"] == 47001
    arm(calm, "wechat", "token_expired")
    assert [face_call(calm, "getverifyid", {}, token)["errcode"] for _ in range(2)] == [42001, 42001]
    assert stable_token(calm)["access_token"] != token


def test_the_token_before_a_forced_one_lives_for_five_minutes(calm: SandboxServer) -> None:
    shift_clock(calm, 40 * DAY)
    before = stable_token(calm)["access_token"]
    stable_token(calm, force_refresh=True)
    shift_clock(calm, 40 * DAY + 290)
    assert face_call(calm, "getverifyid", {}, before)["errcode"] == 47001
    shift_clock(calm, 40 * DAY + 310)
    assert face_call(calm, "getverifyid", {}, before)["errcode"] == 42001
