"""The older account of whom a new phone proved: it goes on, and the lost phone is a stranger (B5; T-47)."""

import pytest

from app.accounts.bindings import bind_platform, list_bindings
from app.accounts.errors import (
    AccountMoved,
    PasswordWrong,
    SessionEnded,
)
from app.accounts.passwords import (
    request_password_code,
    set_password,
)
from app.accounts.phone_change import move_person
from app.accounts.sessions import authenticate_worker
from app.core.clock import clock_at, now
from app.core.db import transaction
from app.core.ids import new_id
from app.identity.models import Method
from app.identity.persons import bind_person, parse_claim
from app.notifications.service import list_messages
from tests.accounts.password_world import GOOD, cheap_hashes, enter
from tests.factories import (
    last_code,
    log_in,
    new_id_number,
    new_worker,
    verified_worker,
)
from tests.fakes import FakeMiniPlatform
from tests.identity.phone_world import START, account_of, later, move, told
from tests.races.contest import at_once, refusals

__all__ = ["cheap_hashes"]

pytestmark = pytest.mark.usefixtures("database", "cheap_hashes")


def test_the_older_account_gets_the_new_phone_and_the_new_account_closes() -> None:
    with clock_at(START):
        older, new = verified_worker(), new_worker()
    with clock_at(later()):
        moved = move(new, older)
        assert (moved.id, moved.phone, moved.person_id) == (
            older.actor.account_id, new.phone, older.actor.person_id,
        )  # fmt: skip
        for token in (older.token, new.token):
            with pytest.raises(SessionEnded):
                authenticate_worker(token=token)
    assert account_of(new).closed_at == later()
    assert account_of(new).phone == ""
    assert told(older.phone).count("SMS_PHONE_CHANGED") == 1
    assert list_messages(actor=older.actor)[0].kind == "account.phone_changed"
    with clock_at(later(5)):
        found = log_in(new.phone).actor
        assert (found.account_id, found.person_id) == (older.actor.account_id, older.actor.person_id)


def test_whoever_has_the_lost_phone_is_a_stranger() -> None:
    with clock_at(START):
        older, new = verified_worker(), new_worker()
        platform = FakeMiniPlatform()
        bind_platform(actor=older.actor, kind="weixin", platform=platform, code="code-o1-1")
    with clock_at(later()):
        move(new, older)
        assert list_bindings(actor=older.actor) == []
    with clock_at(later(5)):
        finder = log_in(older.phone).actor
        assert finder.account_id != older.actor.account_id
        assert finder.person_id is None


def test_the_password_dies_with_the_phone() -> None:
    with clock_at(START):
        older, new = verified_worker(), new_worker()
        request_password_code(actor=older.actor)
        set_password(actor=older.actor, password=GOOD, code=last_code(older.phone, "SMS_PASSWORD"))
        enter(older.phone, GOOD)
    with clock_at(later()):
        move(new, older)
        for phone in (older.phone, new.phone):
            with pytest.raises(PasswordWrong):
                enter(phone, GOOD)


def test_an_older_proof_does_not_undo_a_later_change() -> None:
    with clock_at(START):
        older, first, second = verified_worker(), new_worker(), new_worker()
    with clock_at(later()):
        move(first, older)
        with pytest.raises(AccountMoved):
            move(second, older, proved_at=START)
    with clock_at(later(5)):
        assert move(second, older).phone == second.phone


def test_nobody_is_put_behind_an_account_that_closed() -> None:
    """A review may end after its applicant has moved on: a person there could never log in."""
    with clock_at(START):
        older, new = verified_worker(), new_worker()
    with clock_at(later()):
        move(new, older)
        claim = parse_claim(new.actor, "陈静", new_id_number())
        with pytest.raises(AccountMoved), transaction() as session:
            bind_person(session, new.actor, claim, Method.MANUAL)
    assert account_of(new).person_id is None


def test_only_an_empty_account_moves_into_a_verified_one() -> None:
    verified, other, empty = verified_worker(), verified_worker("李娜"), new_worker()
    for new, older in ((other, verified), (empty, new_worker()), (verified, verified)):
        with pytest.raises(AccountMoved):
            move(new, older)
    with pytest.raises(AccountMoved), transaction() as session:
        move_person(
            session, actor=empty.actor, from_account_id=new_id(),
            to_account_id=verified.actor.account_id or new_id(), proved_at=now(),
        )  # fmt: skip


def test_of_two_claims_at_once_one_wins() -> None:
    with clock_at(START):
        older, first, second = verified_worker(), new_worker(), new_worker()
        outcomes = at_once(lambda: move(first, older), lambda: move(second, older))
        assert refusals(outcomes) == ["account_moved"]
        assert account_of(older).phone in (first.phone, second.phone)
