"""What a reviewer sees of an application, and what follows from it (B4)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.login import find_operator, find_worker
from app.accounts.queries import Account, get_account, phone_of
from app.core.actor import Actor, ActorKind
from app.core.clock import now
from app.core.text import mask_id_number, mask_name, mask_phone
from app.identity.models import IdType, Person, Verification, VerificationDocument, VerificationStatus
from app.identity.persons import Claim, find_holder, get_person

OPEN = VerificationStatus.REVIEWING


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """One application in a list. `name_masked`: None once what was typed in is wiped. `status`: reviewing, verified,
    failed, cancelled (taken back) or expired.
    """

    id: uuid.UUID
    account_kind: str
    name_masked: str | None
    id_type: str
    nationality: str | None
    status: str
    asked_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewDocument:
    """One picture; `is_kept`: the file is still there."""

    id: uuid.UUID
    media_type: str
    sha256: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One application as a reviewer sees it. Name and number in full only while it waits, masked after a yes.

    `older_phone_masked`: while it waits, of the account that the applicant could go on with after a yes.
    """

    card: ReviewCard
    name: str | None
    id_number: str | None
    phone_masked: str
    documents: Sequence[ReviewDocument]
    reason: str | None
    reviewer_id: uuid.UUID | None
    is_own: bool
    older_phone_masked: str | None


def card_of(session: Session, found: Verification) -> ReviewCard:
    over = found.status == OPEN and found.expires_at <= now()
    name = found.name
    if not name and found.person_id is not None:
        name = get_person(session, found.person_id).name
    return ReviewCard(
        id=found.id, account_kind=found.account_kind, name_masked=mask_name(name) if name else None,
        id_type=found.id_type, nationality=found.nationality,
        status=VerificationStatus.EXPIRED if over else found.status, asked_at=found.created_at,
        decided_at=found.ended_at,
    )  # fmt: skip


def view_for(session: Session, actor: Actor, found: Verification) -> ReviewView:
    card = card_of(session, found)
    older = older_account(session, found) if card.status == OPEN else None
    name: str | None = found.name
    number: str | None = found.id_number
    if card.status != OPEN:
        person = get_person(session, found.person_id) if found.person_id else None
        name, number = card.name_masked, mask_id_number(person.id_number) if person else None
    return ReviewView(
        card=card, name=name, id_number=number, phone_masked=mask_phone(applicant_phone(session, found)),
        documents=[
            ReviewDocument(document.id, document.media_type, document.sha256, document.deleted_at is None)
            for document in documents_of(session, found)
        ],
        reason=found.review_reason or None, reviewer_id=found.reviewer_id,
        is_own=is_own_application(session, actor, found),
        older_phone_masked=mask_phone(older.phone) if older is not None else None,
    )  # fmt: skip


def is_own_application(session: Session, actor: Actor, found: Verification) -> bool:
    """People have accounts of several kinds and several phones: the phone tells, and so do the documents of whom was
    verified with the reviewer's phone."""
    phone = phone_of(session, actor)
    if applicant_phone(session, found) == phone:
        return True
    own = {account.person_id for account in (find_worker(session, phone), find_operator(session, phone)) if account}
    applicant = _person_index(session, found)
    persons = session.scalars(select(Person.id_number_index).where(Person.id.in_(own - {None})))
    return applicant is not None and applicant in set(persons)


def _person_index(session: Session, found: Verification) -> str | None:
    """By which the applicant is found as a person; None once what was typed in is wiped and nobody was verified."""
    if found.person_id is not None:
        return get_person(session, found.person_id).id_number_index
    return Claim(found.name, found.id_number, IdType(found.id_type)).index if found.id_number else None


def applicant_of(found: Verification) -> Actor:
    return Actor(kind=ActorKind(found.account_kind), account_id=found.account_id, channel="review")


def applicant_phone(session: Session, found: Verification) -> str:
    """The applicant's; "" once the account is closed."""
    return get_account(session, applicant_of(found)).phone or ""


def older_account(session: Session, found: Verification) -> Account | None:
    """Behind which the applicant's person stands already, and which workers may claim."""
    index = _person_index(session, found) if applicant_of(found).is_worker else None
    person_id = session.scalar(select(Person.id).where(Person.id_number_index == index)) if index else None
    holder = find_holder(session, applicant_of(found), person_id) if person_id else None
    return holder if holder is not None and holder.id != found.account_id else None


def documents_of(session: Session, found: Verification) -> Sequence[VerificationDocument]:
    mine = VerificationDocument.verification_id == found.id
    order = VerificationDocument.created_at, VerificationDocument.id
    return session.scalars(select(VerificationDocument).where(mine).order_by(*order)).all()
