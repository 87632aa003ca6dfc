"""What verification by phone and by bank card share: a register answers, then a code goes to the phone (B2)."""

import uuid
from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.accounts.codes import CodePurpose, check_code, send_code
from app.accounts.errors import SmsLimitReached
from app.accounts.queries import phone_of
from app.audit.service import record
from app.core.actor import Actor
from app.core.checks import CheckResult, Outcome
from app.core.clock import now
from app.core.db import reading, transaction
from app.core.errors import DomainError
from app.identity.models import Method, Verification, VerificationStatus
from app.identity.verification_views import VerificationView, view_of
from app.identity.verifications import check_open, complete_verification, find_claim, find_own, subject_of

Refusals = Mapping[Outcome, type[DomainError]]


def conclude_answer(
    actor: Actor, verification_id: uuid.UUID, result: CheckResult, refusals: Refusals, unavailable: type[DomainError]
) -> VerificationView:
    """Keep the register's answer; a match sends the first code, anything else ends the attempt and is raised."""
    _note_answer(actor, verification_id, result, refusals)
    if result.outcome is not Outcome.MATCH:
        raise refusals.get(result.outcome, unavailable)()
    return _send_first_code(actor, verification_id)


def _note_answer(actor: Actor, verification_id: uuid.UUID, result: CheckResult, refusals: Refusals) -> None:
    with transaction() as session:
        verification = find_own(session, actor, verification_id, lock=True)
        if verification.status != VerificationStatus.CHECKING:
            return  # taken back meanwhile: asking for the code says so
        known = result.outcome is Outcome.MATCH or result.outcome in refusals
        verification.outcome = result.outcome if known else Outcome.UNAVAILABLE
        verification.provider, verification.provider_code = result.provider, result.provider_code[:120]
        verification.request_id = result.request_id[:120]
        if result.outcome is Outcome.MATCH:
            verification.mark_code_sent()
        else:
            verification.end(VerificationStatus.FAILED, now())
        record(
            session, actor, f"identity.{verification.method}_checked", f"account:{actor.account_id}",
            verification_id=verification.id, outcome=verification.outcome, provider=result.provider,
            provider_code=verification.provider_code, request_id=verification.request_id,
        )  # fmt: skip


def _send_first_code(actor: Actor, verification_id: uuid.UUID) -> VerificationView:
    """The register's answer is kept even when no code may leave right now: the person asks again in a while."""
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
        sent = send_code(
            session, phone=_phone(session, actor, verification), purpose=CodePurpose.VERIFICATION,
            subject=subject_of(verification.id), ip=actor.ip, template="SMS_VERIFY",
        )  # fmt: skip
        return view_of(verification, resend_after=sent.resend_after)


def confirm_verification_code(*, actor: Actor, verification_id: uuid.UUID, code: str) -> VerificationView:
    """Type the code back; the account is verified then. Repeating gives the same answer.

    Raises VerificationNotFound, VerificationOver, CodeWrong, CodeExpired, CodeExhausted, AlreadyVerified, and
    IdentityTaken for operators.
    """
    with reading() as session:
        verification = find_own(session, actor, verification_id)
        if verification.status == VerificationStatus.VERIFIED:
            return view_of(verification, claim=find_claim(session, actor, verification))
        check_open(verification, VerificationStatus.CODE_SENT)
        phone = _phone(session, actor, verification)
    check_code(phone=phone, purpose=CodePurpose.VERIFICATION, subject=subject_of(verification_id), code=code)
    return complete_verification(actor=actor, verification_id=verification_id, status=VerificationStatus.CODE_SENT)


def _phone(session: Session, actor: Actor, verification: Verification) -> str:
    """Where the code goes: the phone that the register knows as this person's."""
    if verification.method == Method.BANK:
        return str(verification.bank_phone)
    return phone_of(session, actor)
