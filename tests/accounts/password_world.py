"""Workers with passwords, for the tests of passwords; hashes are cheap and codes unlimited there."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from app.accounts import password_hashing
from app.accounts.passwords import (
    request_password_code,
    request_password_reset_code,
    reset_password,
    set_password,
)
from app.accounts.sessions import LoggedIn
from app.accounts.sms_limits import PhoneLimits, SmsLimits, set_sms_limits, sms_limits
from app.identity.login import log_in_by_password
from tests.factories import CLIENT, Worker, agreements, last_code, new_ip, new_worker

GOOD, BETTER = "Chang Chun 2026", "换一个 Better-Pass"


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousandth of the real memory; one test looks at the real parameters."""
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(password_hashing, "_HASHER", cheap)
    monkeypatch.setattr(password_hashing, "NOBODYS_HASH", cheap.hash("nobody"))


@pytest.fixture
def many_codes() -> Iterator[None]:
    """What is tested is not how many codes may be sent."""
    usual = sms_limits()
    set_sms_limits(SmsLimits(interval=0, public=PhoneLimits(0, 0), own=PhoneLimits(0, 0)))
    yield
    set_sms_limits(usual)


def with_password(password: str = GOOD) -> Worker:
    worker = new_worker()
    request_password_code(actor=worker.actor)
    set_password(actor=worker.actor, password=password, code=last_code(worker.phone, "SMS_PASSWORD"))
    return worker


def enter(phone: str, password: str = GOOD, *, kind: str = "worker", ip: str = "") -> LoggedIn:
    return log_in_by_password(
        account_kind=kind, phone=phone, password=password, agreements=agreements(), **CLIENT | {"ip": ip or new_ip()}
    )


def reset(phone: str, password: str = BETTER, *, kind: str = "worker", code: str = "") -> None:
    request_password_reset_code(account_kind=kind, phone=phone, ip=new_ip())
    code = code or last_code(phone, "SMS_PASSWORD")
    reset_password(account_kind=kind, phone=phone, code=code, password=password, **CLIENT)
