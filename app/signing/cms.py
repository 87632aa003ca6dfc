"""CMS signatures written as DER (RFC 5652, CAdES: EN 319 122-1; RFC 5035, RFC 3161).

A general ASN.1 library spends most of a signature's time on encoding; the few structures of one
profile are constant but for a digest, a signature and a token. pyHanko is the oracle in the tests.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from app.signing.ports import KeyAlgorithm, Timestamper

_SEQUENCE, _SET, _OCTETS = 0x30, 0x31, 0x04


@dataclass(frozen=True, slots=True)
class SigningIdentity:
    """Whoever signs: certificates (DER, leaf first) and the use of the leaf's private key.

    `sign(data)` returns the signature over SHA-256 of `data`: PKCS#1 v1.5 for RSA, DER (r, s) for P-256.
    """

    chain: tuple[bytes, ...]
    algorithm: KeyAlgorithm
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class _Constants:
    """What every signature of one certificate has in common, encoded."""

    certificates: bytes
    signer_id: bytes
    attributes: tuple[bytes, ...]
    signature_algorithm: bytes


def der(tag: int, *parts: bytes) -> bytes:
    """One DER element: `tag`, length, the parts one after another."""
    body = b"".join(parts)
    size = len(body)
    if size < 0x80:
        return bytes((tag, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def read_element(data: bytes, at: int) -> tuple[int, int]:
    """(start of the content, end) of the DER element at `at`. Raises ValueError when it is cut off."""
    if at + 2 > len(data):
        raise ValueError("DER element is cut off")
    size, start = data[at + 1], at + 2
    if size & 0x80:
        width = size & 0x7F
        size, start = int.from_bytes(data[start : start + width], "big"), start + width
    if start + size > len(data):
        raise ValueError("DER element is cut off")
    return start, start + size


_SHA256 = bytes.fromhex("300b0609608648016503040201")
_DATA = bytes.fromhex("06092a864886f70d010701")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
_SIGNING_CERTIFICATE_V2 = bytes.fromhex("060b2a864886f70d010910022f")
_TIMESTAMP_TOKEN = bytes.fromhex("060b2a864886f70d010910020e")
_VERSION_1 = b"\x02\x01\x01"
_SIGNATURE_ALGORITHM = {
    KeyAlgorithm.RSA2048: bytes.fromhex("300d06092a864886f70d01010b0500"),  # sha256WithRSAEncryption
    KeyAlgorithm.P256: bytes.fromhex("300a06082a8648ce3d040302"),  # ecdsa-with-SHA256
}


def build_signature(digest: bytes, identity: SigningIdentity, timestamper: Timestamper) -> bytes:
    """Detached CAdES B-T over a SHA-256 `digest`: ContentInfo, DER. No signing-time attribute (EN 319 142-1).

    Raises ProviderError of the time-stamping authority; then nothing was produced.
    """
    fixed = _constants(identity.chain, identity.algorithm)
    attributes = b"".join(sorted((*fixed.attributes, _attribute(_MESSAGE_DIGEST, der(_OCTETS, digest)))))
    signature = identity.sign(der(_SET, attributes))
    token = timestamper.stamp(hashlib.sha256(signature).digest())
    signer_info = der(
        _SEQUENCE,
        _VERSION_1,
        fixed.signer_id,
        _SHA256,
        der(0xA0, attributes),
        fixed.signature_algorithm,
        der(_OCTETS, signature),
        der(0xA1, _attribute(_TIMESTAMP_TOKEN, token)),
    )
    signed_data = der(
        _SEQUENCE,
        _VERSION_1,
        der(_SET, _SHA256),
        der(_SEQUENCE, _DATA),
        fixed.certificates,
        der(_SET, signer_info),
    )
    return der(_SEQUENCE, _SIGNED_DATA, der(0xA0, signed_data))


def _attribute(oid: bytes, value: bytes) -> bytes:
    return der(_SEQUENCE, oid, der(_SET, value))


@lru_cache(maxsize=512)
def _constants(chain: tuple[bytes, ...], algorithm: KeyAlgorithm) -> _Constants:
    issuer, serial, _ = _names(chain[0])
    kept = [part for part in chain if part is chain[0] or not _is_self_issued(part)]
    certificate_id = der(_SEQUENCE, der(_OCTETS, hashlib.sha256(chain[0]).digest()))
    return _Constants(
        certificates=der(0xA0, *sorted(kept)),
        signer_id=der(_SEQUENCE, issuer, serial),
        attributes=(
            _attribute(_CONTENT_TYPE, _DATA),
            _attribute(_SIGNING_CERTIFICATE_V2, der(_SEQUENCE, der(_SEQUENCE, certificate_id))),
        ),
        signature_algorithm=_SIGNATURE_ALGORITHM[algorithm],
    )


def _is_self_issued(certificate: bytes) -> bool:
    """A root: whoever verifies has it already, so the signature doesn't carry it."""
    issuer, _, subject = _names(certificate)
    return issuer == subject


def _names(certificate: bytes) -> tuple[bytes, bytes, bytes]:
    """Issuer, serial number, subject: the very bytes of the certificate, never re-encoded."""
    at, _ = read_element(certificate, 0)
    at, _ = read_element(certificate, at)
    fields: list[bytes] = []
    while len(fields) < 6:  # [0] version, serialNumber, signature, issuer, validity, subject
        _, end = read_element(certificate, at)
        fields.append(certificate[at:end])
        at = end
    if fields[0][0] != 0xA0:
        raise ValueError("certificate is not X.509 v3")
    return fields[3], fields[1], fields[5]
