"""Verification by face: two consents, the vendor's answer fetched by us, then the person is bound (B2 face, B3)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.sessions import authenticate_worker
from app.core.checks import Outcome
from app.core.clock import clock_at
from app.core.db import reading
from app.core.errors import DomainError, ProviderError, ProviderUnavailable
from app.core.text import mask_phone
from app.identity.code_verification import confirm_verification_code
from app.identity.errors import AlreadyVerified, ConsentRequired, FaceCheckRefused, VerificationNotFound
from app.identity.face_checks import FaceWay
from app.identity.face_verification import get_verification, start_face_verification
from app.identity.models import FaceCheck, Verification
from app.identity.persons import get_profile
from app.identity.phone_verification import start_phone_verification
from app.identity.verification_views import OlderAccount, VerificationView
from tests.factories import Worker, consent, last_code, new_id_number, new_worker, verified_worker
from tests.fakes import FakeCarrier, FakeFace

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def willing_worker() -> Worker:
    worker = new_worker()
    consent(worker.actor, "verification_consent", "face_consent")
    return worker


def start(worker: Worker, face: FakeFace, id_number: str = "", name: str = "张伟") -> VerificationView:
    return start_face_verification(
        actor=worker.actor,
        name=name,
        id_number=id_number or new_id_number(),
        way=FaceWay("https://g.example/r"),
        faces={"alipay": face},
    )


def look(worker: Worker, started: VerificationView, face: FakeFace) -> VerificationView:
    return get_verification(actor=worker.actor, verification_id=started.id, faces={"alipay": face})


def stored() -> Verification:
    with reading() as session:
        return session.scalars(select(Verification)).one()


def test_the_vendors_answer_verifies_the_person() -> None:
    worker, face, number = willing_worker(), FakeFace(Outcome.PENDING), new_id_number()
    started = start(worker, face, number)
    assert (started.status, started.method, started.resend_after) == ("waiting", "face", None)
    assert started.face
    assert started.face.url
    assert face.started == [("张伟", number, "https://g.example/r")]
    assert look(worker, started, face).face == started.face
    assert get_profile(actor=worker.actor).person is None
    face.outcome = Outcome.MATCH
    assert look(worker, started, face).status == "verified"
    assert look(worker, started, face).status == "verified"
    person = get_profile(actor=worker.actor).person
    assert person is not None
    assert (person.name, person.method) == ("张伟", "face")
    assert authenticate_worker(token=worker.token).actor.person_id is not None
    assert stored().id_number_ciphertext is None
    with reading() as session:
        assert session.scalars(select(FaceCheck)).one().used_at is not None


@pytest.mark.parametrize("missing", ["verification_consent", "face_consent"])
def test_both_consents_are_needed(missing: str) -> None:
    worker, face = new_worker(), FakeFace()
    consent(worker.actor, *{"verification_consent", "face_consent"} - {missing})
    with pytest.raises(ConsentRequired) as refused:
        start(worker, face)
    assert refused.value.details["kind"] == missing
    assert face.started == []
    with reading() as session:
        assert session.scalars(select(Verification)).all() == []


@pytest.mark.parametrize(
    ("outcome", "status", "reason"),
    [
        (Outcome.MISMATCH, "failed", "face_mismatch"),
        (Outcome.NO_RECORD, "failed", "face_no_record"),
        (Outcome.INVALID_INPUT, "failed", "face_check_refused"),
        (Outcome.CANCELLED, "cancelled", "face_cancelled"),
        (Outcome.EXPIRED, "expired", "face_expired"),
    ],
)
def test_an_unhappy_end_says_why_and_wipes_what_was_typed(outcome: Outcome, status: str, reason: str) -> None:
    worker, face = willing_worker(), FakeFace(outcome)
    ended = look(worker, start(worker, face), face)
    assert (ended.status, ended.outcome, ended.face) == (status, outcome, None)
    assert ended.reason is not None
    assert ended.reason.code == reason
    assert (stored().name_ciphertext, stored().id_number_ciphertext) == (None, None)
    assert get_profile(actor=worker.actor).person is None
    face.outcome = Outcome.MATCH
    assert look(worker, ended, face).status == status, "what is over stays over"


def test_an_outage_leaves_the_attempt_waiting() -> None:
    worker, face = willing_worker(), FakeFace(Outcome.UNAVAILABLE)
    started = start(worker, face)
    assert look(worker, started, face).status == "waiting"
    face.outcome = Outcome.MATCH
    assert look(worker, started, face).status == "verified"


@pytest.mark.parametrize(("code", "error"), [("timeout", ProviderUnavailable), ("invalid_input", FaceCheckRefused)])
def test_a_check_that_cannot_start_ends_the_attempt(code: str, error: type[DomainError]) -> None:
    worker, face = willing_worker(), FakeFace(start_error=ProviderError("fake_face", code))
    with pytest.raises(error) as refused:
        start(worker, face)
    assert "手机号" in refused.value.text_zh
    assert (stored().status, stored().name_ciphertext) == ("failed", None)
    assert stored().outcome == ("unavailable" if code == "timeout" else "invalid_input")


def test_outages_of_the_vendor_use_up_no_attempt_of_the_day() -> None:
    with clock_at(START):
        worker = willing_worker()
    face = FakeFace(start_error=ProviderError("fake_face", "timeout"))
    for minute in range(1, 12):
        with clock_at(START + timedelta(minutes=minute)), pytest.raises(ProviderUnavailable):
            start(worker, face)
    with clock_at(START + timedelta(minutes=12)):
        assert start(worker, FakeFace()).status == "waiting"


def test_an_attempt_ends_after_half_an_hour() -> None:
    face = FakeFace()
    with clock_at(START):
        worker = willing_worker()
        started = start(worker, face)
    with clock_at(START + timedelta(minutes=30)):
        assert look(worker, started, face).status == "expired"
        assert face.polls == 0


def test_ways_can_be_changed_at_any_time() -> None:
    worker, face, number = willing_worker(), FakeFace(Outcome.PENDING), new_id_number()
    by_face = start(worker, face, number)
    by_phone = start_phone_verification(actor=worker.actor, name="张伟", id_number=number, carrier=FakeCarrier())
    face.outcome = Outcome.MATCH
    assert look(worker, by_face, face).status == "verified"
    code = last_code(worker.phone)
    assert confirm_verification_code(actor=worker.actor, verification_id=by_phone.id, code=code).status == "verified"


def test_an_account_never_changes_its_person() -> None:
    worker, face = willing_worker(), FakeFace(Outcome.PENDING)
    by_face = start(worker, face, new_id_number(), "张伟")
    by_phone = start_phone_verification(
        actor=worker.actor, name="王小丽", id_number=new_id_number(), carrier=FakeCarrier()
    )
    face.outcome = Outcome.MATCH
    look(worker, by_face, face)
    with pytest.raises(AlreadyVerified):
        confirm_verification_code(actor=worker.actor, verification_id=by_phone.id, code=last_code(worker.phone))
    person = get_profile(actor=worker.actor).person
    assert person is not None
    assert person.name == "张伟"


def test_an_attempt_belongs_to_its_account() -> None:
    worker, other, face = willing_worker(), willing_worker(), FakeFace()
    with pytest.raises(VerificationNotFound):
        look(other, start(worker, face), face)


def test_who_has_an_older_account_is_proven_and_may_claim_it() -> None:
    first, second, face = verified_worker(), willing_worker(), FakeFace()
    started = start(second, face, first.id_number)
    for _ in range(2):
        seen = look(second, started, face)
        assert (seen.status, seen.claim) == ("verified", OlderAccount(mask_phone(first.phone), proof_wanted=False))
    assert get_profile(actor=second.actor).person is None


def test_many_windows_that_look_at_once_verify_once() -> None:
    worker, face = willing_worker(), FakeFace()
    started = start(worker, face)
    with ThreadPoolExecutor(10) as pool:
        found = {view.status for view in pool.map(lambda _: look(worker, started, face), range(10))}
    assert found <= {"verified", "waiting"}
    assert look(worker, started, face).status == "verified"
