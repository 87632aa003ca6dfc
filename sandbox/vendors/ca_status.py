"""Whether certificates still hold: CRLs (RFC 5280) and OCSP (RFC 6960), signed by the issuer itself."""

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from sandbox.context import Context
from sandbox.vendors.ca_keys import Authority

_CRL_LIFE = timedelta(days=1)
_OCSP_LIFE = timedelta(hours=1)
ISSUERS = ("root", "persons", "organisations")


def crl(context: Context, issuer: Authority) -> bytes:
    """DER of a fresh CRL."""
    now = context.clock.now()
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - timedelta(minutes=5))
        .next_update(now + _CRL_LIFE)
        .add_extension(x509.CRLNumber(int(now.timestamp() * 1000)), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    )
    sql = "SELECT serial, revoked_at FROM certificate WHERE issuer = ? AND revoked_at IS NOT NULL"
    for row in context.store.rows(sql, issuer.name):
        entry = x509.RevokedCertificateBuilder().serial_number(int(row["serial"], 16))
        builder = builder.add_revoked_certificate(
            entry.revocation_date(datetime.fromisoformat(row["revoked_at"])).build()
        )
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def ocsp_answer(context: Context, authorities: dict[str, Authority], request_der: bytes) -> bytes:
    """DER of an OCSPResponse to a request for one certificate."""
    try:
        request = ocsp.load_der_ocsp_request(request_der)
    except (ValueError, NotImplementedError):  # not DER, or more than one certificate
        return _unsuccessful(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    issuer = next((authorities[n] for n in ISSUERS if _is_issuer(authorities[n], request)), None)
    if issuer is None:
        return _unsuccessful(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    now, status, revoked_at = context.clock.now(), *_status(context, issuer, request.serial_number)
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        issuer_name_hash=request.issuer_name_hash,
        issuer_key_hash=request.issuer_key_hash,
        serial_number=request.serial_number,
        algorithm=request.hash_algorithm,
        cert_status=status,
        this_update=now - timedelta(minutes=5),
        next_update=now + _OCSP_LIFE,
        revocation_time=revoked_at,
        revocation_reason=None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, issuer.certificate)
    for extension in request.extensions:
        if isinstance(extension.value, x509.OCSPNonce):
            builder = builder.add_extension(extension.value, critical=False)
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _status(context: Context, issuer: Authority, serial: int) -> tuple[ocsp.OCSPCertStatus, datetime | None]:
    sql = "SELECT revoked_at FROM certificate WHERE issuer = ? AND serial = ?"
    row = context.store.row(sql, issuer.name, format(serial, "x"))
    if row is None:
        return ocsp.OCSPCertStatus.UNKNOWN, None
    if row["revoked_at"]:
        return ocsp.OCSPCertStatus.REVOKED, datetime.fromisoformat(row["revoked_at"])
    return ocsp.OCSPCertStatus.GOOD, None


def _is_issuer(authority: Authority, request: ocsp.OCSPRequest) -> bool:
    """Does the request name this authority, under whatever hash it uses?"""
    name = _hash(request.hash_algorithm, authority.certificate.subject.public_bytes())
    key = _hash(request.hash_algorithm, _key_bits(authority))
    return (name, key) == (request.issuer_name_hash, request.issuer_key_hash)


def _key_bits(authority: Authority) -> bytes:
    """The public key without its algorithm, as RFC 6960 hashes it."""
    point = serialization.PublicFormat.UncompressedPoint
    return authority.key.public_key().public_bytes(serialization.Encoding.X962, point)


def _hash(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    digest = hashes.Hash(algorithm)
    digest.update(data)
    return digest.finalize()


def _unsuccessful(status: ocsp.OCSPResponseStatus) -> bytes:
    answer = ocsp.OCSPResponseBuilder.build_unsuccessful(status)
    return answer.public_bytes(serialization.Encoding.DER)
