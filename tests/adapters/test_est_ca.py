"""Certificates over EST: what the authority issues, and what is not taken from it."""

import base64
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import serialize_certificates
from cryptography.x509.oid import NameOID

from app.adapters.est_ca import EstCertificateAuthority
from app.adapters.software_keys import SoftwareKeyStore
from app.adapters.transport import Transport
from app.core.clock import clock_at, now
from app.core.errors import ProviderError
from app.signing.ports import IssuedCertificate, KeyAlgorithm, Subject
from tests.adapters import pki
from tests.adapters.conftest import Control
from tests.adapters.peer import Peer, says
from tests.support.sandbox_server import SandboxServer

CERTIFICATES = "application/pkcs7-mime; smime-type=certs-only"
WORKER = Subject(common_name="𠮷野家明", serial_number="4c7f2a")
COMPANY = Subject(
    common_name="长春市启明软件技术有限公司",
    serial_number="77aa",
    organisation="长春市启明软件技术有限公司",
    organisation_identifier="USCC-91220100MA00000152",
)


def request_for(subject: Subject, algorithm: KeyAlgorithm = KeyAlgorithm.P256) -> bytes:
    keys = SoftwareKeyStore()
    return keys.certificate_request(keys.generate(algorithm), subject)


def authority_at(
    url: str, root: str, password: str = "sandbox-est-password", patience: float = 2.0
) -> EstCertificateAuthority:
    transport = Transport("est_ca", read_timeout=patience)
    return EstCertificateAuthority(url, "sandbox-est", password, root, transport=transport)


def refusal(authority: EstCertificateAuthority, request: bytes | None = None) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        authority.issue(request or request_for(WORKER), profile="person-once", reference="r")
    return caught.value


def names(issued: IssuedCertificate) -> list[str]:
    return [
        str(x509.load_der_x509_certificate(c).subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
        for c in issued.chain
    ]


class TestThroughTheSandbox:
    @pytest.fixture
    def authority(self, sandbox: SandboxServer, control: Control, patience: float) -> EstCertificateAuthority:
        credentials = sandbox.credentials["ca"]
        return authority_at(credentials["base_url"], credentials["root_pem"], credentials["password"], patience)

    @pytest.mark.parametrize("algorithm", list(KeyAlgorithm))
    def test_a_person(self, authority: EstCertificateAuthority, algorithm: KeyAlgorithm) -> None:
        request = request_for(WORKER, algorithm)
        issued = authority.issue(request, profile="person-once", reference="r")
        leaf = x509.load_der_x509_certificate(issued.certificate)
        assert leaf.public_key() == x509.load_der_x509_csr(request).public_key()
        assert leaf.not_valid_after_utc - now() < timedelta(hours=25)
        assert names(issued)[0] == "𠮷野家明"
        assert len(issued.chain) == 3
        assert (issued.chain[-1],) == authority.roots()

    def test_a_persons_own_lasts_a_year(self, authority: EstCertificateAuthority) -> None:
        issued = authority.issue(request_for(WORKER), profile="person", reference="r")
        leaf = x509.load_der_x509_certificate(issued.certificate)
        assert timedelta(days=364) < leaf.not_valid_after_utc - now() <= timedelta(days=365)

    def test_an_organisation(self, authority: EstCertificateAuthority) -> None:
        issued = authority.issue(request_for(COMPANY), profile="organisation", reference="r")
        subject = x509.load_der_x509_certificate(issued.certificate).subject
        assert subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)[0].value == "USCC-91220100MA00000152"

    def test_issuers_are_fetched_once(self, authority: EstCertificateAuthority, control: Control) -> None:
        for _ in range(3):
            authority.issue(request_for(WORKER), profile="person-once", reference="r")
        paths = [entry["path"].rsplit("/", 1)[-1] for entry in control.log("ca")]
        assert sorted(paths) == ["cacerts", "simpleenroll", "simpleenroll", "simpleenroll"]

    def test_a_request_that_the_profile_refuses(self, authority: EstCertificateAuthority) -> None:
        with pytest.raises(ProviderError) as caught:
            authority.issue(request_for(WORKER), profile="organisation", reference="r")
        assert (caught.value.code, caught.value.permanent) == ("refused", True)

    def test_a_profile_of_nobody(self, authority: EstCertificateAuthority) -> None:
        with pytest.raises(ValueError, match="profile"):
            authority.issue(request_for(WORKER), profile="somebody", reference="r")

    def test_a_wrong_password(self, sandbox: SandboxServer, control: Control) -> None:
        credentials = sandbox.credentials["ca"]
        error = refusal(authority_at(credentials["base_url"], credentials["root_pem"], "wrong"))
        assert (error.code, error.permanent) == ("account_problem", False)

    def test_another_root_is_not_trusted(self, sandbox: SandboxServer, control: Control) -> None:
        credentials = sandbox.credentials
        error = refusal(authority_at(credentials["ca"]["base_url"], pki.pem(root("other")[0])))
        assert (error.code, error.permanent) == ("certificate_not_trusted", False)

    def test_an_authority_whose_clock_is_a_day_ahead(
        self, authority: EstCertificateAuthority, control: Control
    ) -> None:
        control.shift_clock(86400)
        assert refusal(authority).code == "certificate_not_trusted"

    def test_a_certificate_that_has_run_out(self, authority: EstCertificateAuthority) -> None:
        authority.issue(request_for(WORKER), profile="person-once", reference="r")
        with clock_at(now() + timedelta(days=2)):
            assert refusal(authority).code == "certificate_not_trusted"

    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            ("rate_limit", "throttled"),
            ("http_500", "http_500"),
            ("malformed", "malformed_answer"),
            ("wrong_content_type", "malformed_answer"),
            ("lost_answer", "connection_lost"),
            ("timeout", "timeout"),
        ],
    )
    def test_faults(self, authority: EstCertificateAuthority, control: Control, fault: str, code: str) -> None:
        control.arm("ca", fault, seconds=3)
        error = refusal(authority)
        assert (error.code, error.permanent) == (code, False)
        assert len(authority.issue(request_for(WORKER), profile="person-once", reference="r").chain) == 3


