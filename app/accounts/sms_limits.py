"""How many codes may leave: per phone, address and day. Counted in the database, over all processes (T-02, T-32)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.accounts.errors import SmsLimitReached
from app.accounts.models import CodePurpose, OneTimeCode, SmsQuota
from app.accounts.pacing import seconds_to_wait
from app.core.clock import now
from app.core.db import add_and_lock

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)

# Anybody can make us send these to any phone (NEW_PHONE: anybody logged in); all others go to the phone of whoever
# is logged in.
# The two kinds are counted apart: a stranger who uses up the first keeps nobody from signing.
_PUBLIC = (CodePurpose.LOGIN, CodePurpose.REGISTRATION, CodePurpose.PASSWORD_RESET, CodePurpose.NEW_PHONE)
_OWN = (
    CodePurpose.VERIFICATION, CodePurpose.INTENT, CodePurpose.PASSWORD, CodePurpose.OLD_PHONE, CodePurpose.SECURITY_KEY,
    CodePurpose.CERTIFICATE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PhoneLimits:
    per_hour: int
    per_day: int


@dataclass(frozen=True, slots=True)
class SmsLimits:
    """`interval`: seconds between two codes to one phone. `per_day`: the budget of the whole platform."""

    interval: int = 60
    public: PhoneLimits = PhoneLimits(per_hour=5, per_day=10)
    own: PhoneLimits = PhoneLimits(per_hour=20, per_day=60)
    per_ip_hour: int = 20
    per_day: int = 20_000


class _Holder:
    limits = SmsLimits()


def set_sms_limits(limits: SmsLimits) -> None:
    """Replace the limits of this process, once, at start."""
    _Holder.limits = limits


def sms_limits() -> SmsLimits:
    return _Holder.limits


def check_sms_limits(session: Session, *, phone_index: str, purpose: CodePurpose, ip: str) -> None:
    """Raise SmsLimitReached, or hold the phone's (and the address's) place in the queue until the transaction ends.

    The address counts for public purposes only: a whole office seals from one address. Somebody logged in may
    verify and then sign without waiting in between. The platform's budget is read without a lock and may be
    passed by as many codes as are being sent at that moment.
    """
    limits, moment = sms_limits(), now()
    hold_place(session, f"phone:{phone_index}")
    is_public = purpose in _PUBLIC
    kinds, per_phone = (_PUBLIC, limits.public) if is_public else (_OWN, limits.own)
    to_phone = OneTimeCode.phone_index == phone_index
    sent = _times(session, per_phone.per_day, to_phone, OneTimeCode.purpose.in_(kinds))
    alike = sent if is_public else _times(session, 1, to_phone, OneTimeCode.purpose == purpose)
    waits = [
        seconds_to_wait(alike, limits.interval and 1, timedelta(seconds=limits.interval), moment),
        seconds_to_wait(sent, per_phone.per_hour, _HOUR, moment),
        seconds_to_wait(sent, per_phone.per_day, _DAY, moment),
    ]
    if is_public:
        hold_place(session, f"ip:{ip}")
        from_here = _times(session, limits.per_ip_hour, OneTimeCode.ip == ip, OneTimeCode.purpose.in_(_PUBLIC))
        waits.append(seconds_to_wait(from_here, limits.per_ip_hour, _HOUR, moment))
        waits.append(seconds_to_wait(_budget_mark(session, limits.per_day), 1, _DAY, moment))
    if wait := max(waits):
        raise SmsLimitReached(retry_after=wait)


def hold_place(session: Session, scope: str) -> None:
    """Count what `scope` names one at a time, until the transaction ends."""
    add_and_lock(session, SmsQuota, SmsQuota.scope == scope, scope=scope)


def _times(session: Session, most: int, *which: ColumnElement[bool]) -> Sequence[datetime]:
    """When the last `most` codes were sent, newest first."""
    statement = select(OneTimeCode.created_at).where(*which).order_by(OneTimeCode.created_at.desc()).limit(most)
    return session.scalars(statement).all()


def _budget_mark(session: Session, per_day: int) -> Sequence[datetime]:
    """When the code was sent that used up the day's budget, if there are that many at all."""
    public = select(OneTimeCode.created_at).where(OneTimeCode.purpose.in_(_PUBLIC))
    mark = public.order_by(OneTimeCode.created_at.desc()).offset(max(per_day - 1, 0)).limit(1)
    return session.scalars(mark).all()
