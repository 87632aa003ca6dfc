"""Private keys in software: the reference is the key itself, encrypted (AES-256-GCM, `app.core.crypto`).

Nothing is kept in memory between calls. Loading a key of our own making without OpenSSL's consistency check
takes microseconds instead of 36 ms; that is safe because the decryption has already proved that the bytes are
ours.
"""

import base64
import binascii

from asn1crypto import csr
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from app.core import crypto
from app.core.errors import ProviderError
from app.signing.ports import KeyAlgorithm, Subject

PROVIDER = "software_keys"
LONGEST_NAME = 64
_BINDING = {"aad": "signing-key", "scope": "signing-keys"}
_PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class SoftwareKeyStore:
    """KeyStore. Whoever holds a reference and the platform's master key holds the private key."""

    def generate(self, algorithm: KeyAlgorithm) -> str:
        """RSA-2048 (about 0.1 s) or P-256."""
        key: _PrivateKey
        if algorithm is KeyAlgorithm.P256:
            key = ec.generate_private_key(ec.SECP256R1())
        else:
            key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        encoded = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return base64.urlsafe_b64encode(crypto.encrypt(encoded, **_BINDING)).decode()

    def certificate_request(self, reference: str, subject: Subject) -> bytes:
        """See `KeyStore.certificate_request`. Names are UTF8String of at most 64 characters (RFC 5280, A.1).

        Built with asn1crypto, because `cryptography` counts that limit in bytes and refuses 22 Chinese characters.
        """
        key = _load(reference)
        public_key = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        info = csr.CertificationRequestInfo(
            {
                "version": "v1",
                "subject": asn1_x509.Name.build(_name(subject)),
                "subject_pk_info": asn1_keys.PublicKeyInfo.load(public_key),
                "attributes": csr.CRIAttributes([]),
            }
        )
        algorithm = "sha256_rsa" if isinstance(key, rsa.RSAPrivateKey) else "sha256_ecdsa"
        request: bytes = csr.CertificationRequest(
            {
                "certification_request_info": info,
                "signature_algorithm": {"algorithm": algorithm},
                "signature": self.sign(reference, info.dump()),
            }
        ).dump()
        return request

    def sign(self, reference: str, data: bytes) -> bytes:
        """See `KeyStore.sign`."""
        key = _load(reference)
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(data, PKCS1v15(), SHA256())
        return key.sign(data, ec.ECDSA(SHA256()))

    def destroy(self, reference: str) -> None:
        """The reference is the only copy: it is gone when its owner deletes it."""


def _load(reference: str) -> _PrivateKey:
    """Raises ProviderError `unknown_key` for what this store never made, or made under other master keys."""
    try:
        encoded = crypto.decrypt(base64.urlsafe_b64decode(reference), **_BINDING)
    except (crypto.CannotDecrypt, binascii.Error, ValueError):
        raise ProviderError(PROVIDER, "unknown_key", permanent=True) from None
    key = load_der_private_key(encoded, None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ProviderError(PROVIDER, "unknown_key", permanent=True)
    return key


def _name(subject: Subject) -> dict[str, str]:
    if len(subject.common_name) > LONGEST_NAME or len(subject.organisation or "") > LONGEST_NAME:
        raise ProviderError(PROVIDER, "name_too_long", permanent=True)
    parts = {
        "country_name": subject.country,
        "organization_name": subject.organisation,
        "organization_identifier": subject.organisation_identifier,
        "common_name": subject.common_name,
        "serial_number": subject.serial_number,
    }
    return {kind: value for kind, value in parts.items() if value}