def root(common_name: str = "root") -> tuple[x509.Certificate, EllipticCurvePrivateKey]:
    key = pki.new_key()
    return pki.certificate(common_name, common_name, key.public_key(), key, ca=True), key


def csr() -> tuple[bytes, EllipticCurvePrivateKey]:
    key = pki.new_key()
    builder = x509.CertificateSigningRequestBuilder().subject_name(pki.name("张伟"))
    return builder.sign(key, SHA256()).public_bytes(Encoding.DER), key


def bundle(*certificates: x509.Certificate) -> bytes:
    return base64.encodebytes(serialize_certificates(list(certificates), Encoding.DER))


class TestDishonestAuthority:
    """The peer answers `simpleenroll` first, `cacerts` second."""

    def test_an_honest_one_is_believed(self, peer: Peer) -> None:
        anchor, anchor_key = root()
        request, key = csr()
        leaf = pki.certificate("张伟", "root", key.public_key(), anchor_key)
        peer.will(says(bundle(leaf), content_type=CERTIFICATES), says(bundle(anchor), content_type=CERTIFICATES))
        issued = authority_at(peer.url, pki.pem(anchor)).issue(request, profile="person-once", reference="r")
        assert issued.chain == (pki.der(leaf), pki.der(anchor))
        assert base64.b64decode(peer.received[0].body) == request

    def test_a_certificate_for_another_key(self, peer: Peer) -> None:
        anchor, anchor_key = root()
        request, _key = csr()
        leaf = pki.certificate("张伟", "root", pki.new_key().public_key(), anchor_key)
        peer.will(says(bundle(leaf), content_type=CERTIFICATES))
        assert refusal(authority_at(peer.url, pki.pem(anchor)), request).code == "certificate_for_another_key"

    def test_signed_by_a_stranger_with_the_same_name(self, peer: Peer) -> None:
        anchor, _ = root()
        stranger, stranger_key = root()
        request, key = csr()
        leaf = pki.certificate("张伟", "root", key.public_key(), stranger_key)
        peer.will(says(bundle(leaf, stranger), content_type=CERTIFICATES))
        assert refusal(authority_at(peer.url, pki.pem(anchor)), request).code == "certificate_not_trusted"

    def test_issued_by_a_certificate_that_is_no_authority(self, peer: Peer) -> None:
        anchor, anchor_key = root()
        middle_key = pki.new_key()
        middle = pki.certificate("middle", "root", middle_key.public_key(), anchor_key, ca=False)
        request, key = csr()
        leaf = pki.certificate("张伟", "middle", key.public_key(), middle_key)
        peer.will(says(bundle(leaf, middle), content_type=CERTIFICATES))
        assert refusal(authority_at(peer.url, pki.pem(anchor)), request).code == "certificate_not_trusted"

    def test_asked_to_wait(self, peer: Peer) -> None:
        peer.will(says("", status=202, Retry_After="120"))
        error = refusal(authority_at(peer.url, pki.pem(root()[0])))
        assert (error.code, error.permanent) == ("issuance_pending", False)
        assert "retry after 120 s" in str(error)

    @pytest.mark.parametrize(
        "body",
        ["", "不是", base64.b64encode(b"nonsense"), bundle(root()[0])[:100]],
        ids=["empty", "text", "nonsense", "cut"],
    )
    def test_garbage(self, peer: Peer, body: str | bytes) -> None:
        peer.will(says(body, content_type=CERTIFICATES))
        assert refusal(authority_at(peer.url, pki.pem(root()[0]))).code == "malformed_answer"

    def test_a_redirect_keeps_the_password_at_home(self, peer: Peer) -> None:
        peer.will(says("", status=302, Location=f"{peer.url}/elsewhere"))
        assert refusal(authority_at(peer.url, pki.pem(root()[0]))).code == "redirect_refused"
        assert len(peer.received) == 1

    def test_pending_and_refused_answers_do_not_open_the_circuit(self, peer: Peer) -> None:
        authority = authority_at(peer.url, pki.pem(root()[0]))
        peer.will(says("", status=202))
        assert {refusal(authority).code for _ in range(6)} == {"issuance_pending"}
        peer.will(says("no", status=400))
        assert {refusal(authority).code for _ in range(6)} == {"refused"}


def test_configuration_without_a_root_is_refused() -> None:
    with pytest.raises(ValueError, match=r".+"):
        authority_at("http://127.0.0.1:1", "")
