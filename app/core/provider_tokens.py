"""Access tokens that vendors issue to the platform: shared by all processes, kept encrypted.

A vendor counts how often it issues tokens and may end the old one with the new one, so no process may keep its own.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.crypto import CannotDecrypt, Sealed
from app.core.db import Base, insert_if_absent, reading, transaction
from app.core.ids import new_id


class ProviderToken(Base):
    """The token of one account at one vendor. `forced_at`: when a new one was last demanded."""

    __tablename__ = "provider_token"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    token_ciphertext: Mapped[bytes | None]
    token = Sealed("token_ciphertext")
    expires_at: Mapped[datetime | None]
    forced_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class KeptToken:
    """`expires_at`: from then on it must not be used any more."""

    value: str
    expires_at: datetime


def load_token(name: str) -> KeptToken | None:
    """The token kept under `name`, unless it has expired."""
    with reading() as session:
        row = session.scalar(select(ProviderToken).where(ProviderToken.name == name))
    if row is None or row.expires_at is None or row.expires_at <= now():
        return None
    try:
        return KeptToken(row.token, row.expires_at)
    except CannotDecrypt:  # its key was retired: vendors give new tokens
        return None


def keep_token(name: str, token: KeptToken) -> None:
    """Keep `token` for all processes, in place of an older one."""
    with transaction() as session:
        insert_if_absent(session, ProviderToken, id=new_id(), name=name)
        row = session.scalars(select(ProviderToken).where(ProviderToken.name == name).with_for_update()).one()
        row.token, row.expires_at = token.value, token.expires_at


def may_force(name: str, *, interval: timedelta) -> bool:
    """Whether this process may demand a new token now; at most one does in each `interval`."""
    moment = now()
    with transaction() as session:
        insert_if_absent(session, ProviderToken, id=new_id(), name=name)
        long_ago = or_(ProviderToken.forced_at.is_(None), ProviderToken.forced_at <= moment - interval)
        claim = update(ProviderToken).where(ProviderToken.name == name, long_ago).values(forced_at=moment)
        return session.scalar(claim.returning(ProviderToken.id)) is not None
