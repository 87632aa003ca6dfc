"""A worker's account gets another phone: by choice, or because the old phone is lost (A1, A7).

The account stays the same one, so contracts, signatures and consents stay. What leads to the old number dies, and the
old number is told. Operators' accounts of the same numbers are not touched.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts.bindings import end_bindings, note_ended
from app.accounts.devices import end_all_sessions
from app.accounts.errors import AccountMoved, PhoneTaken
from app.accounts.links import revoke_links_of_phone
from app.accounts.login import find_worker
from app.accounts.login_models import AccountBinding, FormerPhone
from app.accounts.models import AccountKind, AccountPassword, WorkerAccount
from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import in_shanghai, now
from app.core.crypto import blind_index
from app.core.ids import new_id
from app.core.text import mask_phone
from app.notifications.service import post_message, send_sms

TITLE = "登录手机号已更换"


def move_person(
    session: Session, *, actor: Actor, from_account_id: uuid.UUID, to_account_id: uuid.UUID, proved_at: datetime
) -> WorkerAccount:
    """A verified person came with a new phone (`from_account`): their older account gets it, the new one closes.

    All sessions, passwords and bindings of both end: whoever has the lost phone must not get in again. `proved_at`:
    when the person was proven; a change of phone since then wins. Returns the older account. Raises AccountMoved.
    """
    accounts = _lock(session, [from_account_id, to_account_id])
    new, older = accounts.get(from_account_id), accounts.get(to_account_id)
    if new is None or older is None or new.person_id is not None or older.person_id is None:
        raise AccountMoved
    if new.closed_at or older.closed_at or _changed_since(session, older, proved_at):
        raise AccountMoved
    phone = new.phone
    ended = _close(session, new, older)
    end_all_sessions(session, account_kind=AccountKind.WORKER, account_id=older.id)
    ended += end_bindings(session, older.id)
    _forget_password(session, older.id)
    _give_phone(session, older, phone)
    note_ended(session, actor, ended)
    record(
        session, actor, "account.recovered", f"account:{older.id}", closed_account_id=new.id, person_id=older.person_id
    )
    return older


def give_new_phone(session: Session, *, actor: Actor, present: str, phone: str, is_lost: bool = False) -> None:
    """The logged-in worker of the phone `present` proved to own the new one: change it. Other devices are logged out.

    An account of the new phone behind which nobody stands closes: its holder is the same. `is_lost`: the old phone was
    not at hand, so bindings end, except of the platform where the worker is now: whoever has the phone has them too.
    Raises PhoneTaken, AccountMoved.
    """
    holder, index = find_worker(session, phone), blind_index(phone, purpose="phone")
    own_id = actor.account_id or uuid.UUID(int=0)
    accounts = _lock(session, [own_id] + ([holder.id] if holder else []))
    account = accounts.get(own_id)
    if account is None or account.phone_index != blind_index(present, purpose="phone"):
        raise AccountMoved
    ended = end_bindings(session, own_id, but=actor.channel) if is_lost else []
    if holder is not None and holder.phone_index != index:  # its owner took another one meanwhile
        holder = None
    if holder is not None and holder.id != own_id:
        if holder.person_id is not None:
            raise PhoneTaken
        ended += _close(session, holder, account)
    end_all_sessions(session, account_kind=AccountKind.WORKER, account_id=own_id, but=actor.session_id)
    _give_phone(session, account, phone)
    note_ended(session, actor, ended)
    record(session, actor, "account.phone_changed", f"account:{own_id}", closed_account_id=holder and holder.id)


def _lock(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, WorkerAccount]:
    """Always in the order of their ids, so that two changes at once don't wait for each other for ever."""
    wanted = select(WorkerAccount).where(WorkerAccount.id.in_(set(ids))).order_by(WorkerAccount.id)
    found = session.scalars(wanted.with_for_update().execution_options(populate_existing=True))
    return {account.id: account for account in found}


def _give_phone(session: Session, account: WorkerAccount, phone: str) -> None:
    old_phone, moment = account.phone, now()
    session.add(FormerPhone(id=new_id(), account_id=account.id, phone_index=account.phone_index, until=moment))
    revoke_links_of_phone(session, phone_index=account.phone_index)
    account.phone, account.phone_index = phone, blind_index(phone, purpose="phone")
    session.flush()
    # Who has the old phone may be its finder or next owner: nothing of the new number is for them.
    send_sms(session, phone=old_phone, template="SMS_PHONE_CHANGED", params={})
    post_message(
        session, account_kind=AccountKind.WORKER, account_id=account.id, kind="account.phone_changed", title=TITLE,
        body=f"{in_shanghai(moment):%Y-%m-%d %H:%M}，您的登录手机号由 {mask_phone(old_phone)} 更换为 "
        f"{mask_phone(phone)}，其他设备上的登录已退出。如非本人操作，请立即联系客服。",
    )  # fmt: skip


def _close(session: Session, account: WorkerAccount, successor: WorkerAccount) -> list[AccountBinding]:
    """Nobody stands behind it and its phone goes on elsewhere. Its rows stay as evidence. Returns what was unbound."""
    end_all_sessions(session, account_kind=AccountKind.WORKER, account_id=account.id)
    ended = end_bindings(session, account.id)
    _forget_password(session, account.id)
    earlier = update(FormerPhone).where(FormerPhone.account_id == account.id)
    session.execute(earlier.values(account_id=successor.id))
    account.close(now())
    session.flush()
    return ended


def _forget_password(session: Session, account_id: uuid.UUID) -> None:
    own = (AccountPassword.account_kind == AccountKind.WORKER) & (AccountPassword.account_id == account_id)
    session.execute(delete(AccountPassword).where(own))


def _changed_since(session: Session, account: WorkerAccount, moment: datetime) -> bool:
    later = (FormerPhone.account_id == account.id) & (FormerPhone.until >= moment)
    return session.scalar(select(FormerPhone.id).where(later).limit(1)) is not None
