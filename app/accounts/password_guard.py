"""How many wrong passwords there may be, counted in the database over all processes (A2; T-03, T-27).

A try is counted before the password is looked at and given back when it was right: of a hundred parallel
guesses five are looked at. Unknown phones are counted like known ones.
"""

import math
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.errors import PasswordLocked, PasswordTriesExceeded
from app.accounts.models import AccountKind, PasswordGuard
from app.accounts.pacing import network_of
from app.core.clock import now
from app.core.crypto import blind_index
from app.core.db import add_and_lock, transaction

PER_PHONE, LOCK = 5, timedelta(minutes=15)
PER_IP, IP_WINDOW = 30, timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Try:
    """A try that is being looked at. `left`: how many more this phone has if it is wrong."""

    phone_scope: str
    ip_scope: str
    left: int


def begin_try(*, kind: AccountKind, phone: str, ip: str) -> Try:
    """Count one try against phone and address. Raises PasswordLocked, PasswordTriesExceeded; then nothing counts."""
    phone_scope, ip_scope = phone_scope_of(kind, phone), f"ip:{network_of(ip)}"
    with transaction() as session:
        left, wait = _count(session, phone_scope, PER_PHONE, LOCK)
        if wait:
            raise PasswordLocked(retry_after=wait, minutes=math.ceil(wait / 60))
        _, wait = _count(session, ip_scope, PER_IP, IP_WINDOW)
        if wait:
            raise PasswordTriesExceeded(retry_after=wait, minutes=math.ceil(wait / 60))
    return Try(phone_scope, ip_scope, left)


def end_right_try(tried: Try) -> None:
    """The password was right: the phone starts anew, the address gets its try back."""
    with transaction() as session:
        _forget(session, tried.phone_scope)
        _give_back(session, tried.ip_scope)


def cancel_try(tried: Try) -> None:
    """Nobody looked at the password: as if it had not been tried."""
    with transaction() as session:
        _give_back(session, tried.phone_scope)
        _give_back(session, tried.ip_scope)


def unlock_phone(session: Session, *, kind: AccountKind, phone: str) -> None:
    """A new password ends the lock that guesses at the old one caused."""
    _forget(session, phone_scope_of(kind, phone))


def phone_scope_of(kind: AccountKind, phone: str) -> str:
    return f"{kind}:{blind_index(phone, purpose='phone')}"


def _count(session: Session, scope: str, limit: int, window: timedelta) -> tuple[int, int]:
    """(tries left after this one, 0), or (0, seconds to wait). The last try starts the pause."""
    moment = now()
    guard = add_and_lock(session, PasswordGuard, PasswordGuard.scope == scope, scope=scope, wrong=0, since=moment)
    if guard.since + window <= moment:
        guard.wrong, guard.since = 0, moment
    if guard.wrong >= limit:
        return 0, max(1, math.ceil((guard.since + window - moment).total_seconds()))
    guard.wrong += 1
    if guard.wrong == limit:
        guard.since = moment
    return limit - guard.wrong, 0


def _give_back(session: Session, scope: str) -> None:
    counted = (PasswordGuard.scope == scope) & (PasswordGuard.wrong > 0)
    session.execute(update(PasswordGuard).where(counted).values(wrong=PasswordGuard.wrong - 1))


def _forget(session: Session, scope: str) -> None:
    """Set to none; housekeeping deletes it."""
    session.execute(update(PasswordGuard).where(PasswordGuard.scope == scope).values(wrong=0))
