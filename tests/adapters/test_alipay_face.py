"""Alipay face check: the person's way through it, verdicts, and forged answers."""

import base64
import json
import traceback
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from app.adapters.alipay_face import AlipayFace
from app.adapters.transport import Transport
from app.core.checks import CheckResult, Outcome
from app.core.errors import ProviderError
from app.core.ids import new_id
from app.identity.ports import FaceSession, FaceSubject
from tests.adapters.conftest import Control
from tests.adapters.peer import Peer, says
from tests.support.sandbox_server import SandboxServer

NAME, ID_NUMBER = "张伟", "220100199003071013"
RETURN_URL = "http://127.0.0.1:8000/h5/#/pages/face/return?id=1&x={}"
INITIALIZED = "alipay_user_certify_open_initialize_response"
QUERIED = "alipay_user_certify_open_query_response"


def face_at(url: str, credentials: dict[str, Any], product: str = "certify", patience: float = 2.0) -> AlipayFace:
    return AlipayFace(
        url,
        credentials["app_id"],
        credentials["app_private_key_pem"],
        credentials["alipay_public_key_pem"],
        product=product,
        transport=Transport("alipay_face", read_timeout=patience),
    )


@pytest.fixture
def face(sandbox: SandboxServer, control: Control, patience: float) -> AlipayFace:
    given = sandbox.credentials["alipay"]
    return face_at(given["gateway_url"], given, patience=patience)


def start(face: AlipayFace, name: str = NAME, id_number: str = ID_NUMBER, reference: str = "") -> FaceSession:
    reference = reference or new_id().hex
    return face.start(subject=FaceSubject(name, id_number), reference=reference, return_url=RETURN_URL)


def result_of(face: AlipayFace, provider_ref: str) -> CheckResult:
    return face.result(provider_ref=provider_ref, subject=FaceSubject(NAME, ID_NUMBER), reference="r1")


def finished(face: AlipayFace, control: Control, result: str, **person: str) -> CheckResult:
    session = start(face, **person)
    control.decide_face(session.provider_ref, result)
    return result_of(face, session.provider_ref)


class TestThroughTheSandbox:
    def test_pending_until_the_person_is_done_then_a_match(self, face: AlipayFace, control: Control) -> None:
        session = start(face)
        assert result_of(face, session.provider_ref).outcome is Outcome.PENDING
        control.decide_face(session.provider_ref, "pass")
        result = result_of(face, session.provider_ref)
        assert result == CheckResult(Outcome.MATCH, "alipay_face", "T", "passed", session.provider_ref, charged=True)

    def test_the_address_opens_the_persons_page_and_names_nobody(self, face: AlipayFace) -> None:
        session = start(face)
        assert ID_NUMBER not in session.url
        assert "biz_content" in parse_qs(urlsplit(session.url).query)
        assert session.app_call == {"certify_id": session.provider_ref, "url": session.url}
        page = requests.get(session.url, timeout=5)
        assert page.status_code == 200
        assert session.provider_ref in page.url

    def test_nothing_private_travels_in_an_address(self, face: AlipayFace, control: Control) -> None:
        start(face)
        [entry] = control.log("alipay")
        assert (entry["method"], entry["query"]) == ("POST", "")
        assert ID_NUMBER in entry["body"]

    def test_rare_characters_pass(self, face: AlipayFace, control: Control) -> None:
        person = {"name": "𠮷野家明", "id_number": "220100198802291042"}
        assert finished(face, control, "pass", **person).outcome is Outcome.MATCH

    def test_failed(self, face: AlipayFace, control: Control) -> None:
        result = finished(face, control, "fail")
        assert (result.outcome, result.provider_code) == (Outcome.MISMATCH, "F Z1147")

    def test_cancelled(self, face: AlipayFace, control: Control) -> None:
        result = finished(face, control, "cancel")
        assert (result.outcome, result.charged) == (Outcome.CANCELLED, False)

    def test_an_unknown_check_has_expired(self, face: AlipayFace) -> None:
        assert result_of(face, "0" * 32).outcome is Outcome.EXPIRED

    def test_a_reference_is_used_once(self, face: AlipayFace) -> None:
        start(face, reference="once1")
        with pytest.raises(ProviderError) as caught:
            start(face, reference="once1")
        assert (caught.value.code, caught.value.permanent) == ("invalid_input", True)

    def test_a_bad_id_number_is_the_inputs_fault(self, face: AlipayFace) -> None:
        wrong = ID_NUMBER[:-1] + "0"
        with pytest.raises(ProviderError) as caught:
            start(face, id_number=wrong)
        assert caught.value.code == "invalid_input"
        assert wrong not in "".join(traceback.format_exception(caught.value))

    def test_someone_elses_key_is_an_account_problem(
        self, sandbox: SandboxServer, control: Control, vendor_key: RSAPrivateKey
    ) -> None:
        credentials = sandbox.credentials["alipay"] | {"app_private_key_pem": _pem(vendor_key)}
        with pytest.raises(ProviderError) as caught:
            start(face_at(credentials["gateway_url"], credentials))
        assert (caught.value.code, caught.value.permanent) == ("account_problem", False)

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
    def test_faults(self, face: AlipayFace, control: Control, fault: str, code: str) -> None:
        session = start(face)
        control.decide_face(session.provider_ref, "pass")
        control.arm("alipay", fault, times=2, seconds=3)
        expected = Outcome.RATE_LIMITED if fault == "rate_limit" else Outcome.UNAVAILABLE
        result = result_of(face, session.provider_ref)
        assert (result.outcome, result.provider_code) == (expected, code)
        control.clear()
        assert result_of(face, session.provider_ref).outcome is Outcome.MATCH
        control.arm("alipay", fault, seconds=3)
        with pytest.raises(ProviderError) as caught:
            start(face)
        assert (caught.value.code, caught.value.permanent) == (code, False)


