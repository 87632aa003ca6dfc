"""Certificates from a certification authority over EST, RFC 7030: `cacerts` and `simpleenroll` with a label.

The client is authenticated by HTTP Basic over TLS (RFC 7030 §3.2.3), the key by the request's own signature.
EST has no field for a reference of ours.
"""

import base64
import threading

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.hazmat.primitives.serialization.pkcs7 import load_der_pkcs7_certificates

from app.adapters.chains import NotTrusted, build_chain, load_roots
from app.adapters.transport import Reply, Transport
from app.core.clock import now
from app.core.errors import ProviderError
from app.signing.ports import IssuedCertificate

PROVIDER = "est_ca"
MEDIA_TYPE = "application/pkcs7-mime"
PROFILES = ("person-once", "person", "organisation")


class EstCertificateAuthority:
    """CertificateAuthority. `base_url` ends with `/.well-known/est`; `roots_pem`: the only trust anchors."""

    def __init__(
        self,
        base_url: str,
        username: str,
        password: str,
        roots_pem: str,
        *,
        transport: Transport | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._login = "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
        self._roots = load_roots(roots_pem)
        self._transport = transport or Transport(PROVIDER)
        self._lock = threading.Lock()
        self._issuers: tuple[x509.Certificate, ...] = ()

    def roots(self) -> tuple[bytes, ...]:
        return tuple(root.public_bytes(Encoding.DER) for root in self._roots)

    def issue(self, request: bytes, *, profile: str, reference: str) -> IssuedCertificate:
        """See `CertificateAuthority.issue`. Refuses a certificate for another key, or without a trusted root.

        ProviderError `issuance_pending` (temporary) when the authority wants to be asked again later;
        enrolling is not repeated here after a lost answer, so that no second certificate is made behind the
        caller's back.
        """
        if profile not in PROFILES:
            raise ValueError(f"unknown certificate profile {profile}")
        headers = {
            "Authorization": self._login,
            "Content-Type": "application/pkcs10",
            "Content-Transfer-Encoding": "base64",
            "Accept": MEDIA_TYPE,
        }
        reply, received = self._transport.send(
            "POST",
            f"{self._base_url}/{profile}/simpleenroll",
            headers=headers,
            body=base64.encodebytes(request),
            decode=self._certificates,
        )
        if reply.status != 200:
            raise _refused(reply)
        leaf = _certificate_for(x509.load_der_x509_csr(request), received)
        return IssuedCertificate(self._chain(leaf, received))

    def _chain(self, leaf: x509.Certificate, received: tuple[x509.Certificate, ...]) -> tuple[bytes, ...]:
        issuers = (*received, *self._known_issuers())
        try:
            chain = build_chain(leaf, issuers, self._roots, now())
        except NotTrusted:
            chain = ()
        if not chain:
            with self._lock:
                self._issuers = ()  # the authority may have changed its intermediate: ask again next time
            raise ProviderError(PROVIDER, "certificate_not_trusted")
        return tuple(certificate.public_bytes(Encoding.DER) for certificate in chain)

    def _known_issuers(self) -> tuple[x509.Certificate, ...]:
        with self._lock:
            known = self._issuers
        if known:
            return known
        reply, fetched = self._transport.send(
            "GET", f"{self._base_url}/cacerts", decode=self._certificates, idempotent=True
        )
        if reply.status != 200:
            raise _refused(reply)
        with self._lock:
            self._issuers = fetched
        return fetched

    def _certificates(self, reply: Reply) -> tuple[Reply, tuple[x509.Certificate, ...]]:
        """The certs-only PKCS#7 of a good answer (RFC 7030 §4.1.3, §4.2.3); none with a refusal."""
        if reply.status != 200:
            return reply, ()
        if reply.content_type != MEDIA_TYPE:
            raise self._transport.malformed("not PKCS#7 by its content type")
        try:
            certificates = tuple(load_der_pkcs7_certificates(base64.b64decode(reply.body)))
            _ = [_public_key(certificate) for certificate in certificates]
        except Exception:  # parsers of foreign bytes raise what they like; none of it may end a job
            raise self._transport.malformed("not a list of certificates") from None
        return reply, certificates


def _refused(reply: Reply) -> ProviderError:
    if reply.status == 202:
        wait = reply.headers.get("retry-after", "")
        return ProviderError(PROVIDER, "issuance_pending", f"retry after {wait} s" if wait.isdecimal() else "")
    if reply.status in (401, 403):
        return ProviderError(PROVIDER, "account_problem", f"HTTP {reply.status}")
    return ProviderError(PROVIDER, "refused", f"HTTP {reply.status}", permanent=True)


def _certificate_for(
    request: x509.CertificateSigningRequest, received: tuple[x509.Certificate, ...]
) -> x509.Certificate:
    wanted = _public_key(request)
    for certificate in received:
        if _public_key(certificate) == wanted:
            return certificate
    raise ProviderError(PROVIDER, "certificate_for_another_key")


def _public_key(holder: x509.Certificate | x509.CertificateSigningRequest) -> bytes:
    return holder.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
