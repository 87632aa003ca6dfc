"""Prove will, then spend the proof once (B6, T-08).

Proving happens in its own transaction, so that a wrong code is counted whatever follows. Spending
happens inside the signing transaction and checks all five bindings under the row's lock.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import CodePurpose, CodeSent, check_code, send_code
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import reading, transaction
from app.core.ids import new_id
from app.identity.consents import require_consent
from app.identity.face_checks import (
    FaceCheckView,
    Faces,
    FaceWay,
    consume_face_check,
    refresh_face_check,
    start_face_check,
)
from app.identity.models import ConsentKind
from app.identity.persons import require_verified_person
from app.signing.errors import IntentExpired, IntentMismatch, IntentNotFound, IntentNotProved, IntentUsed
from app.signing.models import IntentChallenge, IntentMethod, IntentPurpose, IntentStatus
from app.signing.pins import check_pin_proof, confirm_pin, prove_pin, require_usable

LIFE = timedelta(minutes=10)
# What a proof that waits waits for, unless it is the camera.
_ASKED: Mapping[str, str] = {IntentMethod.SMS: "code_sent", IntentMethod.PIN: "enter_pin"}
_TEMPLATES: Mapping[str, str] = {IntentPurpose.DOWNLOAD: "SMS_DOWNLOAD", IntentPurpose.OPEN: "SMS_OPEN"}


@dataclass(frozen=True, slots=True)
class IntentRequest:
    """What will is asked for: the subject ("contract:<id>"), its hash, and the words in the SMS."""

    purpose: IntentPurpose
    subject: str
    document_sha256: str
    title: str
    organisation: str


@dataclass(frozen=True, slots=True)
class IntentView:
    """One proof of will as its owner sees it. `face`: the check to go through."""

    id: uuid.UUID
    method: str
    status: str
    expires_at: datetime
    face: FaceCheckView | None = None
    resend_after: int | None = None


def start_sms_intent(*, actor: Actor, request: IntentRequest, phone: str) -> IntentView:
    """Send a code that names the document. Raises SmsLimitReached."""
    with transaction() as session:
        challenge = _new_challenge(session, actor, request, IntentMethod.SMS)
        sent = _send_code(session, actor, challenge, phone, request)
        return _view(challenge, resend_after=sent.resend_after)


def resend_intent_code(*, actor: Actor, intent_id: uuid.UUID, phone: str, request: IntentRequest) -> IntentView:
    """Another code for the same challenge; the old one is void."""
    with transaction() as session:
        challenge = _mine(session, actor, intent_id)
        if challenge.method != IntentMethod.SMS:
            raise IntentNotFound
        sent = _send_code(session, actor, challenge, phone, request)
        return _view(challenge, resend_after=sent.resend_after)


def start_face_intent(*, actor: Actor, request: IntentRequest, way: FaceWay, faces: Faces) -> IntentView:
    """Start a face check of the verified person for this very document. Raises ConsentRequired, ProviderUnavailable."""
    check = start_face_check(
        actor=actor, purpose="intent", subject=request.subject, subject_sha256=request.document_sha256,
        way=way, faces=faces, title=request.title,
    )  # fmt: skip
    with transaction() as session:
        challenge = _new_challenge(session, actor, request, IntentMethod.FACE)
        challenge.face_check_id = check.id
        return _view(challenge, face=check)


def start_pin_intent(*, actor: Actor, request: IntentRequest) -> IntentView:
    """Ask for the certificate PIN. Raises VerificationRequired, ConsentRequired, and as `require_usable`."""
    with transaction() as session:
        require_usable(session, require_verified_person(actor))
        require_consent(session, actor, ConsentKind.CERTIFICATE_AGREEMENT)
        return _view(_new_challenge(session, actor, request, IntentMethod.PIN))


def prove_intent_code(*, actor: Actor, intent_id: uuid.UUID, code: str, phone: str) -> IntentView:
    """Type the code back. Raises CodeWrong, CodeExpired, CodeExhausted, IntentExpired."""
    with reading() as session:
        _check_open(_mine(session, actor, intent_id, lock=False))
    check_code(phone=phone, purpose=CodePurpose.INTENT, subject=f"intent:{intent_id}", code=code)
    with transaction() as session:
        challenge = _mine(session, actor, intent_id)
        challenge.proved_at = now()
        return _view(challenge)


def prove_intent_pin(*, actor: Actor, intent_id: uuid.UUID, pin: str) -> IntentView:
    """Type the certificate PIN. Raises PinWrong, PinLocked, PinJustChanged, IntentExpired, IntentNotFound."""
    with reading() as session:
        challenge = _mine(session, actor, intent_id, lock=False)
        if challenge.method != IntentMethod.PIN:
            raise IntentNotFound
        _check_open(challenge)
    proven = prove_pin(actor=actor, pin=pin, about=challenge.subject)
    with transaction() as session:
        challenge = _mine(session, actor, intent_id)
        confirm_pin(session, proven)
        challenge.proved_at = now()
        return _view(challenge)


def refresh_intent(*, actor: Actor, intent_id: uuid.UUID, faces: Faces) -> IntentView:
    """The state of a challenge; for a face check the server asks the vendor, never the client (T-07)."""
    with reading() as session:
        challenge = _mine(session, actor, intent_id, lock=False)
    if challenge.face_check_id is None or challenge.proved_at or challenge.used_at:
        return _view(challenge)
    check = refresh_face_check(actor=actor, face_check_id=challenge.face_check_id, faces=faces)
    if check.status == "waiting" or challenge.refused_at:
        return _view(challenge, face=check)
    with transaction() as session:
        challenge = _mine(session, actor, intent_id)
        _take_over(challenge, check)
        return _view(challenge, face=check)


def consume_intent(
    session: Session, *, actor: Actor, intent_id: uuid.UUID, request: IntentRequest,
    again_within: timedelta = timedelta(0),
) -> IntentChallenge:  # fmt: skip
    """Spend a proof of will for exactly this actor, purpose, subject and hash; a second use is refused.

    `again_within`: the session that spent it may do the very same again for so long.
    """
    challenge = session.scalar(select(IntentChallenge).where(IntentChallenge.id == intent_id).with_for_update())
    if challenge is None or challenge.account_id != actor.account_id:
        raise IntentNotFound
    bound = (challenge.person_id, challenge.purpose, challenge.subject, challenge.document_sha256)
    if bound != (actor.person_id, request.purpose, request.subject, request.document_sha256):
        raise IntentMismatch
    if challenge.used_at and challenge.used_in == actor.session_id and now() - challenge.used_at < again_within:
        return challenge
    _check_open(challenge)
    if challenge.proved_at is None:
        raise IntentNotProved
    if challenge.method == IntentMethod.PIN:
        require_consent(session, actor, ConsentKind.CERTIFICATE_AGREEMENT)
        check_pin_proof(session, challenge.person_id, challenge.proved_at)
    if challenge.face_check_id is not None:
        consume_face_check(
            session, person_id=challenge.person_id, purpose="intent", subject=challenge.subject,
            subject_sha256=challenge.document_sha256, face_check_id=challenge.face_check_id,
        )  # fmt: skip
    challenge.used_at, challenge.used_in = now(), actor.session_id
    return challenge


def get_intent_subject(*, actor: Actor, intent_id: uuid.UUID) -> str:
    """The same for a channel that has to know whose it is."""
    with reading() as session:
        return intent_subject(session, actor, intent_id)


def intent_subject(session: Session, actor: Actor, intent_id: uuid.UUID) -> str:
    """What one's own challenge is about. Raises IntentNotFound."""
    return _mine(session, actor, intent_id, lock=False).subject


