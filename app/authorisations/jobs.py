"""What happens to a letter when nobody waits for it: sealing, verifying the organisation, expiring.

Handlers run outside any transaction, at least once: read, return if done, work, lock, write.
"""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.service import chain_of, record
from app.authorisations.letter import FIELD, PLACE
from app.authorisations.lifecycle import Action, Status
from app.authorisations.models import Authorisation
from app.authorisations.notices import DONE, tell_operator, tell_representative, text_representative
from app.authorisations.service.ending import close
from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.crashpoints import reached
from app.core.db import reading, transaction
from app.jobs.service import enqueue
from app.organisations.models import Organisation
from app.organisations.service.checking import lock_same_code
from app.organisations.service.verifying import mark_verified
from app.seals.signatures import ink_of_signature
from app.signing.appearance import handwriting
from app.signing.certificates import certificate_for_act, forget_keys
from app.signing.sealing import SealingPorts, SignatureOrder, SignedRevision, sign_stored
from app.signing.typeset import PAGE
from app.signing.verification import ExpectedSignature
from app.storage.service import organisation_scope, read_file, record_file, write_file
from app.templates.intake import image_type, render_pages


def seal(*, authorisation_id: str, ports: SealingPorts) -> None:
    """Job `authorisations.seal`: the recorded act becomes a PDF signature; then the organisation is verified."""
    key = uuid.UUID(authorisation_id)
    with reading() as session:
        row = session.get_one(Authorisation, key)
        order = _order(session, row) if row.status == Status.SEALING else None
    if order is not None:
        reached("seal.planned")
        signed = sign_stored(order, lambda mark: ([ExpectedSignature(FIELD, mark)], []), ports)
        (picture,) = render_pages(read_file(ports.blobs, scope=order.scope, sha256=signed.sha256))
        picture_sha256 = write_file(ports.blobs, scope=order.scope, data=picture)
        reached("seal.before_attach")
        _complete(key, signed, (picture_sha256, len(picture), image_type(picture)))
        reached("seal.attached")
    forget_keys([key], ports.key_store)


def _order(session: Session, row: Authorisation) -> SignatureOrder:
    if row.personal_signature_id is None or row.person_id is None:
        raise ValueError("a signed letter has a handwriting and a person")
    box = PAGE[0] * PLACE[1], PAGE[1] * PLACE[2]
    return SignatureOrder(
        scope=organisation_scope(row.organisation_id), base_sha256=row.content_sha256, field=FIELD,
        appearance=handwriting(ink_of_signature(session, row.personal_signature_id), box),
        certificate=certificate_for_act(row.id, person_id=row.person_id, name=row.representative),
        reason=f"签署授权书 {row.number}", first=True, last=True,
    )  # fmt: skip


def _complete(key: uuid.UUID, signed: SignedRevision, picture: tuple[str, int, str]) -> None:
    """Only the verified bytes verify the organisation; another runner may have been faster."""
    with transaction() as session:
        row = _locked(session, key)
        if not row.allows(Action.COMPLETE):
            return
        scope, moment = organisation_scope(row.organisation_id), now()
        record_file(session, scope=scope, sha256=signed.sha256, size=signed.size, media_type="application/pdf")
        record_file(session, scope=scope, sha256=picture[0], size=picture[1], media_type=picture[2])
        row.revision_sha256, row.signed_picture_sha256, row.sealed_at = signed.sha256, picture[0], moment
        row.certificate_id, row.certificate_fingerprint = signed.certificate_id, signed.fingerprint
        _verify_organisation(session, row)
        reached("seal.before_commit")


def _verify_organisation(session: Session, row: Authorisation) -> None:
    """One verified tenant per code (T-29): of two letters, or a letter and somebody in person, the first wins."""
    is_taken = lock_same_code(session, row.organisation_id, row.uscc)
    organisation = session.get_one(Organisation, row.organisation_id)
    action = "authorisation.void" if is_taken or organisation.is_verified else "authorisation.completed"
    row.apply(Action.VOID if action == "authorisation.void" else Action.COMPLETE)
    close(session, row)
    if row.status == Status.SIGNED:
        mark_verified(organisation, row.claim, by=row.created_by, at=now())
        text_representative(session, row, DONE)
        tell_representative(session, row, action)
    tell_operator(session, row, action)
    record(
        session, SYSTEM, action, row.subject, chain=chain_of(row.organisation_id),
        revision_sha256=row.revision_sha256, certificate=row.certificate_fingerprint, uscc=row.uscc,
    )  # fmt: skip


def expire(*, authorisation_id: str) -> None:
    """Job `authorisations.expire`: the time to sign is over. Against a signature, the row's lock decides."""
    with transaction() as session:
        row = _locked(session, uuid.UUID(authorisation_id))
        if not row.allows(Action.EXPIRE):
            return
        if row.deadline_at > now():
            again = f"authorisation-expire:{row.id}:{row.deadline_at.isoformat()}"
            enqueue(session, "authorisations.expire", key=again, run_at=row.deadline_at, authorisation_id=str(row.id))
            return
        row.apply(Action.EXPIRE)
        close(session, row)
        tell_operator(session, row, "authorisation.expired")
        record(session, SYSTEM, "authorisation.expired", row.subject, chain=chain_of(row.organisation_id))


def _locked(session: Session, key: uuid.UUID) -> Authorisation:
    return session.scalars(select(Authorisation).where(Authorisation.id == key).with_for_update()).one()
