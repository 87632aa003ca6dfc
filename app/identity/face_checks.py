"""Face checks: asked for by the server, answered to the server, good for one thing once (B3, B6; T-07, T-08).

What a client says about a check never counts: only the vendor's own answer, fetched by us, settles it.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.pacing import seconds_to_wait
from app.accounts.queries import get_account
from app.core.actor import Actor
from app.core.checks import CheckResult, Outcome
from app.core.clock import now
from app.core.db import reading, transaction
from app.core.errors import ProviderError
from app.core.ids import new_id
from app.identity.consents import require_consent
from app.identity.errors import (
    FaceCheckNotFound,
    FaceCheckNotPassed,
    FaceCheckRefused,
    FaceCheckUsed,
    FaceUnavailable,
    VerificationLimit,
)
from app.identity.models import ConsentKind, FaceCheck, FacePurpose, FaceStatus
from app.identity.persons import Claim, get_person, require_verified_person
from app.identity.ports import FaceSubject, FaceVerifier

LIFE = dict.fromkeys(FacePurpose, timedelta(minutes=10)) | {FacePurpose.REAL_NAME: timedelta(minutes=30)}
PER_MINUTE, PER_DAY = 5, 100
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)

# What the vendor's answer makes of a check that waits. Everything else (pending, outage) leaves it waiting.
_SETTLED = {
    Outcome.MATCH: FaceStatus.PASSED,
    Outcome.MISMATCH: FaceStatus.FAILED,
    Outcome.NO_RECORD: FaceStatus.FAILED,
    Outcome.INVALID_INPUT: FaceStatus.FAILED,
    Outcome.UNSUPPORTED: FaceStatus.FAILED,
    Outcome.CANCELLED: FaceStatus.CANCELLED,
    Outcome.EXPIRED: FaceStatus.EXPIRED,
}
_TOO_LATE = CheckResult(Outcome.EXPIRED, "platform")
_REFUSED = "invalid_input"


@dataclass(frozen=True, slots=True)
class FaceCheckView:
    """`status`: a FaceStatus. `url`: the vendor's page, while the check waits. `outcome`: the vendor's verdict."""

    id: uuid.UUID
    status: str
    expires_at: datetime
    url: str | None
    outcome: str | None


def start_face_check(
    *, actor: Actor, purpose: str, subject: str, subject_sha256: str, return_url: str, face: FaceVerifier
) -> FaceCheckView:
    """Check that the verified person of this account is in front of the camera, for exactly this subject.

    Raises VerificationRequired, ConsentRequired, VerificationLimit, FaceUnavailable.
    """
    person_id = require_verified_person(actor)
    with transaction() as session:
        person = get_person(session, person_id)
        claim = Claim(person.name, person.id_number)
        check = add_face_check(
            session, actor=actor, purpose=FacePurpose(purpose), subject=subject, subject_sha256=subject_sha256,
            person_id=person_id,
        )  # fmt: skip
    return start_at_vendor(check_id=check.id, claim=claim, return_url=return_url, face=face)


def add_face_check(
    session: Session, *, actor: Actor, purpose: FacePurpose, subject: str, subject_sha256: str,
    person_id: uuid.UUID | None,
) -> FaceCheck:  # fmt: skip
    """The attempt's row, written before the vendor is asked. Raises ConsentRequired, VerificationLimit."""
    require_consent(session, actor, ConsentKind.FACE_CONSENT)
    account, moment = get_account(session, actor, lock=True), now()
    mine = (FaceCheck.account_kind == str(actor.kind)) & (FaceCheck.account_id == account.id)
    times = session.scalars(
        select(FaceCheck.created_at).where(mine).order_by(FaceCheck.created_at.desc()).limit(PER_DAY)
    ).all()
    wait = max(seconds_to_wait(times, PER_MINUTE, _MINUTE, moment), seconds_to_wait(times, PER_DAY, _DAY, moment))
    if wait:
        raise VerificationLimit(retry_after=wait)
    check = FaceCheck(
        id=new_id(), account_kind=str(actor.kind), account_id=account.id, person_id=person_id, purpose=purpose,
        subject=subject, subject_sha256=subject_sha256, created_at=moment, expires_at=moment + LIFE[purpose],
    )  # fmt: skip
    session.add(check)
    session.flush()
    return check


