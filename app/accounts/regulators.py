"""The regulator's desk: who sits there, and how they log in (B4). Nobody registers: a command makes and closes them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from app.accounts.devices import end_all_sessions
from app.accounts.errors import RegulatorUnknown, SecurityKeyWanted, SessionEnded
from app.accounts.key_ceremonies import RelyingParty, offered, prove_key
from app.accounts.key_models import CeremonyPurpose, SecurityKey
from app.accounts.login import check_login_code, find_regulator, parse_phone
from app.accounts.models import AccountKind, AccountSession, RegulatorAccount
from app.accounts.sessions import AuthenticatedSession, Client, LoggedIn, actor_of, admit, is_live, open_session
from app.audit.service import record
from app.core.actor import SYSTEM, Actor
from app.core.clock import now
from app.core.crypto import blind_index
from app.core.db import insert_if_absent, reading, transaction
from app.core.ids import new_id
from app.core.text import mask_phone, normalise_name

_KIND = AccountKind.REGULATOR


@dataclass(frozen=True, slots=True)
class RegulatorView:
    """Who sits at the desk."""

    account_id: uuid.UUID
    name: str
    phone_masked: str


def add_regulator(*, phone: str, name: str) -> RegulatorView:
    """Open an account, or open it again under this name. Raises PhoneInvalid, InvalidInput."""
    number, called = parse_phone(phone), normalise_name(name)
    with transaction() as session:
        account = RegulatorAccount(id=new_id())
        account.phone = number
        index = blind_index(number, purpose="phone")
        insert_if_absent(
            session, RegulatorAccount, id=account.id, phone_index=index, phone_ciphertext=account.phone_ciphertext,
            created_at=now(),
        )  # fmt: skip
        stored = session.scalars(
            select(RegulatorAccount).where(RegulatorAccount.phone_index == index).with_for_update()
        ).one()
        if stored.closed_at is not None or stored.name != called:
            _forget_access(session, stored.id)
            stored.closed_at, stored.name = None, called
            record(session, SYSTEM, "regulator.added", f"account:{stored.id}")
        return _view(stored)


def close_regulator(*, phone: str) -> None:
    """The office ends: no login any more, every session ends now, security keys are forgotten.

    Raises PhoneInvalid, RegulatorUnknown.
    """
    number = parse_phone(phone)
    with transaction() as session:
        account = find_regulator(session, number)
        if account is None:
            raise RegulatorUnknown
        account.closed_at = now()
        _forget_access(session, account.id)
        record(session, SYSTEM, "regulator.closed", f"account:{account.id}")


def log_in_regulator(*, phone: str, code: str, channel: str, ip: str, device: str) -> LoggedIn:
    """Who has a security key logs in with it: a SIM card is soon made anew for a thief, and passports are at stake.

    Raises PhoneInvalid, CodeWrong, CodeExpired, CodeExhausted and, once the phone is proven, RegulatorUnknown,
    SecurityKeyWanted.
    """
    number = parse_phone(phone)
    check_login_code(account_kind=_KIND, phone=number, code=code)
    with transaction() as session:
        account = find_regulator(session, number)
        if account is not None and session.scalar(select(SecurityKey.id).where(*_keys(account.id)).limit(1)):
            raise SecurityKeyWanted
        return _open(session, account, Client(channel, ip, device), by="code")


def log_in_regulator_by_key(
    *, ceremony_id: uuid.UUID, credential: Mapping[str, Any], party: RelyingParty | None, channel: str, ip: str,
    device: str,
) -> LoggedIn:  # fmt: skip
    """Raises RegulatorUnknown, SecurityKeysNotOffered, and as `prove_key`."""
    client = Client(channel, ip, device)
    proof = prove_key(
        purpose=CeremonyPurpose.LOGIN, kind=_KIND, account_id=None, ceremony_id=ceremony_id, credential=credential,
        party=offered(party), client=client,
    )  # fmt: skip
    with transaction() as session:
        return _open(session, session.get(RegulatorAccount, proof.account_id), client, by="security_key")


def authenticate_regulator(*, token: str, ip: str = "", device: str = "") -> AuthenticatedSession:
    """Whoever is behind a token and still in office; half an hour without a request ends it. Raises SessionEnded."""
    statement = (
        select(AccountSession)
        .join(RegulatorAccount, RegulatorAccount.id == AccountSession.account_id)
        .where(*is_live(token, _KIND), RegulatorAccount.closed_at.is_(None))
    )
    with reading() as session:
        row = session.scalar(statement)
    if row is None:
        raise SessionEnded
    actor = actor_of(row, Client(row.channel, ip, device), person_id=None)
    return admit(row, actor, token=token, language="", touch=True)


def get_regulator(*, actor: Actor) -> RegulatorView:
    """Raises SessionEnded."""
    with reading() as session:
        account = session.get(RegulatorAccount, actor.account_id) if actor.is_regulator else None
        if account is None:
            raise SessionEnded
        return _view(account)


def _open(session: Session, account: RegulatorAccount | None, client: Client, *, by: str) -> LoggedIn:
    if account is None or account.closed_at is not None:
        raise RegulatorUnknown
    opened = open_session(session, kind=_KIND, account_id=account.id, person_id=None, client=client)
    record(
        session, opened.actor, "account.logged_in", f"account:{account.id}", session_id=opened.actor.session_id, by=by
    )
    return opened


def _forget_access(session: Session, account_id: uuid.UUID) -> None:
    """The phone stays with the office, the security keys are the predecessor's own: they open nothing any more."""
    end_all_sessions(session, account_kind=_KIND, account_id=account_id)
    session.execute(delete(SecurityKey).where(*_keys(account_id)))


def _keys(account_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    return SecurityKey.account_kind == _KIND, SecurityKey.account_id == account_id


def _view(account: RegulatorAccount) -> RegulatorView:
    return RegulatorView(account.id, account.name, mask_phone(account.phone))
