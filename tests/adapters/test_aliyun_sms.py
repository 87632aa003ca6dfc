"""Aliyun SMS: signature, happy path, refusals, and what a fault leaves behind."""

import json
import traceback
from urllib.parse import parse_qs, urlsplit

import pytest

from app.adapters.aliyun_sms import AliyunSms, authorization, canonical_query
from app.adapters.transport import Transport
from app.core.errors import ProviderError
from tests.adapters.conftest import Control
from tests.adapters.peer import Peer, says
from tests.support.sandbox_server import SandboxServer

PHONE = "13800138000"
EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_reproduces_the_vendors_documented_signature() -> None:
    query = canonical_query(
        {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    )
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": EMPTY_SHA256,
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    assert authorization("YourAccessKeyId", "YourAccessKeySecret", query, headers).endswith(
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def sender(url: str, secret: str, sign_name: str = "工约", patience: float = 2.0) -> AliyunSms:
    return AliyunSms(
        url,
        "sandbox-aliyun-key-id",
        secret,
        sign_name,
        {"login": "SMS_LOGIN", "link": "SMS_CONTRACT_LINK", "unknown": "SMS_NONE"},
        transport=Transport("aliyun_sms", read_timeout=patience),
    )


@pytest.fixture
def sms(sandbox: SandboxServer, control: Control, patience: float) -> AliyunSms:
    credentials = sandbox.credentials["aliyun_sms"]
    return sender(credentials["base_url"], credentials["access_key_secret"], patience=patience)


def refusal(sms: AliyunSms, phone: str = PHONE, template: str = "login") -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        sms.send(phone=phone, template=template, params={"code": "123456"}, reference="r1")
    return caught.value


def test_sends(sms: AliyunSms, control: Control) -> None:
    params = {"organisation": "北方𠮷祥 & 公司", "title": "《劳动合同》+ 100%", "link": "h5/#/t=a_b-c~d"}
    receipt = sms.send(phone=PHONE, template="link", params=params, reference="job-1")
    [message] = control.sms(PHONE)
    assert (receipt.provider, receipt.message_id) == ("aliyun_sms", message["message_id"])
    assert message["params"] == params
    assert message["reference"] == "job-1"


@pytest.mark.parametrize(
    ("phone", "template", "code", "permanent"),
    [
        ("123", "login", "number_refused", True),
        (PHONE, "unknown", "template_refused", True),
        (PHONE, "link", "template_refused", True),
        (PHONE, "not configured", "template_refused", True),
    ],
)
def test_refusals(sms: AliyunSms, phone: str, template: str, code: str, permanent: bool) -> None:
    error = refusal(sms, phone, template)
    assert (error.code, error.permanent) == (code, permanent)


def test_unknown_signature_name(sandbox: SandboxServer, control: Control) -> None:
    credentials = sandbox.credentials["aliyun_sms"]
    stranger = sender(credentials["base_url"], credentials["access_key_secret"], "别人")
    assert refusal(stranger).code == "template_refused"


def test_a_wrong_secret_is_refused_and_not_permanent(sandbox: SandboxServer, control: Control) -> None:
    error = refusal(sender(sandbox.credentials["aliyun_sms"]["base_url"], "wrong"))
    assert (error.permanent, str(error)) == (False, "aliyun_sms: refused SignatureDoesNotMatch")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("rate_limit", "rate_limited"),
        ("http_500", "http_500"),
        ("malformed", "malformed_answer"),
        ("wrong_content_type", "malformed_answer"),
        ("refuse", "connection_lost"),
        ("lost_answer", "connection_lost"),
        ("timeout", "timeout"),
    ],
)
def test_faults_are_temporary_and_never_sent_twice(sms: AliyunSms, control: Control, fault: str, code: str) -> None:
    control.arm("aliyun-sms", fault, seconds=3)
    error = refusal(sms)
    assert (error.code, error.permanent) == (code, False)
    assert len(control.sms(PHONE)) <= 1


def test_account_problems_stay_temporary(peer: Peer) -> None:
    peer.will(says(json.dumps({"Code": "isv.AMOUNT_NOT_ENOUGH", "Message": "账户余额不足", "RequestId": "r"})))
    error = refusal(sender(peer.url, "s"))
    assert (error.code, error.permanent) == ("account_problem", False)
    query = parse_qs(urlsplit(peer.received[0].path).query)
    assert query["TemplateParam"] == ['{"code":"123456"}']


@pytest.mark.parametrize("answer", [says("{}"), says('{"Code": 1}'), says(json.dumps({"Code": f"no {PHONE}"}))])
def test_no_phone_number_in_errors(peer: Peer, answer: object) -> None:
    peer.will(answer)  # type: ignore[arg-type]
    error = refusal(sender(peer.url, "s"))
    assert PHONE not in "".join(traceback.format_exception(error))
    assert error.permanent is False


def test_a_redirect_is_refused(peer: Peer) -> None:
    peer.will(says("", status=302, Location="http://127.0.0.1:1/"))
    assert refusal(sender(peer.url, "s")).code == "redirect_refused"
