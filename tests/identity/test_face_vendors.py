"""Several face vendors: the one that began a check is asked about it, about the person whom it was told (B3, T-07)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.core.checks import Outcome
from app.core.clock import clock_at
from app.core.db import reading, transaction
from app.core.errors import InvalidInput, ProviderError, ProviderUnavailable
from app.identity.consents import withdraw_consent
from app.identity.errors import FaceCheckNotPassed, FaceCheckRefused, FaceNotPossible
from app.identity.face_checks import (
    FaceCheckView,
    FaceWay,
    consume_face_check,
    refresh_face_check,
    start_face_check,
)
from app.identity.face_verification import get_current_verification, get_verification, start_face_verification
from app.identity.models import FaceCheck, Person, Verification
from app.identity.persons import get_profile
from app.identity.ports import FaceSubject
from app.identity.verification_cleanup import forget_stale_claims
from tests.factories import Worker, consent, new_id_number, new_worker, verified_worker
from tests.fakes import FakeFace

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
SUBJECT, SHA256 = "seal:1", "cd" * 32


def vendors(**named: FakeFace) -> dict[str, FakeFace]:
    return {"alipay": FakeFace(Outcome.PENDING), "tencent": FakeFace(Outcome.PENDING)} | named


def check(worker: Worker, faces: dict[str, FakeFace], purpose: str = "intent", **way: Any) -> FaceCheckView:
    return start_face_check(
        actor=worker.actor, purpose=purpose, subject=SUBJECT, subject_sha256=SHA256,
        way=FaceWay("https://g.example/r", **way), faces=faces,
    )  # fmt: skip


def look(worker: Worker, started: FaceCheckView, faces: dict[str, FakeFace]) -> FaceCheckView:
    return refresh_face_check(actor=worker.actor, face_check_id=started.id, faces=faces)


def willing_worker() -> Worker:
    worker = new_worker()
    consent(worker.actor, "verification_consent", "face_consent")
    return worker


def stored() -> FaceCheck:
    with reading() as session:
        return session.scalars(select(FaceCheck)).one()


def test_the_first_is_preferred_and_any_can_be_chosen() -> None:
    worker, faces = verified_worker(), vendors()
    check(worker, faces)
    check(worker, faces, provider="tencent")
    assert [len(face.started) for face in faces.values()] == [1, 1]
    with pytest.raises(InvalidInput) as refused:
        check(worker, faces, provider="wechat")
    assert "provider" in refused.value.fields


def test_only_the_vendor_that_began_it_is_asked_and_about_that_person() -> None:
    worker, faces = verified_worker(), vendors(alipay=FakeFace(Outcome.MATCH))
    started = check(worker, faces, provider="tencent")
    assert look(worker, started, faces).status == "waiting", "another vendor's yes does not count"
    assert faces["alipay"].polls == 0
    faces["tencent"].outcome = Outcome.MATCH
    assert look(worker, started, dict(reversed(faces.items()))).status == "passed"
    assert faces["tencent"].asked[-1] == (FaceSubject(worker.name, worker.id_number), started.id.hex, "")


def test_a_vendor_that_was_switched_off_settles_nothing() -> None:
    with clock_at(START):
        worker, faces = verified_worker(), vendors()
        started = check(worker, faces, provider="tencent")
        faces.pop("tencent")
        assert look(worker, started, faces).status == "waiting"
    with clock_at(START + timedelta(minutes=10)):
        assert look(worker, started, faces).status == "expired"


def test_name_and_number_are_kept_until_there_is_a_verdict() -> None:
    worker, faces = verified_worker(), vendors(alipay=FakeFace(Outcome.PENDING))
    started = check(worker, faces, openid="o-1")
    kept = stored()
    assert (kept.vendor, kept.name, kept.id_number, kept.openid) == ("alipay", worker.name, worker.id_number, "o-1")
    faces["alipay"].outcome = Outcome.MISMATCH
    look(worker, started, faces)
    ended = stored()
    personal = ended.name_ciphertext, ended.id_number_ciphertext, ended.openid_ciphertext, ended.app_call_ciphertext
    assert personal == (None, None, None, None)


def test_checks_that_nobody_looked_at_again_are_wiped_at_night() -> None:
    with clock_at(START):
        check(verified_worker(), vendors())
    with clock_at(START + timedelta(minutes=11)):
        assert forget_stale_claims() == 1
    assert (stored().status, stored().name_ciphertext) == ("expired", None)


def test_wechat_is_for_its_mini_program() -> None:
    worker, faces = verified_worker(), {"wechat": FakeFace(Outcome.PENDING)} | vendors()
    check(worker, faces)
    assert faces["wechat"].started == []
    for way in ({}, {"openid": "o-1", "elsewhere": True}):
        with pytest.raises(InvalidInput):
            check(worker, faces, provider="wechat", **way)
    started = check(worker, faces, provider="wechat", openid="o-1")
    assert started.app_call == {"ref": started.id.hex}
    look(worker, started, faces)
    assert faces["wechat"].asked[-1][2] == "o-1"
    with pytest.raises(ProviderUnavailable):
        check(worker, {"wechat": FakeFace()})


def test_a_check_for_another_device_stays_one() -> None:
    worker, faces = verified_worker(), vendors()
    started = check(worker, faces, elsewhere=True)
    assert started.elsewhere
    assert look(worker, started, faces).elsewhere


def test_a_page_that_does_not_open_in_this_browser_is_opened_elsewhere() -> None:
    worker, faces = verified_worker(), vendors()
    there = "https://g.example/elsewhere"
    for way, vendor, elsewhere in (
        ({"browser": "other"}, "alipay", False), ({"browser": "weixin"}, "tencent", False),
        ({"browser": "other", "provider": "tencent"}, "tencent", True),
        ({"browser": "weixin", "provider": "alipay"}, "alipay", True),
    ):  # fmt: skip
        started = check(worker, faces, elsewhere_url=there, **way)
        assert started.elsewhere is elsewhere
        assert faces[vendor].started[-1][2] == (there if elsewhere else "https://g.example/r")
    assert check(worker, {"alipay": FakeFace()}, browser="weixin").elsewhere


@pytest.mark.parametrize("purpose", ["seal_authorisation", "hand_over", "download"])
def test_a_check_is_spent_for_its_own_purpose_only(purpose: str) -> None:
    worker, faces = verified_worker(), {"alipay": FakeFace()}
    started = check(worker, faces, purpose)
    look(worker, started, faces)
    bound = {"person_id": worker.actor.person_id, "subject": SUBJECT, "subject_sha256": SHA256}
    for other in {"real_name", "intent", "login", "download", "seal_authorisation", "hand_over"} - {purpose}:
        with pytest.raises(FaceCheckNotPassed), transaction() as session:
            consume_face_check(session, **bound, purpose=other, face_check_id=started.id)
    with transaction() as session:
        consume_face_check(session, **bound, purpose=purpose, face_check_id=started.id)


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (ProviderError("fake", "timeout"), ProviderUnavailable),
        (ProviderError("fake", "account_problem"), ProviderUnavailable),
        (ProviderError("fake", "invalid_input", permanent=True), FaceCheckRefused),
    ],
)
def test_when_one_vendor_fails_another_can_be_used_at_once(error: ProviderError, refusal: type[Exception]) -> None:
    worker, faces = willing_worker(), vendors(alipay=FakeFace(start_error=error), tencent=FakeFace())
    asked = {"actor": worker.actor, "name": "张伟", "id_number": new_id_number(), "faces": faces}
    with pytest.raises(refusal) as refused:
        start_face_verification(**asked, way=FaceWay(""))  # type: ignore[arg-type]
    assert "换一家核验机构" in refused.value.text_zh  # type: ignore[attr-defined]
    started = start_face_verification(**asked, way=FaceWay("", provider="tencent"))  # type: ignore[arg-type]
    assert get_verification(actor=worker.actor, verification_id=started.id, faces=faces).status == "verified"


def test_the_newest_open_attempt_is_found_again() -> None:
    worker, faces = willing_worker(), vendors()
    assert get_current_verification(actor=worker.actor, faces=faces) is None
    asked = {"actor": worker.actor, "name": "张伟", "id_number": new_id_number(), "faces": faces}
    with clock_at(START):
        start_face_verification(**asked, way=FaceWay(""))  # type: ignore[arg-type]
    with clock_at(START + timedelta(minutes=1)):
        newest = start_face_verification(**asked, way=FaceWay("", elsewhere=True))  # type: ignore[arg-type]
        found = get_current_verification(actor=worker.actor, faces=faces)
        assert found is not None
        assert (found.id, found.face) == (newest.id, newest.face)
        assert found.face is not None
        assert found.face.elsewhere
        assert get_current_verification(actor=new_worker().actor, faces=faces) is None
    with clock_at(START + timedelta(hours=1)):
        assert get_current_verification(actor=worker.actor, faces=faces) is None


def test_a_consent_taken_back_stops_what_is_under_way() -> None:
    worker, faces = willing_worker(), vendors(alipay=FakeFace(Outcome.PENDING))
    started = start_face_verification(
        actor=worker.actor, name="张伟", id_number=new_id_number(), way=FaceWay(""), faces=faces
    )
    withdraw_consent(actor=worker.actor, kind="face_consent")
    faces["alipay"].outcome = Outcome.MATCH
    seen = get_verification(actor=worker.actor, verification_id=started.id, faces=faces)
    assert (seen.status, seen.face, faces["alipay"].polls) == ("cancelled", None, 0)
    assert get_profile(actor=worker.actor).person is None
    assert (stored().status, stored().name_ciphertext) == ("cancelled", None)
    with reading() as session:
        assert session.scalars(select(Verification)).one().id_number_ciphertext is None


def test_a_consent_taken_back_while_the_vendor_was_asked_stops_it_too() -> None:
    worker, face = verified_worker(), FakeFace()

    class Slow(FakeFace):
        def result(self, **asked: Any) -> Any:
            withdraw_consent(actor=worker.actor, kind="face_consent")
            return super().result(**asked)

    class SlowStart(FakeFace):
        def start(self, **asked: Any) -> Any:
            withdraw_consent(actor=worker.actor, kind="face_consent")
            return super().start(**asked)

    started = check(worker, {"alipay": face})
    assert look(worker, started, {"alipay": Slow()}).status == "cancelled"
    consent(worker.actor, "face_consent")
    late = check(worker, {"alipay": SlowStart()})
    assert (late.status, late.url) == ("cancelled", None)


def test_only_residents_are_checked_by_face() -> None:
    worker = verified_worker()
    with transaction() as session:
        session.scalars(select(Person)).one().id_type = "passport"
    with pytest.raises(FaceNotPossible) as refused:
        check(worker, vendors())
    assert "短信验证码" in refused.value.text_zh


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Outcome.PENDING, None),
        (Outcome.UNAVAILABLE, "provider_unavailable"),
        (Outcome.RATE_LIMITED, "provider_unavailable"),
        (Outcome.MISMATCH, "face_mismatch"),
        (Outcome.NO_RECORD, "face_no_record"),
        (Outcome.INVALID_INPUT, "face_check_refused"),
        (Outcome.UNSUPPORTED, "face_check_refused"),
        (Outcome.CANCELLED, "face_cancelled"),
        (Outcome.EXPIRED, "face_expired"),
        (Outcome.MATCH, None),
    ],
)
def test_every_answer_says_what_happened_and_what_to_do(outcome: Outcome, code: str | None) -> None:
    worker, faces = verified_worker(), {"alipay": FakeFace(outcome)}
    seen = look(worker, check(worker, faces), faces)
    assert (seen.reason.code if seen.reason else None) == code
    assert seen.reason is None or any(way in seen.reason.text_zh for way in ("手机号", "重新开始"))
    again = look(worker, seen, faces)
    assert (again.status, again.reason and again.reason.code) == (seen.status, code)
