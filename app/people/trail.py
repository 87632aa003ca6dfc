"""What happened to an onboarding: one way to write it down (K4). Evidence; it outlives the data."""

from sqlalchemy.orm import Session

from app.audit.service import chain_of, record
from app.core.actor import Actor
from app.people.models import Onboarding


def note(session: Session, actor: Actor, action: str, onboarding: Onboarding, **data: object) -> None:
    """Append to the log of the organisation. Call it last in a transaction."""
    record(session, actor, action, onboarding.subject, chain=chain_of(onboarding.organisation_id), **data)
