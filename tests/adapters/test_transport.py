"""F-11: what a vendor can do to a caller, and what the caller then knows."""

import logging
import socket
import traceback
from typing import Any

import pytest

from app.adapters.breaker import CircuitBreaker
from app.adapters.transport import MAX_ANSWER_BYTES, Reply, Transport, failed_check, safe_code
from app.core.checks import Outcome
from app.core.errors import ProviderError
from tests.adapters.peer import Peer, cuts, drips, drops, hangs, says

PRIVATE = "13800138000"


def ask(transport: Transport, url: str, **options: Any) -> dict[str, Any]:
    return transport.send("POST", f"{url}/?phone={PRIVATE}", body=b"x", decode=transport.json_object, **options)


def refusal(transport: Transport, url: str, **options: Any) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        ask(transport, url, **options)
    return caught.value


@pytest.fixture
def transport() -> Transport:
    return Transport("vendor", read_timeout=0.5)


def test_returns_what_decode_makes_of_the_answer(peer: Peer, transport: Transport) -> None:
    peer.will(says('{"ok": 1}', content_type="application/json; charset=utf-8"))
    assert ask(transport, peer.url) == {"ok": 1}
    assert peer.received[0].method == "POST"
    assert peer.received[0].body == b"x"


def test_client_errors_are_the_adapters_to_judge(peer: Peer, transport: Transport) -> None:
    peer.will(says("{}", status=404))
    assert transport.send("GET", peer.url, decode=lambda reply: reply.status) == 404


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (says("", status=500), "http_500"),
        (says("", status=503), "http_503"),
        (says("", status=429), "throttled"),
        (says("{", status=200), "malformed_answer"),
        (says("[]"), "malformed_answer"),
        (says("[" * 100_000), "malformed_answer"),
        (says(b"\xff\xfe"), "malformed_answer"),
        (says("{}", content_type="text/html"), "malformed_answer"),
        (says("", status=302, Location="http://127.0.0.1:1/"), "redirect_refused"),
        (says(b" " * (MAX_ANSWER_BYTES + 1)), "malformed_answer"),
        (cuts, "connection_lost"),
        (drops, "connection_lost"),
    ],
)
def test_every_bad_answer_has_its_code(peer: Peer, transport: Transport, answer: Any, code: str) -> None:
    peer.will(answer)
    error = refusal(transport, peer.url)
    assert (error.provider, error.code, error.permanent) == ("vendor", code, False)
    assert len(peer.received) == 1


def test_silence_ends_in_a_timeout(peer: Peer, transport: Transport) -> None:
    peer.will(hangs(peer))
    assert refusal(transport, peer.url).code == "timeout"


def test_dripping_ends_in_a_timeout(peer: Peer, transport: Transport) -> None:
    peer.will(drips(peer))
    assert refusal(transport, peer.url).code == "timeout"


def test_nobody_listening_means_that_nothing_was_sent(transport: Transport) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert refusal(transport, url).code == "unreachable"


def test_unknown_host(transport: Transport) -> None:
    assert refusal(transport, "http://vendor.invalid").code == "unreachable"


def test_plain_text_on_a_tls_port(peer: Peer, transport: Transport) -> None:
    peer.will(says("{}"))
    assert refusal(transport, peer.url.replace("http:", "https:")).code == "tls_failed"


def test_a_redirect_is_never_followed(peer: Peer, transport: Transport) -> None:
    peer.will(says("", status=307, Location=f"{peer.url}/elsewhere"), says("{}"))
    assert refusal(transport, peer.url).code == "redirect_refused"
    assert [received.path for received in peer.received] == [f"/?phone={PRIVATE}"]


def test_only_idempotent_calls_are_tried_twice(peer: Peer, transport: Transport) -> None:
    peer.will(drops, says('{"second": true}'))
    assert ask(transport, peer.url, idempotent=True) == {"second": True}
    peer.will(says("", status=503))
    assert refusal(transport, peer.url, idempotent=True).code == "http_503"
    assert len(peer.received) == 4
    peer.will(says("", status=503))
    refusal(transport, peer.url)
    assert len(peer.received) == 5


def test_a_timeout_is_not_tried_again(peer: Peer, transport: Transport) -> None:
    peer.will(hangs(peer))
    refusal(transport, peer.url, idempotent=True)
    assert len(peer.received) == 1


def test_proxies_and_logins_of_the_environment_are_ignored(
    peer: Peer, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    peer.will(says("{}", Set_Cookie="session=vendor"))
    ask(transport, peer.url)
    ask(transport, peer.url)
    assert "cookie" not in peer.received[1].headers


def test_broken_answers_open_the_circuit_and_refusals_do_not(peer: Peer) -> None:
    transport = Transport("vendor", breaker=CircuitBreaker("vendor", threshold=2, monotonic=lambda: 0.0))
    peer.will(says('{"code": "refused"}', status=400))
    for _ in range(3):
        ask(transport, peer.url)
    peer.will(says("garbage"))
    assert [refusal(transport, peer.url).code for _ in range(3)] == [
        "malformed_answer",
        "malformed_answer",
        "circuit_open",
    ]
    assert len(peer.received) == 5


@pytest.mark.parametrize("answer", [drops, cuts, says("", status=500), says(PRIVATE), says("[]")])
def test_nothing_private_in_errors_or_logs(
    peer: Peer, transport: Transport, caplog: pytest.LogCaptureFixture, answer: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    peer.will(answer)
    error = refusal(transport, peer.url)
    assert error.__context__ is None
    assert PRIVATE not in "".join(traceback.format_exception(error))
    assert PRIVATE not in caplog.text


def test_header_names_are_in_lower_case() -> None:
    assert Reply(200, {"content-type": "Text/HTML; charset=x"}, b"").content_type == "text/html"


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", "isv.BUSINESS_LIMIT_CONTROL"),
        (-4, "-4"),
        ("张伟 220100199003071013", ""),
        ("x" * 81, ""),
        (True, ""),
        (None, ""),
        ({"a": 1}, ""),
    ],
)
def test_codes_of_vendors_are_kept_only_when_they_look_like_codes(value: object, safe: str) -> None:
    assert safe_code(value) == safe


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("throttled", Outcome.RATE_LIMITED),
        ("rate_limited", Outcome.RATE_LIMITED),
        ("invalid_input", Outcome.INVALID_INPUT),
        ("timeout", Outcome.UNAVAILABLE),
        ("circuit_open", Outcome.UNAVAILABLE),
    ],
)
def test_an_outage_is_never_a_mismatch(code: str, outcome: Outcome) -> None:
    result = failed_check(ProviderError("vendor", code))
    assert (result.outcome, result.provider, result.provider_code) == (outcome, "vendor", code)
