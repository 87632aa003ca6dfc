"""The authority's own keys and certificates: one root, an issuing CA for persons, one for organisations, one TSA."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from sandbox.context import Context

# 2.999 is the arc that ITU-T keeps for examples.
POLICY = x509.ObjectIdentifier("2.999.1.1")
_NOTICE = "沙箱证书，仅供开发测试，没有法律效力。Sandbox certificate, for development and tests only."
_ROOT_LIFE = timedelta(days=7300)
_CA_LIFE = timedelta(days=3650)
_NAMES = {
    "root": "工约沙箱根证书 Sandbox Root CA",
    "persons": "工约沙箱个人证书 Sandbox Person CA",
    "organisations": "工约沙箱组织证书 Sandbox Organisation CA",
    "tsa": "工约沙箱时间戳 Sandbox TSA",
}


@dataclass(frozen=True, slots=True)
class Authority:
    """A key with its certificate. `name` is root, persons, organisations or tsa."""

    name: str
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


def load(context: Context) -> dict[str, Authority]:
    """All four, made at first start."""
    root = _authority(context, "root", None)
    return {"root": root, **{name: _authority(context, name, root) for name in ("persons", "organisations", "tsa")}}


def usage(*, sign: bool = False, ca: bool = False) -> x509.KeyUsage:
    """`sign`: digitalSignature and nonRepudiation; `ca`: keyCertSign and cRLSign."""
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def policies(policy: x509.ObjectIdentifier) -> x509.CertificatePolicies:
    notice = x509.UserNotice(notice_reference=None, explicit_text=_NOTICE)
    return x509.CertificatePolicies([x509.PolicyInformation(policy, [notice])])


def point_to(builder: x509.CertificateBuilder, base_url: str, issuer: str) -> x509.CertificateBuilder:
    """Say where the issuer's CRL, OCSP responder and certificate are to be found."""
    crl, ocsp, cert = (
        x509.UniformResourceIdentifier(f"{base_url}/ca/{path}")
        for path in (f"crl/{issuer}.crl", "ocsp", f"certs/{issuer}.cer")
    )
    access = [
        x509.AccessDescription(AuthorityInformationAccessOID.OCSP, ocsp),
        x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, cert),
    ]
    point = x509.DistributionPoint([crl], relative_name=None, reasons=None, crl_issuer=None)
    return builder.add_extension(x509.CRLDistributionPoints([point]), critical=False).add_extension(
        x509.AuthorityInformationAccess(access), critical=False
    )


def record(context: Context, issuer: str, label: str, certificate: x509.Certificate) -> None:
    """Remember an issued certificate, for OCSP and the CRL."""
    context.store.run(
        "INSERT INTO certificate (serial, issuer, label, subject, der, issued_at) VALUES (?, ?, ?, ?, ?, ?)",
        *(format(certificate.serial_number, "x"), issuer, label, certificate.subject.rfc4514_string()),
        *(certificate.public_bytes(serialization.Encoding.DER), context.clock.now().isoformat()),
    )


def _authority(context: Context, name: str, root: Authority | None) -> Authority:
    pem = context.store.secret(f"ca.{name}.key", _new_key)
    key = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the authority's keys are P-256")
    text = context.store.secret(f"ca.{name}.certificate", lambda: _certify(context, name, key, root))
    return Authority(name, key, x509.load_pem_x509_certificate(text.encode()))


def _new_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    encoding, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, kind, serialization.NoEncryption()).decode()


def _certify(context: Context, name: str, key: ec.EllipticCurvePrivateKey, root: Authority | None) -> str:
    subject, now = _subject(name), context.clock.now()
    issuer_key = root.key if root else key
    builder = _start(subject, root.certificate.subject if root else subject, key.public_key(), now)
    builder = builder.not_valid_after(now + (_CA_LIFE if root else _ROOT_LIFE))
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
    )
    builder = _as_timestamper(builder) if name == "tsa" else _as_ca(builder, is_root=root is None)
    if root:
        builder = point_to(builder, context.base_url, "root")
    certificate = builder.sign(issuer_key, hashes.SHA256())
    if root:
        record(context, "root", name, certificate)
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _subject(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "工约沙箱 Gongyue Sandbox"),
            x509.NameAttribute(NameOID.COMMON_NAME, _NAMES[name]),
        ]
    )


def _start(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _as_ca(builder: x509.CertificateBuilder, *, is_root: bool) -> x509.CertificateBuilder:
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None if is_root else 0), critical=True)
    builder = builder.add_extension(usage(ca=True), critical=True)
    return builder if is_root else builder.add_extension(policies(POLICY), critical=False)


def _as_timestamper(builder: x509.CertificateBuilder) -> x509.CertificateBuilder:
    """RFC 3161 §2.3: this purpose alone, and critical."""
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    return builder.add_extension(usage(sign=True), critical=True).add_extension(purpose, critical=True)
