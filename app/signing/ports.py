"""What signing needs from the outside world: keys, certificates, time."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class KeyAlgorithm(StrEnum):
    P256 = "p256"
    RSA2048 = "rsa2048"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate names. `serial_number` is a pseudonymous id of the holder, never an ID number."""

    common_name: str
    serial_number: str
    organisation: str | None = None
    organisation_identifier: str | None = None  # e.g. "USCC-91110000802100433B" (RFC 5280 / ETSI EN 319 412-1)
    country: str = "CN"


class KeyStore(Protocol):
    """Makes and uses private keys. A reference is opaque text (wrapped key, or a token's label)."""

    def generate(self, algorithm: KeyAlgorithm) -> str:
        """Make a key pair; return its reference."""

    def certificate_request(self, reference: str, subject: Subject) -> bytes:
        """PKCS#10 request (DER), signed with the key: proof of possession."""

    def sign(self, reference: str, data: bytes) -> bytes:
        """Signature over SHA-256 of `data`: PKCS#1 v1.5 for RSA, DER (r, s) for P-256."""

    def destroy(self, reference: str) -> None:
        """Forget the key for ever. Unknown references are fine."""


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """A certificate and its issuers up to, and including, the root. DER, leaf first."""

    chain: tuple[bytes, ...]

    @property
    def certificate(self) -> bytes:
        return self.chain[0]


class CertificateAuthority(Protocol):
    """A certification authority spoken to over EST (RFC 7030)."""

    def issue(self, request: bytes, *, profile: str, reference: str) -> IssuedCertificate:
        """`request`: PKCS#10 DER. `profile`: "person-once", "person" (a year), "organisation". Raises ProviderError."""

    def roots(self) -> tuple[bytes, ...]:
        """Trust anchors (DER) against which signatures are checked."""


class Timestamper(Protocol):
    """A time-stamping authority spoken to over RFC 3161."""

    def stamp(self, digest: bytes) -> bytes:
        """TimeStampToken (DER ContentInfo) over a SHA-256 digest, already checked for imprint and nonce.

        Raises ProviderError. There is no local substitute: without the authority nothing is stamped.
        """

    def roots(self) -> tuple[bytes, ...]:
        """Trust anchors (DER) of the authority."""
