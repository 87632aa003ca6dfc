"""People change phones while contracts run: what stays reachable, for whom, and where notices go (A1, A7; T-06)."""

import pytest

from app.accounts.phone_change import move_person
from app.accounts.sessions import authenticate_worker
from app.contracts.errors import ContractNotFound
from app.contracts.models import Contract
from app.contracts.queries import get_contract, list_contracts
from app.contracts.service.drafting import update_draft
from app.contracts.service.sending import withdraw_contract
from app.core.clock import now
from app.core.db import transaction
from app.identity.phone_change import change_phone, request_new_phone_code, request_old_phone_code
from tests.contracts.world import World
from tests.factories import Worker, employer_with_seal, last_code, log_in, new_phone, new_worker, verified_worker


def change(world: World, worker: Worker) -> Worker:
    """The worker takes another number; returns them as they are then."""
    phone = new_phone()
    world.pass_time(seconds=61)
    request_new_phone_code(actor=worker.actor, phone=phone)
    request_old_phone_code(actor=worker.actor)
    change_phone(
        actor=worker.actor, phone=phone, code=last_code(phone, "SMS_PHONE"),
        old_code=last_code(worker.phone, "SMS_PHONE"),
    )  # fmt: skip
    return Worker(worker.actor, worker.token, phone, worker.name, worker.id_number)


def sees(worker: Worker, contract: Contract) -> bool:
    found = list_contracts(actor=worker.actor, box="all")
    return contract.id in {card.contract.id for card in found.items}


def test_a_contract_that_waits_stays_with_its_worker_and_is_signed(world: World) -> None:
    _employer, worker, contract = world.sent()
    moved = change(world, worker)
    assert sees(moved, contract)
    world.confirm(moved, contract)
    world.sign(moved, contract)
    world.settle()
    world.check()


def test_notices_go_to_the_new_phone(world: World) -> None:
    employer, worker, contract = world.sent()
    world.settle()
    moved = change(world, worker)
    withdraw_contract(actor=employer.actor, contract_id=contract.id, reason="内容有误")
    world.settle()
    assert world.sms.last(moved.phone).template == "SMS_CONTRACT_WITHDRAWN"
    assert world.sms.last(worker.phone).template == "SMS_PHONE_CHANGED"


def test_the_next_owner_of_a_number_sees_nothing_of_the_last_one(world: World) -> None:
    employer, worker, contract = world.sent()
    moved = change(world, worker)
    world.pass_time(seconds=61)
    next_owner = new_worker(worker.phone)
    assert not sees(next_owner, contract)
    with pytest.raises(ContractNotFound):
        get_contract(actor=next_owner.actor, contract_id=contract.id)
    later = world.send(employer, Worker(next_owner.actor, next_owner.token, worker.phone, "王芳"))
    assert sees(next_owner, later)
    assert not sees(moved, later)


def test_whoever_had_the_number_in_between_takes_nothing_of_the_first_owner_along(world: World) -> None:
    employer, worker, contract = world.sent()
    copied = world.draft(employer, reader := verified_worker("李娜"))
    update_draft(actor=employer.actor, contract_id=copied.id, copies=[{"name": worker.name, "phone": worker.phone}])
    copied = world.complete(employer, reader, copied)
    moved = change(world, worker)
    world.pass_time(seconds=61)
    between = new_worker(worker.phone)
    own = world.send(employer, Worker(between.actor, between.token, worker.phone, "王芳"))
    between = change(world, between)
    assert sees(between, own)
    world.pass_time(seconds=61)
    last = new_worker(worker.phone)
    for theirs in (contract, copied):
        assert [sees(who, theirs) for who in (moved, between, last)] == [True, False, False]
    assert [sees(who, own) for who in (moved, last)] == [False, False]


def test_a_completed_contract_stays_readable(world: World) -> None:
    _employer, worker, contract = world.completed()
    moved = change(world, worker)
    assert get_contract(actor=moved.actor, contract_id=contract.id).id == contract.id


def test_a_lost_phone_keeps_old_and_new_contracts(world: World) -> None:
    """Signed before, waiting at the old number, and sent to the new number before the account was found again."""
    employer = employer_with_seal()
    older = verified_worker()
    signed = world.complete(employer, older, world.draft(employer, older))
    waiting = world.send(employer, older)
    world.pass_time(seconds=61)
    new = new_worker()
    to_new_number = world.send(employer, Worker(new.actor, new.token, new.phone, older.name))
    assert older.actor.account_id
    assert new.actor.account_id
    with transaction() as session:
        move_person(
            session, actor=new.actor, from_account_id=new.actor.account_id, to_account_id=older.actor.account_id,
            proved_at=now(),
        )  # fmt: skip
    world.pass_time(seconds=61)
    opened = log_in(new.phone)
    found = Worker(authenticate_worker(token=opened.token).actor, opened.token, new.phone, older.name)
    for contract in (signed, waiting, to_new_number):
        assert sees(found, contract)
        assert get_contract(actor=found.actor, contract_id=contract.id).id == contract.id
    world.confirm(found, to_new_number)


def test_copies_stay_with_their_reader(world: World) -> None:
    employer, worker, reader = employer_with_seal(), verified_worker(), verified_worker("李娜")
    draft = world.draft(employer, worker)
    update_draft(actor=employer.actor, contract_id=draft.id, copies=[{"name": "李娜", "phone": reader.phone}])
    contract = world.complete(employer, worker, draft)
    assert sees(reader, contract)
    moved = change(world, reader)
    assert sees(moved, contract)
    assert get_contract(actor=moved.actor, contract_id=contract.id).id == contract.id
    world.pass_time(seconds=61)
    assert not sees(new_worker(reader.phone), contract)
