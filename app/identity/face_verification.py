"""Verification by face, and looking at an attempt (B2 face, B3)."""

import uuid

from app.core.actor import Actor
from app.core.checks import Outcome
from app.core.db import reading, transaction
from app.identity.errors import FaceCheckRefused, FaceUnavailable
from app.identity.face_checks import FaceCheckView, add_face_check, refresh_face_check, start_at_vendor
from app.identity.models import FacePurpose, FaceStatus, Method, VerificationStatus
from app.identity.persons import parse_claim
from app.identity.ports import FaceVerifier
from app.identity.verifications import (
    VerificationView,
    begin_verification,
    complete_verification,
    end_verification,
    find_own,
    subject_of,
    view_of,
)

_ENDS = {
    FaceStatus.FAILED: VerificationStatus.FAILED,
    FaceStatus.CANCELLED: VerificationStatus.CANCELLED,
    FaceStatus.EXPIRED: VerificationStatus.EXPIRED,
    FaceStatus.UNAVAILABLE: VerificationStatus.FAILED,
}


def start_face_verification(
    *, actor: Actor, name: str, id_number: str, return_url: str, face: FaceVerifier
) -> VerificationView:
    """Begin a face check of the person of this name and number; `url` is the page to open.

    Raises ConsentRequired (both texts), IdNumberInvalid, TooYoung, AlreadyVerified, VerificationLimit,
    FaceCheckRefused, FaceUnavailable.
    """
    claim = parse_claim(actor, name, id_number)
    with transaction() as session:
        verification = begin_verification(session, actor, claim, Method.FACE, VerificationStatus.WAITING)
        check = add_face_check(
            session, actor=actor, purpose=FacePurpose.REAL_NAME, subject=subject_of(verification.id),
            subject_sha256=claim.fingerprint, person_id=None,
        )  # fmt: skip
        verification.face_check_id, verification.expires_at = check.id, check.expires_at
    try:
        started = start_at_vendor(check_id=check.id, claim=claim, return_url=return_url, face=face)
    except (FaceCheckRefused, FaceUnavailable) as error:
        outcome = Outcome.INVALID_INPUT if isinstance(error, FaceCheckRefused) else Outcome.UNAVAILABLE
        end_verification(
            actor=actor, verification_id=verification.id, status=VerificationStatus.FAILED, outcome=outcome
        )
        raise
    return view_of(verification, url=started.url)


def get_verification(*, actor: Actor, verification_id: uuid.UUID, face: FaceVerifier) -> VerificationView:
    """Where an attempt stands; a face check that waits is asked of the vendor.

    Raises VerificationNotFound, IdentityTaken.
    """
    with reading() as session:
        verification = find_own(session, actor, verification_id)
    if verification.status != VerificationStatus.WAITING or verification.face_check_id is None:
        return view_of(verification)
    check = refresh_face_check(actor=actor, face_check_id=verification.face_check_id, face=face)
    if check.status == FaceStatus.WAITING:
        return view_of(verification, url=check.url)
    return _conclude(actor, verification_id, check)


def _conclude(actor: Actor, verification_id: uuid.UUID, check: FaceCheckView) -> VerificationView:
    if check.status == FaceStatus.PASSED:
        return complete_verification(actor=actor, verification_id=verification_id, status=VerificationStatus.WAITING)
    return end_verification(
        actor=actor, verification_id=verification_id, status=_ENDS[FaceStatus(check.status)], outcome=check.outcome
    )
