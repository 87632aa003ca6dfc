"""Verification by bank card: four factors, then a code to the phone reserved at the bank (B2 bank)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, select

from app.accounts.errors import CodeWrong
from app.accounts.sessions import authenticate_worker
from app.core.checks import Outcome
from app.core.clock import clock_at
from app.core.db import engine, reading
from app.core.errors import DomainError, InvalidInput, ProviderError, ProviderUnavailable
from app.identity.bank_verification import normalise_card_number, start_bank_verification
from app.identity.code_verification import confirm_verification_code, resend_verification_code
from app.identity.errors import (
    BankCardNotSupported,
    BankCardNumberInvalid,
    BankCheckBusy,
    BankCheckRefused,
    BankMismatch,
    ConsentRequired,
    DocumentNotSupported,
    VerificationLimit,
)
from app.identity.models import Person, Verification
from app.identity.persons import get_profile
from app.identity.verification_cleanup import forget_stale_claims
from app.identity.verification_views import VerificationView
from tests.factories import Worker, consent, last_code, new_id_number, new_phone, new_worker
from tests.fakes import FakeBank

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
CARD = "6222020200112233446"


def willing_worker() -> Worker:
    worker = new_worker()
    consent(worker.actor, "verification_consent")
    return worker


def start(worker: Worker, bank: FakeBank | None = None, **typed: Any) -> VerificationView:
    asked = {"name": "张伟", "id_number": new_id_number(), "card_number": CARD, "bank_phone": new_phone()} | typed
    return start_bank_verification(actor=worker.actor, bank=bank or FakeBank(), **asked)


def stored() -> Verification:
    with reading() as session:
        return session.scalars(select(Verification)).one()


def test_card_then_code_verifies() -> None:
    worker, bank, number, phone = willing_worker(), FakeBank(), new_id_number(), new_phone()
    started = start(worker, bank, id_number=number, card_number="6222 0202 0011 2233 446", bank_phone=phone)
    assert bank.asked == [("张伟", "resident_id", number, CARD, phone)]
    assert (started.status, started.phone_masked) == ("code_sent", f"{phone[:3]}****{phone[-4:]}")
    with pytest.raises(CodeWrong):
        confirm_verification_code(actor=worker.actor, verification_id=started.id, code="000000")
    code = last_code(phone, "SMS_VERIFY")
    verified = confirm_verification_code(actor=worker.actor, verification_id=started.id, code=code)
    assert (verified.status, verified.phone_masked) == ("verified", None)
    person = get_profile(actor=authenticate_worker(token=worker.token).actor).person
    assert person is not None
    assert (person.name, person.method, person.id_type) == ("张伟", "bank", "resident_id")


def test_the_code_goes_to_no_other_phone_than_the_banks() -> None:
    worker = willing_worker()
    started = start(worker)
    with pytest.raises(AssertionError, match="no code"):
        last_code(worker.phone, "SMS_VERIFY")
    with clock_at(datetime.now(UTC) + timedelta(seconds=61)):
        assert resend_verification_code(actor=worker.actor, verification_id=started.id).resend_after == 60
        with pytest.raises(AssertionError, match="no code"):
            last_code(worker.phone, "SMS_VERIFY")


def test_a_card_number_is_stored_nowhere() -> None:
    start(willing_worker())
    assert stored().bank_phone is not None
    with engine().connect() as connection:
        for table in inspect(connection).get_table_names():
            rows = connection.exec_driver_sql(f'SELECT * FROM "{table}"').fetchall()
            assert CARD not in str(rows), table


@pytest.mark.parametrize(
    ("kind", "number", "name"),
    [
        ("hk_macao_permit", "H12345678", "陈大文"),
        ("taiwan_permit", "12345678", "林美"),
        ("passport", "E1234567", "JOHN SMITH"),
    ],
)
def test_other_documents_are_taken(kind: str, number: str, name: str) -> None:
    worker, bank, phone = willing_worker(), FakeBank(), new_phone()
    started = start(worker, bank, name=name, id_type=kind, id_number=number, bank_phone=phone)
    assert bank.asked[0][:3] == (name, kind, number)
    confirm_verification_code(actor=worker.actor, verification_id=started.id, code=last_code(phone))
    with reading() as session:
        person = session.scalars(select(Person)).one()
        assert (person.id_type, person.id_number) == (kind, number)
    with pytest.raises(DocumentNotSupported):
        start(willing_worker(), bank, id_type="foreign_permanent_resident_id", id_number="USA310080010101")
    assert len(bank.asked) == 1


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (Outcome.MISMATCH, BankMismatch),
        (Outcome.NO_RECORD, BankMismatch),
        (Outcome.UNSUPPORTED, BankCardNotSupported),
        (Outcome.INVALID_INPUT, BankCheckRefused),
        (Outcome.RATE_LIMITED, BankCheckBusy),
        (Outcome.UNAVAILABLE, ProviderUnavailable),
        (Outcome.PENDING, ProviderUnavailable),
    ],
)
def test_every_answer_says_what_to_do_and_wipes_what_was_typed(outcome: Outcome, error: type[DomainError]) -> None:
    with pytest.raises(error) as refused:
        start(willing_worker(), FakeBank(outcome))
    assert any(way in refused.value.text_zh for way in ("更换认证方式", "核对", "明天再试"))
    found = stored()
    assert (found.status, found.name_ciphertext, found.bank_phone_ciphertext) == ("failed", None, None)
    assert found.outcome == (Outcome.UNAVAILABLE if error is ProviderUnavailable else outcome)


def test_an_outage_is_no_mismatch() -> None:
    with pytest.raises(ProviderUnavailable):
        start(willing_worker(), FakeBank(error=ProviderError("fake_bank", "timeout")))
    assert stored().outcome == "unavailable"


@pytest.mark.parametrize("card", ["6222020200112233449", "1234", "6" * 20, "62220202001122334a8", "0" * 16, ""])
def test_wrong_card_numbers_reach_no_bank(card: str) -> None:
    with pytest.raises(BankCardNumberInvalid) as refused:
        start(willing_worker(), card_number=card)
    assert "card_number" in refused.value.fields
    assert len(card) < 5 or card not in refused.value.text_zh


def test_cards_of_all_lengths() -> None:
    assert normalise_card_number("４１１１ 1111-1111 1111") == "4111111111111111"
    assert normalise_card_number("378282246310005") == "378282246310005"


def test_the_reserved_phone_is_a_mainland_one() -> None:
    with pytest.raises(InvalidInput) as refused:
        start(willing_worker(), bank_phone="+852 9123 4567")
    assert "bank_phone" in refused.value.fields
    assert start(willing_worker(), bank_phone="17012345678").status == "code_sent", "virtual operators have banks too"


def test_consent_comes_first() -> None:
    bank = FakeBank()
    with pytest.raises(ConsentRequired):
        start(new_worker(), bank)
    assert bank.asked == []


def test_three_a_day_and_two_a_minute() -> None:
    bank = FakeBank(Outcome.MISMATCH)
    with clock_at(START):
        worker = willing_worker()
        for _ in range(2):
            with pytest.raises(BankMismatch):
                start(worker, bank)
        with pytest.raises(VerificationLimit) as limited:
            start(worker, bank)
        assert limited.value.details["retry_after"] == 60
    with clock_at(START + timedelta(minutes=2)), pytest.raises(BankMismatch):
        start(worker, bank)
    with clock_at(START + timedelta(minutes=4)), pytest.raises(VerificationLimit):
        start(worker, bank)
    with clock_at(START + timedelta(hours=24)):
        assert start(worker).status == "code_sent"
    assert len(bank.asked) == 3


def test_outages_use_up_no_attempt_of_the_day() -> None:
    with clock_at(START):
        worker = willing_worker()
    for minute in range(1, 6):
        with clock_at(START + timedelta(minutes=minute)), pytest.raises(ProviderUnavailable):
            start(worker, FakeBank(Outcome.UNAVAILABLE))
    with clock_at(START + timedelta(minutes=7)):
        assert start(worker).status == "code_sent"


def test_many_at_once_get_two_between_them() -> None:
    worker, bank = willing_worker(), FakeBank(Outcome.MISMATCH)

    def attempt(_: int) -> str:
        try:
            start(worker, bank)
        except DomainError as error:
            return error.code
        return "started"

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(attempt, range(6)))
    assert outcomes == ["bank_mismatch"] * 2 + ["verification_limit"] * 4
    assert len(bank.asked) == 2


def test_what_nobody_finished_is_forgotten() -> None:
    with clock_at(START):
        start(willing_worker())
    with clock_at(START + timedelta(minutes=31)):
        assert forget_stale_claims() == 1
    assert (stored().status, stored().bank_phone_ciphertext) == ("expired", None)
