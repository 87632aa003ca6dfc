"""Five wrong passwords per phone, thirty per address, over all processes (A2; T-03, T-32)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from app.accounts import password_guard, password_hashing
from app.accounts.errors import PasswordCheckBusy, PasswordLocked, PasswordTriesExceeded, PasswordWrong
from app.core.clock import set_clock
from app.core.errors import DomainError
from tests.accounts.password_world import cheap_hashes, enter, many_codes, with_password
from tests.factories import log_in, new_ip, new_phone

__all__ = ["cheap_hashes", "many_codes"]

pytestmark = pytest.mark.usefixtures("database", "cheap_hashes", "many_codes")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


class Clock:
    moment = START


@pytest.fixture
def clock() -> Iterator[Clock]:
    wall = Clock()
    set_clock(lambda: wall.moment)
    yield wall
    set_clock(None)


def test_five_wrong_tries_lock_for_fifteen_minutes_and_the_code_still_works(clock: Clock) -> None:
    worker = with_password()
    for left in (4, 3, 2, 1):
        with pytest.raises(PasswordWrong) as wrong:
            enter(worker.phone, "wrong password 1")
        assert wrong.value.details == {"attempts_left": left}
        clock.moment += timedelta(minutes=1)
    with pytest.raises(PasswordLocked) as locked:
        enter(worker.phone, "wrong password 1")
    assert locked.value.details == {"retry_after": 900, "minutes": 15}
    clock.moment += timedelta(minutes=14, seconds=59)
    with pytest.raises(PasswordLocked) as locked:  # the right one too: nothing is told about it
        enter(worker.phone)
    assert locked.value.details == {"retry_after": 1, "minutes": 1}
    assert "短信验证码" in locked.value.text_zh
    assert log_in(worker.phone).actor.account_id == worker.actor.account_id
    clock.moment += timedelta(seconds=1)
    enter(worker.phone)


def test_the_right_password_wipes_the_wrong_tries_before_it() -> None:
    worker = with_password()
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(PasswordWrong):
                enter(worker.phone, "wrong password 1")
        enter(worker.phone)


def test_old_wrong_tries_are_forgotten(clock: Clock) -> None:
    worker = with_password()
    for _ in range(6):
        with pytest.raises(PasswordWrong) as wrong:
            enter(worker.phone, "wrong password 1")
        assert wrong.value.details == {"attempts_left": 4}
        clock.moment += timedelta(minutes=15)


def test_one_address_has_thirty_wrong_tries_an_hour_over_all_phones(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(password_guard, "PER_IP", 3)
    ip, worker = new_ip(), with_password()
    for _ in range(5):
        enter(worker.phone, ip=ip)  # right ones don't count
    for _ in range(3):
        with pytest.raises(PasswordWrong):
            enter(new_phone(), ip=ip)
    with pytest.raises(PasswordTriesExceeded) as refused:
        enter(worker.phone, ip=ip)
    assert refused.value.details == {"retry_after": 3600, "minutes": 60}
    enter(worker.phone, ip=new_ip())
    clock.moment += timedelta(hours=1)
    enter(worker.phone, ip=ip)


def test_a_refusal_by_address_does_not_count_against_the_phone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(password_guard, "PER_IP", 1)
    ip, worker = new_ip(), with_password()
    with pytest.raises(PasswordWrong):
        enter(new_phone(), ip=ip)
    for _ in range(7):
        with pytest.raises(PasswordTriesExceeded):
            enter(worker.phone, "wrong password 1", ip=ip)
    enter(worker.phone)


def test_when_all_slots_are_taken_the_try_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = with_password()
    monkeypatch.setattr(password_hashing, "_WAIT_SECONDS", 0.01)
    with password_hashing._slot(), password_hashing._slot():
        for _ in range(6):
            with pytest.raises(PasswordCheckBusy) as busy:
                enter(worker.phone)
            assert busy.value.http_status == 503
    enter(worker.phone)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_of_twenty_parallel_guesses_five_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    worker, looked_at = with_password(), []

    def look(stored: str | None, password: str) -> bool:
        looked_at.append(password)
        return False

    monkeypatch.setattr("app.accounts.passwords.is_password", look)

    def guess(number: int) -> str:
        with pytest.raises(DomainError) as refused:
            enter(worker.phone, f"guess number {number}")
        return refused.value.code

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(guess, range(20)))
    assert len(looked_at) == password_guard.PER_PHONE
    assert sorted(codes) == ["password_locked"] * 16 + ["password_wrong"] * 4


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_parallel_right_logins_do_not_lock_anybody_out() -> None:
    worker = with_password()
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: enter(worker.phone), range(4)))
    assert {one.actor.account_id for one in opened} == {worker.actor.account_id}
    enter(worker.phone)
