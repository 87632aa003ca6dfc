"""What happens to a person's certificate is told to the person, not only to the account that did it (E6; T-03)."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AccountKind, OperatorAccount, WorkerAccount
from app.notifications.service import post_message


def tell_person(session: Session, person_id: uuid.UUID, *, kind: str, title: str, body: str) -> None:
    """Into the message centre of each account behind which the person stands.

    Who has somebody's SIM card may open an account of the other kind in their name: its owner never looks there.
    """
    workers = select(WorkerAccount.id).where(WorkerAccount.person_id == person_id)
    operators = select(OperatorAccount.id).where(OperatorAccount.person_id == person_id)
    for account_kind, accounts in ((AccountKind.WORKER, workers), (AccountKind.OPERATOR, operators)):
        for account_id in session.scalars(accounts):
            post_message(
                session, account_kind=account_kind, account_id=account_id, kind=kind, title=title, body=body
            )  # fmt: skip
