"""Verification by phone: the carrier knows the owner, and the owner holds the phone (B2 phone)."""

import uuid

from sqlalchemy.orm import Session

from app.accounts.codes import CodePurpose, check_code, send_code
from app.accounts.errors import SmsLimitReached
from app.accounts.queries import phone_of
from app.audit.service import record
from app.core.actor import Actor
from app.core.checks import CheckResult, Outcome
from app.core.clock import now
from app.core.db import reading, transaction
from app.core.errors import DomainError, ProviderError
from app.identity.errors import (
    CarrierUnavailable,
    IdentityMismatch,
    NoRecord,
    PhoneCheckBusy,
    PhoneCheckRefused,
    PhoneNotSupported,
)
from app.identity.models import Method, Verification, VerificationStatus
from app.identity.persons import Claim, parse_claim
from app.identity.ports import CarrierRegistry
from app.identity.verifications import (
    VerificationView,
    begin_verification,
    check_open,
    complete_verification,
    find_own,
    subject_of,
    view_of,
)

_REFUSALS: dict[Outcome, type[DomainError]] = {
    Outcome.MISMATCH: IdentityMismatch,
    Outcome.NO_RECORD: NoRecord,
    Outcome.UNSUPPORTED: PhoneNotSupported,
    Outcome.INVALID_INPUT: PhoneCheckRefused,
    Outcome.RATE_LIMITED: PhoneCheckBusy,
}


def start_phone_verification(*, actor: Actor, name: str, id_number: str, carrier: CarrierRegistry) -> VerificationView:
    """Ask the carrier whether name, ID number and the account's own phone belong together; then send a code.

    Raises ConsentRequired, IdNumberInvalid, TooYoung, AlreadyVerified, VerificationLimit, IdentityMismatch, NoRecord,
    PhoneNotSupported, PhoneCheckRefused, PhoneCheckBusy, CarrierUnavailable.
    """
    claim = parse_claim(actor, name, id_number)
    with transaction() as session:
        started = begin_verification(session, actor, claim, Method.PHONE, VerificationStatus.CHECKING)
        phone = phone_of(session, actor)
    result = _ask(carrier, claim, phone, started.id)
    _note_result(actor, started.id, result)
    if result.outcome is not Outcome.MATCH:
        raise _REFUSALS.get(result.outcome, CarrierUnavailable)()
    return _send_first_code(actor, started.id)


def _ask(carrier: CarrierRegistry, claim: Claim, phone: str, verification_id: uuid.UUID) -> CheckResult:
    try:
        return carrier.check_phone_owner(
            name=claim.name, id_number=claim.id_number, phone=phone, reference=verification_id.hex
        )
    except ProviderError as error:
        return CheckResult(Outcome.UNAVAILABLE, error.provider, error.code)


def _note_result(actor: Actor, verification_id: uuid.UUID, result: CheckResult) -> None:
    with transaction() as session:
        verification = find_own(session, actor, verification_id, lock=True)
        known = result.outcome is Outcome.MATCH or result.outcome in _REFUSALS
        verification.outcome = result.outcome if known else Outcome.UNAVAILABLE
        verification.provider, verification.provider_code = result.provider, result.provider_code[:120]
        verification.request_id = result.request_id[:120]
        if result.outcome is Outcome.MATCH:
            verification.mark_code_sent()
        else:
            verification.end(VerificationStatus.FAILED, now())
        record(
            session, actor, "identity.phone_checked", f"account:{actor.account_id}", verification_id=verification.id,
            outcome=verification.outcome, provider=result.provider, provider_code=verification.provider_code,
            request_id=verification.request_id,
        )  # fmt: skip


def _send_first_code(actor: Actor, verification_id: uuid.UUID) -> VerificationView:
    """The carrier's answer is kept even when no code may leave right now: the person asks again in a while."""
    try:
        return resend_verification_code(actor=actor, verification_id=verification_id)
    except SmsLimitReached as limit:
        with reading() as session:
            verification = find_own(session, actor, verification_id)
        return view_of(verification, resend_after=limit.details["retry_after"], reason=limit)


def resend_verification_code(*, actor: Actor, verification_id: uuid.UUID) -> VerificationView:
    """Another code; the old one is void. Raises VerificationNotFound, VerificationOver, SmsLimitReached."""
    with transaction() as session:
        verification = find_own(session, actor, verification_id, lock=True)
        check_open(verification, VerificationStatus.CODE_SENT)
        return view_of(verification, resend_after=_send(session, actor, verification))


def _send(session: Session, actor: Actor, verification: Verification) -> int:
    sent = send_code(
        session, phone=phone_of(session, actor), purpose=CodePurpose.VERIFICATION, subject=subject_of(verification.id),
        ip=actor.ip, template="SMS_VERIFY",
    )  # fmt: skip
    return sent.resend_after


def confirm_verification_code(*, actor: Actor, verification_id: uuid.UUID, code: str) -> VerificationView:
    """Type the code back; the account is verified then. Repeating gives the same answer.

    Raises VerificationNotFound, VerificationOver, CodeWrong, CodeExpired, CodeExhausted, IdentityTaken.
    """
    with reading() as session:
        verification = find_own(session, actor, verification_id)
        if verification.status == VerificationStatus.VERIFIED:
            return view_of(verification)
        check_open(verification, VerificationStatus.CODE_SENT)
        phone = phone_of(session, actor)
    check_code(phone=phone, purpose=CodePurpose.VERIFICATION, subject=subject_of(verification_id), code=code)
    return complete_verification(actor=actor, verification_id=verification_id, status=VerificationStatus.CODE_SENT)
