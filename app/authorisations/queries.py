"""Reading authorisation letters. Every read and every lock starts from `visible_to(actor)` (T-01)."""

import json
import uuid

from sqlalchemy import ColumnElement, Select, exists, false, or_, select
from sqlalchemy.orm import Session

from app.accounts.login_models import FormerPhone
from app.accounts.models import WorkerAccount
from app.authorisations.errors import AuthorisationNotFound, LetterNotReady, RepresentativeOnly
from app.authorisations.lifecycle import Status
from app.authorisations.models import Authorisation
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import reading
from app.identity.models import Person
from app.identity.persons import get_person, is_person, require_verified_person
from app.organisations.permissions import Permission
from app.storage.ports import BlobStore
from app.storage.service import organisation_scope, read_file


def visible_to(actor: Actor) -> Select[Authorisation]:
    """The letters this actor may know of: their organisation's, or those that were sent to them."""
    if actor.is_operator and actor.organisation_id is not None and Permission.MANAGE_ORGANISATION in actor.permissions:
        return select(Authorisation).where(Authorisation.organisation_id == actor.organisation_id)
    if actor.is_worker and actor.account_id is not None:
        return select(Authorisation).where(or_(_to_phone_of(actor), _about(actor)))
    return select(Authorisation).where(false())


def _to_phone_of(actor: Actor) -> ColumnElement[bool]:
    """Sent to the worker's phone, and nobody gave that number up since: the next owner is a stranger (T-47)."""
    phone = select(WorkerAccount.phone_index).where(WorkerAccount.id == actor.account_id).scalar_subquery()
    left = exists().where(
        FormerPhone.phone_index == Authorisation.phone_index, FormerPhone.until > Authorisation.created_at
    )
    return (Authorisation.phone_index == phone) & ~left


def _about(actor: Actor) -> ColumnElement[bool]:
    """To be signed by this very person, whatever phone they have now."""
    document = select(Person.id_number_index).where(Person.id == actor.person_id).scalar_subquery()
    return Authorisation.representative_index == document


def load_authorisation(session: Session, actor: Actor, authorisation_id: uuid.UUID) -> Authorisation:
    """One letter that the actor may read. Raises AuthorisationNotFound, VerificationRequired, RepresentativeOnly."""
    return _find(session, actor, visible_to(actor).where(Authorisation.id == authorisation_id))


def lock_authorisation(session: Session, actor: Actor, authorisation_id: uuid.UUID) -> Authorisation:
    """The same, with the row locked until the end of the transaction."""
    wanted = visible_to(actor).where(Authorisation.id == authorisation_id)
    return _find(session, actor, wanted.with_for_update(of=Authorisation))


def _find(session: Session, actor: Actor, statement: Select[Authorisation]) -> Authorisation:
    found = session.scalar(statement)
    if found is None:
        raise AuthorisationNotFound
    if actor.is_worker and not is_person(get_person(session, require_verified_person(actor)), found.claim):
        raise RepresentativeOnly
    return found


def get_authorisation(*, actor: Actor, authorisation_id: uuid.UUID) -> Authorisation:
    """Raises AuthorisationNotFound, VerificationRequired, RepresentativeOnly."""
    with reading() as session:
        return load_authorisation(session, actor, authorisation_id)


def find_latest(*, actor: Actor) -> Authorisation | None:
    """The organisation's newest letter, whatever became of it."""
    newest = visible_to(actor).order_by(Authorisation.created_at.desc(), Authorisation.id.desc()).limit(1)
    with reading() as session:
        return session.scalar(newest) if actor.is_operator else None


def list_waiting(*, actor: Actor) -> list[Authorisation]:
    """What waits for this worker's signature: by phone until they are verified, then only what is theirs."""
    mine = _about(actor) if actor.person_id is not None else _to_phone_of(actor)
    waiting = (Authorisation.status == Status.WAITING) & (Authorisation.deadline_at > now())
    statement = select(Authorisation).where(mine, waiting).order_by(Authorisation.created_at.desc())
    with reading() as session:
        return list(session.scalars(statement)) if actor.is_worker else []


def read_picture(*, actor: Actor, authorisation_id: uuid.UUID, blobs: BlobStore) -> bytes:
    """The page as it is now: with the signature once that is sealed."""
    letter = get_authorisation(actor=actor, authorisation_id=authorisation_id)
    return _read(letter, letter.signed_picture_sha256 or letter.picture_sha256, blobs)


def read_text(*, actor: Actor, authorisation_id: uuid.UUID, blobs: BlobStore) -> tuple[Authorisation, list[str]]:
    """The same content as paragraphs, for reading in large print."""
    letter = get_authorisation(actor=actor, authorisation_id=authorisation_id)
    paragraphs: list[str] = json.loads(_read(letter, letter.text_sha256, blobs))
    return letter, paragraphs


def read_signed_file(
    *, actor: Actor, authorisation_id: uuid.UUID, blobs: BlobStore
) -> tuple[Authorisation, bytes]:  # fmt: skip
    """The sealed PDF, for both sides. Raises LetterNotReady, FileDamaged."""
    letter = get_authorisation(actor=actor, authorisation_id=authorisation_id)
    if letter.revision_sha256 is None:
        raise LetterNotReady
    return letter, _read(letter, letter.revision_sha256, blobs)


def _read(letter: Authorisation, sha256: str, blobs: BlobStore) -> bytes:
    return read_file(blobs, scope=organisation_scope(letter.organisation_id), sha256=sha256)
