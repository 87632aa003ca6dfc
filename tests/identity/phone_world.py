"""What tests of changing phones do again and again."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.accounts.models import WorkerAccount
from app.accounts.phone_change import move_person
from app.core.clock import now
from app.core.db import reading, transaction
from app.identity.phone_change import (
    change_phone,
    request_new_phone_code,
    request_old_phone_code,
)
from app.notifications.models import SmsMessage
from tests.factories import (
    Worker,
    last_code,
)

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def later(minutes: int = 2) -> datetime:
    return START + timedelta(minutes=minutes)


def codes(worker: Worker, phone: str) -> tuple[str, str]:
    """From the new phone, and from the old one."""
    request_new_phone_code(actor=worker.actor, phone=phone)
    request_old_phone_code(actor=worker.actor)
    return last_code(phone, "SMS_PHONE"), last_code(worker.phone, "SMS_PHONE")


def change(worker: Worker, phone: str) -> None:
    code, old_code = codes(worker, phone)
    change_phone(actor=worker.actor, phone=phone, code=code, old_code=old_code)


def account_of(worker: Worker) -> WorkerAccount:
    with reading() as session:
        return session.get_one(WorkerAccount, worker.actor.account_id)


def told(phone: str) -> list[str]:
    """The templates of all SMS to this phone, in no order: a clock that stands still gives them none."""
    with reading() as session:
        return [sms.template for sms in session.scalars(select(SmsMessage)) if sms.phone == phone]


def move(new: Worker, older: Worker, proved_at: datetime | None = None) -> WorkerAccount:
    assert new.actor.account_id
    assert older.actor.account_id
    with transaction() as session:
        return move_person(
            session, actor=new.actor, from_account_id=new.actor.account_id, to_account_id=older.actor.account_id,
            proved_at=proved_at or now(),
        )  # fmt: skip
