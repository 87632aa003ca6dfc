"""Where a worker is reached about a contract: people change phones, contracts keep the number they were sent to."""

import uuid

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from app.accounts.former_phones import find_owner, left_first_after
from app.accounts.login_models import FormerPhone
from app.accounts.models import WorkerAccount
from app.contracts.models import Contract, Party, PartyKind

_party, _contract = aliased(Party), aliased(Contract)


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
    return find_owner(session, worker.phone_index, contract.sent_at)


def phone_of_worker(session: Session, contract: Contract) -> str:
    """Where to send an SMS: the phone that the worker has now, 11 digits."""
    account = account_of_worker(session, contract)
    return account.phone if account is not None else contract.party_of_kind(PartyKind.WORKER).phone
