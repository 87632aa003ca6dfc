"""Housekeeping: logins by QR or identity provider that are over. The log keeps who came; addresses go (PIPL 19)."""

from datetime import timedelta

from sqlalchemy import delete

from app.accounts.login_models import ExternalLogin, QrLogin
from app.core.clock import now
from app.core.db import transaction

KEEP = timedelta(days=1)


def forget_logins() -> None:
    """Rows that ended more than a day ago are gone."""
    with transaction() as session:
        for model in (QrLogin, ExternalLogin):
            session.execute(delete(model).where(model.expires_at < now() - KEEP))
