"""Sessions: opaque tokens, hashed in the table, revocable at once (A11, T-10).

A session is new at every login and at every entering of an organisation: nothing known before is worth anything after.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app.accounts.errors import SessionEnded
from app.accounts.models import AccountKind, AccountSession, WorkerAccount
from app.core.actor import Actor, ActorKind
from app.core.clock import now
from app.core.crypto import blind_index, token_hash
from app.core.db import reading, transaction
from app.core.ids import new_id, new_token

IDLE = {
    AccountKind.WORKER: timedelta(days=30),
    AccountKind.OPERATOR: timedelta(hours=12),
    AccountKind.REGULATOR: timedelta(minutes=30),
}
# However often it is used: pages that ask by themselves would keep a forgotten login open for ever.
LONGEST = {
    AccountKind.WORKER: timedelta(days=180),
    AccountKind.OPERATOR: timedelta(days=7),
    AccountKind.REGULATOR: timedelta(hours=12),
}
_TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A new session. `token` is shown this once; `csrf_token` goes into the header of every changing request."""

    token: str
    csrf_token: str
    expires_at: datetime
    actor: Actor


@dataclass(frozen=True, slots=True)
class AuthenticatedSession:
    """Who is asking, from a valid token."""

    actor: Actor
    csrf_token: str
    expires_at: datetime
    language: str


@dataclass(frozen=True, slots=True)
class Client:
    """From where a request came."""

    channel: str
    ip: str
    device: str


def csrf_token_of(token: str) -> str:
    """Derived from the session's token, so that nothing more is stored and each session has its own."""
    return blind_index(token, purpose="csrf")


def open_session(
    session: Session, *, kind: AccountKind, account_id: uuid.UUID, person_id: uuid.UUID | None, client: Client,
    organisation_id: uuid.UUID | None = None, permissions: frozenset[str] = frozenset(),
) -> LoggedIn:  # fmt: skip
    """Start a session in the caller's transaction."""
    token, moment = new_token(), now()
    row = AccountSession(
        id=new_id(), token_hash=token_hash(token), account_kind=kind, account_id=account_id,
        organisation_id=organisation_id, channel=client.channel, ip=client.ip, device=client.device[:200],
        created_at=moment, last_seen_at=moment, expires_at=moment + IDLE[kind],
    )  # fmt: skip
    session.add(row)
    session.flush()
    actor = actor_of(row, client, person_id=person_id, organisation_id=organisation_id, permissions=permissions)
    return LoggedIn(token, csrf_token_of(token), row.expires_at, actor)


def is_live(token: str, kind: AccountKind) -> tuple[ColumnElement[bool], ...]:
    """The session of this token, for one kind of account: a worker's token opens no console, nor the reverse."""
    return (
        AccountSession.token_hash == token_hash(token),
        AccountSession.account_kind == kind,
        AccountSession.ended_at.is_(None),
        AccountSession.expires_at > now(),
    )


def actor_of(
    row: AccountSession, client: Client, *, person_id: uuid.UUID | None,
    organisation_id: uuid.UUID | None = None, permissions: frozenset[str] = frozenset(),
) -> Actor:  # fmt: skip
    """Who acts in this session; `client` is the present request's, because that is the evidence."""
    return Actor(
        kind=ActorKind(row.account_kind), account_id=row.account_id, person_id=person_id, session_id=row.id,
        organisation_id=organisation_id, permissions=permissions, channel=row.channel,
        ip=client.ip or row.ip, device=(client.device or row.device)[:200],
    )  # fmt: skip


def authenticate_worker(*, token: str, ip: str = "", device: str = "", touch: bool = True) -> AuthenticatedSession:
    """The worker behind a token; `ip` and `device` are of this request. One query. Raises SessionEnded."""
    statement = (
        select(AccountSession, WorkerAccount.person_id, WorkerAccount.language)
        .join(WorkerAccount, WorkerAccount.id == AccountSession.account_id)
        .where(*is_live(token, AccountKind.WORKER))
    )
    with reading() as session:
        found = session.execute(statement).one_or_none()
    if found is None:
        raise SessionEnded
    row, person_id, language = found
    actor = actor_of(row, Client(row.channel, ip, device), person_id=person_id)
    return admit(row, actor, token=token, language=language, touch=touch)


def admit(row: AccountSession, actor: Actor, *, token: str, language: str, touch: bool) -> AuthenticatedSession:
    """Let a checked session in, and prolong it at most once a minute."""
    expires_at, kind = row.expires_at, AccountKind(row.account_kind)
    if touch and now() - row.last_seen_at >= _TOUCH_EVERY:
        expires_at = min(now() + IDLE[kind], row.created_at + LONGEST[kind])
        _touch(row.id, expires_at)
    return AuthenticatedSession(actor, csrf_token_of(token), expires_at, language)


def _touch(session_id: uuid.UUID, expires_at: datetime) -> None:
    still_open = (AccountSession.id == session_id) & AccountSession.ended_at.is_(None)
    with transaction() as session:
        session.execute(update(AccountSession).where(still_open).values(last_seen_at=now(), expires_at=expires_at))
