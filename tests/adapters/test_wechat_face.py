"""WeChat's face check 2.0, through the sandbox and its shared token."""

import json
from typing import Any

import pytest
import requests

from app.adapters.transport import Transport
from app.adapters.wechat import WeChatClient
from app.adapters.wechat_face import WeChatFace, cert_hash
from app.core.checks import CheckResult, Outcome
from app.core.errors import ProviderError
from app.core.ids import new_id
from app.identity.ports import FaceSession, FaceSubject
from tests.adapters.conftest import Control
from tests.adapters.peer import Peer, says
from tests.support.database import Database
from tests.support.sandbox_server import SandboxServer

PERSON, OPENID = FaceSubject("张伟", "220100199003071013"), "oTest0000000000000000000000"
TOKEN = says('{"access_token": "T", "expires_in": 7200}')


def client_at(url: str, secret: str = "s", patience: float = 2.0) -> WeChatClient:
    return WeChatClient(url, "wx0000000000000001", secret, transport=Transport("wechat", read_timeout=patience))


@pytest.fixture
def face(sandbox: SandboxServer, control: Control, database: Database, patience: float) -> WeChatFace:
    wechat = sandbox.credentials["wechat"]
    return WeChatFace(client_at(wechat["base_url"], wechat["app_secret"], patience))


class Check:
    """One check from its start on."""

    def __init__(self, face: WeChatFace, person: FaceSubject = PERSON) -> None:
        self.face, self.person, self.reference = face, person, new_id().hex
        self.session: FaceSession = face.start(
            subject=person, reference=self.reference, return_url="http://127.0.0.1:8000/", openid=OPENID
        )

    def ask(self, **changes: Any) -> CheckResult:
        asked = {"subject": self.person, "reference": self.reference, "openid": OPENID, **changes}
        return self.face.result(provider_ref=self.session.provider_ref, **asked)


def test_the_documented_hash() -> None:
    # WeChat's own sample number fails the card's check digit, so the hash must not validate.
    expected = "3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b"
    assert cert_hash("IDENTITY_CARD", "张三", "310101199801011234") == expected


def test_pending_until_the_person_is_done_then_a_match(face: WeChatFace, control: Control) -> None:
    check = Check(face)
    assert (check.session.url, check.session.app_call) == ("", {"verify_id": check.session.provider_ref})
    assert check.ask().outcome is Outcome.PENDING
    control.decide_face(check.session.provider_ref, "pass")
    assert check.ask() == CheckResult(Outcome.MATCH, "wechat_face", "10000", charged=True)


@pytest.mark.parametrize(
    ("choice", "outcome", "code"), [("fail", Outcome.MISMATCH, "10004"), ("cancel", Outcome.CANCELLED, "90004")]
)
def test_other_ends(face: WeChatFace, control: Control, choice: str, outcome: Outcome, code: str) -> None:
    check = Check(face)
    control.decide_face(check.session.provider_ref, choice)
    result = check.ask()
    assert (result.outcome, result.provider_code, result.charged) == (outcome, code, False)


def test_a_pass_for_somebody_or_something_else_is_no_pass(face: WeChatFace, control: Control) -> None:
    check = Check(face)
    control.decide_face(check.session.provider_ref, "pass")
    for change in (
        {"subject": FaceSubject("王小丽", "220100199508121020")},
        {"reference": new_id().hex},
        {"openid": "oOther"},
    ):
        assert check.ask(**change).outcome is Outcome.INVALID_INPUT
    assert check.ask().outcome is Outcome.MATCH


def test_an_unknown_check_has_expired_and_so_has_an_old_one(face: WeChatFace, control: Control) -> None:
    unknown = face.result(provider_ref="x", subject=PERSON, reference="r", openid=OPENID)
    assert (unknown.outcome, unknown.provider_code) == (Outcome.EXPIRED, "order_not_found")
    check = Check(face)
    control.shift_clock(3601)
    assert (check.ask().outcome, check.ask().provider_code) == (Outcome.EXPIRED, "90017")


def test_without_an_openid_nobody_is_asked(face: WeChatFace, control: Control) -> None:
    with pytest.raises(ProviderError) as caught:
        face.start(subject=PERSON, reference="r1", return_url="")
    assert (caught.value.code, caught.value.permanent) == ("openid_missing", True)
    assert control.log("wechat") == []


def test_a_bad_id_number_is_the_inputs_fault(face: WeChatFace) -> None:
    with pytest.raises(ProviderError) as caught:
        Check(face, FaceSubject("张伟", "220100199003071010"))
    assert caught.value.code == "invalid_input"


