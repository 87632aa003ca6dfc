"""Tencent Cloud: signature, SMS, and the carrier three-factor check."""

import json
import traceback
from datetime import UTC, datetime
from typing import Any

import pytest

from app.adapters.tencent import authorization
from app.adapters.tencent_carrier import TencentCarrier
from app.adapters.tencent_sms import TencentSms, TencentTemplate
from app.adapters.transport import Transport
from app.core.checks import CheckResult, Outcome
from app.core.errors import ProviderError
from tests.adapters.conftest import Control
from tests.adapters.peer import Peer, says
from tests.support.sandbox_server import SandboxServer

NAME, ID_NUMBER, PHONE = "张伟", "220100199003071013", "13800138000"


def test_reproduces_the_vendors_documented_signature() -> None:
    body = b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    headers = {"content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com"}
    moment = datetime.fromtimestamp(1551113065, UTC)
    assert authorization(
        "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
        "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",  # pragma: allowlist secret
        "cvm",
        moment,
        headers,
        body,
    ) == (
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host, "
        "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )


def sms_at(url: str, secret: str) -> TencentSms:
    templates = {
        "link": TencentTemplate("1000004", ("organisation", "title", "link")),
        "login": TencentTemplate("1000001", ("code",)),
        "unknown": TencentTemplate("42", ()),
    }
    transport = Transport("tencent_sms", read_timeout=2)
    return TencentSms(url, "sandbox-tencent-secret-id", secret, "1400000000", "工约", templates, transport=transport)


def carrier_at(url: str, secret: str, patience: float = 2.0) -> TencentCarrier:
    transport = Transport("tencent_carrier", read_timeout=patience)
    return TencentCarrier(url, "sandbox-tencent-secret-id", secret, transport=transport)


@pytest.fixture
def sms(sandbox: SandboxServer, control: Control) -> TencentSms:
    tencent = sandbox.credentials["tencent"]
    return sms_at(tencent["base_url"], tencent["secret_key"])


@pytest.fixture
def carrier(sandbox: SandboxServer, control: Control, patience: float) -> TencentCarrier:
    tencent = sandbox.credentials["tencent"]
    return carrier_at(tencent["base_url"], tencent["secret_key"], patience)


def refusal(sms: TencentSms, phone: str = PHONE, template: str = "login") -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        sms.send(phone=phone, template=template, params={"code": "123456"}, reference="r1")
    return caught.value


def check(carrier: TencentCarrier, name: str = NAME, id_number: str = ID_NUMBER, phone: str = PHONE) -> CheckResult:
    return carrier.check_phone_owner(name=name, id_number=id_number, phone=phone, reference="r1")


class TestSms:
    def test_sends_parameters_in_the_templates_order(self, sms: TencentSms, control: Control) -> None:
        params = {"link": "h5/#/abc", "title": "劳动合同", "organisation": "长春市启明软件技术有限公司"}
        receipt = sms.send(phone=PHONE, template="link", params=params, reference="job-2")
        [message] = control.sms(PHONE)
        assert (receipt.provider, receipt.message_id) == ("tencent_sms", message["message_id"])
        assert message["params"] == params
        assert message["reference"] == "job-2"

    @pytest.mark.parametrize(
        ("phone", "template", "code"),
        [
            ("123", "login", "number_refused"),
            (PHONE, "unknown", "template_refused"),
            (PHONE, "not configured", "template_refused"),
        ],
    )
    def test_permanent_refusals(self, sms: TencentSms, phone: str, template: str, code: str) -> None:
        error = refusal(sms, phone, template)
        assert (error.code, error.permanent) == (code, True)

    def test_addresses_in_parameters_are_refused(self, sms: TencentSms) -> None:
        params = {"link": "https://example.com/x", "title": "t", "organisation": "o"}
        with pytest.raises(ProviderError) as caught:
            sms.send(phone=PHONE, template="link", params=params, reference="r")
        assert "ProhibitedUseUrlInTemplateParameter" in str(caught.value)
        assert caught.value.permanent

    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            ("rate_limit", "rate_limited"),
            ("http_500", "http_500"),
            ("malformed", "malformed_answer"),
            ("wrong_content_type", "malformed_answer"),
            ("lost_answer", "connection_lost"),
        ],
    )
    def test_faults_are_temporary(self, sms: TencentSms, control: Control, fault: str, code: str) -> None:
        control.arm("tencent-sms", fault)
        error = refusal(sms)
        assert (error.code, error.permanent) == (code, False)
        assert len(control.sms(PHONE)) <= 1

    def test_a_wrong_secret(self, sandbox: SandboxServer, control: Control) -> None:
        error = refusal(sms_at(sandbox.credentials["tencent"]["base_url"], "wrong"))
        assert str(error) == "tencent_sms: account_problem AuthFailure.SignatureFailure"
        assert not error.permanent

    @pytest.mark.parametrize(
        "response",
        [
            {},
            {"SendStatusSet": []},
            {"SendStatusSet": [{}]},
            {"SendStatusSet": None},
            {"SendStatusSet": [{"Code": PHONE}]},
        ],
    )
    def test_half_an_answer_is_no_success(self, peer: Peer, response: dict[str, Any]) -> None:
        peer.will(says(json.dumps({"Response": {**response, "RequestId": "r"}})))
        assert refusal(sms_at(peer.url, "s")).permanent is False


