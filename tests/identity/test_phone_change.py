"""Another phone for an account: what dies, what stays, who is told, and what is decided once (A1, A7; T-06, T-09)."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

import pytest
from sqlalchemy import select

from app.accounts.bindings import bind_platform, list_bindings
from app.accounts.errors import (
    CodeExpired,
    CodeWrong,
    LinkExpired,
    PhoneTaken,
    PhoneUnchanged,
    SessionEnded,
    SmsLimitReached,
    WorkerNotRegistered,
)
from app.accounts.links import LinkPurpose, claim_link, issue_link
from app.accounts.login import find_operator, request_login_code
from app.accounts.models import CodePurpose, OneTimeCode, WorkerAccount
from app.accounts.passwords import (
    request_password_reset_code,
    reset_password,
)
from app.accounts.sessions import authenticate_worker
from app.audit.models import AuditEntry
from app.core.checks import Outcome
from app.core.clock import clock_at, now
from app.core.db import reading, transaction
from app.core.errors import InvalidInput, NotPermitted
from app.core.ids import new_id
from app.core.text import mask_phone
from app.identity.errors import FaceCheckNotFound, FaceCheckNotPassed, FaceUnavailable, VerificationRequired
from app.identity.face_checks import FaceWay
from app.identity.login import log_in_worker
from app.identity.phone_change import (
    change_phone,
    request_new_phone_code,
    request_old_phone_code,
    start_phone_face_check,
)
from app.notifications.models import SmsMessage
from app.notifications.service import list_messages
from tests.accounts.password_world import GOOD, cheap_hashes
from tests.factories import (
    CLIENT,
    Worker,
    agreements,
    last_code,
    log_in,
    new_employer,
    new_ip,
    new_phone,
    new_worker,
    verified_worker,
)
from tests.fakes import FakeFace, FakeMiniPlatform
from tests.identity.phone_world import START, account_of, change, codes, later, told
from tests.races.contest import at_once, refusals

__all__ = ["cheap_hashes"]

pytestmark = pytest.mark.usefixtures("database", "cheap_hashes")


class TestBySettings:
    def test_the_account_stays_and_the_new_phone_logs_in(self) -> None:
        with clock_at(START):
            worker, phone = verified_worker(), new_phone()
        with clock_at(later()):
            change(worker, phone)
        with clock_at(later(5)):
            assert log_in(phone).actor.account_id == worker.actor.account_id
            authenticate_worker(token=worker.token)
            assert log_in(worker.phone).actor.account_id != worker.actor.account_id

    def test_the_old_phone_is_told_and_other_devices_are_out(self) -> None:
        with clock_at(START):
            worker, phone = new_worker(), new_phone()
        with clock_at(later()):
            elsewhere = log_in(worker.phone)
            change(worker, phone)
            with pytest.raises(SessionEnded):
                authenticate_worker(token=elsewhere.token)
            message = list_messages(actor=worker.actor)[0]
        assert told(worker.phone).count("SMS_PHONE_CHANGED") == 1
        with reading() as session:
            to_old = session.scalars(select(SmsMessage).where(SmsMessage.template == "SMS_PHONE_CHANGED")).one()
            assert to_old.params == "{}", "whoever has the old phone learns nothing of the new one"
        assert message.kind == "account.phone_changed"
        assert mask_phone(phone) in message.body
        with reading() as session:
            entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "account.phone_changed")).one()
            assert phone not in str(entry.data)

    def test_both_codes_are_needed_and_a_wrong_one_spends_neither(self) -> None:
        worker, phone = new_worker(), new_phone()
        code, old_code = codes(worker, phone)
        wrong = f"{(int(old_code) + 1) % 1_000_000:06d}"
        with pytest.raises(CodeWrong):
            change_phone(actor=worker.actor, phone=phone, code=code, old_code=wrong)
        with pytest.raises(CodeWrong):
            change_phone(actor=worker.actor, phone=phone, code=f"{(int(code) + 1) % 1_000_000:06d}", old_code=old_code)
        assert account_of(worker).phone == worker.phone
        change_phone(actor=worker.actor, phone=phone, code=code, old_code=old_code)
        assert account_of(worker).phone == phone

    def test_a_code_of_another_worker_or_phone_changes_nothing(self) -> None:
        worker, other, phone = new_worker(), new_worker(), new_phone()
        code, old_code = codes(worker, phone)
        with pytest.raises(CodeExpired):
            change_phone(actor=other.actor, phone=phone, code=code, old_code=old_code)
        with pytest.raises(CodeExpired):
            change_phone(actor=worker.actor, phone=new_phone(), code=code, old_code=old_code)

    def test_known_and_unknown_numbers_get_the_same_answer_until_they_are_proven(self) -> None:
        with clock_at(START):
            worker, other = new_worker(), verified_worker("李娜")
        with clock_at(later()):
            known = request_new_phone_code(actor=worker.actor, phone=other.phone)
            request_old_phone_code(actor=worker.actor)
            code, old_code = last_code(other.phone, "SMS_PHONE"), last_code(worker.phone, "SMS_PHONE")
            with pytest.raises(PhoneTaken):
                change_phone(actor=worker.actor, phone=other.phone, code=code, old_code=old_code)
        with clock_at(later(5)):
            assert request_new_phone_code(actor=worker.actor, phone=new_phone()) == known
        authenticate_worker(token=other.token)

    def test_the_same_number_and_operators_have_nothing_to_change(self) -> None:
        worker, employer = new_worker(), new_employer()
        with pytest.raises(PhoneUnchanged):
            request_new_phone_code(actor=worker.actor, phone=worker.phone)
        for ask in (lambda: request_new_phone_code(actor=employer.actor, phone=new_phone()),
                    lambda: request_old_phone_code(actor=employer.actor)):  # fmt: skip
            with pytest.raises(NotPermitted):
                ask()

    def test_an_account_behind_which_nobody_stands_gives_its_phone(self) -> None:
        with clock_at(START):
            worker, empty = verified_worker(), new_worker()
        with clock_at(later()):
            platform = FakeMiniPlatform()
            bind_platform(actor=empty.actor, kind="weixin", platform=platform, code="code-o1-1")
            change(worker, empty.phone)
            assert account_of(empty).closed_at == later()
            with pytest.raises(SessionEnded):
                authenticate_worker(token=empty.token)
            assert list_bindings(actor=empty.actor) == list_bindings(actor=worker.actor) == []
        with clock_at(later(5)):
            assert log_in(empty.phone).actor.account_id == worker.actor.account_id

    def test_what_led_to_the_old_number_dies(self) -> None:
        with clock_at(START):
            worker, phone = new_worker(), new_phone()
            with transaction() as session:
                token = issue_link(
                    session, purpose=LinkPurpose.CONTRACT, target=("contract", new_id()), phone=worker.phone,
                    organisation_id=new_id(), expires_at=later(60 * 24),
                )  # fmt: skip
        with clock_at(later()):
            request_password_reset_code(account_kind="worker", phone=worker.phone, ip=new_ip())
            reset_code = last_code(worker.phone, "SMS_PASSWORD")
            change(worker, phone)
            with pytest.raises(LinkExpired):
                claim_link(actor=worker.actor, token=token)
            with pytest.raises(WorkerNotRegistered):
                reset_password(account_kind="worker", phone=worker.phone, code=reset_code, password=GOOD, **CLIENT)

    def test_the_operators_account_of_the_same_number_is_not_touched(self) -> None:
        with clock_at(START):
            worker = new_worker()
        with clock_at(later()):
            employer = new_employer(phone=worker.phone)
        with clock_at(later(5)):
            change(worker, new_phone())
            with reading() as session:
                operator = find_operator(session, worker.phone)
        assert operator is not None
        assert operator.id == employer.actor.account_id

    def test_somebody_who_logs_in_with_the_new_phone_at_the_same_moment(self) -> None:
        with clock_at(START):
            worker, phone = verified_worker(), new_phone()
        with clock_at(later()):
            request_login_code(account_kind="worker", phone=phone, ip=new_ip())
            login_code = last_code(phone, "SMS_LOGIN")
        with clock_at(later(4)):
            code, old_code = codes(worker, phone)
            outcomes = at_once(
                lambda: change_phone(actor=worker.actor, phone=phone, code=code, old_code=old_code),
                lambda: log_in_worker(phone=phone, code=login_code, agreements=agreements(), **CLIENT),
            )
            assert refusals(outcomes) == []
        assert account_of(worker).phone == phone
        with reading() as session:
            open_ones = session.scalars(select(WorkerAccount.id).where(WorkerAccount.closed_at.is_(None))).all()
        assert open_ones == [worker.actor.account_id]

    def test_codes_for_a_new_phone_count_among_those_that_anybody_can_cause(self) -> None:
        phone = new_phone()
        for number in range(5):
            with clock_at(START + timedelta(minutes=2 * number)):
                request_new_phone_code(actor=new_worker().actor, phone=phone)
        with reading() as session:
            sent = session.scalars(
                select(OneTimeCode.purpose).where(OneTimeCode.purpose == CodePurpose.NEW_PHONE)
            ).all()
        assert len(sent) == 5
        with clock_at(START + timedelta(minutes=12)), pytest.raises(SmsLimitReached):
            request_login_code(account_kind="worker", phone=phone, ip=new_ip())


class TestByFace:
    """The old SIM is gone, the session is still there: the account's person shows the face."""

    FACE: ClassVar = FaceWay("https://gongyue.example/h5/")

    def proof(self, worker: Worker, phone: str, face: FakeFace) -> tuple[str, uuid.UUID]:
        check = start_phone_face_check(actor=worker.actor, phone=phone, way=self.FACE, faces={"alipay": face})
        request_new_phone_code(actor=worker.actor, phone=phone)
        return last_code(phone, "SMS_PHONE"), check.id

    def test_a_passed_check_takes_the_place_of_the_old_code(self) -> None:
        worker, phone, face = verified_worker(), new_phone(), FakeFace()
        code, check_id = self.proof(worker, phone, face)
        change_phone(actor=worker.actor, phone=phone, code=code, face_check_id=check_id, faces={"alipay": face})
        assert account_of(worker).phone == phone

    def test_whoever_has_the_lost_phone_has_its_platforms_too(self) -> None:
        worker, phone, face = verified_worker(), new_phone(), FakeFace()
        for kind in ("weixin", "alipay"):
            bind_platform(actor=worker.actor, kind=kind, platform=FakeMiniPlatform(kind), code="code-o1-1")
        code, check_id = self.proof(worker, phone, face)
        here = replace(worker.actor, channel="alipay")
        change_phone(actor=here, phone=phone, code=code, face_check_id=check_id, faces={"alipay": face})
        assert [one.kind for one in list_bindings(actor=worker.actor)] == ["alipay"]

    @pytest.mark.parametrize("outcome", [Outcome.MISMATCH, Outcome.PENDING, Outcome.UNAVAILABLE, Outcome.CANCELLED])
    def test_anything_else_changes_nothing_and_spends_no_code(self, outcome: Outcome) -> None:
        worker, phone, face = verified_worker(), new_phone(), FakeFace(outcome)
        code, check_id = self.proof(worker, phone, face)
        with pytest.raises(FaceUnavailable if outcome is Outcome.UNAVAILABLE else FaceCheckNotPassed):
            change_phone(actor=worker.actor, phone=phone, code=code, face_check_id=check_id, faces={"alipay": face})
        old_code = (request_old_phone_code(actor=worker.actor), last_code(worker.phone, "SMS_PHONE"))[1]
        change_phone(actor=worker.actor, phone=phone, code=code, old_code=old_code)

    def test_a_check_is_good_for_the_new_phone_that_it_was_made_for(self) -> None:
        worker, phone, other, face = verified_worker(), new_phone(), new_phone(), FakeFace()
        _, check_id = self.proof(worker, phone, face)
        with clock_at(now() + timedelta(minutes=2)):
            request_new_phone_code(actor=worker.actor, phone=other)
            with pytest.raises(FaceCheckNotPassed):
                change_phone(
                    actor=worker.actor, phone=other, code=last_code(other, "SMS_PHONE"), face_check_id=check_id,
                    faces={"alipay": face},
                )  # fmt: skip
        assert account_of(worker).phone == worker.phone

    def test_another_workers_check_and_a_missing_proof_are_refused(self) -> None:
        worker, thief, phone, face = verified_worker(), verified_worker("李娜"), new_phone(), FakeFace()
        code, check_id = self.proof(worker, phone, face)
        with pytest.raises(FaceCheckNotFound):
            change_phone(actor=thief.actor, phone=phone, code=code, face_check_id=check_id, faces={"alipay": face})
        with pytest.raises(InvalidInput):
            change_phone(actor=worker.actor, phone=phone, code=code)
        with pytest.raises(VerificationRequired):
            start_phone_face_check(actor=new_worker().actor, phone=phone, way=self.FACE, faces={"alipay": face})
