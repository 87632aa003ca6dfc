"""The banks' four-factor check."""

import pytest

from tests.sandbox.clients import Json, tencent
from tests.support.sandbox_server import SandboxServer

ZHANG_WEI: Json = {
    "Name": "张伟",
    "IdCard": "220100199003071013",
    "BankCard": "6299000000000000010",
    "Phone": "13800138000",
}


def check(sandbox: SandboxServer, body: Json) -> Json:
    found: Json = tencent(sandbox, "faceid", "2018-03-01", "BankCard4EVerification", body).json()["Response"]
    return found


@pytest.mark.parametrize(
    ("name", "cert_type", "number", "card", "phone"),
    [
        ("张伟", 0, "220100199003071013", "6299000000000000010", "13800138000"),
        ("赵敏", 0, "22010019861111107X", "6299000000000000077", "17000000005"),
        ("周婷", 0, "220100199209091108", "6299000000000000093", "13800138017"),
        ("陈大文", 3, "H12345678", "6299000000000000119", "13800138008"),
        ("林美玲", 4, "12345678", "6299000000000000127", "13800138009"),
        ("JOHN SMITH", 2, "AB1234567", "6299000000000000135", "13800138010"),
    ],
)
def test_the_holder_with_each_document(
    calm: SandboxServer, name: str, cert_type: int, number: str, card: str, phone: str
) -> None:
    body = {"Name": name, "CertType": cert_type, "IdCard": number, "BankCard": card, "Phone": phone}
    assert check(calm, body)["Result"] == "0"


@pytest.mark.parametrize(
    ("change", "result"),
    [
        ({"Name": "张大伟"}, "-1"),
        ({"Phone": "13800138001"}, "-1"),
        ({"IdCard": "220100199508121020"}, "-1"),
        ({"CertType": 2, "IdCard": "220100199003071013"[:17]}, "-1"),
        ({"BankCard": "6299000000000000028"}, "-1"),
        ({"BankCard": "6299000000000000085"}, "-13"),
        ({"BankCard": "6299000000000000143"}, "-9"),
        ({"BankCard": "6299000000000000011"}, "-4"),
        ({"BankCard": "62990000000"}, "-4"),
        ({"Name": "张"}, "-2"),
        ({"IdCard": "220100199003071014"}, "-3"),
        ({"Phone": "1380013800"}, "-5"),
        ({"CertType": 7}, "-20"),
    ],
)
def test_refusals(calm: SandboxServer, change: Json, result: str) -> None:
    assert check(calm, ZHANG_WEI | change)["Result"] == result


def test_all_four_are_needed(calm: SandboxServer) -> None:
    assert check(calm, {"Name": "张伟"})["Error"]["Code"] == "MissingParameter"
    assert check(calm, ZHANG_WEI | {"CertType": "0"})["Error"]["Code"] == "InvalidParameter"
