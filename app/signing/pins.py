"""Proving a certificate PIN: five tries in a row, counted in the database over all processes (E6; T-03).

A try is counted before the PIN is looked at and all are forgotten when one was right: of a hundred parallel guesses
five are looked at. The fifth wrong one locks, until a new PIN is set.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.password_hashing import is_password
from app.audit.service import record
from app.core.actor import Actor
from app.core.db import transaction
from app.identity.persons import require_verified_person
from app.signing.certificates import HeldCertificate, common_name_of, has_run_out, held_of
from app.signing.errors import (
    CertificateBeingIssued,
    CertificateExpired,
    CertificateRequired,
    IntentVoid,
    PinJustChanged,
    PinLocked,
    PinWrong,
)
from app.signing.models import Certificate, PersonalCertificate
from app.signing.pin_policy import normalise_pin, pin_material
from app.signing.telling import tell_person

TRIES = 5


@dataclass(frozen=True, slots=True)
class ProvenPin:
    """Whose PIN was right, and the very hash that it was compared with."""

    person_id: uuid.UUID
    pin_hash: str


def prove_pin(*, actor: Actor, pin: str, about: str) -> ProvenPin:
    """Check the PIN; each try is on the log. `about`: what for, e.g. "contract:<id>".

    Owns its transactions: a wrong try counts although the request fails. Raises VerificationRequired,
    CertificateRequired (there is no PIN), PinWrong, PinLocked, PasswordCheckBusy.
    """
    person_id = require_verified_person(actor)
    pin_hash = _begin_try(person_id)
    try:
        right = is_password(pin_hash, pin_material(person_id, normalise_pin(pin)))
    except BaseException:
        _give_back(person_id)
        raise
    left = _end_try(actor, person_id, about, right)
    if right:
        return ProvenPin(person_id, pin_hash)
    raise PinWrong(attempts_left=left) if left else PinLocked()


def confirm_pin(session: Session, proven: ProvenPin) -> PersonalCertificate:
    """The row, locked, if the PIN still is what was proven. Raises PinJustChanged."""
    own = lock_own(session, proven.person_id)
    if own is None or own.pin_hash != proven.pin_hash:
        raise PinJustChanged
    return own


def check_pin_proof(session: Session, person_id: uuid.UUID, proved_at: datetime) -> None:
    """A proof of will by PIN is void when PIN or certificate went since. Raises IntentVoid."""
    own = lock_own(session, person_id)
    if own is None or own.pin_set_at > proved_at or find_usable(session, own) is None:
        raise IntentVoid


def require_usable(session: Session, person_id: uuid.UUID) -> None:
    """Before a PIN is asked for. Raises CertificateRequired, CertificateExpired, CertificateBeingIssued, PinLocked."""
    own = find_own(session, person_id)
    if own is None:
        raise CertificateRequired
    if find_usable(session, own) is None:
        if own.order_id is not None:
            raise CertificateBeingIssued
        last = session.get(Certificate, own.certificate_id) if own.certificate_id else None
        raise CertificateRequired if last is None or last.revoked_at else CertificateExpired
    if own.wrong >= TRIES:
        raise PinLocked


def find_own(session: Session, person_id: uuid.UUID) -> PersonalCertificate | None:
    return session.scalar(select(PersonalCertificate).where(PersonalCertificate.person_id == person_id))


def lock_own(session: Session, person_id: uuid.UUID) -> PersonalCertificate | None:
    """The row as it is now, held until the transaction ends."""
    mine = select(PersonalCertificate).where(PersonalCertificate.person_id == person_id)
    return session.scalar(mine.with_for_update().execution_options(populate_existing=True))


def find_usable(session: Session, own: PersonalCertificate) -> Certificate | None:
    """The person's certificate, while it holds and its key is there."""
    found = session.get(Certificate, own.certificate_id) if own.certificate_id else None
    if found is None or found.revoked_at or found.key_reference is None or has_run_out(found):
        return None
    return found


def find_own_certificate(session: Session, person_id: uuid.UUID, name: str) -> HeldCertificate | None:
    """To sign with, if it names the person as `name`: people may change theirs."""
    own = find_own(session, person_id)
    usable = find_usable(session, own) if own is not None else None
    return held_of(usable) if usable is not None and common_name_of(usable) == name else None


def _begin_try(person_id: uuid.UUID) -> str:
    with transaction() as session:
        own = lock_own(session, person_id)
        if own is None:
            raise CertificateRequired
        if own.wrong >= TRIES:
            raise PinLocked
        own.wrong += 1
        return own.pin_hash


def _give_back(person_id: uuid.UUID) -> None:
    """Nobody looked at the PIN: as if it had not been tried."""
    with transaction() as session:
        own = lock_own(session, person_id)
        if own is not None and own.wrong:
            own.wrong -= 1


def _end_try(actor: Actor, person_id: uuid.UUID, about: str, right: bool) -> int:
    """Tries that are left."""
    with transaction() as session:
        own = lock_own(session, person_id)
        if own is None:
            raise CertificateRequired
        if right:
            own.wrong = 0
        left = TRIES - own.wrong
        if not left:
            _tell_locked(session, person_id)
        outcome = "right" if right else "wrong"
        record(session, actor, f"certificate.pin_{outcome}", f"person:{person_id}", about=about, attempts_left=left)
        return left


def _tell_locked(session: Session, person_id: uuid.UUID) -> None:
    tell_person(
        session, person_id, kind="certificate.pin_locked", title="证书密码已锁定",
        body="证书密码连续输错 5 次，已锁定。请在“数字证书”中重设；如非本人操作，请检查登录设备并联系客服。",
    )  # fmt: skip
