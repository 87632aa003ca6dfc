"""One-time codes by SMS: sent through the outbox, tried at most five times (A1; T-03, T-04).

There are no test codes: a developer reads the code in the sandbox.
"""

import hmac
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app.accounts.errors import CodeExhausted, CodeExpired, CodeWrong
from app.accounts.models import CodePurpose, OneTimeCode
from app.accounts.pacing import network_of
from app.accounts.sms_limits import check_sms_limits, sms_limits
from app.core.clock import now
from app.core.crypto import blind_index
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.ids import new_id
from app.core.text import to_halfwidth
from app.notifications.service import send_sms

__all__ = ["CodePurpose", "CodeSent", "TypedCode", "check_code", "check_codes", "send_code"]

LIFE = timedelta(minutes=5)
TRIES = 5


@dataclass(frozen=True, slots=True)
class CodeSent:
    """`resend_after`, `expires_in`: seconds."""

    resend_after: int
    expires_in: int


def send_code(
    session: Session, *, phone: str, purpose: CodePurpose, subject: str, ip: str, template: str = "SMS_LOGIN",
    extra_params: Mapping[str, str] | None = None,
) -> CodeSent:  # fmt: skip
    """Queue a new code; an older one for the same purpose, phone and subject is void. Raises SmsLimitReached.

    `phone`: normalised. `subject`: what the code is for, e.g. "worker" or "intent:<id>".
    """
    phone_index, moment, ip = blind_index(phone, purpose="phone"), now(), network_of(ip)
    check_sms_limits(session, phone_index=phone_index, purpose=purpose, ip=ip)
    session.execute(update(OneTimeCode).where(*_live(purpose, phone_index, subject)).values(voided_at=moment))
    code_id, code = new_id(), f"{secrets.randbelow(1_000_000):06d}"
    session.add(
        OneTimeCode(
            id=code_id, purpose=purpose, phone_index=phone_index, subject=subject, code_hmac=_hmac(code_id, code),
            attempts=0, ip=ip, created_at=moment, expires_at=moment + LIFE,
        )
    )  # fmt: skip
    send_sms(session, phone=phone, template=template, params={"code": code, **(extra_params or {})}, life=LIFE)
    return CodeSent(resend_after=sms_limits().interval, expires_in=int(LIFE.total_seconds()))


@dataclass(frozen=True, slots=True)
class TypedCode:
    """A code as somebody typed it, and what it has to be good for."""

    phone: str
    purpose: CodePurpose
    subject: str
    code: str


def check_code(*, phone: str, purpose: CodePurpose, subject: str, code: str) -> None:
    """Spend the live code, or count a wrong try. Raises CodeWrong, CodeExpired, CodeExhausted.

    Owns its transaction, so that a wrong try counts although the request fails. Call it first.
    """
    check_codes(TypedCode(phone, purpose, subject, code))


def check_codes(*typed: TypedCode) -> None:
    """Spend all of these codes, or none: of the first that is wrong a try is counted. Raises as `check_code`."""
    refusal = _try_codes(typed)
    if refusal is not None:
        raise refusal


def _try_codes(typed: Sequence[TypedCode]) -> DomainError | None:
    """Tries come one after the other, because the row is locked: a hundred at once get five between them."""
    with transaction() as session:
        right = []
        for one in typed:
            live = _live(one.purpose, blind_index(one.phone, purpose="phone"), one.subject)
            found = session.scalar(select(OneTimeCode).where(*live).with_for_update())
            refusal = _try(found, to_halfwidth(one.code).strip())
            if found is None or refusal is not None:
                return refusal
            right.append(found)
        for found in right:
            found.attempts, found.used_at = found.attempts + 1, now()
    return None


def _try(found: OneTimeCode | None, code: str) -> DomainError | None:
    if found is None or found.expires_at <= now():
        return CodeExpired()
    if found.attempts >= TRIES:
        return CodeExhausted()
    if hmac.compare_digest(found.code_hmac, _hmac(found.id, code)):
        return None
    found.attempts += 1
    return CodeWrong(attempts_left=TRIES - found.attempts) if found.attempts < TRIES else CodeExhausted()


def _live(purpose: CodePurpose, phone_index: str, subject: str) -> tuple[ColumnElement[bool], ...]:
    return (
        OneTimeCode.phone_index == phone_index,
        OneTimeCode.purpose == purpose,
        OneTimeCode.subject == subject,
        OneTimeCode.used_at.is_(None),
        OneTimeCode.voided_at.is_(None),
    )


def _hmac(code_id: uuid.UUID, code: str) -> str:
    return blind_index(f"{code_id}:{code}", purpose="code")
