"""What every end of a letter does."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.links import revoke_links
from app.authorisations.models import Authorisation
from app.core.clock import now
from app.organisations.models import Organisation


def close(session: Session, row: Authorisation, reason: str = "") -> None:
    """Remember when and why, kill the links, let the organisation's data change again."""
    row.ended_at, row.end_reason = now(), reason or None
    revoke_links(session, target=("authorisation", row.id))
    wanted = select(Organisation).where(Organisation.id == row.organisation_id).with_for_update(key_share=True)
    organisation = session.scalars(wanted).one()
    if organisation.authorisation_id == row.id:
        organisation.authorisation_id = None