def start_at_vendor(*, check_id: uuid.UUID, claim: Claim, return_url: str, face: FaceVerifier) -> FaceCheckView:
    """Ask the vendor for a page; our id is the reference. Outside any transaction.

    Raises FaceUnavailable, FaceCheckRefused.
    """
    person = FaceSubject(claim.name, claim.id_number)
    try:
        started = face.start(subject=person, reference=check_id.hex, return_url=return_url)
    except ProviderError as error:
        _note_no_start(check_id, error)
        raise (FaceCheckRefused() if error.code == _REFUSED else FaceUnavailable()) from error
    with transaction() as session:
        check = session.get_one(FaceCheck, check_id, with_for_update=True)
        check.provider_ref, check.url = started.provider_ref, started.url
        check.name, check.id_number = person.name, person.id_number
        return _view(check)


def _note_no_start(check_id: uuid.UUID, error: ProviderError) -> None:
    outcome = Outcome.INVALID_INPUT if error.code == _REFUSED else Outcome.UNAVAILABLE
    with transaction() as session:
        check = session.get_one(FaceCheck, check_id, with_for_update=True)
        _note(check, CheckResult(outcome, error.provider, error.code))
        check.settle(FaceStatus.UNAVAILABLE, now())


def refresh_face_check(*, actor: Actor, face_check_id: uuid.UUID, face: FaceVerifier) -> FaceCheckView:
    """The state of a check; while it waits, the vendor is asked. An outage leaves it waiting.

    Raises FaceCheckNotFound.
    """
    with reading() as session:
        check = _own(session, actor, face_check_id)
    if check.status != FaceStatus.WAITING or check.provider_ref is None:
        return _view(check)
    result = _ask(face, check, check.provider_ref) if check.expires_at > now() else _TOO_LATE
    status = _SETTLED.get(result.outcome)
    if status is None:
        return _view(check)
    with transaction() as session:
        check = _own(session, actor, face_check_id, lock=True)
        if check.status == FaceStatus.WAITING:  # else another request was first
            _note(check, result)
            check.settle(status, now())
        return _view(check)


def _ask(face: FaceVerifier, check: FaceCheck, provider_ref: str) -> CheckResult:
    subject = FaceSubject(check.name, check.id_number)
    try:
        return face.result(provider_ref=provider_ref, subject=subject, reference=check.id.hex, openid=check.openid)
    except ProviderError as error:
        return CheckResult(Outcome.UNAVAILABLE, error.provider, error.code)


def _note(check: FaceCheck, result: CheckResult) -> None:
    check.outcome, check.provider = result.outcome, result.provider
    check.provider_code, check.request_id = result.provider_code[:120], result.request_id[:120]


def consume_face_check(
    session: Session, *, person_id: uuid.UUID | None, purpose: str, subject: str, subject_sha256: str,
    face_check_id: uuid.UUID,
) -> None:  # fmt: skip
    """Spend a passed check for exactly this person, purpose, subject and hash, once, in the caller's transaction.

    Raises FaceCheckUsed, FaceCheckNotPassed.
    """
    moment = now()
    spend = (
        update(FaceCheck)
        .where(
            FaceCheck.id == face_check_id,
            FaceCheck.person_id == person_id,
            FaceCheck.purpose == purpose,
            FaceCheck.subject == subject,
            FaceCheck.subject_sha256 == subject_sha256,
            FaceCheck.status == FaceStatus.PASSED,
            FaceCheck.expires_at > moment,
            FaceCheck.used_at.is_(None),
        )
        .values(used_at=moment)
        .returning(FaceCheck.id)
    )
    if session.scalar(spend.execution_options(synchronize_session=False)) is not None:
        return
    used = session.scalar(select(FaceCheck.used_at).where(FaceCheck.id == face_check_id))
    raise FaceCheckUsed if used is not None else FaceCheckNotPassed


def forget_stale_checks(limit: int) -> int:
    """Housekeeping: end checks that nobody finished, wiping whom they were about. Returns how many."""
    moment = now()
    stale = (FaceCheck.status == FaceStatus.WAITING) & (FaceCheck.expires_at <= moment)
    with transaction() as session:
        found = session.scalars(select(FaceCheck).where(stale).limit(limit).with_for_update(skip_locked=True)).all()
        for check in found:
            check.settle(FaceStatus.EXPIRED, moment)
        return len(found)


def _own(session: Session, actor: Actor, face_check_id: uuid.UUID, *, lock: bool = False) -> FaceCheck:
    statement = select(FaceCheck).where(
        FaceCheck.id == face_check_id,
        FaceCheck.account_kind == str(actor.kind),
        FaceCheck.account_id == actor.account_id,
    )
    check = session.scalar(statement.with_for_update() if lock else statement)
    if check is None:
        raise FaceCheckNotFound
    return check


def _view(check: FaceCheck) -> FaceCheckView:
    url = check.url if check.status == FaceStatus.WAITING else None
    return FaceCheckView(check.id, check.status, check.expires_at, url, check.outcome)
