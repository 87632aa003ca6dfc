"""What happens to personal certificates when nobody waits: they are issued, and ended keys are destroyed (E6)."""

import uuid

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.audit.service import record
from app.core.actor import SYSTEM
from app.core.clock import in_shanghai, now
from app.core.db import reading, transaction
from app.identity.models import Person
from app.notifications.service import post_message
from app.signing.certificates import CertificateRequest, HeldCertificate, destroy_keys, obtain_certificate
from app.signing.models import Certificate, HolderKind, PersonalCertificate
from app.signing.personal_certificates import forget_key_later
from app.signing.pins import lock_own
from app.signing.ports import CertificateAuthority, KeyAlgorithm, KeyStore, Subject


def issue_certificate(
    *, order_id: str, account_kind: str, account_id: str, algorithm: KeyAlgorithm, authority: CertificateAuthority,
    key_store: KeyStore,
) -> None:  # fmt: skip
    """Job `signing.issue_certificate`: a certificate for a year takes the place of the one before, whose key goes.

    An order that was cancelled meanwhile leaves a certificate that nobody can use.
    """
    order = uuid.UUID(order_id)
    with reading() as session:
        person = _orderer(session, order)
    if person is None:
        _end_unused(order)
        return
    held = obtain_certificate(
        request_of(order, person), algorithm=algorithm, authority=authority, key_store=key_store
    )  # fmt: skip
    with transaction() as session:
        _put_in_place(session, person.id, order, held, (account_kind, uuid.UUID(account_id)))


def request_of(order: uuid.UUID, person: Person) -> CertificateRequest:
    """One certificate per order."""
    subject = Subject(common_name=person.name, serial_number=person.id.hex)
    return CertificateRequest(HolderKind.PERSON, person.id, _purpose_of(order), "person", subject)


def destroy_key(*, certificate_id: str, key_store: KeyStore) -> None:
    """Job `signing.destroy_key`: of a certificate that was revoked or replaced."""
    destroy_keys(Certificate.id == uuid.UUID(certificate_id), key_store)


def _orderer(session: Session, order: uuid.UUID) -> Person | None:
    person_id = session.scalar(select(PersonalCertificate.person_id).where(PersonalCertificate.order_id == order))
    return session.get(Person, person_id) if person_id else None


def _purpose_of(order: uuid.UUID) -> str:
    return f"person:{order}"


def _end_unused(order: uuid.UUID) -> None:
    """The power failed after it was issued, then its order was cancelled: nobody has it, so its key goes."""
    in_use = exists().where(PersonalCertificate.certificate_id == Certificate.id)
    unused = (Certificate.purpose_key == _purpose_of(order)) & Certificate.revoked_at.is_(None) & ~in_use
    with transaction() as session:
        for left in session.scalars(select(Certificate).where(unused).with_for_update()):
            left.revoked_at = now()
            forget_key_later(session, left.id)


def _put_in_place(
    session: Session, person_id: uuid.UUID, order: uuid.UUID, held: HeldCertificate, account: tuple[str, uuid.UUID]
) -> None:
    own = lock_own(session, person_id)
    if own is not None and own.certificate_id == held.id:
        return  # another runner was faster
    if own is None or own.order_id != order:
        session.get_one(Certificate, held.id).revoked_at = now()
        forget_key_later(session, held.id)
        return
    if own.certificate_id is not None:
        forget_key_later(session, own.certificate_id)
    own.certificate_id, own.order_id = held.id, None
    until = session.get_one(Certificate, held.id).not_after
    forget_key_later(session, held.id, until)
    post_message(
        session, account_kind=account[0], account_id=account[1], kind="certificate.issued", title="数字证书已生效",
        body=f"您的数字证书已签发，有效期至 {in_shanghai(until):%Y-%m-%d}。签署时可以用证书密码确认本人意愿。",
    )  # fmt: skip
    record(session, SYSTEM, "certificate.issued", f"person:{person_id}", certificate=held.fingerprint)
