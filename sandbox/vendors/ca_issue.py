"""What the authority refuses, and what it puts into a certificate."""

import re
from dataclasses import dataclass
from datetime import timedelta

from asn1crypto import core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from sandbox.checkdigits import is_uscc
from sandbox.context import Context
from sandbox.vendors.ca_keys import POLICY, Authority, point_to, policies, record, usage

_BACKDATED = timedelta(minutes=5)
_PRINTABLE = re.compile(r"[A-Za-z0-9 '()+,\-./:=?]{1,64}")
_STRING_TAGS = (core.UTF8String.tag, core.PrintableString.tag)
_STRONG_HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
_ALLOWED = (
    NameOID.COUNTRY_NAME,
    NameOID.COMMON_NAME,
    NameOID.SERIAL_NUMBER,
    NameOID.ORGANIZATION_NAME,
    NameOID.ORGANIZATION_IDENTIFIER,
)


class Refused(Exception):
    """The request is not certified; the message says why, in plain ASCII for the answer's body."""


@dataclass(frozen=True, slots=True)
class Profile:
    """`issuer`: which authority signs; `needs`: subject attributes that must be there."""

    issuer: str
    life: timedelta
    needs: tuple[x509.ObjectIdentifier, ...]


PROFILES = {
    "person-once": Profile("persons", timedelta(hours=24), (NameOID.COMMON_NAME,)),
    "person": Profile("persons", timedelta(days=365), (NameOID.COMMON_NAME,)),
    "organisation": Profile("organisations", timedelta(days=365), (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)),
}


def issue(context: Context, authorities: dict[str, Authority], label: str, request_der: bytes) -> x509.Certificate:
    """Certify a PKCS#10 request under the profile `label`. Raises Refused."""
    profile = PROFILES[label]
    request = _checked_request(request_der)
    subject = _checked_subject(request, profile)
    issuer, now = authorities[profile.issuer], context.clock.now()
    public_key = request.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + profile.life)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
        .add_extension(policies(POLICY), critical=False)
    )
    certificate = point_to(builder, context.base_url, issuer.name).sign(issuer.key, hashes.SHA256())
    record(context, issuer.name, label, certificate)
    return certificate


def _checked_request(der: bytes) -> x509.CertificateSigningRequest:
    """Proof of possession, and a key that is strong enough."""
    try:
        request = x509.load_der_x509_csr(der)
        key, algorithm, proved = request.public_key(), request.signature_hash_algorithm, request.is_signature_valid
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm) as error:
        raise Refused("not a PKCS#10 request") from error
    strong_rsa = isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048 and key.public_numbers().e == 65537
    strong_ec = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1 | ec.SECP384R1)
    if not (strong_rsa or strong_ec):
        raise Refused("weak or unsupported key: RSA of 2048 bits or more, P-256 or P-384 are accepted")
    if not isinstance(algorithm, _STRONG_HASHES) or not proved:
        raise Refused("proof of possession failed: the request's signature is wrong or weak")
    return request


def _checked_subject(request: x509.CertificateSigningRequest, profile: Profile) -> x509.Name:
    """The request's subject, if it is sane. Raises Refused.

    It is taken over as it is: cryptography counts the 64 characters of RFC 5280 in bytes when it makes a name anew.
    """
    attributes = list(request.subject)
    for needed in profile.needs:
        if not request.subject.get_attributes_for_oid(needed):
            raise Refused(f"subject without {needed.dotted_string}")
    if len({attribute.oid for attribute in attributes}) != len(attributes):
        raise Refused("a subject attribute occurs twice")
    for attribute in attributes:
        _check_attribute(attribute.oid, attribute.value)
    model = asn1_x509.Name.load(request.subject.public_bytes())
    if any(pair["value"].chosen.tag not in _STRING_TAGS for rdn in model.chosen for pair in rdn):
        raise Refused("names must be UTF8String or PrintableString")
    return request.subject


def _check_attribute(oid: x509.ObjectIdentifier, value: str | bytes) -> None:
    if oid not in _ALLOWED or not isinstance(value, str):
        raise Refused(f"subject attribute {oid.dotted_string} is not accepted")
    if value != value.strip() or not 1 <= len(value) <= 64 or not value.isprintable():
        raise Refused(f"subject attribute {oid.dotted_string} is empty, too long, or not printable")
    if oid == NameOID.COUNTRY_NAME and value != "CN":
        raise Refused("country must be CN")
    if oid == NameOID.SERIAL_NUMBER and not _PRINTABLE.fullmatch(value):
        raise Refused("serialNumber must be printable ASCII")
    if oid == NameOID.ORGANIZATION_IDENTIFIER and not is_uscc(value.removeprefix("USCC-")):
        raise Refused("organizationIdentifier must be USCC- and a valid unified social credit code")
