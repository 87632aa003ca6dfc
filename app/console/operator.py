"""Who works at the console: what every page's head and the session's JSON show."""

import uuid
from dataclasses import dataclass

from app.core.actor import Actor
from app.identity.persons import PersonView, get_profile
from app.organisations.queries import OrganisationView, get_organisation


@dataclass(frozen=True, slots=True)
class Operator:
    """`person`: once verified. `organisation`: once entered (A9). `unread`: messages."""

    account_id: uuid.UUID
    phone_masked: str
    language: str
    person: PersonView | None
    organisation: OrganisationView | None
    permissions: frozenset[str]
    unread: int
    has_password: bool


def load_operator(actor: Actor) -> Operator:
    """The actor with name, organisation and unread messages. Raises SessionEnded."""
    profile = get_profile(actor=actor)
    return Operator(
        account_id=profile.account_id,
        phone_masked=profile.phone_masked,
        language=profile.language,
        person=profile.person,
        organisation=get_organisation(actor=actor) if actor.organisation_id else None,
        permissions=actor.permissions,
        unread=profile.unread,
        has_password=profile.has_password,
    )
