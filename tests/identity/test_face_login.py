"""Login by face: who passed is let in once; who asked in vain learns nothing (A3, T-07)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.accounts.errors import LoginTicketNotFound
from app.accounts.sessions import LoggedIn, authenticate_worker
from app.core.checks import Outcome
from app.core.clock import clock_at
from app.core.db import reading, transaction
from app.core.errors import DomainError, ProviderError, ProviderUnavailable
from app.identity.errors import (
    AgreementRequired,
    FaceCheckNotPassed,
    FaceCheckUsed,
    FaceLoginNoAccount,
    FaceLoginsUsedUp,
    FaceUnavailable,
    IdNumberInvalid,
    VerificationLimit,
)
from app.identity.face_checks import FaceWay, start_face_check
from app.identity.face_login import (
    PER_CLAIM,
    StartedFaceLogin,
    forget_face_logins,
    get_face_login,
    log_in_by_face,
    request_face_login,
    set_face_logins_per_day,
)
from app.identity.models import Consent, FaceCheck, FaceLogin
from app.notifications.service import list_messages
from tests.factories import CLIENT, agreements, new_id_number, new_ip, verified_worker
from tests.fakes import FakeFace

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
AGREED = ("user_agreement", "privacy_policy", "face_consent")


def ask(face: FakeFace, name: str, id_number: str, **changes: Any) -> StartedFaceLogin:
    asked = {"agreements": agreements(*AGREED), "way": FaceWay("https://g.example/r"), "ip": new_ip()} | changes
    return request_face_login(name=name, id_number=id_number, faces={"alipay": face}, **asked)


def enter(face: FakeFace, started: StartedFaceLogin) -> LoggedIn:
    return log_in_by_face(ticket=started.ticket, faces={"alipay": face}, **CLIENT)


def test_who_passes_is_logged_in_and_told() -> None:
    worker, face = verified_worker(), FakeFace(Outcome.PENDING)
    started = ask(face, worker.name, worker.id_number)
    assert started.check.url
    assert get_face_login(ticket=started.ticket, faces={"alipay": face}).status == "waiting"
    with pytest.raises(FaceCheckNotPassed):
        enter(face, started)
    face.outcome = Outcome.MATCH
    assert get_face_login(ticket=started.ticket, faces={"alipay": face}).status == "passed"
    opened = enter(face, started)
    assert authenticate_worker(token=opened.token).actor.account_id == worker.actor.account_id
    assert opened.actor.person_id == worker.actor.person_id
    assert [message.title for message in list_messages(actor=opened.actor)] == ["刷脸登录成功"]
    with reading() as session:
        kinds = set(session.scalars(select(Consent.kind).where(Consent.account_id == worker.actor.account_id)))
    assert set(AGREED) <= kinds
    with pytest.raises(FaceCheckUsed):
        enter(face, started)


def test_many_at_once_open_one_session() -> None:
    worker, face = verified_worker(), FakeFace()
    started = ask(face, worker.name, worker.id_number)

    def attempt(_: int) -> str:
        try:
            return enter(face, started).token and "in"
        except DomainError as error:
            return error.code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(attempt, range(6))) == ["face_check_used"] * 5 + ["in"]


def test_known_and_unknown_people_get_the_same_answer_until_they_prove_who_they_are() -> None:
    worker, face = verified_worker(), FakeFace(Outcome.PENDING)
    known, unknown = ask(face, worker.name, worker.id_number), ask(face, "王小丽", new_id_number())
    for started in (known, unknown):
        assert (started.check.status, bool(started.check.url)) == ("waiting", True)
        with pytest.raises(FaceCheckNotPassed):
            enter(face, started)
    assert len(face.started) == 2
    face.outcome = Outcome.MISMATCH
    for started in (known, unknown):
        assert get_face_login(ticket=started.ticket, faces={"alipay": face}).status == "failed"
        with pytest.raises(FaceCheckNotPassed):
            enter(face, started)
    face.outcome = Outcome.MATCH
    proven = ask(face, "王小丽", new_id_number())
    for _ in range(2):
        with pytest.raises(FaceLoginNoAccount) as refused:
            enter(face, proven)
    assert "手机号" in refused.value.text_zh


def test_a_check_made_for_something_else_logs_nobody_in() -> None:
    worker, face = verified_worker(), FakeFace()
    started = ask(face, worker.name, worker.id_number)
    other = start_face_check(
        actor=worker.actor, purpose="intent", subject="contract:1", subject_sha256="ab" * 32, way=FaceWay(""),
        faces={"alipay": face},
    )  # fmt: skip
    with transaction() as session:
        session.execute(update(FaceCheck).values(status="passed"))
        session.execute(update(FaceLogin).values(face_check_id=other.id))
    with pytest.raises(FaceCheckNotPassed):
        enter(face, started)


def test_another_persons_ticket_is_not_guessed() -> None:
    with pytest.raises(LoginTicketNotFound):
        get_face_login(ticket="made up", faces={"alipay": FakeFace()})
    with pytest.raises(LoginTicketNotFound):
        log_in_by_face(ticket="made up", faces={"alipay": FakeFace()}, **CLIENT)


def test_a_pass_that_comes_too_late_opens_nothing() -> None:
    worker, face = verified_worker(), FakeFace()
    with clock_at(START):
        started, passed = (ask(face, worker.name, worker.id_number) for _ in range(2))
        assert get_face_login(ticket=passed.ticket, faces={"alipay": face}).status == "passed"
    with clock_at(START + timedelta(minutes=10)):
        assert get_face_login(ticket=started.ticket, faces={"alipay": face}).status == "expired"
        for late in (started, passed):
            with pytest.raises(FaceCheckNotPassed):
                enter(face, late)


def test_face_consent_is_asked_for_and_wrong_numbers_are_named() -> None:
    face = FakeFace()
    with pytest.raises(AgreementRequired) as refused:
        ask(face, "张伟", new_id_number(), agreements=agreements())
    assert refused.value.details["kind"] == "face_consent"
    with pytest.raises(IdNumberInvalid):
        ask(face, "张伟", "220100199003071014")
    assert face.started == []


def test_an_outage_is_told_as_one() -> None:
    face = FakeFace(start_error=ProviderError("fake_face", "timeout"))
    with pytest.raises(ProviderUnavailable):
        ask(face, "张伟", new_id_number())
    face = FakeFace(Outcome.UNAVAILABLE)
    started = ask(face, "张伟", new_id_number())
    with pytest.raises(FaceUnavailable):
        enter(face, started)


def test_tries_are_limited_per_person_and_per_address() -> None:
    face, number = FakeFace(Outcome.PENDING), new_id_number()
    with clock_at(START):
        for _ in range(PER_CLAIM):
            ask(face, "张伟", number)
        with pytest.raises(VerificationLimit):
            ask(face, "张伟", number)
        ip = new_ip()
        for _ in range(30):
            ask(face, "张伟", new_id_number(), ip=ip)
        with pytest.raises(VerificationLimit):
            ask(face, "张伟", new_id_number(), ip=ip)
    with clock_at(START + timedelta(minutes=11)):
        ask(face, "张伟", number)


@pytest.fixture
def two_a_day() -> Iterator[None]:
    set_face_logins_per_day(2)
    yield
    set_face_logins_per_day(0)


@pytest.mark.usefixtures("two_a_day")
def test_the_platform_pays_for_so_many_a_day() -> None:
    face = FakeFace(Outcome.PENDING)
    with clock_at(START):
        for _ in range(2):
            ask(face, "张伟", new_id_number())
        with pytest.raises(FaceLoginsUsedUp) as refused:
            ask(face, "王小丽", new_id_number())
    assert refused.value.details["retry_after"] == 24 * 3600
    assert "短信验证码" in refused.value.text_zh
    assert len(face.started) == 2
    with clock_at(START + timedelta(days=1)):
        ask(face, "王小丽", new_id_number())


def test_old_tickets_are_forgotten() -> None:
    with clock_at(START):
        ask(FakeFace(Outcome.PENDING), "张伟", new_id_number())
    with clock_at(START + timedelta(days=1)):
        assert forget_face_logins() == 0
    with clock_at(START + timedelta(days=3)):
        assert forget_face_logins() == 1
