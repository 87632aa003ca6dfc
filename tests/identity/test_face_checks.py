"""Face checks: only the vendor's answer counts, for one person, purpose and subject, once, for a while (T-07, T-08)."""

import itertools
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.core.checks import Outcome
from app.core.clock import clock_at
from app.core.db import reading, transaction
from app.core.errors import DomainError, ProviderError, ProviderUnavailable
from app.identity.consents import withdraw_consent
from app.identity.errors import (
    ConsentRequired,
    FaceCheckNotFound,
    FaceCheckNotPassed,
    FaceCheckRefused,
    FaceCheckUsed,
    VerificationLimit,
    VerificationRequired,
)
from app.identity.face_checks import (
    FaceCheckView,
    FaceWay,
    choose_way,
    consume_face_check,
    refresh_face_check,
    start_face_check,
)
from app.identity.models import FaceCheck
from app.identity.ports import FaceSubject
from app.identity.verification_cleanup import forget_stale_claims
from tests.factories import Worker, consent, new_worker, verified_worker
from tests.fakes import FakeFace

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
SUBJECT, SHA256 = f"contract:{uuid.uuid4()}", "ab" * 32
RETURN = "https://gongyue.example/h5/#/pages/face/return"


def start(worker: Worker, face: FakeFace) -> FaceCheckView:
    return start_face_check(
        actor=worker.actor,
        purpose="intent",
        subject=SUBJECT,
        subject_sha256=SHA256,
        way=FaceWay(RETURN),
        faces={"alipay": face},
    )


def spend(check: FaceCheckView, worker: Worker, **changes: Any) -> None:
    with transaction() as session:
        consume_face_check(session, **{**bound(check, worker), **changes})


def bound(check: FaceCheckView, worker: Worker) -> dict[str, Any]:
    return {
        "face_check_id": check.id, "person_id": worker.actor.person_id, "purpose": "intent", "subject": SUBJECT,
        "subject_sha256": SHA256,
    }  # fmt: skip


def look(worker: Worker, check: FaceCheckView, face: FakeFace) -> FaceCheckView:
    return refresh_face_check(actor=worker.actor, face_check_id=check.id, faces={"alipay": face})


def passed(worker: Worker) -> FaceCheckView:
    face = FakeFace()
    return refresh_face_check(actor=worker.actor, face_check_id=start(worker, face).id, faces={"alipay": face})


def test_a_check_waits_for_the_person_then_passes_and_is_spent_once() -> None:
    worker, face = verified_worker(), FakeFace(Outcome.PENDING)
    started = start(worker, face)
    assert (started.status, started.url) == ("waiting", f"https://face.example/{started.id.hex}")
    assert face.started == [(worker.name, worker.id_number, RETURN)], "we name the person, not the client"
    waiting = refresh_face_check(actor=worker.actor, face_check_id=started.id, faces={"alipay": face})
    assert (waiting.status, waiting.url) == ("waiting", started.url), "it can be opened again after a restart"
    with pytest.raises(FaceCheckNotPassed):
        spend(started, worker)
    face.outcome = Outcome.MATCH
    done = refresh_face_check(actor=worker.actor, face_check_id=started.id, faces={"alipay": face})
    assert (done.status, done.url, done.outcome) == ("passed", None, "match")
    spend(started, worker)
    with pytest.raises(FaceCheckUsed):
        spend(started, worker)


def test_the_address_of_the_vendors_page_is_encrypted() -> None:
    started = start(verified_worker(), FakeFace(Outcome.PENDING))
    with reading() as session:
        assert started.url
        assert started.url.encode() not in session.get_one(FaceCheck, started.id).url_ciphertext


