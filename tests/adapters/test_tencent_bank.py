"""Tencent Cloud's bank card check: verdicts, reasons of the card, faults."""

import json
from typing import Any

import pytest

from app.adapters.tencent_bank import VERDICTS, TencentBank
from app.adapters.transport import Transport
from app.core.checks import CheckResult, Outcome
from tests.adapters.conftest import Control
from tests.adapters.peer import Peer, says
from tests.support.sandbox_server import SandboxServer

HOLDER = {
    "name": "张伟", "id_type": "resident_id", "id_number": "220100199003071013", "card_number": "6299000000000000010",
    "phone": "13800138000",
}  # fmt: skip


def bank_at(url: str, secret: str, patience: float = 2.0) -> TencentBank:
    transport = Transport("tencent_bank", read_timeout=patience)
    return TencentBank(url, "sandbox-tencent-secret-id", secret, transport=transport)


@pytest.fixture
def bank(sandbox: SandboxServer, control: Control, patience: float) -> TencentBank:
    tencent = sandbox.credentials["tencent"]
    return bank_at(tencent["base_url"], tencent["secret_key"], patience)


def check(bank: TencentBank, **changes: str) -> CheckResult:
    return bank.check_card_owner(**{**HOLDER, **changes}, reference="r1")


def test_a_match(bank: TencentBank) -> None:
    result = check(bank)
    assert (result.outcome, result.provider, result.provider_code, result.charged) == (
        Outcome.MATCH, "tencent_bank", "0", True,
    )  # fmt: skip
    assert len(result.request_id) == 36


@pytest.mark.parametrize(
    ("name", "id_type", "id_number", "card_number", "phone"),
    [
        ("𠮷野家明", "resident_id", "220100198802291042", "6299000000000000044", "13800138002"),
        ("赵敏", "resident_id", "22010019861111107x", "6299000000000000077", "17000000005"),
        ("陈大文", "hk_macao_permit", "H12345678", "6299000000000000119", "13800138008"),
        ("林美玲", "taiwan_permit", "12345678", "6299000000000000127", "13800138009"),
        ("JOHN SMITH", "passport", "AB1234567", "6299000000000000135", "13800138010"),
    ],
)
def test_each_document(
    bank: TencentBank, name: str, id_type: str, id_number: str, card_number: str, phone: str
) -> None:
    holder = {"name": name, "id_type": id_type, "id_number": id_number, "card_number": card_number, "phone": phone}
    assert check(bank, **holder).outcome is Outcome.MATCH


def test_a_document_is_not_taken_for_another(bank: TencentBank) -> None:
    taiwanese = {
        "name": "林美玲",
        "id_number": "12345678",
        "card_number": "6299000000000000127",
        "phone": "13800138009",
    }
    assert check(bank, **taiwanese, id_type="passport").outcome is Outcome.MISMATCH


def test_documents_that_the_vendor_does_not_know_are_not_asked(bank: TencentBank, control: Control) -> None:
    result = check(bank, id_type="foreign_permanent_resident_id", id_number="FRA220190010108")
    assert (result.outcome, result.charged) == (Outcome.UNSUPPORTED, False)
    assert control.log("tencent-faceid") == []


@pytest.mark.parametrize(
    ("values", "outcome", "code"),
    [
        ({"name": "张大伟"}, Outcome.MISMATCH, "-1"),
        ({"phone": "13800138001"}, Outcome.MISMATCH, "-1"),
        ({"card_number": "6299000000000000085"}, Outcome.UNSUPPORTED, "-13"),
        ({"card_number": "6299000000000000143"}, Outcome.INVALID_INPUT, "-9"),
        ({"card_number": "6299000000000000011"}, Outcome.INVALID_INPUT, "-4"),
        ({"id_number": "220100199003071010"}, Outcome.INVALID_INPUT, "-3"),
        ({"phone": "123"}, Outcome.INVALID_INPUT, "-5"),
    ],
)
def test_other_verdicts(bank: TencentBank, values: dict[str, str], outcome: Outcome, code: str) -> None:
    result = check(bank, **values)
    assert (result.outcome, result.provider_code) == (outcome, code)


def test_the_table_has_every_documented_result() -> None:
    assert set(VERDICTS) == {str(-number) for number in range(22)}
    assert [code for code, (outcome, _, _) in VERDICTS.items() if outcome is Outcome.MATCH] == ["0"]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("rate_limit", Outcome.RATE_LIMITED),
        ("http_500", Outcome.UNAVAILABLE),
        ("malformed", Outcome.UNAVAILABLE),
        ("wrong_content_type", Outcome.UNAVAILABLE),
        ("lost_answer", Outcome.UNAVAILABLE),
        ("refuse", Outcome.UNAVAILABLE),
        ("timeout", Outcome.UNAVAILABLE),
    ],
)
def test_faults_are_never_a_mismatch(bank: TencentBank, control: Control, fault: str, outcome: Outcome) -> None:
    control.arm("tencent-faceid", fault, seconds=3)
    assert check(bank).outcome is outcome
    assert len(control.log("tencent-faceid")) <= 1, "a charged question is not repeated"


def test_latency_is_borne(bank: TencentBank, control: Control) -> None:
    control.arm("tencent-faceid", "latency", seconds=0.3)
    assert check(bank).outcome is Outcome.MATCH


@pytest.mark.parametrize(
    "response",
    [
        {},
        {"Result": None},
        {"Result": "1"},
        {"Result": True},
        {"Result": "-18"},
        {"Result": "0", "Error": {"Code": "InternalError"}},
        {"Error": {"Code": "UnauthorizedOperation.Arrears", "Message": "欠费"}},
    ],
)
def test_what_is_not_understood_is_no_match(peer: Peer, response: dict[str, Any]) -> None:
    peer.will(says(json.dumps({"Response": response})))
    assert check(bank_at(peer.url, "s")).outcome is Outcome.UNAVAILABLE


def test_nothing_private_in_results(peer: Peer) -> None:
    text = " ".join(HOLDER.values())
    peer.will(says(json.dumps({"Response": {"Result": "-1", "Description": text, "RequestId": text}})))
    result = check(bank_at(peer.url, "s"))
    assert result.outcome is Outcome.MISMATCH
    assert not any(value in repr(result) for value in HOLDER.values() if value != "resident_id")


def test_nothing_private_in_addresses(bank: TencentBank, control: Control) -> None:
    check(bank)
    [entry] = control.log("tencent-faceid")
    assert (entry["method"], entry["query"]) == ("POST", "")
    assert HOLDER["card_number"] in entry["body"]
    assert entry["headers"]["Content-Type"] == "application/json"


def test_a_wrong_secret_is_an_outage(sandbox: SandboxServer, control: Control) -> None:
    result = check(bank_at(sandbox.credentials["tencent"]["base_url"], "wrong"))
    assert (result.outcome, result.provider_code) == (Outcome.UNAVAILABLE, "account_problem")
