"""Links in SMS: 256 bits, stored as a hash, for one target and one phone (A7; T-05, T-06).

A link only leads: it shows the sender and the purpose, and opens its target for whoever has logged in
with the phone that it was sent to. No function returns a token again once it was issued.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts.errors import LinkExpired, LinkForOtherPhone, LinkNotFound
from app.accounts.models import LinkPurpose, SmsLink
from app.accounts.queries import get_account
from app.core.actor import Actor
from app.core.clock import now
from app.core.crypto import blind_index, token_hash
from app.core.db import reading, transaction
from app.core.ids import new_id, new_token

__all__ = [
    "LinkPreview",
    "LinkPurpose",
    "Target",
    "claim_link",
    "forget_links",
    "issue_link",
    "preview_link",
    "revoke_links",
    "revoke_links_of_phone",
]


@dataclass(frozen=True, slots=True)
class Target:
    """What a link or a message opens, e.g. ("contract", id)."""

    kind: str
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class LinkPreview:
    """All that a link alone tells: who sent it and what for."""

    purpose: str
    organisation_id: uuid.UUID
    expires_at: datetime


def issue_link(
    session: Session, *, purpose: LinkPurpose, target: tuple[str, uuid.UUID], phone: str,
    organisation_id: uuid.UUID, expires_at: datetime, replaces: bool = True,
) -> str:  # fmt: skip
    """A new token for the SMS; earlier links to the same target die if it `replaces` them. `phone`: normalised."""
    if replaces:
        revoke_links(session, target=target)
    token = new_token()
    session.add(
        SmsLink(
            id=new_id(), token_hash=token_hash(token), purpose=purpose, target_kind=target[0], target_id=target[1],
            phone_index=blind_index(phone, purpose="phone"), organisation_id=organisation_id,
            created_at=now(), expires_at=expires_at,
        )
    )  # fmt: skip
    session.flush()
    return token


def revoke_links(session: Session, *, target: tuple[str, uuid.UUID]) -> None:
    """Kill every link to this target (withdrawn, ended, sent again)."""
    is_target = (SmsLink.target_kind == target[0]) & (SmsLink.target_id == target[1])
    session.execute(update(SmsLink).where(is_target, SmsLink.revoked_at.is_(None)).values(revoked_at=now()))


def revoke_links_of_phone(session: Session, *, phone_index: str) -> None:
    """Kill every link that was sent to this phone: it is no longer its owner's."""
    sent_there = (SmsLink.phone_index == phone_index) & SmsLink.revoked_at.is_(None)
    session.execute(update(SmsLink).where(sent_there).values(revoked_at=now()))


def forget_links(session: Session, *, target: tuple[str, uuid.UUID]) -> None:
    """Nothing stays of the links to this target, nor of whose phone they were for."""
    is_target = (SmsLink.target_kind == target[0]) & (SmsLink.target_id == target[1])
    session.execute(delete(SmsLink).where(is_target))


def preview_link(*, token: str) -> LinkPreview:
    """What to show before login. The first look is remembered. Raises LinkNotFound, LinkExpired."""
    with transaction() as session:
        link = _find(session, token)
        link.opened_at = link.opened_at or now()
        return LinkPreview(link.purpose, link.organisation_id, link.expires_at)


def claim_link(*, actor: Actor, token: str) -> Target:
    """Where the link leads, for the owner of the phone that it was sent to.

    Raises LinkNotFound, LinkExpired, LinkForOtherPhone.
    """
    with reading() as session:
        link = _find(session, token)
        if get_account(session, actor).phone_index != link.phone_index:
            raise LinkForOtherPhone
        return Target(link.target_kind, link.target_id)


def _find(session: Session, token: str) -> SmsLink:
    link = session.scalar(select(SmsLink).where(SmsLink.token_hash == token_hash(token)))
    if link is None:
        raise LinkNotFound
    if link.revoked_at is not None or link.expires_at <= now():
        raise LinkExpired
    return link
