"""Addresses and devices of logins that are over are not kept (PIPL 19)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.external_login import start_external_login
from app.accounts.login_cleanup import forget_logins
from app.accounts.login_models import ExternalLogin, QrLogin
from app.accounts.qr_login import request_qr_login
from app.core.clock import clock_at
from app.core.db import reading
from tests.fakes import FakeIdentityProvider

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def count() -> list[int]:
    with reading() as session:
        return [session.scalar(select(func.count()).select_from(model)) or 0 for model in (QrLogin, ExternalLogin)]


def test_they_go_a_day_after_they_ended() -> None:
    with clock_at(START):
        request_qr_login(account_kind="worker", ip="198.51.100.1", device="PC")
        start_external_login(
            kind="gov",
            provider=FakeIdentityProvider(),
            redirect_uri="https://x.example",
            ip="198.51.100.1",
            device="PC",
        )
    with clock_at(START + timedelta(hours=23)):
        forget_logins()
        assert count() == [1, 1]
    with clock_at(START + timedelta(hours=24, minutes=11)):
        forget_logins()
        assert count() == [0, 0]
