"""Alipay's mini-program: the code that serves once, the phone that Alipay signed and encrypted, the deep link."""

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from app.accounts.errors import PhoneProofInvalid, PlatformCodeInvalid
from app.adapters.alipay import AlipayGateway
from app.adapters.alipay_mini import AlipayMini
from app.adapters.transport import Transport
from app.core.errors import ProviderError
from tests.adapters.conftest import Control
from tests.adapters.peer import Peer, says
from tests.support.sandbox_server import SandboxServer

ZHANG = "13800138000"
TOKEN = "alipay_system_oauth_token_response"
# The vector of the vendor's algorithm: key 00…0f, IV of zeros.
VECTOR_KEY = "AAECAwQFBgcICQoLDA0ODw=="  # pragma: allowlist secret
VECTOR = "igATcyTqqgv1AFpBiHJyVf94zn4d80DWhHrnUhty+8RANJYRclz7h18/tips8L5UTuMmNV7rHGCs+h7uZSZZQQ=="


def mini_at(url: str, given: dict[str, Any], patience: float = 2.0) -> AlipayMini:
    gateway = AlipayGateway(
        url, given["app_id"], given["app_private_key_pem"], given["alipay_public_key_pem"],
        transport=Transport("alipay", read_timeout=patience),
    )  # fmt: skip
    return AlipayMini(gateway, given["aes_key"])


@pytest.fixture
def mini(sandbox: SandboxServer, control: Control, patience: float) -> AlipayMini:
    given = sandbox.credentials["alipay"]
    return mini_at(given["gateway_url"], given, patience)


@pytest.fixture(scope="module")
def vendor_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def forged(peer: Peer, vendor_key: RSAPrivateKey) -> AlipayMini:
    """Its gateway is the peer, the key that it trusts is `vendor_key`."""
    private = vendor_key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    public = vendor_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    keys = {"app_id": "2021", "app_private_key_pem": private, "alipay_public_key_pem": public, "aes_key": VECTOR_KEY}
    return mini_at(peer.url, keys)


class TestLogin:
    def test_the_same_person_has_the_same_open_id(self, mini: AlipayMini, control: Control) -> None:
        first, again = control.login_code("alipay", ZHANG), control.login_code("alipay", ZHANG)
        assert mini.exchange_code(code=first["code"]).subject == first["subject"]
        assert mini.exchange_code(code=again["code"]).subject == first["subject"]

    def test_a_code_serves_once_and_five_minutes(self, mini: AlipayMini, control: Control) -> None:
        code = control.login_code("alipay", ZHANG)["code"]
        mini.exchange_code(code=code)
        late, other = control.login_code("alipay", ZHANG)["code"], control.login_code("weixin", ZHANG)["code"]
        control.shift_clock(301)
        for spent in (code, late, other, "made-up"):
            with pytest.raises(PlatformCodeInvalid):
                mini.exchange_code(code=spent)

    def test_the_code_is_not_in_the_address(self, mini: AlipayMini, control: Control) -> None:
        mini.exchange_code(code=control.login_code("alipay", ZHANG)["code"])
        [entry] = control.log("alipay")
        assert (entry["method"], entry["query"]) == ("POST", "")

    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            ("bad_signature", "signature_invalid"),
            ("rate_limit", "rate_limited"),
            ("http_500", "http_500"),
            ("malformed", "malformed_answer"),
            ("lost_answer", "connection_lost"),
            ("timeout", "timeout"),
        ],
    )
    def test_faults(self, mini: AlipayMini, control: Control, fault: str, code: str) -> None:
        control.arm("alipay", fault, seconds=3)
        with pytest.raises(ProviderError) as caught:
            mini.exchange_code(code=control.login_code("alipay", ZHANG)["code"])
        assert (caught.value.code, caught.value.permanent) == (code, False)

    def test_older_apps_still_get_a_user_id(self, forged: AlipayMini, peer: Peer, vendor_key: RSAPrivateKey) -> None:
        peer.will(says(_envelope(vendor_key, TOKEN, {"user_id": "2088000000000001", "access_token": "t"})))
        assert forged.exchange_code(code="c").subject == "2088000000000001"

    @pytest.mark.parametrize(
        "answer", [{}, {"open_id": ""}, {"open_id": 1}, {"open_id": "a b"}, {"open_id": "o" * 129}]
    )
    def test_no_open_id_is_no_login(
        self, forged: AlipayMini, peer: Peer, vendor_key: RSAPrivateKey, answer: dict[str, Any]
    ) -> None:
        peer.will(says(_envelope(vendor_key, TOKEN, answer)))
        with pytest.raises(ProviderError, match="malformed_answer"):
            forged.exchange_code(code="c")

    @pytest.mark.parametrize(
        "body",
        [
            '{"error_response": {"open_id": "0victim"}}',
            '{"error_response": {"code": "10000", "open_id": "0victim"}}',
            f'{{"{TOKEN}": {{"open_id": "0victim"}}}}',
            f'{{"{TOKEN}": {{"open_id": "0victim"}}, "sign": "eA=="}}',
        ],
    )
    def test_an_identity_that_nobody_signed(self, forged: AlipayMini, peer: Peer, body: str) -> None:
        peer.will(says(body))
        with pytest.raises(ProviderError):
            forged.exchange_code(code="c")


