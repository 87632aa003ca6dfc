"""A person's own digital certificate: activate, look at, change the PIN, renew, revoke (E6; 电子签名法 13, 15, 34).

The PIN is proven or replaced in a transaction; the certificate itself is fetched by a job, so that an authority that
is down costs nobody a code. The key stays in the key store and signs only what its person proved by PIN.
"""

import uuid
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from app.accounts.codes import CodePurpose, CodeSent, check_code, send_code
from app.accounts.password_hashing import hash_password
from app.accounts.queries import phone_of
from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import in_shanghai, now
from app.core.db import insert_if_absent, reading, transaction
from app.core.ids import new_id
from app.identity.consents import require_consent
from app.identity.face_checks import Faces
from app.identity.models import ConsentKind
from app.identity.persons import get_person, require_verified_person
from app.jobs.service import enqueue
from app.signing.certificate_view import RENEWABLE, CertificateView, view_certificate
from app.signing.certificates import serial_of
from app.signing.errors import (
    CertificateBeingIssued,
    CertificateNotDue,
    CertificateRequired,
    PinJustChanged,
    PinRefused,
)
from app.signing.models import Certificate, PersonalCertificate
from app.signing.pin_policy import normalise_pin, parse_new_pin, pin_material
from app.signing.pins import confirm_pin, find_own, find_usable, lock_own, prove_pin
from app.signing.second_proof import SecondProof, look_at_second, spend_face_check
from app.signing.telling import tell_person

log = structlog.get_logger()
TEMPLATE = "SMS_CERTIFICATE"
_TITLES = {
    "certificate.pin_set": "证书密码已设置",
    "certificate.pin_reset": "证书密码已重设",
    "certificate.pin_changed": "证书密码已修改",
    "certificate.revoked": "数字证书已注销",
}
_NOT_ME = "如非本人操作，请立即在“数字证书”中注销证书，并联系客服。"


def get_own_certificate(*, actor: Actor) -> CertificateView:
    """How one's certificate stands. Raises VerificationRequired."""
    with reading() as session:
        return view_certificate(session, require_verified_person(actor))


def request_certificate_code(*, actor: Actor) -> CodeSent:
    """Send a code to one's own phone. Raises VerificationRequired, SmsLimitReached."""
    require_verified_person(actor)
    with transaction() as session:
        return send_code(
            session, phone=phone_of(session, actor), purpose=CodePurpose.CERTIFICATE, subject=_code_subject(actor),
            ip=actor.ip, template=TEMPLATE,
        )  # fmt: skip


def activate_certificate(
    *, actor: Actor, pin: str, code: str, second: SecondProof | None = None, faces: Faces | None = None
) -> CertificateView:
    """Set a PIN by a code to the own phone, and ask for a certificate unless one holds.

    Whoever had a PIN before (forgotten, locked, revoked) needs a second proof. Raises VerificationRequired,
    ConsentRequired, PinRefused, InvalidInput (no second proof), FaceCheckNotFound, FaceUnavailable, FaceCheckNotPassed,
    FaceCheckUsed, PasswordTooNew, PasswordWrong, PasswordLocked, CodeWrong, CodeExpired, CodeExhausted, PinJustChanged.
    """
    person_id = require_verified_person(actor)
    with reading() as session:
        require_consent(session, actor, ConsentKind.CERTIFICATE_AGREEMENT)
        person, phone, own = get_person(session, person_id), phone_of(session, actor), find_own(session, person_id)
    new, old_hash, face = parse_new_pin(pin, person=person, phone=phone), own.pin_hash if own else None, None
    if old_hash is not None:
        face = look_at_second(actor, phone, second or SecondProof(), faces or {})
    check_code(phone=phone, purpose=CodePurpose.CERTIFICATE, subject=_code_subject(actor), code=code)
    new_hash = hash_password(pin_material(person_id, new))
    with transaction() as session:
        own = _take_pin(session, person_id, old_hash, new_hash)
        if face is not None:
            spend_face_check(session, person_id, old_hash or "", face)
        _order(session, actor, own)
        _tell(session, actor, "certificate.pin_reset" if old_hash else "certificate.pin_set", own)
        return view_certificate(session, person_id)


def change_pin(*, actor: Actor, pin: str, current_pin: str) -> CertificateView:
    """Replace the PIN by proving it; open proofs of will are void. Raises PinRefused, and as `prove_pin`."""
    person_id = require_verified_person(actor)
    with reading() as session:
        person, phone = get_person(session, person_id), phone_of(session, actor)
    new = parse_new_pin(pin, person=person, phone=phone)
    if new == normalise_pin(current_pin):
        raise PinRefused(fields={"pin": ["新证书密码不能与当前的相同。"]})
    proven = prove_pin(actor=actor, pin=current_pin, about="change")
    new_hash = hash_password(pin_material(person_id, new))
    with transaction() as session:
        own = confirm_pin(session, proven)
        own.pin_hash, own.pin_set_at = new_hash, now()
        _tell(session, actor, "certificate.pin_changed", own)
        return view_certificate(session, person_id)


