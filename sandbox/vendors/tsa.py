"""The time-stamp authority: RFC 3161 over HTTP, SHA-256, SHA-384 and SHA-512, signed with P-256.

Tokens name the signing certificate by its hash (ESSCertIDv2, RFC 5816) and, when asked,
the certificate and its root. Nothing is stored: a token is its own record.
"""

import hashlib
import secrets
from dataclasses import dataclass

from asn1crypto import tsp
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask, request
from werkzeug.wrappers import Response

from sandbox.context import Context
from sandbox.der import OCTETS, SEQUENCE, SET, bit, general_time, integer, oid, tlv, utf8
from sandbox.vendors.ca_keys import Authority

VENDOR = "tsa"
POLICY = "2.999.2.1"
_DIGESTS = {"sha256": 32, "sha384": 48, "sha512": 64}
_GRANTED, _REJECTION = 0, 2
# PKIFailureInfo, RFC 3161 §2.4.2.
_BAD_ALG, _BAD_REQUEST, _BAD_DATA_FORMAT, _UNACCEPTED_POLICY, _UNACCEPTED_EXTENSION = 0, 2, 5, 15, 16

_SHA256 = tlv(SEQUENCE, oid("2.16.840.1.101.3.4.2.1"))
_ECDSA_SHA256 = tlv(SEQUENCE, oid("1.2.840.10045.4.3.2"))
_SIGNED_DATA, _TST_INFO = oid("1.2.840.113549.1.7.2"), oid("1.2.840.113549.1.9.16.1.4")
_CONTENT_TYPE, _MESSAGE_DIGEST = oid("1.2.840.113549.1.9.3"), oid("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE_V2 = oid("1.2.840.113549.1.9.16.2.47")
_ACCURACY_ONE_SECOND = tlv(SEQUENCE, integer(1))
_EXPLICIT_0 = 0xA0


class Rejected(Exception):
    """Answered with PKIStatus rejection and this failure bit."""

    def __init__(self, failure: int, text: str) -> None:
        super().__init__(text)
        self.failure, self.text = failure, text


@dataclass(frozen=True, slots=True)
class Signer:
    """The authority's key, and the parts of a token that never change."""

    key: ec.EllipticCurvePrivateKey
    certificates: bytes
    issuer_and_serial: bytes
    fixed_attributes: tuple[bytes, bytes]


def create_app(context: Context, authorities: dict[str, Authority]) -> Flask:
    app = Flask("sandbox.tsa", static_folder=None)
    signer = _signer(authorities["tsa"], authorities["root"])

    @app.post("/")
    def stamp() -> Response:
        if context.faults.take(VENDOR, "rate_limit"):
            return Response("too many requests", 429, {"Retry-After": "1"}, content_type="text/plain")
        if request.mimetype != "application/timestamp-query":
            return Response("Content-Type must be application/timestamp-query", 415, content_type="text/plain")
        try:
            token = _token(context, signer, _parse(request.get_data()))
            answer = tlv(SEQUENCE, tlv(SEQUENCE, integer(_GRANTED)), token)
        except Rejected as error:
            status = (integer(_REJECTION), tlv(SEQUENCE, utf8(error.text)), bit(error.failure))
            answer = tlv(SEQUENCE, tlv(SEQUENCE, *status))
        return Response(answer, content_type="application/timestamp-reply")

    return app


def _parse(der: bytes) -> tsp.TimeStampReq:
    """A request that can be answered. Raises Rejected."""
    try:
        query = tsp.TimeStampReq.load(der, strict=True)
        _ = query.native  # parse all of it now
        imprint = query["message_imprint"]
        algorithm, size = imprint["hash_algorithm"]["algorithm"].native, len(imprint["hashed_message"].native)
    except (ValueError, TypeError, KeyError) as error:
        raise Rejected(_BAD_DATA_FORMAT, "not a TimeStampReq") from error
    if query["version"].native != "v1":
        raise Rejected(_BAD_REQUEST, "only version 1 is known")
    if algorithm not in _DIGESTS:
        raise Rejected(_BAD_ALG, "SHA-256, SHA-384 and SHA-512 are accepted")
    if size != _DIGESTS[algorithm]:
        raise Rejected(_BAD_DATA_FORMAT, "the imprint is not as long as its algorithm says")
    if query["req_policy"].native not in (None, POLICY):
        raise Rejected(_UNACCEPTED_POLICY, "unknown policy")
    if query["extensions"].native:
        raise Rejected(_UNACCEPTED_EXTENSION, "no extension is supported")
    return query


def _token(context: Context, signer: Signer, query: tsp.TimeStampReq) -> bytes:
    """ContentInfo with SignedData over a fresh TSTInfo."""
    info = _info(context, query)
    digest = tlv(SEQUENCE, _MESSAGE_DIGEST, tlv(SET, tlv(OCTETS, hashlib.sha256(info).digest())))
    attributes = b"".join(sorted((*signer.fixed_attributes, digest)))
    value = signer.key.sign(tlv(SET, attributes), ec.ECDSA(hashes.SHA256()))
    if context.faults.take(VENDOR, "bad_signature"):
        value = signer.key.sign(b"something else", ec.ECDSA(hashes.SHA256()))
    signer_info = tlv(
        SEQUENCE,
        integer(1),
        signer.issuer_and_serial,
        _SHA256,
        tlv(_EXPLICIT_0, attributes),
        _ECDSA_SHA256,
        tlv(OCTETS, value),
    )
    content = tlv(SEQUENCE, _TST_INFO, tlv(_EXPLICIT_0, tlv(OCTETS, info)))
    certificates = signer.certificates if query["cert_req"].native else b""
    signed = tlv(SEQUENCE, integer(3), tlv(SET, _SHA256), content, certificates, tlv(SET, signer_info))
    return tlv(SEQUENCE, _SIGNED_DATA, tlv(_EXPLICIT_0, signed))


def _info(context: Context, query: tsp.TimeStampReq) -> bytes:
    nonce = query["nonce"].dump() if query["nonce"].native is not None else b""
    return tlv(
        SEQUENCE,
        integer(1),
        oid(POLICY),
        query["message_imprint"].dump(),
        integer(secrets.randbits(127)),
        general_time(context.clock.now()),
        _ACCURACY_ONE_SECOND,
        nonce,
    )


def _signer(tsa: Authority, root: Authority) -> Signer:
    certificate = tsa.certificate
    encoded = [a.certificate.public_bytes(serialization.Encoding.DER) for a in (tsa, root)]
    cert_id = tlv(SEQUENCE, tlv(OCTETS, hashlib.sha256(encoded[0]).digest()))  # SHA-256 is the default algorithm
    return Signer(
        key=tsa.key,
        certificates=tlv(_EXPLICIT_0, *sorted(encoded)),
        issuer_and_serial=tlv(SEQUENCE, certificate.issuer.public_bytes(), integer(certificate.serial_number)),
        fixed_attributes=(
            tlv(SEQUENCE, _CONTENT_TYPE, tlv(SET, _TST_INFO)),
            tlv(SEQUENCE, _SIGNING_CERTIFICATE_V2, tlv(SET, tlv(SEQUENCE, tlv(SEQUENCE, cert_id)))),
        ),
    )
