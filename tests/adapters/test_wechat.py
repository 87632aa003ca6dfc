"""WeChat's token: shared by all processes, renewed once when it is refused, and never demanded too often."""

import json
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.adapters.transport import Transport
from app.adapters.wechat import WeChatClient
from app.core.clock import clock_at, now
from app.core.db import reading, transaction
from app.core.errors import ProviderError
from app.core.provider_tokens import KeptToken, ProviderToken, keep_token, load_token, may_force
from tests.adapters.peer import Peer, Received, says
from tests.support.database import Database

SECRET = "test-secret"
TOKEN_PATH = "/cgi-bin/stable_token"
OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok", "answer": 42}
REFUSED = {"errcode": 40001, "errmsg": "invalid credential"}


@pytest.fixture
def client(peer: Peer, database: Database) -> WeChatClient:
    return client_at(peer.url)


def client_at(url: str) -> WeChatClient:
    return WeChatClient(url, "wx0000000000000001", SECRET, transport=Transport("wechat", read_timeout=2))


def token(value: str, seconds: int = 7200) -> Any:
    return says(json.dumps({"access_token": value, "expires_in": seconds}))


def say(answer: object) -> Any:
    return says(json.dumps(answer))


def paths(peer: Peer) -> list[str]:
    return [urlsplit(received.path).path for received in peer.received]


def used(received: Received) -> str:
    return parse_qs(urlsplit(received.path).query)["access_token"][0]


def refusal(client: WeChatClient, **more: Any) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        client.post("/wxa/x", {}, **more)
    return caught.value


def test_a_call_carries_the_token_and_plain_text(client: WeChatClient, peer: Peer) -> None:
    peer.will(token("T1"), say(OK))
    assert client.post("/wxa/x", {"name": "𠮷野"}) == OK
    asked, called = peer.received
    assert json.loads(asked.body) == {
        "grant_type": "client_credential", "appid": "wx0000000000000001", "secret": SECRET, "force_refresh": False,
    }  # fmt: skip
    assert used(called) == "T1"
    assert called.body == '{"name": "𠮷野"}'.encode()


def test_all_processes_share_one_token(client: WeChatClient, peer: Peer) -> None:
    peer.will(token("T1"), say(OK))
    client.post("/wxa/x", {})
    client_at(peer.url).post("/wxa/x", {})
    assert paths(peer) == [TOKEN_PATH, "/wxa/x", "/wxa/x"]
    with reading() as session:
        [row] = session.query(ProviderToken)
    assert row.token == "T1"
    assert b"T1" not in row.token_ciphertext


def test_a_token_is_renewed_five_minutes_before_its_end(client: WeChatClient, peer: Peer) -> None:
    peer.will(token("T1", 7200), say(OK), say(OK), token("T2"), say(OK))
    start = now()
    client.post("/wxa/x", {})
    with clock_at(start + timedelta(seconds=6890)):
        client.post("/wxa/x", {})
    with clock_at(start + timedelta(seconds=6910)):
        client.post("/wxa/x", {})
    assert used(peer.received[-1]) == "T2"


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_refused_token_is_renewed_once(client: WeChatClient, peer: Peer, errcode: int) -> None:
    peer.will(token("T1"), say({"errcode": errcode}), token("T2"), say(OK))
    assert client.post("/wxa/x", {}) == OK
    assert used(peer.received[-1]) == "T2"


def test_what_another_process_has_renewed_is_used(client: WeChatClient, peer: Peer) -> None:
    def renewed_meanwhile(handler: Any, received: Received) -> None:
        keep_token("wechat:wx0000000000000001", KeptToken("T2", now() + timedelta(hours=1)))
        say(REFUSED)(handler, received)

    peer.will(token("T1"), renewed_meanwhile, say(OK))
    assert client.post("/wxa/x", {}) == OK
    assert paths(peer) == [TOKEN_PATH, "/wxa/x", "/wxa/x"]
    assert used(peer.received[-1]) == "T2"


def test_a_new_token_is_forced_when_wechat_repeats_the_refused_one(client: WeChatClient, peer: Peer) -> None:
    peer.will(token("T1"), say(REFUSED), token("T1"), token("T2"), say(OK))
    assert client.post("/wxa/x", {}) == OK
    assert [json.loads(received.body).get("force_refresh") for received in peer.received] == [
        False, None, False, True, None,
    ]  # fmt: skip


def test_a_lasting_fault_costs_one_forced_refresh(client: WeChatClient, peer: Peer) -> None:
    peer.will(token("T1"), say(REFUSED), token("T1"), token("T2"), say(REFUSED), token("T2"), say(REFUSED))
    first = refusal(client)
    assert (first.code, first.permanent, str(first)) == ("account_problem", False, "wechat: account_problem 40001")
    peer.will(say(REFUSED), token("T2"), say(REFUSED))
    assert refusal(client).code == "account_problem"
    forced = [received for received in peer.received if b'"force_refresh": true' in received.body]
    assert len(forced) == 1
    assert len(peer.received) == 8


