"""Log a PC in by phone: who may decide, for how long, and what is decided once (A4; T-45)."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts import qr_login
from app.accounts.devices import end_session
from app.accounts.errors import (
    LoginQrNotFound,
    LoginQrOver,
    LoginQrTaken,
    LoginTicketNotFound,
    LoginTicketOver,
    QrLimitReached,
)
from app.accounts.login_models import QrLogin
from app.accounts.qr_login import confirm_qr, get_qr_status, is_same_network, refuse_qr, request_qr_login, scan_qr
from app.accounts.sessions import LoggedIn, authenticate_worker
from app.audit.models import AuditEntry
from app.core.clock import clock_at
from app.core.db import reading
from app.identity.errors import AgreementRequired
from app.identity.qr_login import log_in_by_qr
from app.notifications.service import list_messages
from app.organisations.sessions import authenticate_operator
from tests.factories import agreements, log_in, new_employer, new_ip, new_worker
from tests.races.contest import at_once, refusals

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def ask(kind: str = "worker", ip: str = "") -> qr_login.QrTicket:
    return request_qr_login(account_kind=kind, ip=ip or new_ip(), device="Chrome on Windows")


def enter(ticket: str, kind: str = "worker") -> LoggedIn:
    return log_in_by_qr(
        account_kind=kind, ticket=ticket, agreements=agreements(), channel="h5", ip="203.0.113.9", device="PC"
    )


def status(asked: qr_login.QrTicket) -> str:
    return get_qr_status(account_kind="worker", ticket=asked.ticket)


def test_the_phone_sees_who_asks_and_lets_the_computer_in() -> None:
    worker, asked = new_worker(), ask(ip="203.0.113.9")
    assert status(asked) == "waiting"
    seen = scan_qr(actor=replace(worker.actor, ip="203.0.113.9"), token=asked.scan_token)
    assert (seen.device, seen.ip, seen.same_network) == ("Chrome on Windows", "203.0.113.9", True)
    assert status(asked) == "scanned"
    confirm_qr(actor=worker.actor, scan_id=seen.id)
    confirm_qr(actor=worker.actor, scan_id=seen.id)  # a second tap
    assert status(asked) == "confirmed"
    opened = enter(asked.ticket)
    found = authenticate_worker(token=opened.token).actor
    assert found.account_id == worker.actor.account_id
    assert found.session_id != worker.actor.session_id
    assert list_messages(actor=worker.actor)[0].kind == "account.qr_login"
    with reading() as session:
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("qr_login"))).all()
    assert sorted(actions) == ["qr_login.confirmed", "qr_login.scanned"]


def test_a_ticket_opens_one_session() -> None:
    worker, asked = new_worker(), ask()
    confirm_qr(actor=worker.actor, scan_id=scan_qr(actor=worker.actor, token=asked.scan_token).id)
    enter(asked.ticket)
    with pytest.raises(LoginTicketOver):
        enter(asked.ticket)
    assert status(asked) == "expired"
    with pytest.raises(LoginQrOver):
        scan_qr(actor=worker.actor, token=asked.scan_token)


def test_nobody_gets_in_before_the_phone_said_so() -> None:
    worker, asked = new_worker(), ask()
    with pytest.raises(LoginTicketOver):
        enter(asked.ticket)
    seen = scan_qr(actor=worker.actor, token=asked.scan_token)
    with pytest.raises(LoginTicketOver):
        enter(asked.ticket)
    refuse_qr(actor=worker.actor, scan_id=seen.id)
    assert status(asked) == "refused"
    for attempt in (lambda: enter(asked.ticket), lambda: confirm_qr(actor=worker.actor, scan_id=seen.id)):
        with pytest.raises((LoginTicketOver, LoginQrOver)):
            attempt()


def test_the_texts_are_agreed_to_and_the_ticket_is_not_lost() -> None:
    worker, asked = new_worker(), ask()
    confirm_qr(actor=worker.actor, scan_id=scan_qr(actor=worker.actor, token=asked.scan_token).id)
    with pytest.raises(AgreementRequired):
        log_in_by_qr(
            account_kind="worker", ticket=asked.ticket, agreements=[], channel="h5", ip="203.0.113.9", device="PC"
        )
    enter(asked.ticket)


def test_what_the_qr_shows_opens_nothing_by_itself_and_the_ticket_scans_nothing() -> None:
    worker, asked = new_worker(), ask()
    with pytest.raises(LoginTicketNotFound):
        enter(asked.scan_token)
    with pytest.raises(LoginTicketNotFound):
        get_qr_status(account_kind="worker", ticket=asked.scan_token)
    with pytest.raises(LoginQrNotFound):
        scan_qr(actor=worker.actor, token=asked.ticket)
    with reading() as session:
        stored = str(vars(session.scalars(select(QrLogin)).one()))
    assert asked.ticket not in stored
    assert asked.scan_token not in stored


def test_only_the_phone_that_scanned_first_decides() -> None:
    with clock_at(START):
        first, second = new_worker(), new_worker()
    with clock_at(START + timedelta(seconds=61)):  # a second code to one phone takes a minute
        other_phone, asked = log_in(first.phone).actor, ask()
        seen = scan_qr(actor=first.actor, token=asked.scan_token)
        for actor in (second.actor, other_phone):
            with pytest.raises(LoginQrTaken):
                scan_qr(actor=actor, token=asked.scan_token)
            for decide in (confirm_qr, refuse_qr):
                with pytest.raises(LoginQrNotFound):
                    decide(actor=actor, scan_id=seen.id)
        assert scan_qr(actor=first.actor, token=asked.scan_token).id == seen.id
        with pytest.raises(LoginQrNotFound):
            confirm_qr(actor=first.actor, scan_id=uuid.uuid4())


def test_two_minutes_and_no_longer() -> None:
    with clock_at(START):
        worker, asked, late = new_worker(), ask(), ask()
        seen = scan_qr(actor=worker.actor, token=asked.scan_token)
        confirmed = ask()
        confirm_qr(actor=worker.actor, scan_id=scan_qr(actor=worker.actor, token=confirmed.scan_token).id)
    with clock_at(START + timedelta(minutes=2)):
        assert status(asked) == status(late) == status(confirmed) == "expired"
        with pytest.raises(LoginQrOver):
            confirm_qr(actor=worker.actor, scan_id=seen.id)
        with pytest.raises(LoginQrOver):
            scan_qr(actor=worker.actor, token=late.scan_token)
        with pytest.raises(LoginTicketOver):
            enter(confirmed.ticket)
        assert refuse_qr(actor=worker.actor, scan_id=seen.id) is None


def test_a_phone_that_logged_out_lets_nobody_in() -> None:
    worker, asked = new_worker(), ask()
    confirm_qr(actor=worker.actor, scan_id=scan_qr(actor=worker.actor, token=asked.scan_token).id)
    end_session(actor=worker.actor)
    with pytest.raises(LoginTicketOver):
        enter(asked.ticket)


def test_operators_and_workers_stay_apart() -> None:
    worker, employer = new_worker(), new_employer()
    for_console, for_worker = ask("operator"), ask()
    with pytest.raises(LoginQrNotFound):
        scan_qr(actor=worker.actor, token=for_console.scan_token)
    with pytest.raises(LoginQrNotFound):
        scan_qr(actor=employer.actor, token=for_worker.scan_token)
    confirm_qr(actor=employer.actor, scan_id=scan_qr(actor=employer.actor, token=for_console.scan_token).id)
    with pytest.raises(LoginTicketNotFound):
        enter(for_console.ticket)
    found = authenticate_operator(token=enter(for_console.ticket, "operator").token).actor
    assert found.account_id == employer.actor.account_id
    assert found.organisation_id is None


def test_one_address_gets_a_limited_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qr_login, "PER_IP", 2)
    with clock_at(START):
        ask(ip="198.51.100.1")
        ask(ip="198.51.100.1")
        with pytest.raises(QrLimitReached) as refused:
            ask(ip="198.51.100.1")
        assert refused.value.details["retry_after"] == 600
        ask(ip="198.51.100.2")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.9", "203.0.113.9", True),
        ("203.0.113.9", "203.0.113.10", False),
        ("2001:db8:0:1::5", "2001:db8:0:1:ffff::1", True),
        ("2001:db8:0:1::5", "2001:db8:0:2::5", False),
        ("203.0.113.9", "2001:db8::1", False),
        ("", "", False),
    ],
)
def test_the_same_network(one: str, other: str, same: bool) -> None:
    assert is_same_network(one, other) is same


def test_of_two_phones_at_once_one_scans() -> None:
    asked, phones = ask(), [new_worker().actor for _ in range(4)]
    outcomes = at_once(*(lambda actor=actor: scan_qr(actor=actor, token=asked.scan_token) for actor in phones))
    assert refusals(outcomes) == ["login_qr_taken"] * 3


def test_of_two_computers_with_one_ticket_one_gets_in() -> None:
    worker, asked = new_worker(), ask()
    confirm_qr(actor=worker.actor, scan_id=scan_qr(actor=worker.actor, token=asked.scan_token).id)
    outcomes = at_once(*[lambda: enter(asked.ticket)] * 4)
    assert refusals(outcomes) == ["login_ticket_over"] * 3


def test_refusing_against_entering_is_decided_once() -> None:
    worker, asked = new_worker(), ask()
    seen = scan_qr(actor=worker.actor, token=asked.scan_token)
    confirm_qr(actor=worker.actor, scan_id=seen.id)
    entered, refused = at_once(lambda: enter(asked.ticket), lambda: refuse_qr(actor=worker.actor, scan_id=seen.id))
    assert isinstance(entered, LoggedIn) == isinstance(refused, LoginQrOver)
