"""Passwords beside login by code (A2): set, change, reset, prove. Setting one is never required."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.codes import CodePurpose, CodeSent, check_code, send_code
from app.accounts.devices import end_all_sessions
from app.accounts.errors import (
    OperatorNotRegistered,
    PasswordJustChanged,
    PasswordLocked,
    PasswordWrong,
    WorkerNotRegistered,
)
from app.accounts.login import find_operator, find_worker, parse_phone
from app.accounts.models import AccountKind, AccountPassword
from app.accounts.password_guard import LOCK, begin_try, cancel_try, end_right_try, unlock_phone
from app.accounts.password_hashing import hash_password, is_password
from app.accounts.password_policy import normalise_password, parse_new_password
from app.accounts.queries import Account, find_password, get_account
from app.audit.service import record
from app.core.actor import Actor, ActorKind
from app.core.clock import in_shanghai, now
from app.core.db import reading, transaction
from app.core.errors import InvalidInput
from app.core.ids import new_id
from app.notifications.service import post_message

TEMPLATE = "SMS_PASSWORD"  # pragma: allowlist secret
_TITLES = {
    "password.set": "登录密码已设置",
    "password.changed": "登录密码已修改",
    "password.reset": "登录密码已重置",
}


@dataclass(frozen=True, slots=True)
class ProvenPassword:
    """The account whose password was right, and the very hash that it was compared with."""

    account_kind: AccountKind
    phone: str
    password_hash: str


def request_password_code(*, actor: Actor) -> CodeSent:
    """Send a code to one's own phone, to set the first password. Raises SmsLimitReached."""
    with transaction() as session:
        phone = get_account(session, actor).phone
        return send_code(
            session, phone=phone, purpose=CodePurpose.PASSWORD, subject=_subject(actor), ip=actor.ip, template=TEMPLATE
        )


def request_password_reset_code(*, account_kind: str, phone: str, ip: str) -> CodeSent:
    """Send a code to whoever forgot the password. The same answer and work for every number (T-27).

    Raises PhoneInvalid, SmsLimitReached.
    """
    number, kind = parse_phone(phone), AccountKind(account_kind)
    with transaction() as session:
        return send_code(
            session, phone=number, purpose=CodePurpose.PASSWORD_RESET, subject=kind, ip=ip, template=TEMPLATE
        )


def set_password(*, actor: Actor, password: str, code: str = "", current_password: str = "") -> None:
    """Set the first password (proof: a code to the own phone), or change it (proof: the current one).

    A change ends all other sessions. Raises PasswordRefused, InvalidInput (proof missing), CodeWrong, CodeExpired,
    CodeExhausted, PasswordWrong, PasswordLocked, PasswordTriesExceeded, PasswordJustChanged, PasswordCheckBusy.
    """
    with reading() as session:
        phone = get_account(session, actor).phone
        stored = find_password(session, AccountKind(actor.kind), _id_of(actor))
        old_hash = stored.password_hash if stored else None
    new = parse_new_password(password, phone=phone)
    _check_proof(actor, phone, old_hash, code, current_password)
    new_hash = hash_password(new)
    with transaction() as session:
        account = get_account(session, actor, lock=True)
        _store(session, AccountKind(actor.kind), account, old_hash, new_hash)
        if old_hash is not None:
            end_all_sessions(session, account_kind=AccountKind(actor.kind), account_id=account.id, but=actor.session_id)
        _tell(session, actor, "password.changed" if old_hash else "password.set")


def reset_password(
    *, account_kind: str, phone: str, code: str, password: str, channel: str, ip: str, device: str
) -> None:  # fmt: skip
    """Replace a forgotten password by proving the phone; ends every session and every lock.

    Raises PhoneInvalid, PasswordRefused, CodeWrong, CodeExpired, CodeExhausted, PasswordCheckBusy; and, once the
    phone is proven, WorkerNotRegistered or OperatorNotRegistered.
    """
    number, kind = parse_phone(phone), AccountKind(account_kind)
    new = parse_new_password(password, phone=number)
    check_code(phone=number, purpose=CodePurpose.PASSWORD_RESET, subject=kind, code=code)
    new_hash = hash_password(new)
    with transaction() as session:
        account = _registered(session, kind, number)
        actor = Actor(kind=ActorKind(kind), account_id=account.id, channel=channel, ip=ip, device=device)
        stored = find_password(session, kind, account.id)
        _store(session, kind, account, stored.password_hash if stored else None, new_hash)
        end_all_sessions(session, account_kind=kind, account_id=account.id)
        unlock_phone(session, kind=kind, phone=number)
        _tell(session, actor, "password.reset")


