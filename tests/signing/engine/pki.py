"""A small public key infrastructure in memory, for tests and benchmarks: persons, organisations, time-stamps."""

import datetime
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.core.clock import now
from app.signing.cms import SigningIdentity, der
from app.signing.ports import KeyAlgorithm

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
ORGANISATION = "吉林省长春市朝阳区工约信息技术服务（集团）有限责任公司"
_DAY = datetime.timedelta(days=1)


def new_key(algorithm: KeyAlgorithm) -> PrivateKey:
    if algorithm is KeyAlgorithm.RSA2048:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def signer_of(key: PrivateKey) -> Callable[[bytes], bytes]:
    if isinstance(key, rsa.RSAPrivateKey):
        return lambda data: key.sign(data, PKCS1v15(), SHA256())
    return lambda data: key.sign(data, ec.ECDSA(SHA256()))


def name(common_name: str, organisation: str | None = None) -> x509.Name:
    parts = [
        (NameOID.COUNTRY_NAME, "CN"),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.COMMON_NAME, common_name),
    ]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])


@dataclass(frozen=True)
class Authority:
    """A root that issues end certificates."""

    key: PrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @classmethod
    def create(cls, common_name: str) -> "Authority":
        key = new_key(KeyAlgorithm.P256)
        subject = name(common_name)
        builder = _builder(subject, subject, key, 3650).add_extension(x509.BasicConstraints(True, 0), critical=True)
        usage = _usage(key_cert_sign=True, crl_sign=True)
        return cls(key, builder.add_extension(usage, critical=True).sign(key, SHA256()))

    def issue(
        self, subject: x509.Name, key: PrivateKey, *, days: int = 365, timestamping: bool = False
    ) -> x509.Certificate:
        builder = _builder(subject, self.certificate.subject, key, days)
        builder = builder.add_extension(x509.BasicConstraints(False, None), critical=True)
        if timestamping:
            usage = _usage(digital_signature=True)
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        else:
            usage = _usage(digital_signature=True, content_commitment=True)
        return builder.add_extension(usage, critical=True).sign(self.key, SHA256())


def _builder(subject: x509.Name, issuer: x509.Name, key: PrivateKey, days: int) -> x509.CertificateBuilder:
    start = now() - _DAY
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(start)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return builder.not_valid_after(start + _DAY * (days + 1)).add_extension(identifier, critical=False)


def _usage(**wanted: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{usage: wanted.get(usage, False) for usage in names})


@dataclass
class TestTimestamper:
    """Timestamper port: real RFC 3161 tokens, made in the process with a P-256 key that is loaded once."""

    __test__ = False

    authority: Authority
    key: PrivateKey
    certificate: x509.Certificate
    lag: datetime.timedelta = datetime.timedelta(0)
    stamped: list[bytes] = field(default_factory=list)

    @classmethod
    def create(cls, authority: Authority) -> "TestTimestamper":
        key = new_key(KeyAlgorithm.P256)
        return cls(authority, key, authority.issue(name("测试时间戳服务"), key, timestamping=True))

    def roots(self) -> tuple[bytes, ...]:
        return (self.authority.der,)

    def stamp(self, digest: bytes) -> bytes:
        self.stamped.append(digest)
        return timestamp_token(digest, self.certificate, signer_of(self.key), now() + self.lag)


def timestamp_token(
    digest: bytes, certificate: x509.Certificate, sign: Callable[[bytes], bytes], moment: datetime.datetime
) -> bytes:
    """TimeStampToken with ESS signing-certificate-v2 (RFC 3161 §2.4.2, RFC 5816)."""
    sha256 = bytes.fromhex("300b0609608648016503040201")
    tst_info = der(
        0x30,
        b"\x02\x01\x01",
        bytes.fromhex("06042a030401"),
        der(0x30, sha256, der(0x04, digest)),
        der(0x02, b"\x01" + secrets.token_bytes(8)),
        der(0x18, moment.strftime("%Y%m%d%H%M%SZ").encode()),
    )
    encoded = certificate.public_bytes(Encoding.DER)
    tst_oid = bytes.fromhex("060b2a864886f70d0109100104")
    certificate_id = der(0x30, der(0x04, hashlib.sha256(encoded).digest()))
    values = {
        "06092a864886f70d010903": tst_oid,
        "06092a864886f70d010904": der(0x04, hashlib.sha256(tst_info).digest()),
        "060b2a864886f70d010910022f": der(0x30, der(0x30, certificate_id)),
    }
    attributes = b"".join(sorted(der(0x30, bytes.fromhex(oid), der(0x31, value)) for oid, value in values.items()))
    signer_info = der(
        0x30,
        b"\x02\x01\x01",
        der(0x30, certificate.issuer.public_bytes(), der(0x02, _integer(certificate.serial_number))),
        sha256,
        der(0xA0, attributes),
        bytes.fromhex("300a06082a8648ce3d040302"),
        der(0x04, sign(der(0x31, attributes))),
    )
    signed_data = der(
        0x30,
        b"\x02\x01\x03",
        der(0x31, sha256),
        der(0x30, tst_oid, der(0xA0, der(0x04, tst_info))),
        der(0xA0, encoded),
        der(0x31, signer_info),
    )
    return der(0x30, bytes.fromhex("06092a864886f70d010702"), der(0xA0, signed_data))


def _integer(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


@dataclass(frozen=True)
class Pki:
    """Everything a contract needs: two signers of the same algorithm and their authorities."""

    persons: Authority
    organisations: Authority
    timestamper: TestTimestamper
    worker: SigningIdentity
    employer: SigningIdentity

    @property
    def signing_roots(self) -> tuple[bytes, ...]:
        return (self.persons.der, self.organisations.der)

    def identity(
        self, algorithm: KeyAlgorithm, subject: x509.Name, *, authority: Authority | None = None, days: int = 365
    ) -> SigningIdentity:
        """Another signer with a certificate of its own."""
        return new_identity(authority or self.persons, algorithm, subject, days=days)


def new_identity(
    authority: Authority, algorithm: KeyAlgorithm, subject: x509.Name, *, days: int = 365
) -> SigningIdentity:
    key = new_key(algorithm)
    leaf = authority.issue(subject, key, days=days).public_bytes(Encoding.DER)
    return SigningIdentity((leaf, authority.der), algorithm, signer_of(key))


def create_pki(algorithm: KeyAlgorithm) -> Pki:
    persons, organisations = Authority.create("测试个人根证书"), Authority.create("测试机构根证书")
    return Pki(
        persons=persons,
        organisations=organisations,
        timestamper=TestTimestamper.create(Authority.create("测试时间戳根证书")),
        worker=new_identity(persons, algorithm, name("𠮷田·䶮")),
        employer=new_identity(organisations, algorithm, name("合同专用章", ORGANISATION)),
    )
