"""Where a worker is reached about a contract: people change phones, contracts keep the number they were sent to."""

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.accounts.login_models import FormerPhone
from app.accounts.models import WorkerAccount
from app.contracts.models import Contract, Party, PartyKind
from app.core.actor import Actor

_party, _contract, _sooner = aliased(Party), aliased(Contract), aliased(FormerPhone)


def phone_index_of(actor: Actor) -> ScalarSelect[str]:
    """The worker's present phone, as an expression."""
    return select(WorkerAccount.phone_index).where(WorkerAccount.id == actor.account_id).scalar_subquery()


def left_first_after(moment: InstrumentedAttribute[datetime | None]) -> ColumnElement[bool]:
    """Whether a FormerPhone is of whoever had the number at `moment`: a number may have had several owners since then,
    and the first to leave it is the one."""
    sooner = exists().where(
        _sooner.phone_index == FormerPhone.phone_index, _sooner.until > moment, _sooner.until < FormerPhone.until
    )
    return (FormerPhone.until > moment) & ~sooner


def sent_before_change(*whose: ColumnElement[bool]) -> Select[uuid.UUID]:
    """Ids of the parties to whose phone a contract was sent before that phone's owner changed it."""
    joined = select(_party.id).join(_contract, _contract.id == _party.contract_id)
    joined = joined.join(FormerPhone, FormerPhone.phone_index == _party.phone_index)
    return joined.where(left_first_after(_contract.sent_at), *whose)


def account_of_worker(session: Session, contract: Contract) -> WorkerAccount | None:
    """The worker's account: of the bound person, else of whoever had the phone when the contract was sent."""
    worker = contract.party_of_kind(PartyKind.WORKER)
    if worker.person_id is not None:
        return session.scalar(select(WorkerAccount).where(WorkerAccount.person_id == worker.person_id))
    before = (FormerPhone.phone_index == worker.phone_index) & (FormerPhone.until > contract.sent_at)
    owner = session.scalar(select(FormerPhone.account_id).where(before).order_by(FormerPhone.until).limit(1))
    is_it = WorkerAccount.id == owner if owner else WorkerAccount.phone_index == worker.phone_index
    return session.scalar(select(WorkerAccount).where(is_it))


def phone_of_worker(session: Session, contract: Contract) -> str:
    """Where to send an SMS: the phone that the worker has now, 11 digits."""
    account = account_of_worker(session, contract)
    return account.phone if account is not None else contract.party_of_kind(PartyKind.WORKER).phone
