"""Make, choose and revoke an organisation's seals (E1)."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.audit.service import chain_of, record
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import reading, transaction
from app.core.ids import new_id
from app.organisations.permissions import Permission
from app.organisations.queries import find_entered
from app.organisations.service import require_verified_organisation
from app.seals.drawing import SealDrawing, draw_round_seal
from app.seals.errors import SealNotFound, SealRevoked, TooManySeals
from app.seals.models import Seal, SealKind
from app.seals.signatures import current_signature, ink_of_signature, save_signature, use_signature

__all__ = [
    "SealImage",
    "SealView",
    "create_seal",
    "current_signature",
    "drawing_of_seal",
    "find_usable_seal",
    "get_seal_image",
    "ink_of_signature",
    "list_seals",
    "revoke_seal",
    "save_signature",
    "set_default_seal",
    "usable_seals",
    "use_signature",
    "view_seal",
]

PURPOSE_LINES = {SealKind.CONTRACT: "合同专用章"}
MOST_SEALS = 10


@dataclass(frozen=True, slots=True)
class SealView:
    """One seal in the list."""

    id: uuid.UUID
    kind: str
    name: str
    purpose_line: str
    code: str
    is_default: bool
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class SealImage:
    data: bytes
    media_type: str


def create_seal(*, actor: Actor, kind: str = "contract") -> SealView:
    """Draw the verified organisation's round seal; the first one is the default.

    Raises NotPermitted, OrganisationNotVerified, TooManySeals, SealNotDrawable.
    """
    actor.require(Permission.MANAGE_SEAL)
    seal_kind = SealKind(kind)
    with reading() as session:
        name = require_verified_organisation(session, actor).name
    code = _new_code()
    svg = draw_round_seal(name, PURPOSE_LINES[seal_kind], code).svg
    with transaction() as session:
        organisation = find_entered(session, actor, lock=True)
        valid = session.scalars(select(Seal).where(*_own(actor), Seal.revoked_at.is_(None))).all()
        if len(valid) >= MOST_SEALS:
            raise TooManySeals(most=MOST_SEALS)
        seal = Seal(
            id=new_id(), organisation_id=organisation.id, created_by=actor.account_id, kind=seal_kind, name=name,
            purpose_line=PURPOSE_LINES[seal_kind], code=code, svg=svg, sha256=hashlib.sha256(svg.encode()).hexdigest(),
            is_default=not any(other.is_default for other in valid), created_at=now(),
        )  # fmt: skip
        session.add(seal)
        session.flush()
        _audit(session, actor, "seal.created", seal)
        return _view(seal)


def _new_code() -> str:
    """13 digits as on registered seals, beginning with 99: no administrative division has that number,
    so nobody takes it for a number given by the police."""
    return f"99{secrets.randbelow(10**11):011d}"


def list_seals(*, actor: Actor) -> list[SealView]:
    """The organisation's seals, valid ones first, the default at the top."""
    actor.require(Permission.USE_SEAL)
    with reading() as session:
        order = (Seal.revoked_at.is_not(None), Seal.is_default.desc(), Seal.created_at.desc())
        return [_view(seal) for seal in session.scalars(select(Seal).where(*_own(actor)).order_by(*order))]


def usable_seals(session: Session, organisation_id: uuid.UUID) -> list[SealView]:
    """The contract seals that an organisation could sign with, the default first: for naming one, not for using it."""
    usable = (Seal.organisation_id == organisation_id, Seal.revoked_at.is_(None), Seal.kind == SealKind.CONTRACT)
    order = (Seal.is_default.desc(), Seal.created_at.desc(), Seal.id)
    return [_view(seal) for seal in session.scalars(select(Seal).where(*usable).order_by(*order))]


def view_seal(session: Session, seal_id: uuid.UUID) -> SealView:
    """One that was used, also after it was revoked."""
    return _view(session.get_one(Seal, seal_id))


def get_seal_image(*, actor: Actor, seal_id: uuid.UUID, format: str = "svg") -> SealImage:
    """The imprint as "svg" or "png". Raises SealNotFound."""
    actor.require(Permission.USE_SEAL)
    with reading() as session:
        seal = _find(session, actor, seal_id)
    if format == "png":
        return SealImage(_draw(seal).png(), "image/png")
    return SealImage(seal.svg.encode(), "image/svg+xml")


def set_default_seal(*, actor: Actor, seal_id: uuid.UUID) -> SealView:
    """Raises SealNotFound, SealRevoked."""
    actor.require(Permission.MANAGE_SEAL)
    with transaction() as session:
        find_entered(session, actor, lock=True)
        seal = _find(session, actor, seal_id)
        if seal.revoked_at is not None:
            raise SealRevoked
        for other in session.scalars(select(Seal).where(*_own(actor), Seal.is_default, Seal.id != seal.id)):
            other.is_default = False
        session.flush()  # before the new one: there is never more than one default
        seal.is_default = True
        _audit(session, actor, "seal.made_default", seal)
        return _view(seal)


def revoke_seal(*, actor: Actor, seal_id: uuid.UUID) -> SealView:
    """A revoked seal signs nothing any more; what it has signed stays signed. Raises SealNotFound, SealRevoked."""
    actor.require(Permission.MANAGE_SEAL)
    with transaction() as session:
        find_entered(session, actor, lock=True)
        seal = _find(session, actor, seal_id)
        if seal.revoked_at is not None:
            raise SealRevoked
        seal.revoke(now())
        _audit(session, actor, "seal.revoked", seal)
        return _view(seal)


def find_usable_seal(session: Session, *, actor: Actor, seal_id: uuid.UUID) -> Seal | None:
    """A valid contract seal of the actor's organisation, or None; locked against being revoked meanwhile."""
    actor.require(Permission.USE_SEAL)
    usable = (*_own(actor), Seal.id == seal_id, Seal.revoked_at.is_(None), Seal.kind == SealKind.CONTRACT)
    return session.scalar(select(Seal).where(*usable).with_for_update())


def drawing_of_seal(session: Session, seal_id: uuid.UUID) -> SealDrawing:
    """The imprint for the signing engine. Drawing is a function of what the seal says. Raises SealNotFound."""
    seal = session.get(Seal, seal_id)
    if seal is None:
        raise SealNotFound
    return _draw(seal)


def _draw(seal: Seal) -> SealDrawing:
    return draw_round_seal(seal.name, seal.purpose_line, seal.code)


def _find(session: Session, actor: Actor, seal_id: uuid.UUID) -> Seal:
    seal = session.scalar(select(Seal).where(*_own(actor), Seal.id == seal_id))
    if seal is None:
        raise SealNotFound
    return seal


def _own(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (Seal.organisation_id == actor.organisation_id,)


def _view(seal: Seal) -> SealView:
    return SealView(
        id=seal.id, kind=seal.kind, name=seal.name, purpose_line=seal.purpose_line, code=seal.code,
        is_default=seal.is_default, created_at=seal.created_at, revoked_at=seal.revoked_at,
    )  # fmt: skip


def _audit(session: Session, actor: Actor, action: str, seal: Seal) -> None:
    record(
        session, actor, action, f"seal:{seal.id}", chain=chain_of(seal.organisation_id), code=seal.code,
        sha256=seal.sha256,
    )  # fmt: skip