class TestPhone:
    def test_the_phone_of_the_user(self, mini: AlipayMini, control: Control) -> None:
        assert mini.phone_number(proof=control.phone_proof("alipay", ZHANG), subject="0x") == ZHANG

    def test_the_vendors_vector(self, forged: AlipayMini, vendor_key: RSAPrivateKey) -> None:
        assert forged.phone_number(proof=_proof(vendor_key, VECTOR), subject="0x") == ZHANG

    def test_signed_by_somebody_else(self, forged: AlipayMini) -> None:
        stranger = generate_private_key(public_exponent=65537, key_size=2048)
        with pytest.raises(PhoneProofInvalid):
            forged.phone_number(proof=_proof(stranger, VECTOR), subject="0x")

    def test_the_quotation_marks_are_signed_too(self, forged: AlipayMini, vendor_key: RSAPrivateKey) -> None:
        bare = base64.b64encode(vendor_key.sign(VECTOR.encode(), PKCS1v15(), SHA256())).decode()
        with pytest.raises(PhoneProofInvalid):
            forged.phone_number(proof=_proof(vendor_key, VECTOR, sign=bare), subject="0x")

    def test_a_changed_cipher(self, forged: AlipayMini, vendor_key: RSAPrivateKey) -> None:
        proof = json.loads(_proof(vendor_key, VECTOR)) | {"response": _encrypted({"code": "10000", "mobile": ZHANG})}
        with pytest.raises(PhoneProofInvalid):
            forged.phone_number(proof=json.dumps(proof), subject="0x")

    @pytest.mark.parametrize(
        "answer",
        [
            {"code": "40003", "msg": "Insufficient Conditions", "subCode": "isv.invalid-auth-relations"},
            {"code": "20000", "subCode": "aop.unknow-error"},
            {"code": "10000"},
            {"code": "10000", "mobile": "85261234567"},
            {"code": "10000", "mobile": 13800138000},
            {"mobile": ZHANG},
            [],
        ],
    )
    def test_signed_but_no_phone(self, forged: AlipayMini, vendor_key: RSAPrivateKey, answer: Any) -> None:
        with pytest.raises(PhoneProofInvalid):
            forged.phone_number(proof=_proof(vendor_key, _encrypted(answer)), subject="0x")

    @pytest.mark.parametrize("cipher", ["", "AAAA", base64.b64encode(bytes(16)).decode(), "A" * 8192, "不"])
    def test_signed_but_no_cipher(self, forged: AlipayMini, vendor_key: RSAPrivateKey, cipher: str) -> None:
        with pytest.raises(PhoneProofInvalid):
            forged.phone_number(proof=_proof(vendor_key, cipher), subject="0x")

    @pytest.mark.parametrize(
        "proof",
        [
            "",
            "[]",
            "null",
            "[" * 10_000,
            '{"response": {"code": "40003", "subCode": "isv.invalid-auth-relations"}}',
            '{"response": "x", "sign": 1, "sign_type": "RSA2"}',
        ],
    )
    def test_what_is_no_proof_at_all(self, forged: AlipayMini, proof: str) -> None:
        with pytest.raises(PhoneProofInvalid):
            forged.phone_number(proof=proof, subject="0x")

    def test_a_weaker_signature_is_not_taken(self, forged: AlipayMini, vendor_key: RSAPrivateKey) -> None:
        proof = json.loads(_proof(vendor_key, VECTOR)) | {"sign_type": "RSA"}
        with pytest.raises(PhoneProofInvalid):
            forged.phone_number(proof=json.dumps(proof), subject="0x")


def test_the_deep_link_names_app_page_and_query(forged: AlipayMini) -> None:
    link = urlsplit(forged.link_to_app(page="/pages/landing/index", query="t=TO%2FKEN&x=1"))
    assert (link.scheme, link.netloc, link.path) == ("alipays", "platformapi", "/startapp")
    assert parse_qs(link.query) == {"appId": ["2021"], "page": ["pages/landing/index?t=TO%2FKEN&x=1"]}


def _envelope(key: RSAPrivateKey, root: str, answer: dict[str, Any]) -> str:
    text = json.dumps(answer)
    sign = base64.b64encode(key.sign(text.encode(), PKCS1v15(), SHA256())).decode()
    return f'{{"{root}": {text}, "sign": "{sign}"}}'


def _proof(key: RSAPrivateKey, cipher: str, sign: str = "") -> str:
    sign = sign or base64.b64encode(key.sign(f'"{cipher}"'.encode(), PKCS1v15(), SHA256())).decode()
    return json.dumps({"response": cipher, "sign": sign, "sign_type": "RSA2", "encrypt_type": "AES"})


def _encrypted(answer: Any) -> str:
    padder = PKCS7(128).padder()
    padded = padder.update(json.dumps(answer).encode()) + padder.finalize()
    encryptor = Cipher(AES(base64.b64decode(VECTOR_KEY)), CBC(bytes(16))).encryptor()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()
