"""Reading one's own account."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.errors import SessionEnded
from app.accounts.login_models import FormerPhone
from app.accounts.models import AccountKind, AccountPassword, OperatorAccount, RegulatorAccount, WorkerAccount
from app.core.actor import Actor

Account = WorkerAccount | OperatorAccount


def get_account(session: Session, actor: Actor, *, lock: bool = False) -> Account:
    """The actor's account; `lock` holds its row until the transaction ends, and shows it as it is then, whatever was
    read before. Raises SessionEnded.
    """
    account: Account | None
    if actor.is_worker:
        account = session.get(WorkerAccount, actor.account_id, with_for_update=lock, populate_existing=lock)
    else:
        account = session.get(OperatorAccount, actor.account_id, with_for_update=lock, populate_existing=lock)
    if account is None:
        raise SessionEnded
    return account


def phone_of(session: Session, actor: Actor) -> str:
    """The phone by which the actor logs in, 11 digits. Raises SessionEnded."""
    if not actor.is_regulator:
        return get_account(session, actor).phone
    account = session.get(RegulatorAccount, actor.account_id)
    if account is None:
        raise SessionEnded
    return account.phone


def find_password(
    session: Session, kind: AccountKind, account_id: uuid.UUID, *, lock: bool = False
) -> AccountPassword | None:
    """What an account that has set a password proves it with (A2)."""
    own = (AccountPassword.account_kind == kind) & (AccountPassword.account_id == account_id)
    statement = select(AccountPassword).where(own)
    return session.scalar(statement.with_for_update() if lock else statement)


def has_password(session: Session, actor: Actor) -> bool:
    """Whether the actor has set one."""
    own = (AccountPassword.account_kind == str(actor.kind)) & (AccountPassword.account_id == actor.account_id)
    return session.scalar(select(AccountPassword.id).where(own)) is not None


def own_phone_indexes(session: Session, actor: Actor) -> set[str]:
    """The account's phone, and those that it had before."""
    former = session.scalars(select(FormerPhone.phone_index).where(FormerPhone.account_id == actor.account_id))
    return {get_account(session, actor).phone_index, *former}