def prove_password(*, account_kind: AccountKind, phone: str, password: str, ip: str) -> ProvenPassword:
    """Check phone and password. Unknown phones and accounts without one get the same answer and work (T-27).

    `phone`: normalised. Owns its transactions: a wrong try counts although the request fails.
    Raises PasswordWrong, PasswordLocked, PasswordTriesExceeded, PasswordCheckBusy.
    """
    tried = begin_try(kind=account_kind, phone=phone, ip=ip)
    with reading() as session:
        account = _find(session, account_kind, phone)
        stored = find_password(session, account_kind, account.id if account else uuid.UUID(int=0))
        stored_hash = stored.password_hash if stored else None
    try:
        right = is_password(stored_hash, normalise_password(password))
    except BaseException:
        cancel_try(tried)
        raise
    if right and stored_hash is not None:
        end_right_try(tried)
        return ProvenPassword(account_kind, phone, stored_hash)
    if tried.left:
        raise PasswordWrong(attempts_left=tried.left)
    seconds = int(LOCK.total_seconds())
    raise PasswordLocked(retry_after=seconds, minutes=seconds // 60)


def account_of(session: Session, proven: ProvenPassword) -> Account:
    """The account to log in, locked, if its password still is what was proven. Raises PasswordJustChanged."""
    account = _find(session, proven.account_kind, proven.phone, lock=True)
    stored = find_password(session, proven.account_kind, account.id, lock=True) if account else None
    if account is None or stored is None or stored.password_hash != proven.password_hash:
        raise PasswordJustChanged
    return account


def _check_proof(actor: Actor, phone: str, old_hash: str | None, code: str, current: str) -> None:
    if old_hash is None:
        if not code:
            raise InvalidInput(fields={"code": ["请填写发送到本人手机的验证码。"]})
        return check_code(phone=phone, purpose=CodePurpose.PASSWORD, subject=_subject(actor), code=code)
    if not current:
        raise InvalidInput(fields={"current_password": ["请填写当前密码；忘记时请退出后用短信验证码重置。"]})
    prove_password(account_kind=AccountKind(actor.kind), phone=phone, password=current, ip=actor.ip)
    return None


def _store(session: Session, kind: AccountKind, account: Account, old_hash: str | None, new_hash: str) -> None:
    """The account's row is locked: of two changes at once the second finds another hash than it proved."""
    row = find_password(session, kind, account.id, lock=True)
    if (row.password_hash if row else None) != old_hash:
        raise PasswordJustChanged
    if row is None:
        row = AccountPassword(id=new_id(), account_kind=kind, account_id=account.id)
        session.add(row)
    row.password_hash, row.set_at = new_hash, now()


def _tell(session: Session, actor: Actor, action: str) -> None:
    """The owner learns of it, whoever did it."""
    ended = "" if action == "password.set" else "其他设备上的登录已全部退出。"
    body = (
        f"{in_shanghai(now()):%Y-%m-%d %H:%M}，{_TITLES[action]}。{ended}"
        "如非本人操作，请立即用短信验证码登录并重置密码，或联系客服。"
    )
    post_message(
        session, account_kind=str(actor.kind), account_id=_id_of(actor), kind=action, title=_TITLES[action], body=body
    )
    record(session, actor, action, f"account:{actor.account_id}")


def _registered(session: Session, kind: AccountKind, phone: str) -> Account:
    account = _find(session, kind, phone, lock=True)
    if account is None:
        raise (WorkerNotRegistered if kind is AccountKind.WORKER else OperatorNotRegistered)()
    return account


def _find(session: Session, kind: AccountKind, phone: str, *, lock: bool = False) -> Account | None:
    find = find_worker if kind is AccountKind.WORKER else find_operator
    return find(session, phone, lock=lock)


def _subject(actor: Actor) -> str:
    return f"{actor.kind}:{actor.account_id}"


def _id_of(actor: Actor) -> uuid.UUID:
    """Whoever sets a password is somebody."""
    if actor.account_id is None:
        raise TypeError("the system has no password")
    return actor.account_id