class TestCarrier:
    def test_match(self, carrier: TencentCarrier) -> None:
        result = check(carrier)
        assert (result.outcome, result.provider, result.provider_code) == (Outcome.MATCH, "tencent_carrier", "0")
        assert result.charged
        assert len(result.request_id) == 36

    def test_rare_characters(self, carrier: TencentCarrier) -> None:
        assert check(carrier, "𠮷野家明", "220100198802291042", "13800138002").outcome is Outcome.MATCH

    def test_mismatch_says_what_differs(self, carrier: TencentCarrier) -> None:
        result = check(carrier, name="张大伟")
        assert (result.outcome, result.provider_code) == (Outcome.MISMATCH, "-4 PhoneNameMismatch")
        assert result.charged

    @pytest.mark.parametrize(
        ("values", "outcome", "code"),
        [
            ({"phone": "13912345678"}, Outcome.NO_RECORD, "-9"),
            ({"id_number": "220100199003071010"}, Outcome.INVALID_INPUT, "-7"),
            ({"phone": "123"}, Outcome.INVALID_INPUT, "-6"),
            ({"name": "张"}, Outcome.INVALID_INPUT, "-8"),
        ],
    )
    def test_other_verdicts(self, carrier: TencentCarrier, values: dict[str, str], outcome: Outcome, code: str) -> None:
        result = check(carrier, **values)
        assert (result.outcome, result.provider_code, result.charged) == (outcome, code, False)

    def test_virtual_operators_are_not_even_asked(self, carrier: TencentCarrier, control: Control) -> None:
        assert check(carrier, phone="17012345678").outcome is Outcome.UNSUPPORTED
        assert control.log("tencent-faceid") == []

    @pytest.mark.parametrize(
        ("fault", "outcome"),
        [
            ("rate_limit", Outcome.RATE_LIMITED),
            ("http_500", Outcome.UNAVAILABLE),
            ("malformed", Outcome.UNAVAILABLE),
            ("wrong_content_type", Outcome.UNAVAILABLE),
            ("lost_answer", Outcome.UNAVAILABLE),
            ("timeout", Outcome.UNAVAILABLE),
        ],
    )
    def test_faults_are_never_a_mismatch(
        self, carrier: TencentCarrier, control: Control, fault: str, outcome: Outcome
    ) -> None:
        control.arm("tencent-faceid", fault, seconds=3)
        assert check(carrier).outcome is outcome

    @pytest.mark.parametrize(
        "response",
        [
            {},
            {"Result": None},
            {"Result": "99"},
            {"Result": True},
            {"Result": "-11"},
            {"Error": {"Code": "FailedOperation.UnKnown", "Message": "x"}},
            {"Error": {"Code": "UnauthorizedOperation.Arrears", "Message": "欠费"}},
            {"Error": "x"},
        ],
    )
    def test_what_is_not_understood_is_unavailable(self, peer: Peer, response: dict[str, Any]) -> None:
        peer.will(says(json.dumps({"Response": response})))
        assert check(carrier_at(peer.url, "s")).outcome is Outcome.UNAVAILABLE

    def test_an_error_next_to_a_match_is_no_match(self, peer: Peer) -> None:
        peer.will(says(json.dumps({"Response": {"Result": "0", "Error": {"Code": "InternalError"}}})))
        assert check(carrier_at(peer.url, "s")).outcome is Outcome.UNAVAILABLE

    def test_nothing_private_in_results(self, peer: Peer) -> None:
        text = f"{NAME} {ID_NUMBER} {PHONE}"
        peer.will(says(json.dumps({"Response": {"Result": "-4", "Description": text, "ResultDetail": text}})))
        result = check(carrier_at(peer.url, "s"))
        assert result.outcome is Outcome.MISMATCH
        assert not any(secret in repr(result) for secret in (NAME, ID_NUMBER, PHONE))

    def test_nothing_private_in_errors(self, peer: Peer) -> None:
        peer.will(says(json.dumps({"Response": {"SendStatusSet": [{"Code": f"{PHONE} {NAME}"}]}})))
        error = refusal(sms_at(peer.url, "s"))
        assert not any(secret in "".join(traceback.format_exception(error)) for secret in (NAME, PHONE))
