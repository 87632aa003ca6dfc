"""Whose a phone was when something was sent to it: people change numbers, carriers give them on (T-47)."""

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.accounts.login_models import FormerPhone
from app.accounts.models import WorkerAccount
from app.core.actor import Actor

_sooner = aliased(FormerPhone)


def phone_index_of(actor: Actor) -> ScalarSelect[str]:
    """The worker's present phone, as an expression."""
    return select(WorkerAccount.phone_index).where(WorkerAccount.id == actor.account_id).scalar_subquery()


def left_first_after(
    moment: InstrumentedAttribute[datetime | None] | InstrumentedAttribute[datetime],
) -> ColumnElement[bool]:
    """Whether a FormerPhone is of whoever had the number at `moment`: a number may have had several owners since then,
    and the first to leave it is the one."""
    sooner = exists().where(
        _sooner.phone_index == FormerPhone.phone_index, _sooner.until > moment, _sooner.until < FormerPhone.until
    )
    return (FormerPhone.until > moment) & ~sooner


def find_owner(session: Session, phone_index: str | None, at: datetime | None) -> WorkerAccount | None:
    """The account of whoever had this number at that moment; who has it now, when nobody left it since."""
    before = (FormerPhone.phone_index == phone_index) & (FormerPhone.until > at)
    owner = session.scalar(select(FormerPhone.account_id).where(before).order_by(FormerPhone.until).limit(1))
    is_it = WorkerAccount.id == owner if owner else WorkerAccount.phone_index == phone_index
    return session.scalar(select(WorkerAccount).where(is_it))
