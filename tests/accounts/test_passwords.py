"""Passwords beside login by code: policy, storage, proof, limits, reset (A2; T-03, T-27)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from app.accounts import password_guard
from app.accounts.errors import (
    CodeExpired,
    CodeWrong,
    OperatorNotRegistered,
    PasswordJustChanged,
    PasswordLocked,
    PasswordRefused,
    PasswordWrong,
    SessionEnded,
    SmsLimitReached,
    WorkerNotRegistered,
)
from app.accounts.models import AccountKind, AccountPassword, OneTimeCode, PasswordGuard
from app.accounts.passwords import (
    account_of,
    prove_password,
    request_password_code,
    request_password_reset_code,
    reset_password,
    set_password,
)
from app.accounts.sessions import authenticate_worker
from app.accounts.sms_limits import SmsLimits, set_sms_limits
from app.audit.models import AuditEntry
from app.core.db import reading, transaction
from app.core.errors import DomainError, InvalidInput
from app.identity.errors import AgreementRequired
from app.identity.login import log_in_by_password
from app.identity.persons import get_profile
from app.notifications.service import list_messages
from app.organisations.sessions import authenticate_operator
from tests.accounts.password_world import BETTER, GOOD, cheap_hashes, enter, many_codes, reset, with_password
from tests.factories import CLIENT, last_code, new_employer, new_ip, new_phone, new_worker

__all__ = ["cheap_hashes", "many_codes"]

pytestmark = pytest.mark.usefixtures("database", "cheap_hashes", "many_codes")


def test_a_password_is_set_after_a_code_to_the_own_phone() -> None:
    worker = new_worker()
    assert not get_profile(actor=worker.actor).has_password
    with pytest.raises(InvalidInput) as missing:
        set_password(actor=worker.actor, password=GOOD)
    assert list(missing.value.fields) == ["code"]
    with pytest.raises(CodeExpired):
        set_password(actor=worker.actor, password=GOOD, code="123456")
    request_password_code(actor=worker.actor)
    code = last_code(worker.phone, "SMS_PASSWORD")
    with pytest.raises(PasswordRefused):
        set_password(actor=worker.actor, password="short", code=code)
    with pytest.raises(CodeWrong):
        set_password(actor=worker.actor, password=GOOD, code=f"{(int(code) + 1) % 1_000_000:06d}")
    set_password(actor=worker.actor, password=GOOD, code=code)
    assert get_profile(actor=worker.actor).has_password
    assert enter(worker.phone).actor.account_id == worker.actor.account_id


def test_only_the_hash_is_stored_and_everything_is_audited_and_told() -> None:
    worker = with_password()
    with reading() as session:
        row = session.scalars(select(AccountPassword)).one()
        assert row.password_hash.startswith("$argon2id$")
        assert (row.account_kind, row.account_id) == ("worker", worker.actor.account_id)
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("password."))).all()
        assert [(entry.action, entry.subject) for entry in entries] == [
            ("password.set", f"account:{worker.actor.account_id}")
        ]
        assert GOOD not in str([entry.data for entry in entries])
    enter(worker.phone)
    with reading() as session:
        logged_in = session.scalars(select(AuditEntry).where(AuditEntry.action == "account.logged_in")).one()
        assert logged_in.data["by"] == "password"
    (message,) = list_messages(actor=worker.actor)
    assert message.title == "登录密码已设置"
    assert "联系客服" in message.body


def test_a_login_code_sets_no_password_and_a_reset_code_neither() -> None:
    worker = new_worker()
    request_password_reset_code(account_kind="worker", phone=worker.phone, ip=new_ip())
    with pytest.raises(CodeExpired):
        set_password(actor=worker.actor, password=GOOD, code=last_code(worker.phone, "SMS_PASSWORD"))


def test_changing_asks_for_the_current_password_and_ends_other_sessions() -> None:
    worker = with_password()
    elsewhere = enter(worker.phone)
    request_password_code(actor=worker.actor)
    with pytest.raises(InvalidInput) as missing:  # a code is no proof once there is a password
        set_password(actor=worker.actor, password=BETTER, code=last_code(worker.phone, "SMS_PASSWORD"))
    assert list(missing.value.fields) == ["current_password"]
    with pytest.raises(PasswordWrong) as wrong:
        set_password(actor=worker.actor, password=BETTER, current_password=BETTER)
    assert wrong.value.details == {"attempts_left": 4}
    assert authenticate_worker(token=elsewhere.token).actor.account_id == worker.actor.account_id
    set_password(actor=worker.actor, password=BETTER, current_password=GOOD)
    assert authenticate_worker(token=worker.token).actor == worker.actor
    with pytest.raises(SessionEnded):
        authenticate_worker(token=elsewhere.token)
    with pytest.raises(PasswordWrong):
        enter(worker.phone, GOOD)
    enter(worker.phone, BETTER)
    assert next(message.title for message in list_messages(actor=worker.actor)) == "登录密码已修改"


def test_full_width_input_is_the_same_password() -> None:
    worker = with_password("changchun2026")
    enter(worker.phone, "ｃｈａｎｇｃｈｕｎ２０２６")


def test_a_forgotten_password_is_reset_by_code_and_ends_every_session_and_lock() -> None:
    worker = with_password()
    for _ in range(password_guard.PER_PHONE - 1):
        with pytest.raises(PasswordWrong):
            enter(worker.phone, "wrong password 1")
    with pytest.raises(PasswordLocked):
        enter(worker.phone, "wrong password 1")
    reset(worker.phone)
    with pytest.raises(SessionEnded):
        authenticate_worker(token=worker.token)
    opened = enter(worker.phone, BETTER)
    assert next(message.title for message in list_messages(actor=opened.actor)) == "登录密码已重置"


def test_a_code_resets_once_and_a_wrong_one_never() -> None:
    worker = with_password()
    request_password_reset_code(account_kind="worker", phone=worker.phone, ip=new_ip())
    code = last_code(worker.phone, "SMS_PASSWORD")
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    values = {"account_kind": "worker", "phone": worker.phone, "password": BETTER, **CLIENT}
    with pytest.raises(CodeWrong):
        reset_password(code=wrong, **values)
    reset_password(code=code, **values)
    with pytest.raises(CodeExpired):
        reset_password(code=code, **values)


def test_unknown_numbers_are_asked_for_a_code_like_known_ones() -> None:
    """Only who proved the phone learns that there is no account."""
    with pytest.raises(WorkerNotRegistered):
        reset(new_phone())
    with pytest.raises(OperatorNotRegistered):
        reset(new_phone(), kind="operator")
    worker = new_worker()
    known = request_password_reset_code(account_kind="worker", phone=worker.phone, ip=new_ip())
    unknown = request_password_reset_code(account_kind="worker", phone=new_phone(), ip=new_ip())
    assert known == unknown


def test_an_unknown_phone_and_an_account_without_password_look_like_a_wrong_password() -> None:
    answers = []
    for phone in (new_phone(), new_worker().phone, with_password().phone):
        told: list[tuple[str, str]] = []
        for _ in range(7):
            with pytest.raises(DomainError) as refused:
                enter(phone, "wrong password 1")
            told.append((refused.value.code, refused.value.text_zh))
        answers.append(told)
    assert answers[0] == answers[1] == answers[2]
    assert [code for code, _ in answers[0]] == ["password_wrong"] * 4 + ["password_locked"] * 3


def test_a_worker_and_an_operator_with_one_phone_have_passwords_of_their_own() -> None:
    phone = new_phone()
    worker, employer = new_worker(phone), new_employer(phone=phone)
    reset(phone, GOOD, kind="operator")
    with pytest.raises(PasswordWrong):
        enter(phone)
    opened = enter(phone, kind="operator")
    assert opened.actor.account_id == employer.actor.account_id
    assert opened.actor.organisation_id is None
    assert authenticate_worker(token=worker.token).actor == worker.actor
    with pytest.raises(SessionEnded):
        authenticate_operator(token=employer.token)


def test_the_message_about_the_password_is_shown_inside_any_organisation() -> None:
    employer = new_employer()
    request_password_code(actor=employer.actor)
    set_password(actor=employer.actor, password=GOOD, code=last_code(employer.phone, "SMS_PASSWORD"))
    assert [message.title for message in list_messages(actor=employer.actor)] == ["登录密码已设置"]


def test_agreements_are_asked_for_before_anything_is_tried() -> None:
    worker = with_password()
    with pytest.raises(AgreementRequired):
        log_in_by_password(account_kind="worker", phone=worker.phone, password=GOOD, agreements=[], **CLIENT)
    with reading() as session:
        assert all(guard.wrong == 0 for guard in session.scalars(select(PasswordGuard)))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_of_two_changes_at_once_one_wins() -> None:
    worker = with_password()

    def change(number: int) -> str:
        try:
            set_password(actor=worker.actor, password=f"new password {number}", current_password=GOOD)
        except (PasswordJustChanged, PasswordWrong):
            return ""
        return f"new password {number}"

    with ThreadPoolExecutor(2) as pool:
        won = [password for password in pool.map(change, range(2)) if password]
    assert len(won) == 1
    enter(worker.phone, won[0])


def test_a_login_loses_against_a_change_in_between() -> None:
    worker = with_password()
    proven = prove_password(account_kind=AccountKind.WORKER, phone=worker.phone, password=GOOD, ip=new_ip())
    set_password(actor=worker.actor, password=BETTER, current_password=GOOD)
    with transaction() as session, pytest.raises(PasswordJustChanged):
        account_of(session, proven)


def test_codes_for_passwords_are_limited_like_others() -> None:
    """Asked for by strangers: with the login codes. Asked for by whoever is logged in: with the own ones."""
    set_sms_limits(SmsLimits())
    worker = new_worker()
    with pytest.raises(SmsLimitReached):
        request_password_reset_code(account_kind="worker", phone=worker.phone, ip=new_ip())
    request_password_code(actor=worker.actor)
    with pytest.raises(SmsLimitReached):
        request_password_code(actor=worker.actor)
    with reading() as session:
        assert sorted(session.scalars(select(OneTimeCode.purpose))) == ["login", "password"]
