"""What happened to an onboarding or a department: one way to write it down (K4, D1). Evidence; it outlives the data."""

from sqlalchemy.orm import Session

from app.audit.service import chain_of, record
from app.core.actor import Actor
from app.people.department_models import Department
from app.people.models import Onboarding


def note(session: Session, actor: Actor, action: str, onboarding: Onboarding, **data: object) -> None:
    """Append to the log of the organisation. Call it last in a transaction."""
    record(session, actor, action, onboarding.subject, chain=chain_of(onboarding.organisation_id), **data)


def note_department(session: Session, actor: Actor, action: str, department: Department, **data: object) -> None:
    """The same, of a department; also last."""
    subject, chain = f"department:{department.id}", chain_of(department.organisation_id)
    record(session, actor, action, subject, chain=chain, **data)