def test_the_vendor_is_asked_about_that_person_whose_data_are_wiped_then() -> None:
    worker, face = verified_worker(), FakeFace(Outcome.PENDING)
    started = start(worker, face)
    with reading() as session:
        row = session.get_one(FaceCheck, started.id)
        assert (row.name, row.id_number) == (worker.name, worker.id_number)
        assert worker.id_number.encode() not in row.id_number_ciphertext
    refresh_face_check(actor=worker.actor, face_check_id=started.id, faces={"alipay": face})
    face.outcome = Outcome.MATCH
    refresh_face_check(actor=worker.actor, face_check_id=started.id, faces={"alipay": face})
    assert face.asked == [(FaceSubject(worker.name, worker.id_number), started.id.hex, "")] * 2
    with reading() as session:
        row = session.get_one(FaceCheck, started.id)
        assert [row.name_ciphertext, row.id_number_ciphertext, row.openid_ciphertext, row.url_ciphertext] == [None] * 4


def test_whom_a_forgotten_check_was_about_is_wiped() -> None:
    with clock_at(START):
        started = start(verified_worker(), FakeFace(Outcome.PENDING))
        assert forget_stale_claims() == 0
    with clock_at(START + timedelta(minutes=10)):
        assert forget_stale_claims() == 1
    with reading() as session:
        row = session.get_one(FaceCheck, started.id)
        assert (row.status, row.name_ciphertext, row.id_number_ciphertext) == ("expired", None, None)


def test_a_settled_check_is_asked_about_no_more() -> None:
    worker, face = verified_worker(), FakeFace(Outcome.MISMATCH)
    started = start(worker, face)
    assert refresh_face_check(actor=worker.actor, face_check_id=started.id, faces={"alipay": face}).status == "failed"
    face.outcome = Outcome.MATCH
    assert refresh_face_check(actor=worker.actor, face_check_id=started.id, faces={"alipay": face}).status == "failed"
    assert face.polls == 1
    with pytest.raises(FaceCheckNotPassed):
        spend(started, worker)


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome.MISMATCH, "failed"),
        (Outcome.NO_RECORD, "failed"),
        (Outcome.INVALID_INPUT, "failed"),
        (Outcome.UNSUPPORTED, "failed"),
        (Outcome.CANCELLED, "cancelled"),
        (Outcome.EXPIRED, "expired"),
        (Outcome.PENDING, "waiting"),
        (Outcome.UNAVAILABLE, "waiting"),
        (Outcome.RATE_LIMITED, "waiting"),
    ],
)
def test_each_answer_of_the_vendor(outcome: Outcome, status: str) -> None:
    worker, face = verified_worker(), FakeFace(outcome)
    started = start(worker, face)
    assert refresh_face_check(actor=worker.actor, face_check_id=started.id, faces={"alipay": face}).status == status
    with pytest.raises(FaceCheckNotPassed):
        spend(started, worker)


def test_an_outage_delays_and_decides_nothing() -> None:
    worker, face = verified_worker(), FakeFace(result_error=ProviderError("fake_face", "timeout"))
    started = start(worker, face)
    assert refresh_face_check(actor=worker.actor, face_check_id=started.id, faces={"alipay": face}).status == "waiting"
    face.result_error = None
    assert refresh_face_check(actor=worker.actor, face_check_id=started.id, faces={"alipay": face}).status == "passed"


_OTHERS = {
    "person_id": uuid.uuid4(),
    "purpose": "real_name",
    "subject": f"contract:{uuid.uuid4()}",
    "subject_sha256": "cd" * 32,
}
_SUBSETS = [names for size in range(1, 5) for names in itertools.combinations(_OTHERS, size)]


def test_a_pass_is_good_for_nothing_else() -> None:
    worker = verified_worker()
    check = passed(worker)
    for names in _SUBSETS:
        with pytest.raises(FaceCheckNotPassed):
            spend(check, worker, **{name: _OTHERS[name] for name in names})
    with pytest.raises(FaceCheckNotPassed):
        spend(check, worker, face_check_id=uuid.uuid4())
    spend(check, worker)


def test_a_pass_expires_after_ten_minutes() -> None:
    with clock_at(START):
        worker = verified_worker()
        early, late = passed(worker), passed(worker)
    with clock_at(START + timedelta(minutes=9, seconds=59)):
        spend(early, worker)
    with clock_at(START + timedelta(minutes=10)), pytest.raises(FaceCheckNotPassed):
        spend(late, worker)


