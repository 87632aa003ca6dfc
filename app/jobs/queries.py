"""How the outbox is doing: for metrics, the operator desk and tests."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.core.clock import now
from app.core.db import reading
from app.jobs.models import Job


@dataclass(frozen=True, slots=True)
class OutboxState:
    """`oldest_seconds`: age of the oldest job that is due and not done; 0.0 when there is none."""

    open: int
    due: int
    parked: int
    oldest_seconds: float


def outbox_state() -> OutboxState:
    moment = now()
    with reading() as session:
        is_open = Job.done_at.is_(None) & Job.parked_at.is_(None)
        waiting = session.scalar(select(func.count()).where(is_open)) or 0
        due, oldest = session.execute(
            select(func.count(), func.min(Job.run_at)).where(is_open, Job.run_at <= moment)
        ).one()
        parked = session.scalar(select(func.count()).where(Job.parked_at.is_not(None))) or 0
    age = (moment - oldest).total_seconds() if due else 0.0
    return OutboxState(open=waiting, due=due, parked=parked, oldest_seconds=age)
