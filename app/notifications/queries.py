"""How messages arrived: what vendors said, as far as they said it (G6)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.notifications.models import SmsMessage, SmsStatus


class Delivery(StrEnum):
    """`sent`: the vendor took it and has not said more. `unknown`: it may have left, nobody can tell."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SmsView:
    """One SMS: `at` is when it got into this state; `phone` is whole and must be masked."""

    phone: str
    template: str
    delivery: Delivery
    created_at: datetime
    at: datetime


def list_sms(session: Session, subject: str) -> list[SmsView]:
    """All that was sent about one subject, newest first."""
    statement = select(SmsMessage).where(SmsMessage.subject == subject)
    newest_first = statement.order_by(SmsMessage.created_at.desc(), SmsMessage.id.desc())
    return [_view(sms) for sms in session.scalars(newest_first)]


def _view(sms: SmsMessage) -> SmsView:
    at = sms.delivered_at or sms.sent_at or sms.created_at
    return SmsView(sms.phone, sms.template, _delivery(sms), sms.created_at, at)


def _delivery(sms: SmsMessage) -> Delivery:
    """A receipt says more than the answer to sending; what was tried for its whole life may have left."""
    if sms.delivered_at is not None:
        return Delivery.DELIVERED
    if sms.status == SmsStatus.FAILED or sms.error == "undelivered":
        return Delivery.UNDELIVERED
    if sms.status == SmsStatus.SENT:
        return Delivery.SENT
    is_over = sms.status == SmsStatus.UNKNOWN or sms.expires_at <= now()
    return Delivery.UNKNOWN if is_over else Delivery.QUEUED
