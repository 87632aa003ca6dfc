"""Log a PC in by scanning its QR code with a phone that is logged in already (A4; T-45).

The PC keeps the ticket, the QR holds another secret, and the phone decides after seeing which device asks. Both are
good once, for two minutes. What happens at once is decided by the row's lock.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.devices import is_open
from app.accounts.errors import (
    LoginQrNotFound,
    LoginQrOver,
    LoginQrTaken,
    LoginTicketNotFound,
    LoginTicketOver,
    QrLimitReached,
    SessionEnded,
)
from app.accounts.login_models import QrLogin, QrStatus
from app.accounts.models import AccountKind
from app.accounts.pacing import network_of, seconds_to_wait
from app.accounts.queries import Account, get_account
from app.accounts.sms_limits import hold_place
from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import now
from app.core.crypto import token_hash
from app.core.db import reading, transaction
from app.core.ids import new_id, new_token

LIFE = timedelta(minutes=2)
POLL_SECONDS = 2
PER_IP, WINDOW = 120, timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class QrTicket:
    """`ticket`: the PC's own secret. `scan_token`: what the QR holds. `poll_after`: seconds."""

    ticket: str
    scan_token: str
    expires_at: datetime
    poll_after: int = POLL_SECONDS


@dataclass(frozen=True, slots=True)
class ScanView:
    """Who asks to be logged in. `same_network`: whether PC and phone reach us from one address."""

    id: uuid.UUID
    device: str
    ip: str
    same_network: bool
    requested_at: datetime
    expires_at: datetime
    status: str


def request_qr_login(*, account_kind: str, ip: str, device: str) -> QrTicket:
    """A QR for this PC; `account_kind`: "worker" or "operator". Raises QrLimitReached."""
    ticket, scan_token, moment = new_token(), new_token(), now()
    with transaction() as session:
        _check_limit(session, ip, moment)
        session.add(
            QrLogin(
                id=new_id(), account_kind=AccountKind(account_kind), ticket_hash=token_hash(ticket),
                scan_hash=token_hash(scan_token), status=QrStatus.WAITING, ip=ip, device=device[:200],
                created_at=moment, expires_at=moment + LIFE,
            )
        )  # fmt: skip
    return QrTicket(ticket, scan_token, moment + LIFE)


def get_qr_status(*, account_kind: str, ticket: str) -> str:
    """For the PC: waiting, scanned, confirmed, refused or expired. Raises LoginTicketNotFound."""
    with reading() as session:
        statement = select(QrLogin.status, QrLogin.expires_at).where(
            QrLogin.ticket_hash == token_hash(ticket), QrLogin.account_kind == AccountKind(account_kind)
        )
        found = session.execute(statement).one_or_none()
    if found is None:
        raise LoginTicketNotFound
    status, expires_at = found
    if status == QrStatus.REFUSED:
        return str(status)
    return "expired" if status == QrStatus.USED or expires_at <= now() else str(status)


def scan_qr(*, actor: Actor, token: str) -> ScanView:
    """The phone reads the QR: nobody else can decide from now on. Repeating shows the same.

    Raises LoginQrNotFound (another kind of account, too), LoginQrOver, LoginQrTaken.
    """
    if actor.session_id is None or actor.account_id is None:
        raise SessionEnded
    with transaction() as session:
        is_asked = (QrLogin.scan_hash == token_hash(token)) & (QrLogin.account_kind == str(actor.kind))
        login = session.scalar(select(QrLogin).where(is_asked).with_for_update())
        if login is None:
            raise LoginQrNotFound
        if login.expires_at <= now() or login.status in (QrStatus.REFUSED, QrStatus.USED):
            raise LoginQrOver
        if login.status == QrStatus.WAITING:
            login.scan(actor.account_id, actor.session_id)
            record(session, actor, "qr_login.scanned", f"account:{actor.account_id}", qr_login_id=login.id)
        elif login.scanned_in != actor.session_id:
            raise LoginQrTaken
        return _view(login, actor)


def confirm_qr(*, actor: Actor, scan_id: uuid.UUID) -> ScanView:
    """Let that PC in. Repeating changes nothing. Raises LoginQrNotFound, LoginQrOver."""
    with transaction() as session:
        login = _own(session, actor, scan_id)
        if login.expires_at <= now() or login.status not in (QrStatus.SCANNED, QrStatus.CONFIRMED):
            raise LoginQrOver
        if login.status == QrStatus.SCANNED:
            login.decide(QrStatus.CONFIRMED, now())
            record(session, actor, "qr_login.confirmed", f"account:{actor.account_id}", qr_login_id=login.id)
        return _view(login, actor)


def refuse_qr(*, actor: Actor, scan_id: uuid.UUID) -> None:
    """Keep that PC out, also after confirming, as long as it is not in yet. Raises LoginQrNotFound, LoginQrOver."""
    with transaction() as session:
        login = _own(session, actor, scan_id)
        if login.status == QrStatus.USED:
            raise LoginQrOver
        if login.status != QrStatus.REFUSED:
            login.decide(QrStatus.REFUSED, now())
            record(session, actor, "qr_login.refused", f"account:{actor.account_id}", qr_login_id=login.id)


def use_qr_ticket(session: Session, *, account_kind: AccountKind, ticket: str) -> tuple[Account, uuid.UUID]:
    """Spend a confirmed ticket: the account to log in, and the id of this login. The phone must still be logged in.

    Raises LoginTicketNotFound, LoginTicketOver (not confirmed, refused, too old, used).
    """
    is_mine = (QrLogin.ticket_hash == token_hash(ticket)) & (QrLogin.account_kind == account_kind)
    login = session.scalar(select(QrLogin).where(is_mine).with_for_update())
    if login is None:
        raise LoginTicketNotFound
    if login.status != QrStatus.CONFIRMED or login.expires_at <= now():
        raise LoginTicketOver
    # Locked first: whoever logs all devices of this account out at this moment was earlier or has to wait.
    account = get_account(session, Actor(kind=account_kind.actor_kind, account_id=login.account_id), lock=True)
    if login.scanned_in is None or not is_open(session, login.scanned_in):
        raise LoginTicketOver
    login.use()
    return account, login.id


def _own(session: Session, actor: Actor, scan_id: uuid.UUID) -> QrLogin:
    """What this very session scanned, locked."""
    mine = (QrLogin.id == scan_id) & (QrLogin.scanned_in == actor.session_id)
    login = session.scalar(select(QrLogin).where(mine).with_for_update())
    if login is None:
        raise LoginQrNotFound
    return login


def _check_limit(session: Session, ip: str, moment: datetime) -> None:
    hold_place(session, f"qr:{ip}")
    newest = select(QrLogin.created_at).where(QrLogin.ip == ip).order_by(QrLogin.created_at.desc()).limit(PER_IP)
    if wait := seconds_to_wait(session.scalars(newest).all(), PER_IP, WINDOW, moment):
        raise QrLimitReached(retry_after=wait)


def _view(login: QrLogin, actor: Actor) -> ScanView:
    return ScanView(
        id=login.id, device=login.device, ip=login.ip, same_network=is_same_network(login.ip, actor.ip),
        requested_at=login.created_at, expires_at=login.expires_at, status=login.status,
    )  # fmt: skip


def is_same_network(one: str, other: str) -> bool:
    """Whether both come from one IPv4 address, or one IPv6 network (/64) of a household or an office."""
    return bool(one) and network_of(one) == network_of(other)
