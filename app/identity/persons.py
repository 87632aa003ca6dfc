"""Persons and the accounts behind which they stand."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import OperatorAccount, WorkerAccount
from app.accounts.queries import Account, get_account, has_password
from app.core.actor import Actor
from app.core.clock import in_shanghai, now
from app.core.crypto import blind_index
from app.core.db import insert_if_absent, reading
from app.core.errors import InvalidInput, NotFound
from app.core.ids import new_id
from app.core.text import mask_id_number, mask_phone, normalise_id_number, normalise_name
from app.identity.errors import AlreadyVerified, IdentityTaken, IdNumberInvalid, TooYoung, VerificationRequired
from app.identity.models import Method, Person
from app.notifications.service import count_unread

WORKING_AGE = 16


@dataclass(frozen=True, slots=True)
class Claim:
    """Who somebody says to be, normalised."""

    name: str
    id_number: str

    @property
    def fingerprint(self) -> str:
        """Keyed hash (64 hex digits) that binds a check to this name and number without telling them."""
        return blind_index(f"{self.id_number}:{self.name}", purpose="claim")


def parse_claim(actor: Actor, name: str, id_number: str) -> Claim:
    """Raises InvalidInput, IdNumberInvalid, and TooYoung for workers under sixteen (劳动法 15)."""
    clean_name = normalise_name(name)
    try:
        number = normalise_id_number(id_number)
    except InvalidInput as error:
        raise IdNumberInvalid(fields=error.fields) from error
    if actor.is_worker and age_of(number, now()) < WORKING_AGE:
        raise TooYoung
    return Claim(clean_name, number)


def age_of(id_number: str, moment: datetime) -> int:
    """Full years of age on the day of `moment` in China, by the birth date in the number."""
    today = in_shanghai(moment).date()
    year, month, day = int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14])
    return today.year - year - ((today.month, today.day) < (month, day))


def bind_person(session: Session, actor: Actor, claim: Claim, method: Method) -> uuid.UUID:
    """Put the proven person behind the actor's account; returns the person's id.

    One person has one account of each kind. Raises AlreadyVerified, IdentityTaken.
    """
    person = _find_or_add(session, claim, method)
    account = get_account(session, actor, lock=True)
    if account.person_id not in (None, person.id):
        raise AlreadyVerified
    holder = _holder(session, account, person.id)
    if holder is not None and holder.id != account.id:
        raise IdentityTaken(phone_masked=mask_phone(holder.phone))
    account.person_id = person.id
    if isinstance(account, OperatorAccount):
        account.name = claim.name
    return person.id


def _holder(session: Session, account: Account, person_id: uuid.UUID) -> Account | None:
    """The account of the same kind behind which this person stands already."""
    if isinstance(account, WorkerAccount):
        return session.scalar(select(WorkerAccount).where(WorkerAccount.person_id == person_id))
    return session.scalar(select(OperatorAccount).where(OperatorAccount.person_id == person_id))


def _find_or_add(session: Session, claim: Claim, method: Method) -> Person:
    """The person's row, locked: two accounts that claim one person at once come here one after the other."""
    index = blind_index(claim.id_number, purpose="id_number")
    new = Person(id=new_id())
    new.name, new.id_number = claim.name, claim.id_number
    insert_if_absent(
        session, Person, id=new.id, name_ciphertext=new.name_ciphertext, id_number_ciphertext=new.id_number_ciphertext,
        id_number_index=index, method=method, verified_at=now(),
    )  # fmt: skip
    person = session.scalars(select(Person).where(Person.id_number_index == index).with_for_update()).one()
    if person.name != claim.name:  # the authority knows a new name: people may change theirs
        person.name = claim.name
    person.method, person.verified_at = method, now()
    return person


def get_person(session: Session, person_id: uuid.UUID) -> Person:
    """Raises NotFound."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person


def require_verified_person(actor: Actor) -> uuid.UUID:
    """The actor's person. Raises VerificationRequired."""
    if actor.person_id is None:
        raise VerificationRequired
    return actor.person_id


@dataclass(frozen=True, slots=True)
class PersonView:
    """A verified person, as shown to that person."""

    name: str
    id_number_masked: str
    verified_at: datetime
    method: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One's own account. `font_scale`: "1", "1.25" or "1.5"; `unread`: messages."""

    account_id: uuid.UUID
    phone_masked: str
    language: str
    font_scale: str
    person: PersonView | None
    unread: int
    has_password: bool


def get_profile(*, actor: Actor) -> Profile:
    """Who is logged in, for the first screen. Raises SessionEnded."""
    with reading() as session:
        account = get_account(session, actor)
        person = get_person(session, account.person_id) if account.person_id else None
        return Profile(
            account_id=account.id,
            phone_masked=mask_phone(account.phone),
            language=account.language,
            font_scale=account.font_scale if isinstance(account, WorkerAccount) else "1",
            person=_view(person) if person else None,
            unread=count_unread(session, actor),
            has_password=has_password(session, actor),
        )


def _view(person: Person) -> PersonView:
    return PersonView(person.name, mask_id_number(person.id_number), person.verified_at, person.method)
