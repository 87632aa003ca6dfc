"""Consents: given to a version, provable, and withdrawn as easily as given (B1; PIPL 14-16, 29)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import insert_if_absent, reading, transaction
from app.core.ids import new_id
from app.identity.errors import AgreementRequired, ConsentRequired, TextOutdated
from app.identity.models import (
    Consent,
    ConsentKind,
    FaceCheck,
    FacePurpose,
    FaceStatus,
    Method,
    Verification,
    VerificationStatus,
)
from app.identity.texts import ConsentText, current_texts, get_text

Agreements = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ConsentView:
    """Where one text stands for one account. `is_current`: consent to the present version is in force."""

    kind: str
    version: str
    given_at: datetime | None
    is_current: bool


def check_agreements(agreements: Agreements, required: Sequence[ConsentKind]) -> list[ConsentText]:
    """The required texts, each accepted in its current version. Raises AgreementRequired, TextOutdated."""
    accepted = dict(agreements)
    texts = [get_text(kind) for kind in required]
    for text in texts:
        if text.kind not in accepted:
            raise AgreementRequired(**text.names)
        _check_version(text, accepted[text.kind])
    return texts


def record_consents(session: Session, actor: Actor, texts: Sequence[ConsentText]) -> None:
    """Remember these consents, those that are new in the audit log too. Repeating changes nothing."""
    given = [text for text in texts if _add(session, actor, text)]
    for text in given:
        record(
            session, actor, "consent.given", f"account:{actor.account_id}",
            kind=text.kind, version=text.version, text_sha256=text.sha256,
        )  # fmt: skip


def give_consent(*, actor: Actor, kind: str, version: str) -> ConsentView:
    """Agree to the text that was shown. Raises TextNotFound, TextOutdated."""
    text = get_text(kind)
    _check_version(text, version)
    with transaction() as session:
        record_consents(session, actor, [text])
        consent = session.scalars(select(Consent).where(*_in_force(actor, text))).one()
        return ConsentView(text.kind, text.version, consent.given_at, True)


def withdraw_consent(*, actor: Actor, kind: str) -> None:
    """Take a consent back, for the future only: what it allowed and is under way stops, what was typed in is wiped.

    Nothing in force: nothing happens. Raises TextNotFound.
    """
    text = get_text(kind)
    with transaction() as session:
        mine = (*_own(actor), Consent.kind == text.kind, Consent.withdrawn_at.is_(None))
        consents = session.scalars(select(Consent).where(*mine).with_for_update()).all()
        for consent in consents:
            consent.withdrawn_at = now()
        _stop(session, actor, text.kind)
        if consents:
            record(session, actor, "consent.withdrawn", f"account:{actor.account_id}", kind=text.kind)


def _stop(session: Session, actor: Actor, kind: ConsentKind) -> None:
    """End attempts first, then their face checks: the order in which completing an attempt locks them."""
    if kind not in (ConsentKind.VERIFICATION_CONSENT, ConsentKind.FACE_CONSENT):
        return
    mine = (Verification.account_kind == str(actor.kind)) & (Verification.account_id == actor.account_id)
    attempts = select(Verification).where(mine, Verification.ended_at.is_(None)).with_for_update()
    for attempt in session.scalars(attempts):
        if kind is ConsentKind.VERIFICATION_CONSENT or attempt.method == Method.FACE:
            attempt.end(VerificationStatus.CANCELLED, now())
    mine = (FaceCheck.account_kind == str(actor.kind)) & (FaceCheck.account_id == actor.account_id)
    waiting = mine & (FaceCheck.status == FaceStatus.WAITING)
    if kind is ConsentKind.VERIFICATION_CONSENT:
        waiting &= FaceCheck.purpose == FacePurpose.REAL_NAME
    for check in session.scalars(select(FaceCheck).where(waiting).with_for_update()):
        check.settle(FaceStatus.CANCELLED, now())


def require_consent(session: Session, actor: Actor, kind: ConsentKind) -> None:
    """Raises ConsentRequired unless the current version was agreed to and that was not withdrawn."""
    text = get_text(kind)
    if session.scalar(select(Consent.id).where(*_in_force(actor, text))) is None:
        raise ConsentRequired(**text.names)


def list_consents(*, actor: Actor) -> list[ConsentView]:
    """Every text and whether this account agreed to it."""
    with reading() as session:
        rows = session.scalars(select(Consent).where(*_own(actor), Consent.withdrawn_at.is_(None)))
        given = {(row.kind, row.version): row.given_at for row in rows}
    return [_view(text, given.get((text.kind, text.version))) for text in current_texts()]


def _view(text: ConsentText, given_at: datetime | None) -> ConsentView:
    return ConsentView(text.kind, text.version, given_at, given_at is not None)


def _check_version(text: ConsentText, version: str) -> None:
    if version != text.version:
        raise TextOutdated(**text.names)


def _add(session: Session, actor: Actor, text: ConsentText) -> bool:
    return insert_if_absent(
        session, Consent, id=new_id(), account_kind=str(actor.kind), account_id=actor.account_id, kind=text.kind,
        version=text.version, text_sha256=text.sha256, given_at=now(), channel=actor.channel, ip=actor.ip,
        device=actor.device[:200],
    )  # fmt: skip


def _own(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return Consent.account_kind == str(actor.kind), Consent.account_id == actor.account_id


def _in_force(actor: Actor, text: ConsentText) -> tuple[ColumnElement[bool], ...]:
    return *_own(actor), Consent.kind == text.kind, Consent.version == text.version, Consent.withdrawn_at.is_(None)
