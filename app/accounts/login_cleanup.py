"""Housekeeping: what served to log in once, or to count, goes after a while (PIPL 19, 47).

The log keeps who came, and codes that proved a signer's will stay as evidence; addresses, phones and tries go.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, true

from app.accounts.key_models import SecurityKeyCeremony
from app.accounts.login_models import ExternalLogin, QrLogin, ReceivedEvent
from app.accounts.models import AccountSession, CodePurpose, OneTimeCode, PasswordGuard, SmsQuota
from app.core.clock import now
from app.core.db import Base, delete_old
from app.notifications.models import SmsMessage

KEEP = timedelta(days=1)
# Alipay repeats for 25 hours; what is older than two days is refused at the door (`app.adapters.alipay_push`).
KEEP_EVENTS = timedelta(days=3)
_CODES = ("SMS_LOGIN", "SMS_VERIFY", "SMS_PASSWORD", "SMS_SECURITY_KEY", "SMS_PHONE", "SMS_CERTIFICATE")


@dataclass(frozen=True, slots=True)
class Retention:
    """How long is kept: `codes` and their SMS since they were sent, `sessions` since they ended."""

    codes: timedelta = timedelta(days=30)
    sessions: timedelta = timedelta(days=180)


class _Holder:
    retention = Retention()


def set_retention(retention: Retention) -> None:
    """Replace the ages of this process, once, at start."""
    _Holder.retention = retention


def forget_logins() -> None:
    """Delete what is older than it may be."""
    for model, old in _old():
        delete_old(model, old)


def _old() -> list[tuple[type[Base], ColumnElement[bool]]]:
    moment, ages = now(), _Holder.retention
    sent, ended = moment - ages.codes, moment - ages.sessions
    return [
        (QrLogin, QrLogin.expires_at < moment - KEEP),
        (ExternalLogin, ExternalLogin.expires_at < moment - KEEP),
        (SecurityKeyCeremony, SecurityKeyCeremony.expires_at < moment - KEEP),
        (ReceivedEvent, ReceivedEvent.received_at < moment - KEEP_EVENTS),
        (OneTimeCode, (OneTimeCode.created_at < sent) & (OneTimeCode.purpose != CodePurpose.INTENT)),
        (SmsMessage, (SmsMessage.created_at < sent) & SmsMessage.template.in_(_CODES)),
        (AccountSession, (AccountSession.expires_at < ended) | (AccountSession.ended_at < ended)),
        (PasswordGuard, PasswordGuard.since < moment - KEEP),
        (SmsQuota, true()),  # rows to lock, made anew when somebody counts
    ]
