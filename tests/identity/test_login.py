"""Log in by code; the first login registers; agreements are ticked and kept (A1, T-27)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.errors import CodeExpired, CodeWrong, OperatorNotRegistered, PhoneInvalid
from app.accounts.login import request_login_code
from app.accounts.models import AccountSession, OperatorAccount, WorkerAccount
from app.accounts.sessions import LoggedIn
from app.audit.models import AuditEntry
from app.audit.service import verify_chain
from app.core.clock import clock_at
from app.core.db import reading
from app.identity.consents import list_consents
from app.identity.errors import AgreementRequired, TextOutdated
from app.identity.login import log_in_operator, log_in_worker
from app.identity.persons import get_profile
from tests.factories import CLIENT, agreements, last_code, log_in, new_employer, new_ip, new_phone

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def ask(phone: str, kind: str = "worker") -> str:
    request_login_code(account_kind=kind, phone=phone, ip=new_ip())
    return last_code(phone)


def enter(phone: str, code: str, ticked: list[tuple[str, str]] | None = None) -> LoggedIn:
    return log_in_worker(phone=phone, code=code, agreements=agreements() if ticked is None else ticked, **CLIENT)


def test_the_first_login_registers_and_the_next_finds_the_account() -> None:
    phone = new_phone()
    with clock_at(START):
        first = log_in(phone)
    with clock_at(START + timedelta(minutes=2)):
        second = enter(f"+86 {phone[:3]}-{phone[3:7]}-{phone[7:]}", ask(phone))
    assert first.actor.account_id == second.actor.account_id
    assert first.token != second.token
    with reading() as session:
        account = session.scalars(select(WorkerAccount)).one()
        assert account.phone == phone
        assert phone.encode() not in account.phone_ciphertext
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
    assert actions == ["consent.given", "consent.given", "account.registered", "account.logged_in"]
    assert verify_chain("platform").first_bad is None


def test_a_new_worker_is_not_verified_and_shown_masked() -> None:
    phone = new_phone()
    profile = get_profile(actor=log_in(phone).actor)
    assert (profile.person, profile.unread, profile.font_scale) == (None, 0, "1")
    assert profile.phone_masked == f"{phone[:3]}****{phone[-4:]}"


@pytest.mark.parametrize("missing", [0, 1])
def test_both_agreements_must_be_ticked_and_the_code_is_not_lost(missing: int) -> None:
    phone = new_phone()
    code, ticked = ask(phone), agreements()
    with pytest.raises(AgreementRequired) as refused:
        enter(phone, code, ticked[:missing] + ticked[missing + 1 :])
    assert refused.value.details["kind"] == ticked[missing][0]
    assert enter(phone, code).actor.is_worker


def test_an_old_version_of_an_agreement_is_not_enough() -> None:
    phone = new_phone()
    with pytest.raises(TextOutdated):
        enter(phone, ask(phone), [(kind, "2020-01") for kind, _ in agreements()])


def test_what_was_ticked_is_kept_with_version_hash_and_device() -> None:
    opened = log_in(new_phone())
    given = {view.kind for view in list_consents(actor=opened.actor) if view.is_current}
    assert given == {"user_agreement", "privacy_policy"}


def test_a_wrong_code_opens_nothing_and_makes_no_account() -> None:
    phone = new_phone()
    code = ask(phone)
    with pytest.raises(CodeWrong):
        enter(phone, f"{(int(code) + 1) % 1_000_000:06d}")
    with pytest.raises(CodeExpired):
        enter(new_phone(), code)
    with pytest.raises(PhoneInvalid):
        enter("123", code)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(WorkerAccount)) == 0
        assert session.scalar(select(func.count()).select_from(AccountSession)) == 0


def test_a_workers_code_is_no_operators_code() -> None:
    with clock_at(START):
        employer = new_employer()
    code = ask(employer.phone, "worker")
    with pytest.raises(CodeExpired):
        log_in_operator(phone=employer.phone, code=code, agreements=agreements(), **CLIENT)


def test_an_operator_comes_back_into_no_organisation_yet() -> None:
    with clock_at(START):
        employer = new_employer()
    code = ask(employer.phone, "operator")
    opened = log_in_operator(phone=employer.phone, code=code, agreements=agreements(), **CLIENT)
    assert opened.actor.account_id == employer.actor.account_id
    assert opened.actor.organisation_id is None
    assert opened.actor.permissions == frozenset()


def test_only_the_owner_of_a_phone_learns_that_it_is_not_registered() -> None:
    phone = new_phone()
    code = ask(phone, "operator")
    with pytest.raises(CodeWrong):
        log_in_operator(phone=phone, code=f"{(int(code) + 1) % 1_000_000:06d}", agreements=agreements(), **CLIENT)
    with pytest.raises(OperatorNotRegistered):
        log_in_operator(phone=phone, code=code, agreements=agreements(), **CLIENT)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(OperatorAccount)) == 0
