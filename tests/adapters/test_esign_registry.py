"""The business registry through e签宝: signature, verdicts and faults."""

import json
from typing import Any

import pytest

from app.adapters.esign_registry import PATH, EsignRegistry, signed_headers
from app.adapters.transport import Transport
from app.core.checks import CheckResult, Outcome
from tests.adapters.conftest import Control
from tests.adapters.peer import Peer, says
from tests.support.sandbox_server import SandboxServer

ORGANISATION = {
    "name": "长春市启明软件技术有限公司",
    "uscc": "91220100MA00000152",
    "legal_representative": "李国强",
    "legal_representative_id": "220100197801151035",
}


def test_reproduces_the_vendors_signature() -> None:
    body = b'{"signFlowConfig":{"signFlowTitle":"t"}}'
    secret = "0123456789abcdef" * 2  # pragma: allowlist secret
    headers = signed_headers("app", secret, "/v3/sign-flow/create-by-file", body, 1700000000000)
    assert headers["Content-MD5"] == "KB7YYkDUIenfdF45xBVHng=="
    assert headers["X-Tsign-Open-Ca-Signature"] == "YK9BNUhIdoBtAgZeblICNM1cPlugVdkFRn+PQaeyDdE="
    assert headers["X-Tsign-Open-Ca-Timestamp"] == "1700000000000"


def registry_at(url: str, secret: str, patience: float = 2.0) -> EsignRegistry:
    transport = Transport("esign_registry", read_timeout=patience)
    return EsignRegistry(url, "sandbox-registry-app-id", secret, transport=transport)


@pytest.fixture
def registry(sandbox: SandboxServer, control: Control, patience: float) -> EsignRegistry:
    credentials = sandbox.credentials["registry"]
    return registry_at(credentials["base_url"], credentials["app_secret"], patience)


def check(registry: EsignRegistry, **changes: str) -> CheckResult:
    return registry.check_organisation(**{**ORGANISATION, **changes}, reference="org-1")


def test_match(registry: EsignRegistry, control: Control) -> None:
    result = check(registry)
    assert (result.outcome, result.provider, result.provider_code) == (Outcome.MATCH, "esign_registry", "0")
    assert result.request_id.isdecimal()
    [entry] = control.log("registry")
    assert (entry["path"], entry["query"]) == (PATH, "")
    assert json.loads(entry["body"])["contextId"] == "org-1"


def test_rare_characters(registry: EsignRegistry) -> None:
    rare = {
        "name": "北方𠮷祥餐饮管理有限公司",
        "uscc": "91220100MA0000031P",
        "legal_representative": "𠮷野家明",
        "legal_representative_id": "220100198802291042",
    }
    assert check(registry, **rare).outcome is Outcome.MATCH


@pytest.mark.parametrize(
    ("changes", "outcome", "code"),
    [
        ({"name": "长春市启明软件有限公司"}, Outcome.MISMATCH, "30504001"),
        ({"legal_representative": "李强"}, Outcome.MISMATCH, "30504001"),
        ({"legal_representative_id": "220100198103031110"}, Outcome.MISMATCH, "30504001"),
        ({"uscc": "91350100M000100Y43"}, Outcome.NO_RECORD, "30504002"),
        ({"uscc": "91220100MA00000153"}, Outcome.INVALID_INPUT, "30500101"),
        ({"name": ""}, Outcome.INVALID_INPUT, "30500100"),
        ({"name": " 长春 "}, Outcome.INVALID_INPUT, "30500116"),
    ],
)
def test_verdicts(registry: EsignRegistry, changes: dict[str, str], outcome: Outcome, code: str) -> None:
    result = check(registry, **changes)
    assert (result.outcome, result.provider_code) == (outcome, code)


def test_a_cancelled_organisation_is_no_match(registry: EsignRegistry) -> None:
    cancelled = {
        "name": "吉林省旧日时光商贸有限公司",
        "uscc": "91220100MA000004XF",
        "legal_representative": "王小丽",
        "legal_representative_id": "220100199508121020",
    }
    result = check(registry, **cancelled)
    assert (result.outcome, result.provider_code) == (Outcome.MISMATCH, "30500001")


def test_a_wrong_secret_is_unavailable_not_a_mismatch(sandbox: SandboxServer, control: Control) -> None:
    result = check(registry_at(sandbox.credentials["registry"]["base_url"], "wrong"))
    assert (result.outcome, result.provider_code) == (Outcome.UNAVAILABLE, "401")


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("rate_limit", Outcome.RATE_LIMITED),
        ("http_500", Outcome.UNAVAILABLE),
        ("malformed", Outcome.UNAVAILABLE),
        ("wrong_content_type", Outcome.UNAVAILABLE),
        ("refuse", Outcome.UNAVAILABLE),
        ("timeout", Outcome.UNAVAILABLE),
    ],
)
def test_faults_are_never_a_mismatch(registry: EsignRegistry, control: Control, fault: str, outcome: Outcome) -> None:
    control.arm("registry", fault, seconds=3)
    assert check(registry).outcome is outcome


@pytest.mark.parametrize(
    "answer",
    [{}, {"code": 0}, {"code": 0, "data": {}}, {"code": 0, "data": None}, {"code": False}, {"code": 99999999}],
)
def test_half_a_success_is_none(peer: Peer, answer: dict[str, Any]) -> None:
    peer.will(says(json.dumps(answer)))
    assert check(registry_at(peer.url, "s")).outcome is Outcome.UNAVAILABLE


def test_a_redirect_is_refused(peer: Peer) -> None:
    peer.will(says("", status=301, Location="http://127.0.0.1:1/"))
    assert check(registry_at(peer.url, "s")).provider_code == "redirect_refused"


def test_nothing_private_in_results(peer: Peer) -> None:
    text = " ".join(ORGANISATION.values())
    peer.will(says(json.dumps({"code": 30504001, "message": text, "data": {"flowId": text}})))
    result = check(registry_at(peer.url, "s"))
    assert result.outcome is Outcome.MISMATCH
    assert not any(value in repr(result) for value in ORGANISATION.values())
