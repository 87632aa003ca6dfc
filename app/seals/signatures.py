"""Handwritten signatures of persons: kept with their strokes, one current per person (E3)."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.db import reading
from app.core.ids import new_id
from app.identity.models import Person
from app.identity.persons import require_verified_person
from app.seals.brush import ink_svg
from app.seals.errors import SignatureNotFound
from app.seals.ink import Ink, check_ink, ink_from_json
from app.seals.models import PersonalSignature


@dataclass(frozen=True, slots=True)
class SignatureView:
    id: uuid.UUID
    svg: str
    created_at: datetime


def save_signature(session: Session, *, actor: Actor, ink: Ink) -> PersonalSignature:
    """Keep what was written as the person's current signature. Raises VerificationRequired, InkRefused."""
    person_id = require_verified_person(actor)
    check_ink(ink)
    session.scalars(select(Person.id).where(Person.id == person_id).with_for_update()).one()  # one after the other
    previous = _find_current(session, person_id)
    if previous is not None:
        previous.replaced_at = now()
        session.flush()  # before the new one: there is never more than one current
    text = json.dumps(ink.to_json(), separators=(",", ":"))
    signature = PersonalSignature(
        id=new_id(), person_id=person_id, sha256=hashlib.sha256(text.encode()).hexdigest(), channel=actor.channel,
        ip=actor.ip, device=actor.device[:200], created_at=now(),
    )  # fmt: skip
    signature.ink_text, signature.svg = text, ink_svg(ink)
    session.add(signature)
    session.flush()
    return signature


def use_signature(session: Session, *, actor: Actor, signature_id: uuid.UUID) -> PersonalSignature:
    """The person's current signature, to be used again. Raises VerificationRequired, SignatureNotFound."""
    current = _find_current(session, require_verified_person(actor))
    if current is None or current.id != signature_id:
        raise SignatureNotFound
    return current


def ink_of_signature(session: Session, signature_id: uuid.UUID) -> Ink:
    """The strokes, for the signing engine. Raises SignatureNotFound."""
    signature = session.get(PersonalSignature, signature_id)
    if signature is None:
        raise SignatureNotFound
    return ink_from_json(json.loads(signature.ink_text))


def current_signature(*, actor: Actor) -> SignatureView:
    """One's own signature. Raises VerificationRequired, SignatureNotFound."""
    person_id = require_verified_person(actor)
    with reading() as session:
        current = _find_current(session, person_id)
        if current is None:
            raise SignatureNotFound
        return SignatureView(current.id, current.svg, current.created_at)


def _find_current(session: Session, person_id: uuid.UUID) -> PersonalSignature | None:
    mine = (PersonalSignature.person_id == person_id) & PersonalSignature.replaced_at.is_(None)
    return session.scalar(select(PersonalSignature).where(mine))
