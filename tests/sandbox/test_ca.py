"""Certificates over EST: what is issued, what is refused, and whether it still holds."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store

from tests.sandbox.clients import arm, shift_clock
from tests.support.sandbox_server import SandboxServer

# RFC 5280 allows names of 64 characters; cryptography counts bytes.
pytestmark = pytest.mark.filterwarnings("ignore:Attribute's length must be")

WORKER = {NameOID.COUNTRY_NAME: "CN", NameOID.COMMON_NAME: "𠮷野家明", NameOID.SERIAL_NUMBER: "p-0001"}
COMPANY = {
    NameOID.COUNTRY_NAME: "CN",
    NameOID.ORGANIZATION_NAME: "长春市南关区净月潭现代服务业职业技能培训中心有限责任公司",
    NameOID.ORGANIZATION_IDENTIFIER: "USCC-91220100MA0000023W",
    NameOID.COMMON_NAME: "长春市南关区净月潭现代服务业职业技能培训中心有限责任公司",
}
Subject = dict[x509.ObjectIdentifier, str]


def csr(subject: Subject, key: Any = None, digest: hashes.HashAlgorithm | None = None) -> bytes:
    name = x509.Name([x509.NameAttribute(oid, value, _validate=False) for oid, value in subject.items()])
    request = x509.CertificateSigningRequestBuilder().subject_name(name)
    signed = request.sign(key or ec.generate_private_key(ec.SECP256R1()), digest or hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def enroll(sandbox: SandboxServer, label: str, request_der: bytes, **changes: Any) -> requests.Response:
    given = sandbox.credentials["ca"]
    arguments = {
        "auth": (given["username"], given["password"]),
        "headers": {"Content-Type": "application/pkcs10", "Content-Transfer-Encoding": "base64"},
        "data": base64.encodebytes(request_der),
        "timeout": 5,
        **changes,
    }
    return requests.post(f"{given['base_url']}/{label}/simpleenroll", **arguments)


def issued(sandbox: SandboxServer, label: str, request_der: bytes) -> x509.Certificate:
    answer = enroll(sandbox, label, request_der)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/pkcs7-mime; smime-type=certs-only"
    assert answer.headers["Content-Transfer-Encoding"] == "base64"
    [certificate] = pkcs7.load_der_pkcs7_certificates(base64.b64decode(answer.content))
    return certificate


def authorities(sandbox: SandboxServer) -> list[x509.Certificate]:
    answer = requests.get(f"{sandbox.credentials['ca']['base_url']}/cacerts", timeout=5)
    assert answer.headers["Content-Type"] == "application/pkcs7-mime"
    assert answer.headers["Content-Transfer-Encoding"] == "base64"
    return pkcs7.load_der_pkcs7_certificates(base64.b64decode(answer.content))


def issuer_of(certificate: x509.Certificate, found: list[x509.Certificate]) -> x509.Certificate:
    return next(authority for authority in found if authority.subject == certificate.issuer)


@pytest.mark.parametrize(
    ("label", "subject", "life"),
    [("person-once", WORKER, timedelta(days=1)), ("organisation", COMPANY, timedelta(days=365))],
)
@pytest.mark.parametrize("algorithm", ["p256", "rsa2048"])
def test_enrolment_gives_a_certificate_that_chains_to_the_root(
    calm: SandboxServer, label: str, subject: Subject, life: timedelta, algorithm: str
) -> None:
    key = ec.generate_private_key(ec.SECP256R1()) if algorithm == "p256" else rsa.generate_private_key(65537, 2048)
    certificate = issued(calm, label, csr(subject, key))
    root = x509.load_pem_x509_certificate(calm.credentials["ca"]["root_pem"].encode())
    verifier = (
        PolicyBuilder()
        .store(Store([root]))
        .extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all())
        .build_client_verifier()
    )
    assert len(verifier.verify(certificate, authorities(calm)).chain) == 3
    assert certificate.public_key() == key.public_key()
    assert {attribute.oid: attribute.value for attribute in certificate.subject} == subject
    now = datetime.now(UTC)
    assert timedelta(minutes=4) < now - certificate.not_valid_before_utc < timedelta(minutes=6)
    assert abs(certificate.not_valid_after_utc - now - life) < timedelta(minutes=1)


def test_extensions_of_a_certificate(calm: SandboxServer) -> None:
    certificate = issued(calm, "person-once", csr(WORKER))
    find = certificate.extensions.get_extension_for_class
    assert find(x509.KeyUsage).critical
    assert find(x509.KeyUsage).value.digital_signature
    assert find(x509.KeyUsage).value.content_commitment
    assert not find(x509.KeyUsage).value.key_cert_sign
    assert not find(x509.BasicConstraints).value.ca
    assert "沙箱" in str(find(x509.CertificatePolicies).value)
    assert certificate.serial_number.bit_length() > 100
    common_name = next(a for a in certificate.subject if a.oid == NameOID.COMMON_NAME)
    assert common_name._type.name == "UTF8String"


def test_a_certificate_names_where_its_status_is(calm: SandboxServer) -> None:
    certificate = issued(calm, "person-once", csr(WORKER))
    issuer = issuer_of(certificate, authorities(calm))
    access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    urls = {entry.access_method: entry.access_location.value for entry in access}
    fetched = requests.get(urls[AuthorityInformationAccessOID.CA_ISSUERS], timeout=5).content
    assert x509.load_der_x509_certificate(fetched) == issuer
    question = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256())
    question = question.add_extension(x509.OCSPNonce(b"nonce-of-16-byte"), critical=False)
    status, revoked = ask(urls[AuthorityInformationAccessOID.OCSP], question.build(), issuer), crl_of(certificate)
    assert status == ocsp.OCSPCertStatus.GOOD
    assert revoked.is_signature_valid(issuer.public_key())
    assert revoked.get_revoked_certificate_by_serial_number(certificate.serial_number) is None


def test_revocation_is_told_everywhere(calm: SandboxServer) -> None:
    certificate = issued(calm, "organisation", csr(COMPANY))
    issuer = issuer_of(certificate, authorities(calm))
    url = f"{calm.url}/__sandbox/certificates/{certificate.serial_number:x}/revoke"
    requests.post(url, timeout=5).raise_for_status()
    question = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1()).build()
    assert ask(f"{calm.url}/ca/ocsp", question, issuer) == ocsp.OCSPCertStatus.REVOKED
    assert crl_of(certificate).get_revoked_certificate_by_serial_number(certificate.serial_number)


def test_ocsp_refuses_what_is_not_a_request(calm: SandboxServer) -> None:
    answer = requests.post(f"{calm.url}/ca/ocsp", data=b"hello", timeout=5)
    status = ocsp.load_der_ocsp_response(answer.content).response_status
    assert status == ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def ask(url: str, question: ocsp.OCSPRequest, issuer: x509.Certificate) -> ocsp.OCSPCertStatus:
    der = question.public_bytes(serialization.Encoding.DER)
    answer = ocsp.load_der_ocsp_response(requests.post(url, data=der, timeout=5).content)
    issuer_key = issuer.public_key()
    assert isinstance(issuer_key, ec.EllipticCurvePublicKey)
    issuer_key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(hashes.SHA256()))
    assert list(answer.extensions) == list(question.extensions)
    return answer.certificate_status


def crl_of(certificate: x509.Certificate) -> x509.CertificateRevocationList:
    [point] = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert point.full_name
    return x509.load_der_x509_crl(requests.get(point.full_name[0].value, timeout=5).content)


def test_enrolment_needs_the_password(calm: SandboxServer) -> None:
    answer = enroll(calm, "person-once", csr(WORKER), auth=("sandbox-est", "wrong"))
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")
    assert enroll(calm, "person-once", csr(WORKER), auth=None).status_code == 401


def test_proof_of_possession_is_checked(calm: SandboxServer) -> None:
    der = bytearray(csr(WORKER, rsa.generate_private_key(65537, 2048)))
    der[-1] ^= 1
    answer = enroll(calm, "person-once", bytes(der))
    assert answer.status_code == 400
    assert "proof of possession" in answer.text


@pytest.mark.parametrize("key", [rsa.generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP192R1())])
def test_weak_keys_are_refused(calm: SandboxServer, key: Any) -> None:
    answer = enroll(calm, "person-once", csr(WORKER, key))
    assert answer.status_code == 400
    assert "weak" in answer.text


@pytest.mark.parametrize(
    ("label", "subject"),
    [
        ("person-once", {NameOID.SERIAL_NUMBER: "p-1"}),
        ("person-once", WORKER | {NameOID.EMAIL_ADDRESS: "a@b.example"}),
        ("person-once", WORKER | {NameOID.COMMON_NAME: "张\u202e伟"}),
        ("person-once", WORKER | {NameOID.COUNTRY_NAME: "US"}),
        ("organisation", WORKER),
        ("organisation", COMPANY | {NameOID.ORGANIZATION_IDENTIFIER: "USCC-91220100MA0000023X"}),
    ],
)
def test_senseless_subjects_are_refused(calm: SandboxServer, label: str, subject: Subject) -> None:
    assert enroll(calm, label, csr(subject)).status_code == 400


def test_bad_requests_are_refused(calm: SandboxServer) -> None:
    assert enroll(calm, "nobody", csr(WORKER)).status_code == 404
    assert enroll(calm, "person-once", b"not a request").status_code == 400
    assert enroll(calm, "person-once", csr(WORKER), data=b"%%%").status_code == 400
    assert enroll(calm, "person-once", csr(WORKER), headers={"Content-Type": "text/plain"}).status_code == 415


def test_faults_reach_the_product_but_not_validators(calm: SandboxServer) -> None:
    arm(calm, "ca", "http_500", times=0)
    assert enroll(calm, "person-once", csr(WORKER)).status_code == 500
    assert requests.get(f"{calm.url}/ca/crl/root.crl", timeout=5).status_code == 200


def test_certificates_follow_the_clock(calm: SandboxServer) -> None:
    shift_clock(calm, 10 * 86400)
    certificate = issued(calm, "person-once", csr(WORKER))
    assert certificate.not_valid_before_utc > datetime.now(UTC) + timedelta(days=9)
