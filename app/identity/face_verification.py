"""Verification by face, and looking at an attempt (B2 face, B3)."""

import uuid

from app.core.actor import Actor
from app.core.checks import Outcome
from app.core.db import reading, transaction
from app.identity.errors import FaceCheckRefused, FaceUnavailable
from app.identity.face_checks import (
    FaceCheckView,
    Faces,
    FaceWay,
    add_face_check,
    choose_way,
    refresh_face_check,
    start_at_vendor,
)
from app.identity.models import FacePurpose, FaceStatus, IdType, Method, VerificationStatus
from app.identity.persons import parse_claim
from app.identity.verification_views import VerificationView, view_of
from app.identity.verifications import (
    begin_verification,
    complete_verification,
    end_verification,
    find_claim,
    find_own,
    newest_open,
    subject_of,
)

_ENDS = {
    FaceStatus.FAILED: VerificationStatus.FAILED,
    FaceStatus.CANCELLED: VerificationStatus.CANCELLED,
    FaceStatus.EXPIRED: VerificationStatus.EXPIRED,
    FaceStatus.UNAVAILABLE: VerificationStatus.FAILED,
}


def start_face_verification(
    *, actor: Actor, name: str, id_number: str, way: FaceWay, faces: Faces, id_type: str = IdType.RESIDENT_ID
) -> VerificationView:
    """Begin a face check of the person of this name and number; the view's `face` says where to go.

    Raises ConsentRequired (both texts), DocumentNotSupported, IdNumberInvalid, TooYoung, AlreadyVerified,
    VerificationLimit, InvalidInput (a vendor that is not offered), FaceCheckRefused, FaceUnavailable.
    """
    claim, way = parse_claim(actor, name, id_number, id_type, Method.FACE), choose_way(faces, way)
    with transaction() as session:
        verification = begin_verification(session, actor, claim, Method.FACE, VerificationStatus.WAITING)
        check = add_face_check(
            session, actor=actor, purpose=FacePurpose.REAL_NAME, subject=subject_of(verification.id),
            subject_sha256=claim.fingerprint, person_id=None, claim=claim, way=way,
        )  # fmt: skip
        verification.face_check_id, verification.expires_at = check.id, check.expires_at
    try:
        started = start_at_vendor(check_id=check.id, return_url=way.return_url, faces=faces)
    except (FaceCheckRefused, FaceUnavailable) as error:
        outcome = Outcome.INVALID_INPUT if isinstance(error, FaceCheckRefused) else Outcome.UNAVAILABLE
        end_verification(
            actor=actor, verification_id=verification.id, status=VerificationStatus.FAILED, outcome=outcome
        )
        raise
    return view_of(verification, face=started)


def get_verification(*, actor: Actor, verification_id: uuid.UUID, faces: Faces) -> VerificationView:
    """Where an attempt stands; a face check that waits is asked of the vendor.

    Raises VerificationNotFound, AlreadyVerified, and IdentityTaken for operators.
    """
    with reading() as session:
        verification = find_own(session, actor, verification_id)
        claim = find_claim(session, actor, verification)
    if verification.status != VerificationStatus.WAITING or verification.face_check_id is None:
        return view_of(verification, claim=claim)
    check = refresh_face_check(actor=actor, face_check_id=verification.face_check_id, faces=faces)
    if check.status == FaceStatus.WAITING:
        return view_of(verification, face=check)
    return _conclude(actor, verification_id, check)


def get_current_verification(*, actor: Actor, faces: Faces) -> VerificationView | None:
    """The newest attempt that is open, so that another window or a restarted app goes on with it. None: there is none.

    Raises AlreadyVerified.
    """
    with reading() as session:
        verification = newest_open(session, actor)
    if verification is None:
        return None
    return get_verification(actor=actor, verification_id=verification.id, faces=faces)


def _conclude(actor: Actor, verification_id: uuid.UUID, check: FaceCheckView) -> VerificationView:
    if check.status == FaceStatus.PASSED:
        return complete_verification(actor=actor, verification_id=verification_id, status=VerificationStatus.WAITING)
    return end_verification(
        actor=actor, verification_id=verification_id, status=_ENDS[FaceStatus(check.status)], outcome=check.outcome
    )
