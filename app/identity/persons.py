"""Persons and the accounts behind which they stand."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.bindings import settle_uncertain_bindings
from app.accounts.errors import AccountMoved
from app.accounts.models import OperatorAccount, WorkerAccount
from app.accounts.queries import Account, get_account, has_password
from app.core.actor import Actor
from app.core.clock import in_shanghai, now
from app.core.crypto import blind_index
from app.core.db import insert_if_absent, reading
from app.core.errors import NotFound
from app.core.ids import new_id
from app.core.text import mask_id_number, mask_phone, normalise_name
from app.identity.documents import Document, check_accepted, parse_document
from app.identity.errors import AlreadyVerified, TooYoung, VerificationRequired
from app.identity.models import IdType, Method, Person
from app.notifications.service import count_unread

WORKING_AGE = 16


@dataclass(frozen=True, slots=True)
class Claim:
    """Who somebody says to be, normalised."""

    name: str
    id_number: str
    id_type: IdType = IdType.RESIDENT_ID

    @property
    def fingerprint(self) -> str:
        """Keyed hash (64 hex digits) that binds a check to this name and number without telling them."""
        return blind_index(f"{self.id_number}:{self.name}", purpose="claim")

    @property
    def index(self) -> str:
        """By which the person is found again."""
        return Document(self.id_type, self.id_number).index(self.name)


def claim_of(person: Person) -> Claim:
    return Claim(person.name, person.id_number, IdType(person.id_type))


def parse_claim(
    actor: Actor, name: str, id_number: str, id_type: str = IdType.RESIDENT_ID, method: Method = Method.PHONE
) -> Claim:
    """Raises InvalidInput, DocumentNotSupported by `method`, IdNumberInvalid, DocumentNumberInvalid, and TooYoung for
    workers under sixteen (劳动法 15). A number without a birth date says nothing of the age: nothing is asked then.
    """
    clean_name, document = normalise_name(name), parse_document(id_type, id_number)
    check_accepted(method, document.kind)
    if actor.is_worker and document.born is not None and age_of(document.born, now()) < WORKING_AGE:
        raise TooYoung
    return Claim(clean_name, document.number, document.kind)


def age_of(born: date, moment: datetime) -> int:
    """Full years of age on the day of `moment` in China."""
    today = in_shanghai(moment).date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


@dataclass(frozen=True, slots=True)
class Bound:
    """The proven person, and the account of the same kind behind which they stand already: `holder` has to be claimed
    before anything changes; None when the person now stands behind the actor's own account.
    """

    person_id: uuid.UUID
    holder: Account | None = None


def bind_person(session: Session, actor: Actor, claim: Claim, method: Method) -> Bound:
    """Put the proven person behind the actor's account, unless another one is theirs.

    One person has one account of each kind. Raises AlreadyVerified, AccountMoved (closed meanwhile).
    """
    person = _find_or_add(session, claim, method)
    account = get_account(session, actor, lock=True)
    if isinstance(account, WorkerAccount) and account.closed_at is not None:
        raise AccountMoved
    if account.person_id not in (None, person.id):
        raise AlreadyVerified
    holder = find_holder(session, actor, person.id)
    if holder is not None and holder.id != account.id:
        return Bound(person.id, holder)
    person.method, person.verified_at = method, now()
    is_new, account.person_id = account.person_id is None, person.id
    if isinstance(account, OperatorAccount):
        account.name = claim.name
    elif is_new:
        settle_uncertain_bindings(session, actor, account.id)
    return Bound(person.id)


def find_holder(session: Session, actor: Actor, person_id: uuid.UUID) -> Account | None:
    """The account of the actor's kind behind which this person stands."""
    if actor.is_worker:
        return session.scalar(select(WorkerAccount).where(WorkerAccount.person_id == person_id))
    return session.scalar(select(OperatorAccount).where(OperatorAccount.person_id == person_id))


def find_person(session: Session, claim: Claim) -> Person | None:
    """The verified person of this document, whatever name they had then."""
    return session.scalar(select(Person).where(Person.id_number_index == claim.index))


def is_person(person: Person, claim: Claim) -> bool:
    """Whether the claim is about this person: name and document, as they were verified."""
    return (person.name, person.id_number_index) == (claim.name, claim.index)


def _find_or_add(session: Session, claim: Claim, method: Method) -> Person:
    """The person's row, locked: two accounts that claim one person at once come here one after the other."""
    index = claim.index
    new = Person(id=new_id())
    new.name, new.id_number = claim.name, claim.id_number
    insert_if_absent(
        session, Person, id=new.id, name_ciphertext=new.name_ciphertext, id_number_ciphertext=new.id_number_ciphertext,
        id_number_index=index, id_type=claim.id_type, method=method, verified_at=now(),
    )  # fmt: skip
    person = session.scalars(select(Person).where(Person.id_number_index == index).with_for_update()).one()
    if person.name != claim.name:  # the authority knows a new name: people may change theirs
        person.name = claim.name
    if person.id_number != claim.id_number:  # a permit that was issued again
        person.id_number = claim.id_number
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
    id_type: str


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
    return PersonView(person.name, mask_id_number(person.id_number), person.verified_at, person.method, person.id_type)
