"""How the SMS about a contract arrived, and from when the worker may be sent another (G6, H6)."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.contracts.lifecycle import Status
from app.contracts.models import Contract, PartyKind
from app.contracts.queries import load_contract
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import reading
from app.core.text import mask_phone
from app.notifications.queries import Delivery, SmsView, list_sms
from app.notifications.reminding import next_reminder, whole_minute
from app.organisations.permissions import Permission

FIRST_URGE = timedelta(hours=6)  # H6
_LINKS = frozenset({"SMS_CONTRACT_LINK", "SMS_CONTRACT_URGE"})
_COPY = "SMS_CONTRACT_COPY"


@dataclass(frozen=True, slots=True)
class Notice:
    """The last SMS to one person: `to` is "worker" or "copy"; `at`: since when it is in this state."""

    to: str
    name: str
    phone_masked: str
    template: str
    delivery: Delivery
    at: datetime


@dataclass(frozen=True, slots=True)
class Reminders:
    """`resend_at`, `urge_at`: from when on; None while there is nothing for the worker to do."""

    notices: tuple[Notice, ...]
    resend_at: datetime | None
    urge_at: datetime | None

    @property
    def may_resend(self) -> bool:
        return self.resend_at is not None and self.resend_at <= now()

    @property
    def may_urge(self) -> bool:
        return self.urge_at is not None and self.urge_at <= now()


def get_reminders(*, actor: Actor, contract_id: uuid.UUID) -> Reminders:
    """For the employer. Raises ContractNotFound."""
    actor.require(Permission.VIEW_CONTRACT)
    with reading() as session:
        contract = load_contract(session, actor, contract_id)
        notices = _notices(contract, list_sms(session, contract.subject))
        resend_at, urge_at = next_times(session, contract) if waits_for_worker(contract) else (None, None)
        return Reminders(tuple(notices), resend_at, urge_at)


def waits_for_worker(contract: Contract) -> bool:
    """Whether the worker may still confirm or sign."""
    in_time = contract.deadline_at is None or contract.deadline_at > now()
    under_way = contract.status in (Status.CONFIRMING, Status.SIGNING)
    return under_way and in_time and contract.party_of_kind(PartyKind.WORKER).acted_at is None


def next_times(session: Session, contract: Contract) -> tuple[datetime, datetime]:
    """From when the link may be sent again, and from when the worker may be urged; the pauses are common to both."""
    sent_at = contract.sent_at or contract.updated_at
    links = [sms.created_at for sms in list_sms(session, contract.subject) if sms.template in _LINKS]
    resend_at = next_reminder(links or [sent_at])
    return resend_at, max(resend_at, whole_minute(sent_at + FIRST_URGE))


def _notices(contract: Contract, messages: list[SmsView]) -> list[Notice]:
    worker, last = contract.party_of_kind(PartyKind.WORKER), dict[str, SmsView]()
    for message in reversed(messages):
        last[message.phone if message.template == _COPY else ""] = message
    names = {"": worker.name} | {one.phone: one.name for one in contract.copies}
    return [
        Notice("copy" if key else "worker", name, mask_phone(sms.phone), sms.template, sms.delivery, sms.at)
        for key, name in names.items()
        if (sms := last.get(key))
    ]
