"""Checks of an RFC 3161 answer: is it a time-stamp of this digest, for this request, by that authority?"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import cms, parser, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from app.adapters.chains import NotTrusted, build_chain

CLOCK_TOLERANCE = timedelta(minutes=5)
_SET = 17  # its tag, under which signed attributes are signed (RFC 5652 §5.4)
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


class BadToken(Exception):
    """Why a token is refused, in our own words."""


def request(digest: bytes, nonce: int) -> bytes:
    """TimeStampReq (RFC 3161 §2.4.1) over a SHA-256 digest, asking for the authority's certificate."""
    return bytes(
        tsp.TimeStampReq(
            {
                "version": "v1",
                "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest},
                "nonce": nonce,
                "cert_req": True,
            }
        ).dump()
    )


def token_in(answer: bytes) -> bytes:
    """The TimeStampToken of a TimeStampResp. Raises BadToken when refused, others when malformed."""
    content = parser.parse(answer, strict=True)[4]
    end_of_status = parser.peek(content)
    status = tsp.PKIStatusInfo.load(content[:end_of_status])["status"].native
    if status not in ("granted", "granted_with_mods"):
        raise BadToken(f"refused: {status}")
    return bytes(content[end_of_status:])


def check(token: bytes, digest: bytes, nonce: int, roots: tuple[x509.Certificate, ...], at: datetime) -> None:
    """Raises BadToken, or whatever the parsers raise at what is not well-formed. `at`: our time, aware."""
    outer = cms.ContentInfo.load(token, strict=True)
    if outer["content_type"].native != "signed_data":
        raise BadToken("not signed data")
    signed = outer["content"]
    if signed["encap_content_info"]["content_type"].native != "tst_info" or len(signed["signer_infos"]) != 1:
        raise BadToken("not a time-stamp by one signer")
    content = bytes(signed["encap_content_info"]["content"])
    _check_content(tsp.TSTInfo.load(content, strict=True), digest, nonce, at)
    signer = signed["signer_infos"][0]
    attributes = signer["signed_attrs"].contents  # as received: reading them below makes the library re-encode
    certificates = [x509.load_der_x509_certificate(choice.chosen.dump()) for choice in signed["certificates"]]
    authority = _signer_certificate(signer, certificates)
    hash_name = _check_attributes(signer, content)
    _verify(authority, signer["signature"].native, parser.emit(0, 1, _SET, attributes), _HASHES[hash_name])
    _check_authority(authority, certificates, roots, at)


def _check_content(content: tsp.TSTInfo, digest: bytes, nonce: int, at: datetime) -> None:
    imprint = content["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"].native != "sha256" or imprint["hashed_message"].native != digest:
        raise BadToken("time-stamp of other data")
    if content["nonce"].native != nonce:
        raise BadToken("answer to another request")
    if abs(content["gen_time"].native - at) > CLOCK_TOLERANCE:
        raise BadToken("the authority's time differs from ours")


def _signer_certificate(signer: cms.SignerInfo, certificates: list[x509.Certificate]) -> x509.Certificate:
    """The certificate that the signature itself names by hash (ESSCertID, or ESSCertIDv2 of RFC 5816)."""
    named = _attribute(signer, "signing_certificate_v2")
    algorithm = named["certs"][0]["hash_algorithm"]["algorithm"].native if named else "sha1"
    named = named or _attribute(signer, "signing_certificate")
    if not named:
        raise BadToken("the signature names no certificate")
    wanted = named["certs"][0]["cert_hash"].native
    for certificate in certificates:
        if hashlib.new(algorithm, certificate.public_bytes(Encoding.DER)).digest() == wanted:
            return certificate
    raise BadToken("the signer's certificate is missing")


def _check_attributes(signer: cms.SignerInfo, content: bytes) -> str:
    """The signature is about this content; returns the name of the hash that it is made with."""
    digest_name = signer["digest_algorithm"]["algorithm"].native
    algorithm_name = signer["signature_algorithm"]["algorithm"].native
    own_hash = algorithm_name.split("_")[0]  # "sha384_ecdsa"; plain "rsassa_pkcs1v15" goes by the digest's hash
    signature_hash = own_hash if own_hash.startswith("sha") else digest_name
    if not {digest_name, signature_hash} <= set(_HASHES) or algorithm_name == "rsassa_pss":
        raise BadToken("signature algorithm not supported")
    if _attribute(signer, "content_type") != "tst_info":
        raise BadToken("signature over something else")
    if _attribute(signer, "message_digest") != hashlib.new(digest_name, content).digest():
        raise BadToken("content changed")
    return str(signature_hash)


def _verify(authority: x509.Certificate, signature: bytes, data: bytes, algorithm: hashes.HashAlgorithm) -> None:
    key = authority.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(algorithm))
        else:
            raise BadToken("signature algorithm not supported")
    except InvalidSignature:
        raise BadToken("signature wrong") from None


def _check_authority(
    authority: x509.Certificate,
    others: list[x509.Certificate],
    roots: tuple[x509.Certificate, ...],
    at: datetime,
) -> None:
    """RFC 3161 §2.3: the certificate is for time-stamping only, and says so critically."""
    try:
        usage = authority.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
        chain = build_chain(authority, others, roots, at)
    except x509.ExtensionNotFound:
        raise BadToken("the signer is no time-stamping authority") from None
    except NotTrusted:
        raise BadToken("no chain to a trusted root") from None
    if not chain or not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise BadToken("the signer is no time-stamping authority")


def _attribute(signer: cms.SignerInfo, name: str) -> Any:
    """The value of a signed attribute that occurs once: native for simple ones; None when absent."""
    values = [attribute["values"] for attribute in signer["signed_attrs"] if attribute["type"].native == name]
    if len(values) != 1 or len(values[0]) != 1:
        return None
    return values[0][0] if name.startswith("signing_certificate") else values[0][0].native
