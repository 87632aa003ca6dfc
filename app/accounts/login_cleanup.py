"""Housekeeping: logins by QR or identity provider that are over, old events of platforms.

The log keeps who came; addresses go (PIPL 19)."""

from datetime import timedelta

from sqlalchemy import delete

from app.accounts.login_models import ExternalLogin, QrLogin, ReceivedEvent
from app.core.clock import now
from app.core.db import transaction

KEEP = timedelta(days=1)
# Alipay repeats for 25 hours; what is older than two days is refused at the door (`app.adapters.alipay_push`).
KEEP_EVENTS = timedelta(days=3)


def forget_logins() -> None:
    """Rows that ended more than a day ago are gone."""
    with transaction() as session:
        for model in (QrLogin, ExternalLogin):
            session.execute(delete(model).where(model.expires_at < now() - KEEP))
        session.execute(delete(ReceivedEvent).where(ReceivedEvent.received_at < now() - KEEP_EVENTS))
