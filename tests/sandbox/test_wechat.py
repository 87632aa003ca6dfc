"""WeChat's tokens, asked for as its documentation says."""

from typing import Any

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
