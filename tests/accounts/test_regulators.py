"""Who sits at the regulator's desk: made and closed by commands only (B4)."""

import pytest

from app.accounts.errors import RegulatorUnknown, SessionEnded
from app.accounts.regulators import add_regulator, authenticate_regulator, close_regulator, get_regulator
from app.accounts.sessions import authenticate_worker
from app.cli.__main__ import main
from app.cli.regulators import add, close
from app.core.errors import InvalidInput
from app.settings import Settings
from tests.factories import new_phone, new_worker
from tests.support.regulators import new_regulator

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
