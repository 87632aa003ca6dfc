"""Who sits at the regulator's desk: made and closed by commands only (B4)."""

from datetime import timedelta

import pytest

from app.accounts.errors import RegulatorUnknown, SecurityKeyRefused, SecurityKeyWanted, SessionEnded
from app.accounts.regulators import (
    add_regulator,
    authenticate_regulator,
    close_regulator,
    get_regulator,
    log_in_regulator_by_key,
)
from app.accounts.security_keys import begin_key_login
from app.accounts.sessions import authenticate_worker
from app.cli.__main__ import main
from app.cli.regulators import add, close
from app.core.clock import clock_at, now
from app.core.errors import InvalidInput
from app.settings import Settings
from tests.factories import new_phone, new_worker
from tests.support.regulators import new_regulator
from tests.support.security_keys import PARTY, add_key

pytestmark = pytest.mark.usefixtures("database")


def test_adding_twice_changes_nothing_and_adding_again_reopens() -> None:
    phone = new_phone()
    first = add_regulator(phone=phone, name="王敏")
    assert add_regulator(phone=phone, name="王敏") == first
    close_regulator(phone=phone)
    with pytest.raises(RegulatorUnknown):
        close_regulator(phone=phone)
    again = add_regulator(phone=phone, name="王 敏敏")
    assert (again.account_id, again.name) == (first.account_id, "王 敏敏")


@pytest.mark.parametrize("is_closed_first", [True, False])
def test_a_successor_on_the_same_phone_is_alone_there(is_closed_first: bool) -> None:
    """The office's phone is handed on; the predecessor's security key and open window are not."""
    regulator = new_regulator()
    key = add_key(regulator)
    if is_closed_first:
        close_regulator(phone=regulator.phone)
    add_regulator(phone=regulator.phone, name="李娜")
    with pytest.raises(SessionEnded):
        authenticate_regulator(token=regulator.token)
    begun = begin_key_login(account_kind="regulator", phone=regulator.phone, party=PARTY)
    with pytest.raises(SecurityKeyRefused):
        log_in_regulator_by_key(
            ceremony_id=begun.ceremony_id, credential=key.get(begun.options), party=PARTY, channel="regulator",
            ip="127.0.0.1", device="test desk",
        )  # fmt: skip


def test_who_has_a_key_logs_in_with_it() -> None:
    """Until the account is opened anew: then the lost key is gone."""
    regulator = new_regulator()
    add_key(regulator)

    def by_code(hours: int) -> None:
        with clock_at(now() + timedelta(hours=hours)):
            new_regulator(phone=regulator.phone)

    with pytest.raises(SecurityKeyWanted):
        by_code(1)
    close_regulator(phone=regulator.phone)
    by_code(2)


def test_bad_input_is_named() -> None:
    with pytest.raises(InvalidInput):
        add_regulator(phone="123", name="王敏")
    with pytest.raises(InvalidInput):
        add_regulator(phone=new_phone(), name="123")


def test_a_token_is_good_for_its_own_desk_only() -> None:
    regulator = new_regulator()
    actor = authenticate_regulator(token=regulator.token).actor
    assert (actor.is_regulator, actor.is_worker, actor.is_operator) == (True, False, False)
    assert get_regulator(actor=actor).name == "王敏"
    with pytest.raises(SessionEnded):
        authenticate_worker(token=regulator.token)
    with pytest.raises(SessionEnded):
        get_regulator(actor=new_worker().actor)


def test_the_commands_say_what_they_did(capsys: pytest.CaptureFixture[str]) -> None:
    phone = new_phone()
    assert add(Settings(), phone=phone, name="王敏") == 0
    assert close(Settings(), phone=phone) == 0
    assert close(Settings(), phone=phone) == 1
    told = capsys.readouterr()
    assert "监管端账号已开通" in told.out
    assert phone not in told.out
    assert "没有监管端账号" in told.err


def test_the_command_needs_phone_and_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["regulator-add", "--phone", "13900139100"])
    assert "--name" in capsys.readouterr().err