class TestSuccessor:
    @pytest.fixture
    def successor(self, sandbox: SandboxServer, control: Control) -> AlipayFace:
        return face_at(sandbox.credentials["alipay"]["gateway_url"], sandbox.credentials["alipay"], "datadigital")

    def test_pending_until_the_person_is_done_then_a_match(self, successor: AlipayFace, control: Control) -> None:
        session = start(successor)
        assert session.app_call == {"certify_id": session.provider_ref, "url": session.url}
        assert result_of(successor, session.provider_ref).outcome is Outcome.PENDING
        page = requests.get(session.url, timeout=5)
        requests.post(page.url, data={"result": "pass"}, allow_redirects=False, timeout=5)
        assert result_of(successor, session.provider_ref).outcome is Outcome.MATCH
        methods = [parse_qs(entry["body"])["method"][0].rpartition(".") for entry in control.log("alipay")]
        assert {prefix for prefix, _, _ in methods} == {"datadigital.fincloud.generalsaas.face.certify"}
        assert [name for _, _, name in methods] == ["initialize", "verify", "query", "query"]

    @pytest.mark.parametrize(("choice", "outcome"), [("fail", Outcome.MISMATCH), ("cancel", Outcome.CANCELLED)])
    def test_other_ends(self, successor: AlipayFace, control: Control, choice: str, outcome: Outcome) -> None:
        assert finished(successor, control, choice).outcome is outcome

    @pytest.mark.parametrize("url", [None, "", 1, "javascript:alert(1)"])
    def test_no_address_is_no_start(self, peer: Peer, vendor_key: RSAPrivateKey, url: object) -> None:
        public = vendor_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        keys = {"app_id": "1", "app_private_key_pem": _pem(vendor_key), "alipay_public_key_pem": public}
        root = "datadigital_fincloud_generalsaas_face_certify_{}_response"
        initialized = signed(vendor_key, root.format("initialize"), {"code": "10000", "certify_id": "c"})
        answered = signed(vendor_key, root.format("verify"), {"code": "10000", "certify_url": url})
        peer.will(says(initialized), says(answered))
        with pytest.raises(ProviderError, match="malformed_answer"):
            start(face_at(peer.url, keys, "datadigital"))


