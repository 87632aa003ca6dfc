"""An attempt as its owner sees it (B2)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from app.core.checks import Outcome
from app.core.clock import now
from app.core.errors import DomainError
from app.core.text import mask_phone
from app.identity.errors import (
    FaceCancelled,
    FaceCheckRefused,
    FaceExpired,
    FaceMismatch,
    FaceNoRecord,
    FaceRefusedElsewhere,
    FaceUnavailable,
    VerificationOver,
)
from app.identity.face_checks import REFUSED, FaceCheckView
from app.identity.models import Method, Verification, VerificationStatus

OPEN = (
    VerificationStatus.CHECKING, VerificationStatus.CODE_SENT, VerificationStatus.WAITING, VerificationStatus.REVIEWING,
)  # fmt: skip
_FACE_REASONS: dict[str, type[DomainError]] = {
    Outcome.MISMATCH: FaceMismatch,
    Outcome.NO_RECORD: FaceNoRecord,
    Outcome.INVALID_INPUT: FaceCheckRefused,
    Outcome.UNSUPPORTED: FaceCheckRefused,
    Outcome.CANCELLED: FaceCancelled,
    Outcome.UNAVAILABLE: FaceUnavailable,
    REFUSED: FaceRefusedElsewhere,
}


@dataclass(frozen=True, slots=True)
class OlderAccount:
    """What the proven person may go on with. `proof_wanted`: only after another verification, of the person."""

    phone_masked: str
    proof_wanted: bool


@dataclass(frozen=True, slots=True)
class VerificationView:
    """One attempt as its owner sees it. `reason`: why it did not succeed, or why no code was sent just now.

    `face`: the check to go through. `resend_after`: seconds until a code may be asked for again. `phone_masked`: where
    the bank's code goes. `claim`: the older account of the person who was proven; nothing is behind this account until
    that one is claimed. `review_reason`: why a reviewer refused.
    """

    id: uuid.UUID
    method: str
    status: str
    expires_at: datetime
    outcome: str | None = None
    face: FaceCheckView | None = None
    resend_after: int | None = None
    reason: DomainError | None = None
    phone_masked: str | None = None
    claim: OlderAccount | None = None
    review_reason: str | None = None


def view_of(
    verification: Verification, *, face: FaceCheckView | None = None, resend_after: int | None = None,
    reason: DomainError | None = None, claim: OlderAccount | None = None,
) -> VerificationView:  # fmt: skip
    over = verification.status in OPEN and verification.expires_at <= now()
    status = VerificationStatus.EXPIRED if over else VerificationStatus(verification.status)
    return VerificationView(
        id=verification.id, method=verification.method, status=status, expires_at=verification.expires_at,
        outcome=verification.outcome, face=face, resend_after=resend_after,
        reason=reason or _reason(verification, status) or (face.reason if face else None), claim=claim,
        review_reason=verification.review_reason or None,
        phone_masked=mask_phone(verification.bank_phone) if verification.bank_phone else None,
    )  # fmt: skip


def _reason(verification: Verification, status: VerificationStatus) -> DomainError | None:
    if status is VerificationStatus.EXPIRED:
        return FaceExpired() if verification.method == Method.FACE else VerificationOver()
    if status in (VerificationStatus.FAILED, VerificationStatus.CANCELLED) and verification.method == Method.FACE:
        return _FACE_REASONS.get(verification.outcome or "", VerificationOver)()
    return None
