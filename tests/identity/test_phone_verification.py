"""Verification by phone: carrier's answer, then a code; every refusal says the way on (B2 phone)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.errors import CodeExpired, CodeWrong
from app.accounts.models import OneTimeCode, WorkerAccount
from app.accounts.sessions import authenticate_worker
from app.core.actor import Actor
from app.core.checks import Outcome
from app.core.clock import clock_at
from app.core.db import reading
from app.core.errors import DomainError, InvalidInput, ProviderError, ProviderUnavailable
from app.core.text import mask_phone
from app.identity.code_verification import confirm_verification_code, resend_verification_code
from app.identity.errors import (
    AlreadyVerified,
    ConsentRequired,
    IdentityMismatch,
    IdNumberInvalid,
    NoRecord,
    PhoneCheckBusy,
    PhoneCheckRefused,
    PhoneNotSupported,
    TooYoung,
    VerificationLimit,
    VerificationNotFound,
    VerificationOver,
)
from app.identity.models import Person, Verification
from app.identity.persons import get_profile
from app.identity.phone_verification import start_phone_verification
from app.identity.verification_cleanup import forget_stale_claims
from app.identity.verification_views import OlderAccount, VerificationView
from tests.factories import (
    Worker,
    consent,
    last_code,
    new_employer,
    new_id_number,
    new_worker,
    verified_operator,
    verified_worker,
    verify_by_phone,
)
from tests.fakes import FakeCarrier

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def willing_worker() -> Worker:
    worker = new_worker()
    consent(worker.actor, "verification_consent")
    return worker


def start(
    actor: Actor, carrier: FakeCarrier | None = None, name: str = "张伟", id_number: str = ""
) -> VerificationView:
    return start_phone_verification(
        actor=actor, name=name, id_number=id_number or new_id_number(), carrier=carrier or FakeCarrier()
    )


def stored() -> Verification:
    with reading() as session:
        return session.scalars(select(Verification).order_by(Verification.created_at.desc())).first()


def test_a_matching_phone_and_its_code_verify_the_person() -> None:
    worker, carrier, number = willing_worker(), FakeCarrier(), new_id_number()
    started = start(worker.actor, carrier, " 张 伟 ".replace(" 伟", "伟"), f" {number.lower()} ")
    assert (started.status, started.method, started.resend_after) == ("code_sent", "phone", 60)
    assert carrier.asked == [("张伟", number, worker.phone)], "the account's own phone is asked about, no other"
    assert get_profile(actor=worker.actor).person is None, "the carrier alone proves too little"
    done = confirm_verification_code(actor=worker.actor, verification_id=started.id, code=last_code(worker.phone))
    assert done.status == "verified"
    person = get_profile(actor=worker.actor).person
    assert person is not None
    assert (person.name, person.id_number_masked) == ("张伟", f"{number[:3]}***********{number[-4:]}")
    assert authenticate_worker(token=worker.token).actor.person_id is not None
    again = confirm_verification_code(actor=worker.actor, verification_id=started.id, code="000000")
    assert again.status == "verified", "a repeated submit gets the same answer"


@pytest.mark.parametrize("name", ["𠮷野家明", "䶮文杰", "阿卜杜拉·买买提"])
def test_rare_characters_and_dots_are_kept(name: str) -> None:
    worker, carrier = willing_worker(), FakeCarrier()
    start(worker.actor, carrier, name.replace("·", "•"))
    assert carrier.asked[0][0] == name


def test_personal_data_is_encrypted_and_wiped_when_the_attempt_ends() -> None:
    worker, number = willing_worker(), new_id_number()
    started = start(worker.actor, id_number=number)
    assert number.encode() not in stored().id_number_ciphertext
    confirm_verification_code(actor=worker.actor, verification_id=started.id, code=last_code(worker.phone))
    assert (stored().name_ciphertext, stored().id_number_ciphertext) == (None, None)
    with reading() as session:
        person = session.scalars(select(Person)).one()
        assert (person.name, person.id_number) == ("张伟", number)
        assert number.encode() not in person.id_number_ciphertext
        assert number not in person.id_number_index


def test_the_process_is_kept_as_evidence() -> None:
    worker = willing_worker()
    started = start(worker.actor)
    row = stored()
    assert (row.id, row.outcome, row.provider, row.provider_code) == (started.id, "match", "fake_carrier", "code-match")
    assert row.request_id == f"request-{started.id.hex}"


def test_without_consent_nothing_is_asked_or_stored() -> None:
    worker, carrier = new_worker(), FakeCarrier()
    with pytest.raises(ConsentRequired) as refused:
        start(worker.actor, carrier)
    assert refused.value.details["kind"] == "verification_consent"
    assert carrier.asked == []
    assert stored() is None


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (Outcome.MISMATCH, IdentityMismatch),
        (Outcome.NO_RECORD, NoRecord),
        (Outcome.UNSUPPORTED, PhoneNotSupported),
        (Outcome.INVALID_INPUT, PhoneCheckRefused),
        (Outcome.RATE_LIMITED, PhoneCheckBusy),
        (Outcome.UNAVAILABLE, ProviderUnavailable),
        (Outcome.PENDING, ProviderUnavailable),
    ],
)
def test_each_refusal_has_its_own_words_and_another_way(outcome: Outcome, error: type[DomainError]) -> None:
    worker = willing_worker()
    with pytest.raises(error) as refused:
        start(worker.actor, FakeCarrier(outcome))
    assert "人脸" in refused.value.text_zh
    assert "face" in refused.value.text_en
    assert stored().status == "failed"
    assert stored().name_ciphertext is None
    assert get_profile(actor=worker.actor).person is None


def test_an_outage_is_never_a_mismatch_and_uses_up_no_attempt() -> None:
    with clock_at(START):
        worker = willing_worker()
    carrier = FakeCarrier(error=ProviderError("fake_carrier", "timeout"))
    for minutes in range(1, 13):
        with clock_at(START + timedelta(minutes=minutes)), pytest.raises(ProviderUnavailable):
            start(worker.actor, carrier)
        assert (stored().status, stored().outcome, stored().provider_code) == ("failed", "unavailable", "timeout")
    with clock_at(START + timedelta(minutes=13)):
        assert start(worker.actor).status == "code_sent"


def test_two_attempts_a_minute_and_ten_a_day() -> None:
    with clock_at(START):
        worker, carrier = willing_worker(), FakeCarrier(Outcome.MISMATCH)
    for minute in range(5):
        with clock_at(START + timedelta(minutes=minute)):
            for _ in range(2):
                with pytest.raises(IdentityMismatch):
                    start(worker.actor, carrier)
            with pytest.raises(VerificationLimit) as refused:
                start(worker.actor, carrier)
            assert refused.value.details["retry_after"] == (60 if minute < 4 else 86_400 - 240)
    with clock_at(START + timedelta(hours=23)), pytest.raises(VerificationLimit):
        start(worker.actor, carrier)
    assert len(carrier.asked) == 10
    with clock_at(START + timedelta(days=1)):
        assert start(worker.actor).status == "code_sent"


def test_attempts_at_once_stay_within_the_limit() -> None:
    worker, carrier = willing_worker(), FakeCarrier(Outcome.MISMATCH)

    def attempt(_: int) -> str:
        try:
            start(worker.actor, carrier)
        except DomainError as error:
            return error.code
        return "ok"

    with ThreadPoolExecutor(10) as pool:
        outcomes = sorted(pool.map(attempt, range(10)))
    assert outcomes == ["identity_mismatch"] * 2 + ["verification_limit"] * 8
    assert len(carrier.asked) == 2


@pytest.mark.parametrize("id_number", ["", "220100199003071012", "22010019900231101X", "１２３", "A23456789012345678"])
def test_a_wrong_id_number_is_told_before_anybody_is_asked(id_number: str) -> None:
    worker, carrier = willing_worker(), FakeCarrier()
    with pytest.raises(IdNumberInvalid) as refused:
        start_phone_verification(actor=worker.actor, name="张伟", id_number=id_number, carrier=carrier)
    assert refused.value.code == "id_number_invalid"
    assert carrier.asked == []


@pytest.mark.parametrize("name", ["", "张3", "<b>", "张" * 51])
def test_a_wrong_name_is_told_before_anybody_is_asked(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        start(willing_worker().actor, name=name)
    assert list(refused.value.fields) == ["name"]


@pytest.mark.parametrize(("born", "old_enough"), [("20101120", True), ("20101121", False), ("20150101", False)])
def test_workers_are_sixteen_at_least_by_the_calendar_in_china(born: str, old_enough: bool) -> None:
    with clock_at(datetime(2026, 11, 19, 17, 0, tzinfo=UTC)):  # 20 November, 01:00 in Shanghai
        worker = willing_worker()
        if old_enough:
            assert start(worker.actor, id_number=new_id_number(born)).status == "code_sent"
        else:
            with pytest.raises(TooYoung):
                start(worker.actor, id_number=new_id_number(born))


def test_a_wrong_code_counts_and_a_new_one_may_be_asked_for() -> None:
    with clock_at(START):
        worker = willing_worker()
        started = start(worker.actor)
        code = last_code(worker.phone)
        with pytest.raises(CodeWrong):
            confirm_verification_code(
                actor=worker.actor, verification_id=started.id, code=f"{(int(code) + 1) % 1_000_000:06d}"
            )
    with clock_at(START + timedelta(seconds=60)):
        assert resend_verification_code(actor=worker.actor, verification_id=started.id).resend_after == 60
        new = last_code(worker.phone)
        done = confirm_verification_code(actor=worker.actor, verification_id=started.id, code=new)
        assert done.status == "verified"


def test_a_match_is_not_lost_when_no_code_may_leave_just_now() -> None:
    with clock_at(START):
        worker = willing_worker()
        start(worker.actor)
    with clock_at(START + timedelta(seconds=20)):
        second = start(worker.actor)
        assert (second.status, second.resend_after) == ("code_sent", 40)
        assert second.reason is not None
        assert second.reason.code == "sms_limit_reached"
        with pytest.raises(CodeExpired):  # the first attempt's code is not the second's
            confirm_verification_code(actor=worker.actor, verification_id=second.id, code=last_code(worker.phone))
    with clock_at(START + timedelta(seconds=60)):
        resend_verification_code(actor=worker.actor, verification_id=second.id)
        code = last_code(worker.phone)
        assert confirm_verification_code(actor=worker.actor, verification_id=second.id, code=code).status == "verified"


def test_an_attempt_ends_after_half_an_hour_and_is_wiped() -> None:
    with clock_at(START):
        worker = willing_worker()
        started = start(worker.actor)
    with clock_at(START + timedelta(minutes=30)):
        with pytest.raises(VerificationOver):
            confirm_verification_code(actor=worker.actor, verification_id=started.id, code="123456")
        with pytest.raises(VerificationOver):
            resend_verification_code(actor=worker.actor, verification_id=started.id)
        assert stored().id_number_ciphertext is not None
        assert forget_stale_claims() == 1
        assert (stored().status, stored().id_number_ciphertext) == ("expired", None)
        assert forget_stale_claims() == 0


def test_an_attempt_belongs_to_its_account() -> None:
    worker, other, employer = willing_worker(), willing_worker(), new_employer()
    started = start(worker.actor)
    for stranger in (other.actor, employer.actor):
        with pytest.raises(VerificationNotFound):
            confirm_verification_code(actor=stranger, verification_id=started.id, code=last_code(worker.phone))
        with pytest.raises(VerificationNotFound):
            resend_verification_code(actor=stranger, verification_id=started.id)


def test_a_verified_account_is_not_verified_again() -> None:
    with pytest.raises(AlreadyVerified):
        start(verified_worker().actor)


def test_one_person_has_one_worker_account_and_learns_which() -> None:
    first = verified_worker()
    second = willing_worker()
    started = start(second.actor, id_number=first.id_number)
    proven = confirm_verification_code(actor=second.actor, verification_id=started.id, code=last_code(second.phone))
    assert (proven.status, proven.claim) == ("verified", OlderAccount(mask_phone(first.phone), proof_wanted=True))
    assert get_profile(actor=second.actor).person is None


def test_that_an_identity_is_taken_is_told_only_after_the_proof() -> None:
    first, second = verified_worker(), willing_worker()
    with pytest.raises(IdentityMismatch):
        start(second.actor, FakeCarrier(Outcome.MISMATCH), id_number=first.id_number)


def test_a_person_may_be_worker_and_operator() -> None:
    employer = verified_operator(name="李国强")
    worker = willing_worker()
    verify_by_phone(worker.actor, worker.phone, "李国强", employer.id_number)
    assert authenticate_worker(token=worker.token).actor.person_id == employer.actor.person_id


def test_two_accounts_that_claim_one_person_at_once_are_decided_once() -> None:
    number, workers = new_id_number(), [willing_worker() for _ in range(6)]
    proofs = [(worker, start(worker.actor, id_number=number).id, last_code(worker.phone)) for worker in workers]

    def claim(proof: tuple[Worker, object, str]) -> str:
        worker, verification_id, code = proof
        try:
            view = confirm_verification_code(actor=worker.actor, verification_id=verification_id, code=code)
            return "claim" if view.claim else view.status
        except DomainError as error:
            return error.code

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(claim, proofs))
    assert outcomes == ["claim"] * 5 + ["verified"]
    with reading() as session:
        assert len(session.scalars(select(WorkerAccount).where(WorkerAccount.person_id.is_not(None))).all()) == 1
        assert len(session.scalars(select(Person)).all()) == 1


def test_codes_of_verification_name_no_other_purpose() -> None:
    start(willing_worker().actor)
    with reading() as session:
        newest = session.scalars(select(OneTimeCode).order_by(OneTimeCode.created_at.desc())).first()
        assert newest is not None
        assert newest.purpose == "verification"
        assert newest.subject.startswith("verification:")