@pytest.fixture(scope="module")
def vendor_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def _pem(key: RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


def signed(key: RSAPrivateKey, root: str, answer: dict[str, Any], shown: dict[str, Any] | None = None) -> str:
    """An envelope as the gateway makes it; with `shown`, changed after it was signed."""
    text = json.dumps(answer)
    sign = base64.b64encode(key.sign(text.encode(), PKCS1v15(), SHA256())).decode()
    return f'{{"{root}": {json.dumps(shown or answer)}, "sign": "{sign}"}}'


class TestForgery:
    @pytest.fixture
    def forged(self, peer: Peer, vendor_key: RSAPrivateKey) -> AlipayFace:
        """A face check whose gateway is the peer, and whose trusted key is `vendor_key`."""
        public = vendor_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        keys = {"app_id": "1", "app_private_key_pem": _pem(vendor_key), "alipay_public_key_pem": public}
        return face_at(peer.url, keys)

    def test_an_honest_answer_passes(self, forged: AlipayFace, peer: Peer, vendor_key: RSAPrivateKey) -> None:
        peer.will(says(signed(vendor_key, QUERIED, {"code": "10000", "passed": "T", "extra": "}{"})))
        assert result_of(forged, "a").outcome is Outcome.MATCH

    def test_a_pass_signed_by_somebody_else(self, forged: AlipayFace, peer: Peer) -> None:
        stranger = generate_private_key(public_exponent=65537, key_size=2048)
        peer.will(says(signed(stranger, QUERIED, {"code": "10000", "passed": "T"})))
        assert result_of(forged, "a").provider_code == "signature_invalid"

    def test_a_changed_answer(self, forged: AlipayFace, peer: Peer, vendor_key: RSAPrivateKey) -> None:
        honest = {"code": "10000", "passed": "F"}
        peer.will(says(signed(vendor_key, QUERIED, honest, shown={"code": "10000", "passed": "T"})))
        assert result_of(forged, "a").provider_code == "signature_invalid"

    @pytest.mark.parametrize(
        "body",
        [
            '{"alipay_user_certify_open_query_response": {"code": "10000", "passed": "T"}}',
            '{"alipay_user_certify_open_query_response": {"code": "10000", "passed": "T"}, "sign": 1}',
            '{"alipay_user_certify_open_query_response": "10000", "sign": "x"}',
            '{"error_response": {"code": "10000", "passed": "T"}}',
            '{"passed": "T"}',
            "[]",
            "",
            b"\xff",
            "[" * 100_000,
        ],
    )
    def test_unsigned_or_misshapen_answers(self, forged: AlipayFace, peer: Peer, body: str | bytes) -> None:
        peer.will(says(body))
        assert result_of(forged, "a").outcome is Outcome.UNAVAILABLE

    def test_the_answer_to_another_method(self, forged: AlipayFace, peer: Peer, vendor_key: RSAPrivateKey) -> None:
        peer.will(says(signed(vendor_key, INITIALIZED, {"code": "10000", "passed": "T"})))
        assert result_of(forged, "a").outcome is Outcome.UNAVAILABLE

    def test_a_second_answer_object_is_refused(self, forged: AlipayFace, peer: Peer, vendor_key: RSAPrivateKey) -> None:
        honest = signed(vendor_key, QUERIED, {"code": "10000", "passed": "F"})
        peer.will(says(honest[:-1] + f', "{QUERIED}": {{"code": "10000", "passed": "T"}}}}'))
        assert result_of(forged, "a").outcome is Outcome.UNAVAILABLE

    @pytest.mark.parametrize("answer", [{}, {"passed": True}, {"passed": "t"}, {"passed": None}])
    def test_only_the_letter_t_is_a_pass(
        self, forged: AlipayFace, peer: Peer, vendor_key: RSAPrivateKey, answer: dict[str, Any]
    ) -> None:
        peer.will(says(signed(vendor_key, QUERIED, {"code": "10000", **answer})))
        assert result_of(forged, "a").outcome is Outcome.UNAVAILABLE

    def test_a_redirect_is_refused(self, forged: AlipayFace, peer: Peer) -> None:
        peer.will(says("", status=302, Location="http://127.0.0.1:1/"))
        assert result_of(forged, "a").provider_code == "redirect_refused"

    def test_free_text_of_the_vendor_is_not_kept(
        self, forged: AlipayFace, peer: Peer, vendor_key: RSAPrivateKey
    ) -> None:
        answer = {"code": "10000", "passed": "F", "fail_reason": f"{NAME}：{ID_NUMBER} 不符"}
        peer.will(says(signed(vendor_key, QUERIED, answer)))
        result = result_of(forged, "a")
        assert result == replace(result, outcome=Outcome.MISMATCH, provider_code="F")
        assert NAME not in repr(result)
        assert ID_NUMBER not in repr(result)

    def test_no_certify_id_is_no_start(self, forged: AlipayFace, peer: Peer, vendor_key: RSAPrivateKey) -> None:
        peer.will(says(signed(vendor_key, INITIALIZED, {"code": "10000"})))
        with pytest.raises(ProviderError, match="malformed_answer"):
            start(forged)
