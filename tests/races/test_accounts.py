"""Whose an account is, decided while its phone changes hands (A1, A6; T-47)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.accounts.errors import AccountMoved, SessionEnded, WorkerNotRegistered
from app.accounts.login import find_or_open_worker
from app.accounts.models import AccountKind, AccountPassword, WorkerAccount
from app.accounts.passwords import ProvenPassword, account_of, request_password_reset_code, reset_password
from app.accounts.phone_change import give_new_phone, move_person
from app.accounts.queries import get_account
from app.accounts.sessions import Client, authenticate_worker, open_session
from app.core.clock import clock_at, now
from app.core.db import reading, transaction
from app.core.errors import DomainError
from app.core.ids import new_id
from app.identity.phone_change import change_phone, request_new_phone_code, request_old_phone_code
from tests.accounts.password_world import GOOD, cheap_hashes
from tests.factories import (
    CLIENT,
    Worker,
    consent,
    last_code,
    new_id_number,
    new_ip,
    new_phone,
    new_worker,
    verified_worker,
    verify_by_phone,
)
from tests.support.waiting import eventually

__all__ = ["cheap_hashes"]

pytestmark = [
    pytest.mark.usefixtures("database", "cheap_hashes"),
    pytest.mark.parametrize("database", ["postgresql"], indirect=True),
]  # fmt: skip


def behind(first: Callable[[Session], Any], second: Callable[[], Any]) -> Any:
    """The outcome of `second`, which began before `first` was committed and waits for a row that it holds."""
    with ThreadPoolExecutor(1) as threads:
        with transaction() as session:
            first(session)
            running = threads.submit(_outcome, second)
            eventually(lambda: session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
        return running.result(20)


def _outcome(task: Callable[[], Any]) -> Any:
    try:
        return task()
    except DomainError as refused:
        return refused


def move(session: Session, new: Worker, older: Worker) -> None:
    assert new.actor.account_id
    assert older.actor.account_id
    move_person(
        session, actor=new.actor, from_account_id=new.actor.account_id, to_account_id=older.actor.account_id,
        proved_at=now(),
    )  # fmt: skip


def change(worker: Worker, phone: str) -> Callable[[], None]:
    """A change whose codes are there already."""
    with clock_at(now() + timedelta(minutes=2)):
        request_new_phone_code(actor=worker.actor, phone=phone)
        request_old_phone_code(actor=worker.actor)
    code, old_code = last_code(phone, "SMS_PHONE"), last_code(worker.phone, "SMS_PHONE")
    return lambda: change_phone(actor=worker.actor, phone=phone, code=code, old_code=old_code)


def account(worker: Worker) -> WorkerAccount:
    with reading() as session:
        return session.get_one(WorkerAccount, worker.actor.account_id)


def test_a_login_with_the_lost_phone_is_over_when_the_account_was_claimed() -> None:
    """The finder's login began first: the claim waits for it, and ends it."""
    older, new = verified_worker(), new_worker()
    opened = []

    def log_in(session: Session) -> None:
        found, _ = find_or_open_worker(session, older.phone)
        opened.append(
            open_session(
                session, kind=AccountKind.WORKER, account_id=found.id, person_id=found.person_id,
                client=Client("h5", "198.51.100.7", "finder"),
            )
        )  # fmt: skip

    def claim() -> None:
        with transaction() as session:
            move(session, new, older)

    behind(log_in, claim)
    assert account(older).phone == new.phone
    with pytest.raises(SessionEnded):
        authenticate_worker(token=opened[0].token)


def test_so_is_a_login_by_password() -> None:
    older, new, opened = verified_worker(), new_worker(), []
    proven = ProvenPassword(AccountKind.WORKER, older.phone, "hash")
    own = {"account_kind": AccountKind.WORKER, "account_id": older.actor.account_id}
    with transaction() as session:
        session.add(AccountPassword(id=new_id(), password_hash="hash", set_at=now(), **own))

    def log_in(session: Session) -> None:
        found = account_of(session, proven)
        client = Client("h5", "198.51.100.7", "finder")
        opened.append(
            open_session(session, kind=AccountKind.WORKER, account_id=found.id, person_id=None, client=client)
        )

    def claim() -> None:
        with transaction() as session:
            move(session, new, older)

    assert behind(log_in, claim) is None
    with pytest.raises(SessionEnded):
        authenticate_worker(token=opened[0].token)


def test_a_forgotten_password_is_not_reset_on_an_account_that_moved_meanwhile() -> None:
    older, new = verified_worker(), new_worker()
    with clock_at(now() + timedelta(minutes=2)):
        request_password_reset_code(account_kind="worker", phone=older.phone, ip=new_ip())
    code = last_code(older.phone, "SMS_PASSWORD")

    def reset() -> None:
        reset_password(account_kind="worker", phone=older.phone, code=code, password=GOOD, **CLIENT)

    assert isinstance(behind(lambda session: move(session, new, older), reset), WorkerNotRegistered)


def test_the_lost_phone_cannot_overtake_the_claim() -> None:
    older, new = verified_worker(), new_worker()
    taken = change(older, new_phone())
    assert isinstance(behind(lambda session: move(session, new, older), taken), AccountMoved)
    assert account(older).phone == new.phone


def test_an_account_that_left_the_number_at_this_moment_goes_on() -> None:
    leaving, coming, onward = new_worker(), new_worker(), new_phone()
    taken = change(coming, leaving.phone)

    def leave(session: Session) -> None:
        give_new_phone(session, actor=leaving.actor, present=leaving.phone, phone=onward)

    assert behind(leave, taken) is None
    assert (account(leaving).phone, account(leaving).closed_at) == (onward, None)
    assert account(coming).phone == leaving.phone


def test_a_locked_account_is_shown_as_it_is_now() -> None:
    worker = new_worker()
    consent(worker.actor, "verification_consent")
    with ThreadPoolExecutor(1) as threads, transaction() as session:
        seen = get_account(session, worker.actor)
        assert seen.person_id is None
        verified = threads.submit(verify_by_phone, worker.actor, worker.phone, "张伟", new_id_number())
        verified.result(20)
        assert get_account(session, worker.actor, lock=True).person_id is not None