def test_a_person_who_comes_too_late_has_to_start_again() -> None:
    face = FakeFace()
    with clock_at(START):
        worker = verified_worker()
        started = start(worker, face)
    with clock_at(START + timedelta(minutes=10)):
        assert (
            refresh_face_check(actor=worker.actor, face_check_id=started.id, faces={"alipay": face}).status == "expired"
        )
    assert face.polls == 0


def test_many_at_once_spend_a_pass_once() -> None:
    worker = verified_worker()
    check = passed(worker)

    def attempt(_: int) -> str:
        try:
            spend(check, worker)
        except DomainError as error:
            return error.code
        return "ok"

    with ThreadPoolExecutor(20) as pool:
        outcomes = sorted(pool.map(attempt, range(40)))
    assert outcomes == ["face_check_used"] * 39 + ["ok"]


def test_a_pass_is_unspent_when_the_transaction_fails() -> None:
    worker = verified_worker()
    check = passed(worker)

    def spend_and_fail() -> None:
        with transaction() as session:
            consume_face_check(session, **bound(check, worker))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        spend_and_fail()
    spend(check, worker)


def test_a_check_belongs_to_its_account() -> None:
    worker, other = verified_worker(), verified_worker("王小丽")
    started = start(worker, FakeFace())
    with pytest.raises(FaceCheckNotFound):
        refresh_face_check(actor=other.actor, face_check_id=started.id, faces={"alipay": FakeFace()})
    with pytest.raises(FaceCheckNotFound):
        refresh_face_check(actor=worker.actor, face_check_id=uuid.uuid4(), faces={"alipay": FakeFace()})


def test_face_needs_a_verified_person_and_a_consent_of_its_own() -> None:
    face, unverified, worker = FakeFace(), new_worker(), verified_worker()
    consent(unverified.actor, "face_consent")
    with pytest.raises(VerificationRequired):
        start(unverified, face)
    withdraw_consent(actor=worker.actor, kind="face_consent")
    with pytest.raises(ConsentRequired) as refused:
        start(worker, face)
    assert refused.value.details["kind"] == "face_consent"
    assert face.started == []


@pytest.mark.parametrize(
    ("code", "error"),
    [("timeout", ProviderUnavailable), ("refused", ProviderUnavailable), ("invalid_input", FaceCheckRefused)],
)
def test_a_check_that_could_not_start_is_kept_as_such(code: str, error: type[DomainError]) -> None:
    worker, face = verified_worker(), FakeFace(start_error=ProviderError("fake_face", code))
    with pytest.raises(error):
        start(worker, face)
    with reading() as session:
        row = session.scalars(select(FaceCheck)).one()
    assert (row.status, row.provider, row.provider_code) == ("unavailable", "fake_face", code)


def test_five_checks_a_minute() -> None:
    with clock_at(START):
        worker, face = verified_worker(), FakeFace()
        for _ in range(5):
            start(worker, face)
        with pytest.raises(VerificationLimit) as refused:
            start(worker, face)
        assert refused.value.details == {"retry_after": 60}
    with clock_at(START + timedelta(seconds=60)):
        start(worker, face)
    assert len(face.started) == 6


@pytest.mark.parametrize(
    ("configured", "way", "chosen"),
    [
        ("alipay tencent wechat", FaceWay(""), "alipay"),
        ("alipay tencent wechat", FaceWay("", provider="tencent", platform="alipay"), "tencent"),
        ("alipay tencent wechat", FaceWay("", platform="weixin", openid="o1"), "tencent"),
        ("alipay wechat", FaceWay("", platform="weixin", openid="o1"), "wechat"),
        ("alipay wechat", FaceWay("", platform="weixin"), "alipay"),
        ("alipay wechat", FaceWay("", platform="weixin", openid="o1", elsewhere=True), "alipay"),
        ("tencent alipay", FaceWay("", platform="alipay"), "alipay"),
        ("wechat tencent", FaceWay(""), "tencent"),
    ],
)
def test_a_mini_program_prefers_the_vendors_that_open_in_it(configured: str, way: FaceWay, chosen: str) -> None:
    faces = {name: FakeFace() for name in configured.split()}
    assert choose_way(faces, way).provider == chosen