def renew_certificate(*, actor: Actor, pin: str) -> CertificateView:
    """Ask for another year, from thirty days before the end on. While one is on its way, nothing more is asked for.

    Raises VerificationRequired, ConsentRequired, CertificateRequired, CertificateNotDue, and as `prove_pin`.
    """
    person_id = require_verified_person(actor)
    with reading() as session:
        require_consent(session, actor, ConsentKind.CERTIFICATE_AGREEMENT)
        own = find_own(session, person_id)
        _check_due(session, own)
    proven = prove_pin(actor=actor, pin=pin, about="renewal")
    with transaction() as session:
        own = confirm_pin(session, proven)
        _check_due(session, own)
        if own.order_id is None:
            _ask_for_one(session, actor, own)
            record(session, actor, "certificate.renewal_asked", _subject(person_id))
        return view_certificate(session, person_id)


def revoke_certificate(*, actor: Actor) -> CertificateView:
    """End it at once: nothing is signed with it from now on, its key is destroyed. Repeating changes nothing.

    What was signed stays signed; an act that waits for its seal gets a one-time certificate of the same person.
    """
    person_id = require_verified_person(actor)
    with transaction() as session:
        own = lock_own(session, person_id)
        if own is not None and (own.order_id or find_usable(session, own)):
            own.order_id = None
            certificate = _revoke_present(session, own)
            _tell(session, actor, "certificate.revoked", own, certificate=certificate and certificate.fingerprint)
        return view_certificate(session, person_id)


def _revoke_present(session: Session, own: PersonalCertificate) -> Certificate | None:
    if own.certificate_id is None:
        return None
    certificate = session.get_one(Certificate, own.certificate_id, with_for_update=True, populate_existing=True)
    if certificate.revoked_at is not None:  # an order was cancelled: when this one ended does not change
        return None
    certificate.revoked_at = now()
    forget_key_later(session, certificate.id)
    log.warning("certificate_revoked", serial=serial_of(certificate))  # EST can't tell the authority: people do
    return certificate


def forget_key_later(session: Session, certificate_id: uuid.UUID, at: datetime | None = None) -> None:
    """A job destroys the key of a certificate that ended, or that ends `at`."""
    key = f"destroy-key:{certificate_id}:{'end' if at else 'now'}"
    enqueue(session, "signing.destroy_key", key=key, run_at=at, certificate_id=str(certificate_id))


def _take_pin(session: Session, person_id: uuid.UUID, old_hash: str | None, new_hash: str) -> PersonalCertificate:
    """Of two at once the second finds another PIN than it saw."""
    values = {"pin_hash": new_hash, "pin_set_at": now(), "wrong": 0}
    added = insert_if_absent(session, PersonalCertificate, id=new_id(), person_id=person_id, **values)
    own = lock_own(session, person_id)
    if own is None or added is not (old_hash is None) or (not added and own.pin_hash != old_hash):
        raise PinJustChanged
    own.pin_hash, own.pin_set_at, own.wrong = new_hash, now(), 0
    return own


def _order(session: Session, actor: Actor, own: PersonalCertificate) -> None:
    if own.order_id is None and find_usable(session, own) is None:
        _ask_for_one(session, actor, own)


def _ask_for_one(session: Session, actor: Actor, own: PersonalCertificate) -> None:
    own.order_id = new_id()
    enqueue(
        session, "signing.issue_certificate", key=f"certificate:{own.order_id}", order_id=str(own.order_id),
        account_kind=str(actor.kind), account_id=str(actor.account_id),
    )  # fmt: skip


def _check_due(session: Session, own: PersonalCertificate | None) -> None:
    last = session.get(Certificate, own.certificate_id) if own and own.certificate_id else None
    if last is None or last.revoked_at:
        raise CertificateBeingIssued if own and own.order_id else CertificateRequired
    due = last.not_after - RENEWABLE
    if due > now():
        raise CertificateNotDue(day=f"{in_shanghai(due):%Y-%m-%d}")


def _tell(session: Session, actor: Actor, action: str, own: PersonalCertificate, **data: Any) -> None:
    """The owner learns of it, whoever did it."""
    session.flush()
    tell_person(
        session, own.person_id, kind=action, title=_TITLES[action],
        body=f"{in_shanghai(now()):%Y-%m-%d %H:%M}，{_TITLES[action]}。{_NOT_ME}",
    )  # fmt: skip
    record(session, actor, action, _subject(own.person_id), **data)


def _subject(person_id: uuid.UUID) -> str:
    return f"person:{person_id}"


def _code_subject(actor: Actor) -> str:
    return f"{actor.kind}:{actor.account_id}"
