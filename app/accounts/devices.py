"""One's own sessions, here and on other devices (A11)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app.accounts.models import AccountKind, AccountSession
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import reading, transaction
from app.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class SessionView:
    """One logged-in device, as its owner sees it."""

    id: uuid.UUID
    channel: str
    ip: str
    device: str
    created_at: datetime
    last_seen_at: datetime
    is_current: bool


def list_sessions(*, actor: Actor) -> list[SessionView]:
    """Open sessions of this account, the latest seen first."""
    with reading() as session:
        statement = select(AccountSession).where(*_own(actor)).order_by(AccountSession.last_seen_at.desc())
        return [_view(row, actor) for row in session.scalars(statement)]


def end_session(*, actor: Actor, session_id: uuid.UUID | None = None) -> None:
    """Log out here, or end one of one's own sessions elsewhere. Raises NotFound."""
    with transaction() as session:
        mine = session.scalars(select(AccountSession).where(*_own(actor)).with_for_update())
        wanted = session_id or actor.session_id
        found = next((row for row in mine if row.id == wanted), None)
        if found is not None:
            found.ended_at = now()
        elif session_id is not None:
            raise NotFound


def end_other_sessions(*, actor: Actor) -> int:
    """Log out everywhere but here; returns how many sessions ended."""
    with transaction() as session:
        others = AccountSession.id != actor.session_id
        ended = session.scalars(select(AccountSession).where(others, *_own(actor)).with_for_update()).all()
        for row in ended:
            row.ended_at = now()
        return len(ended)


def end_all_sessions(
    session: Session, *, account_kind: AccountKind, account_id: uuid.UUID, but: uuid.UUID | None = None
) -> None:
    """Log an account out everywhere, except in the session `but`, in the caller's transaction (a new password)."""
    own = (AccountSession.account_kind == account_kind) & (AccountSession.account_id == account_id)
    statement = update(AccountSession).where(own, AccountSession.ended_at.is_(None)).values(ended_at=now())
    session.execute(statement.where(AccountSession.id != but) if but else statement)


def end_channel_sessions(session: Session, *, account_id: uuid.UUID, channel: str) -> None:
    """Log a worker out in one channel (the mini-program whose identity was unbound), in the caller's transaction."""
    own = (AccountSession.account_kind == AccountKind.WORKER) & (AccountSession.account_id == account_id)
    open_there = own & (AccountSession.channel == channel) & AccountSession.ended_at.is_(None)
    session.execute(update(AccountSession).where(open_there).values(ended_at=now()))


def is_open(session: Session, session_id: uuid.UUID) -> bool:
    """Whether that session is logged in at this moment."""
    live = (AccountSession.ended_at.is_(None), AccountSession.expires_at > now())
    return session.scalar(select(AccountSession.id).where(AccountSession.id == session_id, *live)) is not None


def end_own_session(session: Session, actor: Actor) -> None:
    """End the present session in the caller's transaction: a new one takes its place."""
    session.execute(update(AccountSession).where(AccountSession.id == actor.session_id).values(ended_at=now()))


def _own(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (
        AccountSession.account_kind == str(actor.kind),
        AccountSession.account_id == actor.account_id,
        AccountSession.ended_at.is_(None),
        AccountSession.expires_at > now(),
    )


def _view(row: AccountSession, actor: Actor) -> SessionView:
    return SessionView(
        id=row.id, channel=row.channel, ip=row.ip, device=row.device, created_at=row.created_at,
        last_seen_at=row.last_seen_at, is_current=row.id == actor.session_id,
    )  # fmt: skip