def test_nothing_private_travels_in_an_address(face: WeChatFace, control: Control) -> None:
    check = Check(face)
    check.ask()
    texts = [f"{entry['path']}?{entry['query']}" for entry in control.log("wechat")]
    assert len(texts) >= 2
    assert not any(secret in text for text in texts for secret in (PERSON.id_number, "sandbox-wechat-secret", OPENID))


@pytest.mark.parametrize("fault", ["token_expired", "token_refused"])
def test_a_token_that_ends_on_the_way_is_renewed(
    face: WeChatFace, control: Control, database: Database, fault: str
) -> None:
    check = Check(face)
    control.decide_face(check.session.provider_ref, "pass")
    control.arm("wechat", fault)
    # Half a minute and more after what another test has forced.
    control.shift_clock(40 if database.dialect == "sqlite" else 80)
    assert check.ask().outcome is Outcome.MATCH


def test_a_token_that_ends_again_and_again_is_an_outage(face: WeChatFace, control: Control) -> None:
    check = Check(face)
    control.arm("wechat", "token_expired", times=0)
    before = len(control.log("wechat"))
    assert (check.ask().outcome, check.ask().provider_code) == (Outcome.UNAVAILABLE, "account_problem")
    assert len(control.log("wechat")) - before <= 6, "each question is repeated once"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("rate_limit", "rate_limited"),
        ("http_500", "http_500"),
        ("malformed", "malformed_answer"),
        ("wrong_content_type", "malformed_answer"),
        ("lost_answer", "connection_lost"),
        ("refuse", "connection_lost"),
        ("timeout", "timeout"),
    ],
)
def test_faults(face: WeChatFace, control: Control, fault: str, code: str) -> None:
    check = Check(face)
    control.decide_face(check.session.provider_ref, "pass")
    control.arm("wechat", fault, times=2, seconds=3)
    expected = Outcome.RATE_LIMITED if fault == "rate_limit" else Outcome.UNAVAILABLE
    result = check.ask()
    assert (result.outcome, result.provider_code) == (expected, code)
    control.clear()
    assert check.ask().outcome is Outcome.MATCH
    control.arm("wechat", fault, seconds=3)
    with pytest.raises(ProviderError) as caught:
        Check(face)
    assert (caught.value.code, caught.value.permanent) == (code, False)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"verify_ret": 10000}, Outcome.MATCH),
        ({"errcode": 0}, Outcome.PENDING),
        ({"verify_ret": 10001}, Outcome.INVALID_INPUT),
        ({"verify_ret": 10003}, Outcome.MISMATCH),
        ({"verify_ret": 90001}, Outcome.UNSUPPORTED),
        ({"verify_ret": 90009}, Outcome.CANCELLED),
        ({"verify_ret": 90012}, Outcome.EXPIRED),
        ({"verify_ret": 90199}, Outcome.EXPIRED),
        ({"verify_ret": 12345}, Outcome.UNAVAILABLE),
        ({"verify_ret": "10000"}, Outcome.UNAVAILABLE),
        ({"verify_ret": True}, Outcome.UNAVAILABLE),
        ({"verify_ret": None}, Outcome.UNAVAILABLE),
        ({"errcode": 1, "verify_ret": 10000}, Outcome.UNAVAILABLE),
        ({"errcode": "0", "verify_ret": 10000}, Outcome.UNAVAILABLE),
    ],
)
def test_answers(peer: Peer, database: Database, answer: dict[str, Any], outcome: Outcome) -> None:
    peer.will(TOKEN, says(json.dumps(answer)))
    face = WeChatFace(client_at(peer.url))
    assert face.result(provider_ref="v", subject=PERSON, reference="r", openid=OPENID).outcome is outcome


@pytest.mark.parametrize("verify_id", [None, "", 1, "x" * 257, "人"])
def test_no_proper_verify_id_is_no_start(peer: Peer, database: Database, verify_id: object) -> None:
    peer.will(TOKEN, says(json.dumps({"errcode": 0, "verify_id": verify_id})))
    with pytest.raises(ProviderError, match="malformed_answer"):
        Check(WeChatFace(client_at(peer.url)))


def test_the_person_is_played_on_a_page_of_the_sandbox(face: WeChatFace, sandbox: SandboxServer) -> None:
    check = Check(face)
    page = requests.get(f"{sandbox.url}/face/{check.session.provider_ref}", timeout=5)
    requests.post(page.url, data={"result": "pass"}, timeout=5)
    assert check.ask().outcome is Outcome.MATCH