def _new_challenge(session: Session, actor: Actor, request: IntentRequest, method: IntentMethod) -> IntentChallenge:
    moment = now()
    challenge = IntentChallenge(
        id=new_id(), account_kind=str(actor.kind), account_id=actor.account_id, person_id=actor.person_id,
        purpose=request.purpose, subject=request.subject, document_sha256=request.document_sha256, method=method,
        created_at=moment, expires_at=moment + LIFE,
    )  # fmt: skip
    session.add(challenge)
    session.flush()
    return challenge


def _send_code(
    session: Session, actor: Actor, challenge: IntentChallenge, phone: str, request: IntentRequest
) -> CodeSent:
    _check_open(challenge)
    template = _TEMPLATES.get(challenge.purpose, "SMS_SIGN_CODE")
    return send_code(
        session, phone=phone, purpose=CodePurpose.INTENT, subject=f"intent:{challenge.id}", ip=actor.ip,
        template=template, extra_params={"title": request.title, "organisation": request.organisation},
    )  # fmt: skip


def _mine(session: Session, actor: Actor, intent_id: uuid.UUID, *, lock: bool = True) -> IntentChallenge:
    statement = select(IntentChallenge).where(
        IntentChallenge.id == intent_id,
        IntentChallenge.account_id == actor.account_id,
        IntentChallenge.account_kind == str(actor.kind),
    )
    challenge = session.scalar(statement.with_for_update() if lock else statement)
    if challenge is None:
        raise IntentNotFound
    return challenge


def _check_open(challenge: IntentChallenge) -> None:
    status = challenge.outcome(now())
    if status is IntentStatus.USED:
        raise IntentUsed
    if status is IntentStatus.EXPIRED:
        raise IntentExpired
    if status in (IntentStatus.FAILED, IntentStatus.CANCELLED):
        raise IntentNotProved


def _take_over(challenge: IntentChallenge, check: FaceCheckView) -> None:
    if check.status == "passed":
        challenge.proved_at = challenge.proved_at or now()
    elif challenge.refused_at is None:
        challenge.refused_at = now()
        challenge.refusal = check.status if check.status in ("cancelled", "expired") else "failed"


def _view(
    challenge: IntentChallenge, *, face: FaceCheckView | None = None, resend_after: int | None = None
) -> IntentView:
    status: str = challenge.outcome(now())
    if status == IntentStatus.WAITING:
        status = _ASKED.get(challenge.method, status)
    return IntentView(challenge.id, challenge.method, status, challenge.expires_at, face, resend_after)
