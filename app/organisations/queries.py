"""Reading organisations."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.db import reading
from app.core.text import mask_name
from app.organisations.errors import OrganisationNotChosen, OrganisationNotFound
from app.organisations.models import Member, Organisation
from app.organisations.profile import province_of


def organisation_name(session: Session, organisation_id: uuid.UUID) -> str:
    """Raises OrganisationNotFound."""
    name = session.scalar(select(Organisation.name).where(Organisation.id == organisation_id))
    if name is None:
        raise OrganisationNotFound
    return name


def get_organisation_name(*, organisation_id: uuid.UUID) -> str:
    """The public name, e.g. for what a link shows before login. Raises OrganisationNotFound."""
    with reading() as session:
        return organisation_name(session, organisation_id)


@dataclass(frozen=True, slots=True)
class Membership:
    """One organisation that an operator may enter, for the list after login."""

    organisation_id: uuid.UUID
    name: str
    role: str
    is_verified: bool


def list_my_organisations(*, actor: Actor) -> list[Membership]:
    """Where this operator is a member, the oldest first (A9)."""
    with reading() as session:
        statement = (
            select(Organisation, Member.role)
            .join(Member, Member.organisation_id == Organisation.id)
            .where(Member.operator_account_id == actor.account_id, Member.removed_at.is_(None))
            .order_by(Member.joined_at, Member.id)
        )
        rows = session.execute(statement).all() if actor.is_operator else []
        return [Membership(row.id, row.name, role, row.is_verified) for row, role in rows]


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """The organisation that was entered. The representative's name is masked, the ID number is not shown at all.

    `authorisation_id`: of the letter under way; until it has an end the data do not change.
    """

    id: uuid.UUID
    name: str
    uscc: str
    kind: str
    region_code: str
    province: str
    address: str
    status: str
    is_verified: bool
    verified_at: datetime | None
    legal_representative_masked: str
    licence_sha256: str | None
    authorisation_id: uuid.UUID | None


def get_organisation(*, actor: Actor) -> OrganisationView:
    """The organisation that the actor entered. Raises OrganisationNotChosen."""
    with reading() as session:
        return organisation_view(find_entered(session, actor))


def find_entered(session: Session, actor: Actor, *, lock: bool = False) -> Organisation:
    """The row of the organisation that the operator entered. Raises OrganisationNotChosen, OrganisationNotFound.

    Its lock lets others refer to the row (FOR NO KEY UPDATE): a contract that changes twice in one transaction
    has its foreign key checked again, and would wait for us while we wait for what it holds.
    """
    if actor.organisation_id is None:
        raise OrganisationNotChosen
    statement = select(Organisation).where(Organisation.id == actor.organisation_id)
    found = session.scalar(statement.with_for_update(key_share=True) if lock else statement)
    if found is None:
        raise OrganisationNotFound
    return found


def organisation_view(row: Organisation) -> OrganisationView:
    return OrganisationView(
        id=row.id, name=row.name, uscc=row.uscc, kind=row.kind, region_code=row.region_code,
        province=province_of(row.region_code), address=row.address, status=row.status, is_verified=row.is_verified,
        verified_at=row.verified_at, legal_representative_masked=mask_name(row.legal_representative),
        licence_sha256=row.licence_sha256, authorisation_id=row.authorisation_id,
    )  # fmt: skip
