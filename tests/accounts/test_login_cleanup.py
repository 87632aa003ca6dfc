"""What served to log in, or to count, is not kept for ever (PIPL 19)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.external_login import start_external_login
from app.accounts.login import request_login_code
from app.accounts.login_cleanup import forget_logins
from app.accounts.login_models import ExternalLogin, QrLogin
from app.accounts.models import AccountKind, AccountSession, OneTimeCode, PasswordGuard, SmsQuota
from app.accounts.password_guard import begin_try
from app.accounts.qr_login import request_qr_login
from app.core.clock import clock_at
from app.core.db import Base, reading
from app.notifications.models import SmsMessage
from tests.factories import log_in, new_ip, new_phone
from tests.fakes import FakeIdentityProvider
from tests.races.contest import at_once, refusals

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def count(*models: type[Base]) -> list[int]:
    with reading() as session:
        return [session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


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
        begin_try(kind=AccountKind.WORKER, phone=new_phone(), ip="198.51.100.1")
    with clock_at(START + timedelta(hours=23)):
        forget_logins()
        assert count(QrLogin, ExternalLogin, PasswordGuard) == [1, 1, 2]
    with clock_at(START + timedelta(hours=24, minutes=11)):
        forget_logins()
        assert count(QrLogin, ExternalLogin, PasswordGuard, SmsQuota) == [0, 0, 0, 0]


def test_codes_go_after_a_month_and_sessions_after_half_a_year() -> None:
    kept = (OneTimeCode, SmsMessage, AccountSession)
    with clock_at(START):
        log_in(new_phone())
    for days, left in ((29, [1, 1, 1]), (31, [0, 0, 1]), (209, [0, 0, 1]), (211, [0, 0, 0])):
        with clock_at(START + timedelta(days=days)):
            forget_logins()
            assert count(*kept) == left, days


def test_nobody_who_counts_at_that_moment_is_disturbed() -> None:
    ask = [lambda: request_login_code(account_kind="worker", phone=new_phone(), ip=new_ip())] * 3
    assert refusals(at_once(*ask, forget_logins, *ask, forget_logins)) == []
