"""What all ways of verification share: begin an attempt, look at it, complete it (B2)."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from app.accounts.pacing import seconds_to_wait
from app.accounts.queries import get_account
from app.audit.service import record
from app.core.actor import Actor
from app.core.checks import Outcome
from app.core.clock import now
from app.core.db import transaction
from app.core.ids import new_id
from app.core.text import mask_phone
from app.identity.consents import require_consent
from app.identity.errors import (
    AlreadyVerified,
    IdentityTaken,
    VerificationLimit,
    VerificationNotFound,
    VerificationOver,
)
from app.identity.face_checks import consume_face_check
from app.identity.models import ConsentKind, FacePurpose, IdType, Method, Verification, VerificationStatus
from app.identity.persons import Claim, bind_person, find_holder
from app.identity.verification_views import OPEN, OlderAccount, VerificationView, view_of

VERIFICATION_METHODS = tuple(str(method) for method in Method)
LIFE = timedelta(minutes=30)
REVIEW_LIFE = timedelta(days=30)
PER_MINUTE, PER_DAY = 2, {Method.PHONE: 10, Method.BANK: 3, Method.FACE: 10, Method.MANUAL: 3}
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


def begin_verification(
    session: Session, actor: Actor, claim: Claim, method: Method, status: VerificationStatus
) -> Verification:
    """The attempt's row, written before anybody is asked.

    Raises ConsentRequired, AlreadyVerified, VerificationLimit.
    """
    require_consent(session, actor, ConsentKind.VERIFICATION_CONSENT)
    account = get_account(session, actor, lock=True)
    if account.person_id is not None:
        raise AlreadyVerified
    _check_limits(session, actor, method)
    moment, life = now(), REVIEW_LIFE if method is Method.MANUAL else LIFE
    verification = Verification(
        id=new_id(), account_kind=str(actor.kind), account_id=account.id, method=method, id_type=claim.id_type,
        status=status, created_at=moment, expires_at=moment + life,
    )  # fmt: skip
    verification.name, verification.id_number = claim.name, claim.id_number
    session.add(verification)
    session.flush()
    return verification


def _check_limits(session: Session, actor: Actor, method: Method) -> None:
    """Two a minute in all, and some of each way a day. An outage uses up no attempt of the day: the vendor's fault."""
    moment, per_day = now(), PER_DAY[method]
    answered = or_(Verification.outcome.is_(None), Verification.outcome != Outcome.UNAVAILABLE)
    alike = _times(actor).where(answered, Verification.method == method)
    recent, of_day = session.scalars(_times(actor).limit(PER_MINUTE)).all(), session.scalars(alike.limit(per_day)).all()
    wait = max(seconds_to_wait(recent, PER_MINUTE, _MINUTE, moment), seconds_to_wait(of_day, per_day, _DAY, moment))
    if wait:
        raise VerificationLimit(retry_after=wait)


def find_own(session: Session, actor: Actor, verification_id: uuid.UUID, *, lock: bool = False) -> Verification:
    """Raises VerificationNotFound."""
    statement = select(Verification).where(Verification.id == verification_id, *_mine(actor))
    verification = session.scalar(statement.with_for_update() if lock else statement)
    if verification is None:
        raise VerificationNotFound
    return verification


def check_open(verification: Verification, status: VerificationStatus) -> None:
    """Raises VerificationOver."""
    if verification.status != status or verification.expires_at <= now():
        raise VerificationOver


def complete_verification(*, actor: Actor, verification_id: uuid.UUID, status: VerificationStatus) -> VerificationView:
    """The proof is there: put the person behind the account. Repeating gives the same answer.

    `status`: in which the attempt must be. Raises VerificationOver, IdentityTaken, AlreadyVerified.
    """
    try:
        with transaction() as session:
            verification = find_own(session, actor, verification_id, lock=True)
            if verification.status != VerificationStatus.VERIFIED:
                check_open(verification, status)
                bind_proven(session, actor, verification)
            return view_of(verification, claim=find_claim(session, actor, verification))
    except (IdentityTaken, AlreadyVerified):
        end_verification(actor=actor, verification_id=verification_id, status=VerificationStatus.FAILED, outcome=None)
        raise


def bind_proven(session: Session, actor: Actor, verification: Verification) -> None:
    """`actor`: whose account it is. A worker who stands behind an older account may claim it (see `claim_account`).

    Raises IdentityTaken for operators, AlreadyVerified.
    """
    claim = Claim(verification.name, verification.id_number, IdType(verification.id_type))
    if verification.face_check_id is not None:
        consume_face_check(
            session, person_id=None, purpose=FacePurpose.REAL_NAME, subject=subject_of(verification.id),
            subject_sha256=claim.fingerprint, face_check_id=verification.face_check_id,
        )  # fmt: skip
    bound = bind_person(session, actor, claim, Method(verification.method))
    if bound.holder is not None and not actor.is_worker:
        raise IdentityTaken(phone_masked=mask_phone(bound.holder.phone))
    verification.person_id = bound.person_id
    verification.outcome = Outcome.MATCH
    verification.end(VerificationStatus.VERIFIED, now())
    record(
        session, actor, "identity.verified", f"account:{actor.account_id}", verification_id=verification.id,
        method=verification.method, provider=verification.provider, person_id=verification.person_id,
        id_type=verification.id_type, has_older_account=bound.holder is not None,
    )  # fmt: skip


def find_claim(session: Session, actor: Actor, verification: Verification) -> OlderAccount | None:
    """The older account of whom this attempt proved; None when there is nothing to claim."""
    if verification.status != VerificationStatus.VERIFIED or verification.person_id is None or not actor.is_worker:
        return None
    if verification.ended_at is None or verification.ended_at + claim_life(verification) <= now():
        return None
    holder = find_holder(session, actor, verification.person_id)
    if holder is None or holder.id == actor.account_id:
        return None
    return OlderAccount(mask_phone(holder.phone), proof_wanted=not proves_person(verification))


def proves_person(verification: Verification) -> bool:
    """Whether more was shown than a SIM card: it may be a relative's, handed on, or made anew for a thief."""
    return verification.method != Method.PHONE


def claim_life(verification: Verification) -> timedelta:
    """How long a proof is good for claiming. Who was reviewed by hand is not there when that happens."""
    return timedelta(days=7) if verification.method == Method.MANUAL else LIFE


def newest_open(session: Session, actor: Actor) -> Verification | None:
    """The newest attempt that has no end yet."""
    still = Verification.status.in_(OPEN) & (Verification.expires_at > now())
    return session.scalar(
        select(Verification).where(*_mine(actor), still).order_by(Verification.created_at.desc()).limit(1)
    )


def end_verification(
    *, actor: Actor, verification_id: uuid.UUID, status: VerificationStatus, outcome: str | None
) -> VerificationView:
    """An unhappy end: what was typed in is wiped, the outcome is kept."""
    with transaction() as session:
        verification = find_own(session, actor, verification_id, lock=True)
        if verification.status in OPEN:
            verification.outcome = outcome
            verification.end(status, now())
            record(
                session, actor, "identity.not_verified", f"account:{actor.account_id}",
                verification_id=verification.id, method=verification.method, status=status, outcome=outcome,
            )  # fmt: skip
        return view_of(verification)


def subject_of(verification_id: uuid.UUID) -> str:
    """How codes and face checks call an attempt."""
    return f"verification:{verification_id}"


def _times(actor: Actor) -> Select[datetime]:
    return select(Verification.created_at).where(*_mine(actor)).order_by(Verification.created_at.desc())


def _mine(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return Verification.account_kind == str(actor.kind), Verification.account_id == actor.account_id