@pytest.mark.parametrize(
    ("errcode", "code", "permanent"),
    [
        (-1, "vendor_unavailable", False),
        (40029, "code_invalid", True),
        (40125, "account_problem", False),
        (40164, "account_problem", False),
        (45009, "rate_limited", False),
        (45011, "rate_limited", False),
        (47001, "invalid_input", True),
        (48001, "account_problem", False),
        (99999, "refused", False),
    ],
)
def test_refusals(client: WeChatClient, peer: Peer, errcode: int, code: str, permanent: bool) -> None:
    peer.will(token("T1"), say({"errcode": errcode, "errmsg": "free text"}))
    error = refusal(client)
    assert (error.code, error.permanent, str(error)) == (code, permanent, f"wechat: {code} {errcode}")


def test_a_call_knows_its_own_refusals(client: WeChatClient, peer: Peer) -> None:
    peer.will(token("T1"), say({"errcode": 43101}))
    error = refusal(client, refusals={43101: ("no_quota", True)})
    assert (error.code, error.permanent) == ("no_quota", True)


@pytest.mark.parametrize(
    "answer",
    [
        says("[]"),
        says("<html>", content_type="text/html"),
        says('{"errcode": "0"}'),
        says('{"errcode": true}'),
        says('{"errcode": null}'),
    ],
)
def test_what_is_not_understood_is_no_success(client: WeChatClient, peer: Peer, answer: Any) -> None:
    peer.will(token("T1"), answer)
    assert refusal(client).code == "malformed_answer"


@pytest.mark.parametrize(
    "answer", [{}, {"access_token": ""}, {"access_token": "T"}, {"access_token": 1, "expires_in": 1}]
)
def test_half_a_token_is_none(client: WeChatClient, peer: Peer, answer: dict[str, Any]) -> None:
    peer.will(say(answer))
    assert refusal(client).code == "malformed_answer"
    assert load_token("wechat:wx0000000000000001") is None


def test_a_refused_secret_is_an_account_problem(client: WeChatClient, peer: Peer) -> None:
    peer.will(say({"errcode": 40125, "errmsg": "invalid appsecret"}))
    assert refusal(client).code == "account_problem"
    assert paths(peer) == [TOKEN_PATH]


@pytest.mark.parametrize(("idempotent", "calls"), [(False, 1), (True, 2)])
def test_only_idempotent_calls_are_repeated(client: WeChatClient, peer: Peer, idempotent: bool, calls: int) -> None:
    peer.will(token("T1"), says("busy", status=502))
    assert refusal(client, idempotent=idempotent).code == "http_502"
    assert paths(peer).count("/wxa/x") == calls


def test_neither_token_nor_secret_in_errors(client: WeChatClient, peer: Peer) -> None:
    peer.will(token("TOKEN-1"), says(f'{{"errcode": 1, "errmsg": "TOKEN-1 {SECRET}"}}'))
    text = "".join(traceback.format_exception(refusal(client)))
    peer.will(says("", status=500))
    text += "".join(traceback.format_exception(refusal(client)))
    with pytest.raises(ProviderError) as caught:
        client.get_with_secret("/sns/jscode2session", {"js_code": "c"})
    text += "".join(traceback.format_exception(caught.value))
    assert "TOKEN-1" not in text
    assert SECRET not in text


def test_a_call_with_the_secret_needs_no_token(client: WeChatClient, peer: Peer) -> None:
    peer.will(say({"openid": "o1", "session_key": "k"}))
    assert client.get_with_secret("/sns/jscode2session", {"js_code": "c/1"})["openid"] == "o1"
    [received] = peer.received
    assert received.method == "GET"
    assert parse_qs(urlsplit(received.path).query) == {
        "appid": ["wx0000000000000001"], "secret": [SECRET], "js_code": ["c/1"],
    }  # fmt: skip


def test_a_token_whose_key_is_gone_is_fetched_anew(client: WeChatClient, peer: Peer) -> None:
    keep_token("wechat:wx0000000000000001", KeptToken("T1", now() + timedelta(hours=1)))
    with transaction() as session:
        row = session.query(ProviderToken).one()
        row.token_ciphertext = row.token_ciphertext[:-1]
    peer.will(token("T2"), say(OK))
    client.post("/wxa/x", {})
    assert used(peer.received[-1]) == "T2"


def test_many_at_once_demand_one_new_token(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: may_force("wechat:a", interval=timedelta(hours=1)), range(16)))
    assert sorted(answers) == [False] * 15 + [True]


def test_a_new_token_is_demanded_by_one_process_in_each_interval(database: Database) -> None:
    start, hour = now(), timedelta(hours=1)
    with clock_at(start):
        assert [may_force("wechat:a", interval=hour) for _ in range(2)] == [True, False]
        assert may_force("wechat:b", interval=hour)
    with clock_at(start + hour):
        assert may_force("wechat:a", interval=hour)
