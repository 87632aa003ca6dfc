"""Short messages at Aliyun and Tencent: signatures, refusals, and what arrives on the phone."""

import hashlib

import pytest
import requests

from sandbox.sms import TEMPLATES
from tests.sandbox.clients import Json, aliyun, messages, send_sms, shift_clock, tc3_signature, tencent
from tests.support.sandbox_server import SandboxServer

LOGIN: Json = {
    "PhoneNumbers": "13800138000",
    "SignName": "工约",
    "TemplateCode": "SMS_LOGIN",
    "TemplateParam": '{"code":"012345"}',
    "OutId": "ref-a",
}


def test_the_test_client_reproduces_tencents_documented_signature() -> None:
    body = b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    signature = tc3_signature(
        "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",  # pragma: allowlist secret -- the documentation's own
        "cvm",
        1551113065,
        "cvm.tencentcloudapi.com",
        "application/json; charset=utf-8",
        body,
    )
    assert signature == "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"  # pragma: allowlist secret


def test_every_template_has_an_id_of_its_own_at_tencent() -> None:
    ids = [template.tencent_id for template in TEMPLATES.all]
    assert sorted(set(ids)) == sorted(ids)


def test_aliyun_message_arrives(calm: SandboxServer) -> None:
    answer = aliyun(calm, {**LOGIN, "PhoneNumbers": "13800138090"})
    assert answer.status_code == 200
    assert answer.json()["Code"] == "OK"
    [message] = messages(calm, "13800138090")
    assert message["vendor"] == "aliyun-sms"
    assert message["template"] == "SMS_LOGIN"
    assert message["params"] == {"code": "012345"}
    assert message["reference"] == "ref-a"
    assert message["message_id"] == answer.json()["BizId"]
    assert message["text"].startswith("【工约】您的登录验证码为 012345，")


def test_aliyun_refuses_wrong_secret(calm: SandboxServer) -> None:
    answer = aliyun(calm, LOGIN, secret="another")
    assert (answer.status_code, answer.json()["Code"]) == (400, "SignatureDoesNotMatch")


def test_aliyun_refuses_a_changed_query(calm: SandboxServer) -> None:
    sent = aliyun(calm, LOGIN).request
    changed = str(sent.url).replace("13800138000", "13800138001")
    answer = requests.post(changed, headers=dict(sent.headers), timeout=5)
    assert answer.json()["Code"] == "SignatureDoesNotMatch"


def test_aliyun_refuses_a_body_that_was_not_hashed(calm: SandboxServer) -> None:
    sent = aliyun(calm, LOGIN).request
    headers = {name: value for name, value in sent.headers.items() if name != "Content-Length"}
    answer = requests.post(str(sent.url), data=b"x=1", headers=headers, timeout=5)
    assert answer.json()["Code"] == "SignatureDoesNotMatch"


def test_aliyun_refuses_a_replay(calm: SandboxServer) -> None:
    first = aliyun(calm, LOGIN)
    again = requests.post(str(first.request.url), headers=dict(first.request.headers), timeout=5)
    assert first.json()["Code"] == "OK"
    assert (again.status_code, again.json()["Code"]) == (400, "SignatureNonceUsed")


@pytest.mark.parametrize("offset", [-16 * 60, 16 * 60])
def test_aliyun_refuses_another_time(calm: SandboxServer, offset: int) -> None:
    shift_clock(calm, offset)
    assert aliyun(calm, LOGIN).json()["Code"] == "InvalidTimeStamp.Expired"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"PhoneNumbers": "12345"}, "isv.MOBILE_NUMBER_ILLEGAL"),
        ({"SignName": "别人"}, "isv.SMS_SIGNATURE_ILLEGAL"),
        ({"TemplateCode": "SMS_NONE"}, "isv.SMS_TEMPLATE_ILLEGAL"),
        ({"TemplateParam": "{}"}, "isv.TEMPLATE_MISSING_PARAMETERS"),
        ({"TemplateParam": "code"}, "isv.INVALID_JSON_PARAM"),
    ],
)
def test_aliyun_business_errors_are_http_200(calm: SandboxServer, change: Json, code: str) -> None:
    answer = aliyun(calm, LOGIN | change)
    assert (answer.status_code, answer.json()["Code"]) == (200, code)
    assert "BizId" not in answer.json()


def test_aliyun_needs_its_headers_signed(calm: SandboxServer) -> None:
    answer = requests.post(
        calm.credentials["aliyun_sms"]["base_url"],
        headers={
            "Authorization": "ACS3-HMAC-SHA256 Credential=sandbox-aliyun-key-id,SignedHeaders=host,Signature="
            + hashlib.sha256(b"").hexdigest()
        },
        timeout=5,
    )
    assert answer.json()["Code"] == "IncompleteSignature"


def test_tencent_message_arrives_with_a_link(calm: SandboxServer) -> None:
    status = send_sms(
        calm,
        PhoneNumberSet=["+8613800138091"],
        TemplateId="1000004",
        TemplateParamSet=["长春市启明软件技术有限公司", "劳动合同", "h5/s/abc"],
    )
    assert status["Code"] == "Ok"
    [message] = messages(calm, "13800138091")
    assert message["message_id"] == status["SerialNo"]
    assert message["links"] == ["http://127.0.0.1:8000/h5/s/abc"]
    assert message["params"]["organisation"] == "长春市启明软件技术有限公司"


def test_tencent_answers_exactly_application_json(calm: SandboxServer) -> None:
    answer = tencent(calm, "sms", "2021-01-11", "SendSms", {}, secret="wrong")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["Response"]["Error"]["Code"] == "AuthFailure.SignatureFailure"


@pytest.mark.parametrize("skew", [-400, 400])
def test_tencent_refuses_another_time(calm: SandboxServer, skew: int) -> None:
    answer = tencent(calm, "sms", "2021-01-11", "SendSms", {}, skew=skew)
    assert answer.json()["Response"]["Error"]["Code"] == "AuthFailure.SignatureExpire"


def test_tencent_signature_is_bound_to_its_service(calm: SandboxServer) -> None:
    answer = tencent(calm, "faceid", "2021-01-11", "SendSms", {})
    assert answer.json()["Response"]["Error"]["Code"] == "InvalidAction"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"PhoneNumberSet": ["+86123"]}, "InvalidParameterValue.IncorrectPhoneNumber"),
        ({"SignName": "别人"}, "FailedOperation.SignatureIncorrectOrUnapproved"),
        ({"TemplateId": "SMS_LOGIN"}, "FailedOperation.TemplateIncorrectOrUnapproved"),
        ({"TemplateParamSet": []}, "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"),
        ({"TemplateParamSet": ["1234567"]}, "InvalidParameterValue.TemplateParameterFormatError"),
        (
            {"TemplateId": "1000004", "TemplateParamSet": ["甲", "乙", "https://x.example/"]},
            "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter",
        ),
        ({"SmsSdkAppId": "1"}, "UnauthorizedOperation.SmsSdkAppIdVerifyFail"),
    ],
)
def test_tencent_refusals(calm: SandboxServer, change: Json, code: str) -> None:
    assert send_sms(calm, **change)["Code"] == code
