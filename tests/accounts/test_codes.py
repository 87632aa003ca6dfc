"""One-time codes: what they are bound to, how often they may be tried and asked for (T-02, T-03, T-27)."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts import sms_limits
from app.accounts.codes import CodePurpose, CodeSent, check_code, send_code
from app.accounts.errors import CodeExhausted, CodeExpired, CodeWrong, PhoneInvalid, SmsLimitReached
from app.accounts.login import request_login_code
from app.accounts.models import OneTimeCode
from app.accounts.sms_limits import PhoneLimits, SmsLimits, set_sms_limits
from app.core.clock import clock_at
from app.core.db import reading, transaction
from app.core.errors import DomainError
from app.jobs.models import Job
from app.notifications.models import SmsMessage
from tests.factories import last_code, new_ip, new_phone

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def send(
    phone: str, *, purpose: CodePurpose = CodePurpose.LOGIN, subject: str = "worker", ip: str = "192.0.2.1"
) -> CodeSent:
    with transaction() as session:
        return send_code(session, phone=phone, purpose=purpose, subject=subject, ip=ip)


def check(phone: str, code: str, *, purpose: CodePurpose = CodePurpose.LOGIN, subject: str = "worker") -> None:
    check_code(phone=phone, purpose=purpose, subject=subject, code=code)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.fixture
def limits() -> Iterator[Callable[[SmsLimits], None]]:
    before = sms_limits.sms_limits()
    yield set_sms_limits
    set_sms_limits(before)


def test_a_code_is_queued_for_the_phone_and_opens_once() -> None:
    phone = new_phone()
    assert send(phone) == CodeSent(resend_after=60, expires_in=300)
    code = last_code(phone)
    assert len(code) == 6
    assert code.isdigit()
    check(phone, code)
    with pytest.raises(CodeExpired):
        check(phone, code)


def test_nothing_in_the_tables_shows_the_code_or_the_phone() -> None:
    phone = new_phone()
    send(phone)
    code = last_code(phone)
    with reading() as session:
        stored = session.scalars(select(OneTimeCode)).one()
        sms = session.scalars(select(SmsMessage)).one()
        assert code not in stored.code_hmac
        assert phone != stored.phone_index
        assert phone.encode() not in sms.phone_ciphertext
        assert code.encode() not in sms.params_ciphertext
        assert session.scalars(select(Job)).one().payload == {"sms_id": str(sms.id)}


def test_full_width_digits_and_blanks_are_the_same_code() -> None:
    phone = new_phone()
    send(phone)
    check(phone, " " + "".join(chr(ord(digit) + 0xFEE0) for digit in last_code(phone)))


def test_a_wrong_try_counts_and_the_fifth_voids_the_code() -> None:
    phone = new_phone()
    send(phone)
    code = last_code(phone)
    for left in (4, 3, 2, 1):
        with pytest.raises(CodeWrong) as wrong:
            check(phone, other_than(code))
        assert wrong.value.details == {"attempts_left": left}
    for guess in (other_than(code), code):
        with pytest.raises(CodeExhausted):
            check(phone, guess)


@pytest.mark.parametrize("guess", ["", "abcdef", "12345", "1234567", "['123456']", "12345６7"])
def test_what_is_no_code_is_a_wrong_code(guess: str) -> None:
    phone = new_phone()
    send(phone)
    with pytest.raises(CodeWrong):
        check(phone, guess)


def test_a_code_lives_five_minutes() -> None:
    phone = new_phone()
    with clock_at(START):
        send(phone)
        code = last_code(phone)
    with clock_at(START + timedelta(minutes=5)), pytest.raises(CodeExpired):
        check(phone, code)
    with clock_at(START + timedelta(minutes=4, seconds=59)):
        check(phone, code)


def test_a_new_code_voids_the_old_one() -> None:
    phone = new_phone()
    with clock_at(START):
        send(phone)
        old = last_code(phone)
    with clock_at(START + timedelta(seconds=60)):
        send(phone)
        new = last_code(phone)
        if old != new:
            with pytest.raises(CodeWrong):
                check(phone, old)
        check(phone, new)
    with reading() as session:
        live = OneTimeCode.used_at.is_(None) & OneTimeCode.voided_at.is_(None)
        assert session.scalar(select(func.count()).select_from(OneTimeCode).where(live)) == 0


@pytest.mark.parametrize(
    "elsewhere",
    [{"purpose": CodePurpose.INTENT}, {"purpose": CodePurpose.REGISTRATION}, {"subject": "operator"}],
)
def test_a_code_opens_nothing_else(elsewhere: dict[str, str]) -> None:
    phone = new_phone()
    send(phone)
    with pytest.raises(CodeExpired):
        check(phone, last_code(phone), **elsewhere)
    with pytest.raises(CodeExpired):
        check(new_phone(), last_code(phone))


def test_one_phone_gets_one_code_a_minute() -> None:
    phone = new_phone()
    with clock_at(START):
        send(phone)
    with clock_at(START + timedelta(seconds=41)):
        with pytest.raises(SmsLimitReached) as refused:
            send(phone)
        assert refused.value.details == {"retry_after": 19}
        with pytest.raises(SmsLimitReached):  # the two kinds that a stranger can cause are one
            send(phone, purpose=CodePurpose.REGISTRATION, subject="registration")
        send(new_phone())
    with clock_at(START + timedelta(seconds=60)):
        send(phone)


def test_one_phone_gets_five_codes_an_hour_and_ten_a_day() -> None:
    phone = new_phone()

    def refused_for(after: timedelta) -> int:
        with clock_at(START + after), pytest.raises(SmsLimitReached) as refused:
            send(phone, ip=new_ip())
        return int(refused.value.details["retry_after"])

    for hour in range(2):
        for number in range(5):
            with clock_at(START + timedelta(hours=hour, minutes=2 * number)):
                send(phone, ip=new_ip())
        if hour == 0:
            assert refused_for(timedelta(minutes=10)) == 50 * 60
    assert refused_for(timedelta(hours=1, minutes=10)) == 24 * 3600 - 70 * 60
    assert refused_for(timedelta(hours=23, minutes=59, seconds=59)) == 1
    with clock_at(START + timedelta(days=1)):
        send(phone, ip=new_ip())


def test_using_up_login_codes_keeps_nobody_from_signing() -> None:
    phone = new_phone()
    with clock_at(START):
        send(phone)
        send(phone, purpose=CodePurpose.VERIFICATION, subject="verification:1")
        send(phone, purpose=CodePurpose.INTENT, subject="intent:1")
        with pytest.raises(SmsLimitReached):
            send(phone, purpose=CodePurpose.INTENT, subject="intent:2")


def test_one_address_gets_twenty_codes_an_hour_over_all_phones() -> None:
    with clock_at(START):
        for _ in range(20):
            send(new_phone(), ip="192.0.2.7")
        with pytest.raises(SmsLimitReached) as refused:
            send(new_phone(), ip="192.0.2.7")
        assert refused.value.details == {"retry_after": 3600}
        send(new_phone(), ip="192.0.2.8")
        send(new_phone(), ip="192.0.2.7", purpose=CodePurpose.INTENT, subject="intent:3")  # an office that seals


def test_an_address_of_version_6_counts_with_its_network() -> None:
    """A phone or a household owns 2⁶⁴ of them."""
    with clock_at(START):
        for number in range(20):
            send(new_phone(), ip=f"2001:db8:0:1::{number:x}")
        with pytest.raises(SmsLimitReached):
            send(new_phone(), ip="2001:db8:0:1:ffff::1")
        send(new_phone(), ip="2001:db8:0:2::1")


def test_the_platform_has_a_budget_of_the_day(limits: Callable[[SmsLimits], None]) -> None:
    limits(SmsLimits(per_day=3))
    with clock_at(START):
        for _ in range(3):
            send(new_phone(), ip=new_ip())
        with pytest.raises(SmsLimitReached):
            send(new_phone(), ip=new_ip())
    with clock_at(START + timedelta(days=1)):
        send(new_phone(), ip=new_ip())


def test_a_refused_code_leaves_nothing_behind() -> None:
    phone = new_phone()
    with clock_at(START):
        send(phone)
        with pytest.raises(SmsLimitReached):
            send(phone)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(SmsMessage)) == 1
        assert session.scalars(select(OneTimeCode)).one().voided_at is None


def test_known_and_unknown_phones_get_the_same_answer() -> None:
    known, unknown = new_phone(), new_phone()
    for kind in ("worker", "operator"):
        with clock_at(START + timedelta(minutes=len(kind))):
            assert request_login_code(account_kind=kind, phone=known, ip=new_ip()) == request_login_code(
                account_kind=kind, phone=unknown, ip=new_ip()
            )


@pytest.mark.parametrize("phone", ["", "12345678901", "1380013800", "138001380001", "+1 202 555 0100", "张伟"])
def test_what_is_no_mainland_mobile_number_is_refused(phone: str) -> None:
    with pytest.raises(PhoneInvalid) as refused:
        request_login_code(account_kind="worker", phone=phone, ip="192.0.2.1")
    assert refused.value.code == "phone_invalid"
    assert "phone" in refused.value.fields


# ── Races ────────────────────────────────────────────────────────────────────────────────────────


def at_once(times: int, action: Callable[[int], object]) -> Counter[str]:
    """Run `action` in many threads; how often each outcome came ("ok", or the error's code)."""

    def outcome(number: int) -> str:
        try:
            action(number)
        except DomainError as error:
            return error.code
        return "ok"

    with ThreadPoolExecutor(25) as pool:
        return Counter(pool.map(outcome, range(times)))


def test_a_hundred_guesses_at_once_get_five_tries_between_them() -> None:
    phone = new_phone()
    send(phone)
    code = last_code(phone)
    outcomes = at_once(100, lambda number: check(phone, f"{(int(code) + 1 + number) % 1_000_000:06d}"))
    assert outcomes["code_wrong"] == 4  # the fifth is told that it was the last
    assert outcomes["code_exhausted"] == 96
    with reading() as session:
        assert session.scalars(select(OneTimeCode.attempts)).one() == 5
    with pytest.raises(CodeExhausted):
        check(phone, code)


def test_the_right_code_opens_once_however_often_it_is_sent_at_once() -> None:
    phone = new_phone()
    send(phone)
    code = last_code(phone)
    assert at_once(30, lambda _: check(phone, code)) == {"ok": 1, "code_expired": 29}


def test_asking_often_at_once_sends_one_code() -> None:
    phone = new_phone()
    outcomes = at_once(30, lambda _: send(phone, ip=new_ip()))
    assert outcomes == {"ok": 1, "sms_limit_reached": 29}


def test_many_phones_from_one_address_at_once_stay_within_its_limit() -> None:
    phones = [new_phone() for _ in range(40)]
    outcomes = at_once(40, lambda number: send(phones[number], ip="192.0.2.9"))
    assert outcomes == {"ok": 20, "sms_limit_reached": 20}


def test_signing_codes_at_once_stay_within_the_phones_limit(limits: Callable[[SmsLimits], None]) -> None:
    limits(SmsLimits(interval=0, own=PhoneLimits(per_hour=4, per_day=60)))
    phone = new_phone()
    outcomes = at_once(20, lambda number: send(phone, purpose=CodePurpose.INTENT, subject=f"intent:{number}"))
    assert outcomes == {"ok": 4, "sms_limit_reached": 16}
