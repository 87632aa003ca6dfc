"""One more signature in a stored PDF: sign, time-stamp, store, read back, verify ("A worker signs", step 4).

Nothing here holds a lock or a transaction while keys, vendors or files are at work.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.core.crashpoints import reached
from app.core.errors import DomainError
from app.signing.appearance import Appearance
from app.signing.certificates import CertificateRequest, HeldCertificate, obtain_certificate
from app.signing.pades import SigningIdentity, sign_field, verify
from app.signing.ports import CertificateAuthority, KeyAlgorithm, KeyStore, Timestamper
from app.signing.verification import ExpectedSignature
from app.storage.ports import BlobStore
from app.storage.service import FileDamaged, read_file, write_file


class SealingNotVerified(DomainError):
    """The signed bytes did not pass the strict rule: nothing is attached, the job tries again and alarms."""

    code = "sealing_not_verified"
    http_status = 500
    message_zh = "签署结果未通过校验，平台正在自动重试。"
    message_en = "The signed document did not pass verification; the platform is retrying."


@dataclass(frozen=True, slots=True)
class SealingPorts:
    """The outside world as far as sealing needs it."""

    blobs: BlobStore
    authority: CertificateAuthority
    key_store: KeyStore
    timestamper: Timestamper
    key_algorithm: KeyAlgorithm

    def check(self, pdf: bytes, expected: Sequence[ExpectedSignature], pending: Sequence[str], sha256: str) -> bool:
        """The strict rule of the house over one revision; `pending` fields must still be unsigned."""
        report = verify(
            pdf, signing_roots=self.authority.roots(), timestamp_roots=self.timestamper.roots(),
            expected=expected, pending=pending, sha256=sha256,
        )  # fmt: skip
        return report.valid

    def check_stored(
        self, scope: str, sha256: str, expected: Sequence[ExpectedSignature], pending: Sequence[str] = ()
    ) -> bool:
        """The same over stored bytes, which must be the record's."""
        try:
            pdf = read_file(self.blobs, scope=scope, sha256=sha256)
        except FileDamaged:
            return False
        return self.check(pdf, expected, pending, sha256)


@dataclass(frozen=True, slots=True)
class SignatureOrder:
    """What is to be signed, where and by whom. `reason` is shown by PDF readers.

    `own`: the person's own certificate, used instead of one for this act.
    """

    scope: str
    base_sha256: str
    field: str
    appearance: Appearance
    certificate: CertificateRequest
    reason: str
    first: bool
    last: bool
    own: HeldCertificate | None = None


@dataclass(frozen=True, slots=True)
class SignedRevision:
    """A revision that is stored and verified, waiting to be named by a row."""

    sha256: str
    size: int
    certificate_id: uuid.UUID
    fingerprint: str


# From the new certificate's fingerprint: which fields must be signed with what, and which must still be unsigned.
Expectation = Callable[[str], tuple[list[ExpectedSignature], list[str]]]


def sign_stored(order: SignatureOrder, expectation: Expectation, ports: SealingPorts) -> SignedRevision:
    """Sign with the party's own certificate. Raises ProviderError, SealingNotVerified; then nothing is named."""
    base = read_file(ports.blobs, scope=order.scope, sha256=order.base_sha256)
    held = order.own or obtain_certificate(
        order.certificate, algorithm=ports.key_algorithm, authority=ports.authority, key_store=ports.key_store
    )
    signed = sign_field(
        base, field=order.field, identity=_identity(held, ports.key_store), timestamper=ports.timestamper,
        appearance=order.appearance, reason=order.reason, first=order.first, last=order.last,
    )  # fmt: skip
    reached("seal.signed")
    sha256 = write_file(ports.blobs, scope=order.scope, data=signed)
    reached("seal.stored")
    expected, pending = expectation(held.fingerprint)
    if not ports.check_stored(order.scope, sha256, expected, pending):
        raise SealingNotVerified
    return SignedRevision(sha256, len(signed), held.id, held.fingerprint)


def _identity(held: HeldCertificate, key_store: KeyStore) -> SigningIdentity:
    return SigningIdentity(
        chain=held.chain, algorithm=held.algorithm, sign=lambda data: key_store.sign(held.key_reference, data)
    )
