"""Sessions: opaque, hashed, ended at once, never one kind for the other (A11, T-10)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select

from app.accounts.devices import end_other_sessions, end_session, list_sessions
from app.accounts.errors import SessionEnded
from app.accounts.models import AccountSession
from app.accounts.sessions import authenticate_worker, csrf_token_of
from app.core import db
from app.core.clock import clock_at
from app.core.db import reading
from app.core.errors import NotFound
from app.organisations.sessions import authenticate_operator
from tests.factories import log_in, new_employer, new_phone, new_worker, verified_worker

pytestmark = pytest.mark.usefixtures("database")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def test_a_token_names_its_worker() -> None:
    worker = verified_worker()
    found = authenticate_worker(token=worker.token, ip="198.51.100.7", device="another phone")
    assert found.actor.account_id == worker.actor.account_id
    assert found.actor.person_id == worker.actor.person_id is not None
    assert found.actor.is_worker
    assert found.actor.permissions == frozenset()
    assert (found.actor.ip, found.actor.device, found.actor.channel) == ("198.51.100.7", "another phone", "h5")
    assert found.language == "zh-CN"


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "ａ"])
def test_an_unknown_token_is_nobody(token: str) -> None:
    with pytest.raises(SessionEnded):
        authenticate_worker(token=token)
    with pytest.raises(SessionEnded):
        authenticate_operator(token=token)


def test_the_table_of_sessions_opens_nothing() -> None:
    worker = new_worker()
    with reading() as session:
        stored = session.scalars(select(AccountSession)).one()
    assert worker.token not in str(vars(stored))
    with pytest.raises(SessionEnded):
        authenticate_worker(token=stored.token_hash)


def test_a_workers_token_opens_no_console_and_the_reverse() -> None:
    with pytest.raises(SessionEnded):
        authenticate_operator(token=new_worker().token)
    with pytest.raises(SessionEnded):
        authenticate_worker(token=new_employer().token)


def test_every_session_has_a_csrf_token_of_its_own() -> None:
    one, two = new_worker(), new_worker()
    found = authenticate_worker(token=one.token)
    assert found.csrf_token == csrf_token_of(one.token) != csrf_token_of(two.token)
    assert one.token not in found.csrf_token


@pytest.mark.parametrize(("operator", "idle"), [(False, timedelta(days=30)), (True, timedelta(hours=12))])
def test_a_session_ends_when_nobody_uses_it(operator: bool, idle: timedelta) -> None:
    with clock_at(START):
        token = new_employer().token if operator else new_worker().token
    authenticate = authenticate_operator if operator else authenticate_worker
    with clock_at(START + idle - timedelta(seconds=1)):
        assert authenticate(token=token).expires_at == START + 2 * idle - timedelta(seconds=1)
    with clock_at(START + 2 * idle - timedelta(seconds=2)):
        authenticate(token=token, touch=False)
    with clock_at(START + 2 * idle - timedelta(seconds=1)), pytest.raises(SessionEnded):
        authenticate(token=token)


def test_a_session_that_is_never_left_alone_ends_too() -> None:
    with clock_at(START):
        token = new_employer().token
    for hours in range(11, 7 * 24, 11):
        with clock_at(START + timedelta(hours=hours)):
            ends = authenticate_operator(token=token).expires_at
    assert ends == START + timedelta(days=7)


def test_one_query_a_request_and_one_write_a_minute() -> None:
    with clock_at(START):
        worker, employer = new_worker(), new_employer()
    statements: list[str] = []
    event.listen(db.engine(), "before_cursor_execute", lambda *args: statements.append(args[2]))
    with clock_at(START + timedelta(seconds=59)):
        authenticate_worker(token=worker.token)
        authenticate_operator(token=employer.token)
    assert [text.split()[0] for text in statements if not text.startswith("BEGIN")] == ["SELECT", "SELECT"]
    statements.clear()
    for seconds in (60, 90, 119):
        with clock_at(START + timedelta(seconds=seconds)):
            authenticate_worker(token=worker.token)
    assert sum(text.startswith("UPDATE") for text in statements) == 1
    with reading() as session:
        row = session.scalars(select(AccountSession).where(AccountSession.id == worker.actor.session_id)).one()
        assert row.last_seen_at == START + timedelta(seconds=60)


def test_logging_out_works_at_once() -> None:
    worker = new_worker()
    end_session(actor=worker.actor)
    with pytest.raises(SessionEnded):
        authenticate_worker(token=worker.token)
    end_session(actor=worker.actor)  # a second tap is no error


def test_one_sees_and_ends_ones_sessions_on_other_devices() -> None:
    phone = new_phone()
    with clock_at(START):
        first = log_in(phone)
    with clock_at(START + timedelta(minutes=2)):
        second = log_in(phone)
    with clock_at(START + timedelta(minutes=4)):
        third = log_in(phone)
        shown = list_sessions(actor=third.actor)
        assert [view.id for view in shown] == [login.actor.session_id for login in (third, second, first)]
        assert [view.is_current for view in shown] == [True, False, False]
        assert first.actor.session_id is not None
        end_session(actor=third.actor, session_id=first.actor.session_id)
        with pytest.raises(SessionEnded):
            authenticate_worker(token=first.token)
        assert end_other_sessions(actor=third.actor) == 1
        with pytest.raises(SessionEnded):
            authenticate_worker(token=second.token)
        assert [view.id for view in list_sessions(actor=third.actor)] == [third.actor.session_id]


def test_nobody_ends_or_sees_another_ones_session() -> None:
    mine, other, employer = new_worker(), new_worker(), new_employer()
    for victim in (other.actor, employer.actor):
        assert victim.session_id is not None
        with pytest.raises(NotFound):
            end_session(actor=mine.actor, session_id=victim.session_id)
    assert end_other_sessions(actor=mine.actor) == 0
    assert [view.id for view in list_sessions(actor=mine.actor)] == [mine.actor.session_id]
    authenticate_worker(token=other.token)
    authenticate_operator(token=employer.token)
