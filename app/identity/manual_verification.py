"""Verification by people: pictures of the document, looked at by the regulator's desk (B4). The applicant's side."""

import re
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.accounts.pacing import seconds_to_wait
from app.accounts.queries import get_account
from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import reading, transaction
from app.core.errors import InvalidInput
from app.core.ids import new_id
from app.identity.consents import require_consent
from app.identity.errors import AlreadyVerified, DocumentsRequired, VerificationLimit
from app.identity.models import (
    ConsentKind,
    IdType,
    Method,
    Verification,
    VerificationDocument,
    VerificationStatus,
)
from app.identity.persons import parse_claim
from app.identity.verification_views import VerificationView, view_of
from app.identity.verifications import begin_verification
from app.storage.ports import BlobStore
from app.storage.service import account_scope, forget_files, record_file, write_file

MOST_PICTURES = 4
UPLOADS_PER_DAY = 20
UNUSED, KEPT = timedelta(days=1), timedelta(days=30)
_BATCH = 200


class Picture(Protocol):
    """A picture that was made plain (app.templates.pictures); nothing else may be stored and shown."""

    @property
    def data(self) -> bytes: ...
    @property
    def media_type(self) -> str:
        """image/png or image/jpeg."""


def check_may_upload(*, actor: Actor) -> None:
    """Before a picture is opened at all. Raises ConsentRequired, AlreadyVerified, VerificationLimit."""
    with reading() as session:
        _check_may_upload(session, actor)


def save_document(*, actor: Actor, picture: Picture, blobs: BlobStore) -> uuid.UUID:
    """Store one picture, encrypted, for an application within a day. Returns its id.

    Raises as `check_may_upload`, and ProviderError.
    """
    scope = account_scope(actor.kind, actor.account_id)
    sha256 = write_file(blobs, scope=scope, data=picture.data)
    with transaction() as session:
        get_account(session, actor, lock=True)
        _check_may_upload(session, actor)
        record_file(session, scope=scope, sha256=sha256, size=len(picture.data), media_type=picture.media_type)
        document = VerificationDocument(
            id=new_id(), account_kind=str(actor.kind), account_id=actor.account_id, sha256=sha256,
            media_type=picture.media_type, created_at=now(),
        )  # fmt: skip
        session.add(document)
        return document.id


def start_manual_verification(
    *, actor: Actor, name: str, id_number: str, id_type: str, document_ids: Sequence[uuid.UUID], nationality: str
) -> VerificationView:
    """Ask for a review. `document_ids`: one to four pictures of one's own. `nationality`: ISO 3166-1 alpha-3.

    Raises ConsentRequired, DocumentNotSupported, DocumentNumberInvalid, InvalidInput (nationality), DocumentsRequired,
    AlreadyVerified, VerificationLimit.
    """
    claim, country = parse_claim(actor, name, id_number, id_type, Method.MANUAL), nationality.strip().upper()
    if claim.id_type in (IdType.PASSPORT, IdType.FOREIGN_PERMANENT_RESIDENT_ID) and not country:
        raise InvalidInput(fields={"nationality": ["请选择国籍。"]})
    if country and not re.fullmatch(r"[A-Z]{3}", country):
        raise InvalidInput(fields={"nationality": ["国籍应为三位字母代码，例如 USA。"]})
    with transaction() as session:
        verification = begin_verification(session, actor, claim, Method.MANUAL, VerificationStatus.REVIEWING)
        verification.nationality = country or None
        documents = _unused(session, actor, document_ids)
        for document in documents:
            document.verification_id = verification.id
        record(
            session, actor, "identity.review_asked", f"account:{actor.account_id}", verification_id=verification.id,
            id_type=claim.id_type, documents=[document.sha256 for document in documents],
        )  # fmt: skip
        return view_of(verification)


def forget_review_documents() -> int:
    """Housekeeping: the pictures go a while after the decision, unused ones after a day, those of an application that
    was taken back at once; hashes stay (PIPL 19, 47)."""
    forgotten = 0
    while batch := _forget_batch():
        forgotten += batch
    return forgotten


def _forget_batch() -> int:
    moment = now()
    is_unused = VerificationDocument.verification_id.is_(None) & (VerificationDocument.created_at <= moment - UNUSED)
    is_decided = Verification.ended_at <= moment - KEPT
    is_taken_back = Verification.status == VerificationStatus.CANCELLED
    with transaction() as session:
        due = session.scalars(
            select(VerificationDocument)
            .outerjoin(Verification, Verification.id == VerificationDocument.verification_id)
            .where(VerificationDocument.deleted_at.is_(None), is_unused | is_decided | is_taken_back)
            .order_by(VerificationDocument.id)
            .limit(_BATCH)
        ).all()
        for document in due:
            document.deleted_at = moment
        session.flush()
        for document in due:
            if session.scalar(select(VerificationDocument.id).where(*_same_file(document)).limit(1)) is None:
                scope = account_scope(document.account_kind, document.account_id)
                forget_files(session, scope=scope, files=[document.sha256])
        return len(due)


def _same_file(document: VerificationDocument) -> tuple[ColumnElement[bool], ...]:
    """Another upload of the very same picture that still needs it."""
    return (
        VerificationDocument.account_kind == document.account_kind,
        VerificationDocument.account_id == document.account_id,
        VerificationDocument.sha256 == document.sha256,
        VerificationDocument.deleted_at.is_(None),
    )


def _check_may_upload(session: Session, actor: Actor) -> None:
    require_consent(session, actor, ConsentKind.VERIFICATION_CONSENT)
    if get_account(session, actor).person_id is not None:
        raise AlreadyVerified
    newest = (
        select(VerificationDocument.created_at).where(*_own(actor)).order_by(VerificationDocument.created_at.desc())
    )
    times = session.scalars(newest.limit(UPLOADS_PER_DAY)).all()
    if wait := seconds_to_wait(times, UPLOADS_PER_DAY, timedelta(days=1), now()):
        raise VerificationLimit(retry_after=wait)


def _unused(session: Session, actor: Actor, ids: Sequence[uuid.UUID]) -> Sequence[VerificationDocument]:
    """Raises DocumentsRequired unless these are fresh pictures of the actor's own, none of them twice."""
    wanted = set(ids)
    if not 0 < len(wanted) <= MOST_PICTURES:
        raise DocumentsRequired
    found = session.scalars(
        select(VerificationDocument)
        .where(
            *_own(actor), VerificationDocument.id.in_(wanted), VerificationDocument.verification_id.is_(None),
            VerificationDocument.created_at > now() - UNUSED, VerificationDocument.deleted_at.is_(None),
        )
        .with_for_update()
    ).all()  # fmt: skip
    if len(found) != len(wanted):
        raise DocumentsRequired
    return found


def _own(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (
        VerificationDocument.account_kind == str(actor.kind),
        VerificationDocument.account_id == actor.account_id,
    )
