"""Certificate chains up to a configured root. Nothing is fetched: issuers come with the answer."""

from collections.abc import Iterable
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)


class NotTrusted(Exception):
    """No valid chain leads from the certificate to a configured root."""


def load_roots(pem: str | bytes) -> tuple[x509.Certificate, ...]:
    """The certificates in a PEM file. Raises ValueError when there is none."""
    return tuple(x509.load_pem_x509_certificates(pem.encode() if isinstance(pem, str) else pem))


def build_chain(
    leaf: x509.Certificate,
    issuers: Iterable[x509.Certificate],
    roots: Iterable[x509.Certificate],
    at: datetime,
) -> tuple[x509.Certificate, ...]:
    """Leaf first, root last; signatures, validity at `at`, CA flags and path lengths hold. Raises NotTrusted.

    Key usages are the caller's to check: what a certificate is for differs by service.
    """
    anything = ExtensionPolicy.permit_all()
    authority = anything.require_present(x509.BasicConstraints, Criticality.AGNOSTIC, None)
    builder = PolicyBuilder().store(Store(list(roots))).time(at)
    verifier = builder.extension_policies(ca_policy=authority, ee_policy=anything).build_client_verifier()
    try:
        return tuple(verifier.verify(leaf, list(issuers)).chain)
    except (VerificationError, UnsupportedAlgorithm, ValueError) as error:
        raise NotTrusted from error
