"""The carriers' three-factor check and the business registry."""

import json

import pytest
import requests

from tests.sandbox.clients import Json, esign_signature, registry, tencent
from tests.support.sandbox_server import SandboxServer

FOUR_FACTORS = "/v2/identity/auth/api/organization/enterprise/fourFactors"
BUREAU = "/v2/identity/verify/organization/enterprise/bureau4Factors"
QIMING: Json = {
    "name": "长春市启明软件技术有限公司",
    "orgCode": "91220100MA00000152",
    "legalRepName": "李国强",
    "legalRepIdNo": "220100197801151035",
}


def check_phone(sandbox: SandboxServer, name: str, id_number: str, phone: str) -> Json:
    body = {"Name": name, "IdCard": id_number, "Phone": phone}
    answer = tencent(sandbox, "faceid", "2018-03-01", "PhoneVerification", body)
    found: Json = answer.json()["Response"]
    return found


@pytest.mark.parametrize(
    ("name", "id_number", "phone", "result", "detail"),
    [
        ("张伟", "220100199003071013", "13800138000", "0", ""),
        ("𠮷野家明", "220100198802291042", "13800138002", "0", ""),
        ("阿依古丽·买买提", "650100199306181068", "13800138004", "0", ""),
        ("张伟", "220100199508121020", "13800138000", "-4", "PhoneIdCardMismatch"),
        ("王小丽", "220100199003071013", "13800138000", "-4", "PhoneNameMismatch"),
        ("王小丽", "220100199508121020", "13800138000", "-4", "PhoneNameIdCardMismatch"),
        ("陈雨桐", "220100199905201083", "13800138006", "-4", "PhoneNameIdCardMismatch"),
        ("周婷", "220100199209091108", "13800138007", "-9", ""),
        ("赵敏", "22010019861111107X", "17000000005", "-13", ""),
        ("张伟", "220100199003071014", "13800138000", "-7", ""),
        ("张伟", "220100199003071013", "1380013800", "-6", ""),
        ("张", "220100199003071013", "13800138000", "-8", ""),
    ],
)
def test_three_factors(calm: SandboxServer, name: str, id_number: str, phone: str, result: str, detail: str) -> None:
    answer = check_phone(calm, name, id_number, phone)
    assert (answer["Result"], answer["ResultDetail"]) == (result, detail)


def test_three_factors_need_all_three(calm: SandboxServer) -> None:
    answer = tencent(calm, "faceid", "2018-03-01", "PhoneVerification", {"Name": "张伟"})
    assert answer.json()["Response"]["Error"]["Code"] == "MissingParameter"


def test_persons_can_be_added(calm: SandboxServer) -> None:
    person = {"name": "吴涛", "id_number": "220100196006061124", "phone": "13700000001"}
    added = requests.post(f"{calm.url}/__sandbox/persons", json=person, timeout=5)
    assert added.status_code == 201
    assert check_phone(calm, "吴涛", "220100196006061124", "13700000001")["Result"] == "0"


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        ({"name": "甲乙", "id_number": "220100196006061125"}, "证件号码有误"),
        ({"name": "甲乙"}, "缺少字段"),
        ({"name": "甲乙", "id_number": "220100196006061124", "age": 1}, "不认识的字段：age"),
    ],
)
def test_impossible_persons_are_refused(calm: SandboxServer, person: Json, reason: str) -> None:
    answer = requests.post(f"{calm.url}/__sandbox/persons", json=person, timeout=5)
    assert answer.status_code == 422
    assert reason in answer.json()["error"]


def test_the_test_client_reproduces_esigns_vector() -> None:
    md5, signature = esign_signature(
        "0123456789abcdef0123456789abcdef",  # pragma: allowlist secret -- a vector, not a secret
        "/v3/sign-flow/create-by-file",
        b'{"signFlowConfig":{"signFlowTitle":"t"}}',
        "application/json; charset=UTF-8",
    )
    assert md5 == "KB7YYkDUIenfdF45xBVHng=="  # pragma: allowlist secret
    assert signature == "YK9BNUhIdoBtAgZeblICNM1cPlugVdkFRn+PQaeyDdE="  # pragma: allowlist secret


def test_four_factors_match(calm: SandboxServer) -> None:
    answer = registry(calm, FOUR_FACTORS, QIMING)
    assert answer.status_code == 200
    assert answer.json()["code"] == 0
    assert answer.json()["data"]["flowId"].isdecimal()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "长春市启明软件有限公司"}, 30504001),
        ({"legalRepName": "张伟"}, 30504001),
        ({"legalRepIdNo": "220100199003071013"}, 30504001),
        ({"orgCode": "91220100MA0000066A"}, 30504002),
        ({"orgCode": "91220100MA00000151"}, 30500101),
        ({"legalRepName": ""}, 30500100),
        ({"name": " 长春市启明软件技术有限公司"}, 30500116),
        (
            {
                "name": "吉林省旧日时光商贸有限公司",
                "orgCode": "91220100MA000004XF",
                "legalRepName": "王小丽",
                "legalRepIdNo": "220100199508121020",
            },
            30500001,
        ),
    ],
)
def test_four_factors_refusals(calm: SandboxServer, change: Json, code: int) -> None:
    answer = registry(calm, FOUR_FACTORS, QIMING | change)
    assert (answer.status_code, answer.json()["code"]) == (200, code)


def test_bureau_tells_the_state(calm: SandboxServer) -> None:
    body = {
        "name": "长春市违规经营劳务有限公司",
        "orgCode": "91220100MA0000058F",
        "legalRepName": "赵敏",
        "legalRepCertNo": "22010019861111107X",
    }
    answer = registry(calm, BUREAU, body).json()
    assert answer["code"] == 0
    assert answer["data"]["compareDetails"]["legalOrgState"] == "3"


def test_organisations_can_be_added(calm: SandboxServer) -> None:
    organisation = {
        "name": "长春市临时测试有限公司",
        "uscc": "91220100MA00000A9P",
        "legal_representative": "张伟",
        "legal_representative_id": "220100199003071013",
        "state": "cancelled",
    }
    assert requests.post(f"{calm.url}/__sandbox/organisations", json=organisation, timeout=5).status_code == 201
    body = {
        "name": "长春市临时测试有限公司",
        "orgCode": "91220100MA00000A9P",
        "legalRepName": "张伟",
        "legalRepIdNo": "220100199003071013",
    }
    assert registry(calm, FOUR_FACTORS, body).json()["code"] == 30500001


def test_registry_refuses_wrong_signatures_and_times(calm: SandboxServer) -> None:
    assert registry(calm, FOUR_FACTORS, QIMING, secret="another").status_code == 401  # pragma: allowlist secret
    assert registry(calm, FOUR_FACTORS, QIMING, skew_ms=-16 * 60 * 1000).status_code == 401


def test_registry_refuses_a_changed_body(calm: SandboxServer) -> None:
    sent = registry(calm, FOUR_FACTORS, QIMING).request
    headers = {name: value for name, value in sent.headers.items() if name != "Content-Length"}
    other = json.dumps(QIMING | {"legalRepName": "张伟"}).encode()
    assert requests.post(str(sent.url), data=other, headers=headers, timeout=5).status_code == 401
