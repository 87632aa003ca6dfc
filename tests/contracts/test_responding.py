"""Reading, confirming, terminating, withdrawing, expiring (H1, H4, H5, H9; T-06, T-12, T-16)."""

import pytest

from app.accounts.errors import LinkExpired
from app.accounts.links import preview_link
from app.contracts.errors import (
    ActionNotAllowed,
    AlreadySigned,
    ContractNotFound,
    DeadlinePassed,
    DocumentChanged,
    NameMismatch,
    ReadingNotFinished,
)
from app.contracts.lifecycle import Status
from app.contracts.models import Contract
from app.contracts.queries import get_contract
from app.contracts.service.responding import confirm_contract, open_contract, record_page_views, terminate_contract
from app.contracts.service.sending import withdraw_contract
from app.core.db import transaction
from app.core.errors import InvalidInput
from app.identity.consents import withdraw_consent
from app.identity.errors import ConsentRequired, VerificationRequired
from app.identity.models import Person
from app.notifications.service import list_messages
from tests.contracts.world import HOME, World
from tests.factories import Worker, employer_with_seal, new_worker, verified_worker


def confirm(worker: Worker, contract: Contract, **changes: object) -> Contract:
    asked = {
        "content_sha256": contract.content_sha256, "habitual_residence": HOME, "registered_residence": HOME,
    } | changes  # fmt: skip
    return confirm_contract(actor=worker.actor, contract_id=contract.id, **asked)  # type: ignore[arg-type]


def test_reading_takes_pages_and_time(world: World) -> None:
    _employer, worker, contract = world.sent()
    with pytest.raises(ReadingNotFinished):
        confirm(worker, contract)
    record_page_views(actor=worker.actor, contract_id=contract.id, pages=[1])
    with pytest.raises(ReadingNotFinished) as early:
        confirm(worker, contract)
    assert early.value.details["pages_left"] == 0
    assert 0 < early.value.details["seconds_left"] <= 5
    world.pass_time(seconds=5)
    _, reading = open_contract(actor=worker.actor, contract_id=contract.id)
    assert reading.complete
    assert confirm(worker, contract).status == Status.SIGNING
    world.check(settled=False)


def test_a_page_that_is_not_there_is_not_found(world: World) -> None:
    _employer, worker, contract = world.sent()
    with pytest.raises(ContractNotFound):
        record_page_views(actor=worker.actor, contract_id=contract.id, pages=[2])


def test_confirming_twice_gives_the_same_answer(world: World) -> None:
    _employer, worker, contract = world.sent()
    world.confirm(worker, contract)
    assert confirm(worker, contract).status == Status.SIGNING
    world.check(settled=False)


def test_another_content_is_refused(world: World) -> None:
    _employer, worker, contract = world.sent()
    world.read(worker, contract)
    with pytest.raises(DocumentChanged):
        confirm(worker, contract, content_sha256="0" * 64)


@pytest.mark.parametrize("address", [{}, {"region": [], "detail": "人民大街"}, {"region": ["吉林省"], "detail": "短"}])
def test_addresses_are_needed(world: World, address: dict[str, object]) -> None:
    _employer, worker, contract = world.sent()
    world.read(worker, contract)
    with pytest.raises(InvalidInput) as refused:
        confirm(worker, contract, registered_residence=address)
    assert list(refused.value.fields) == ["registered_residence"]


def test_only_a_verified_person_reads(world: World) -> None:
    employer, phone_owner = employer_with_seal(), new_worker()
    named = Worker(phone_owner.actor, phone_owner.token, phone_owner.phone, "张伟")
    contract = world.send(employer, named)
    with pytest.raises(VerificationRequired):
        get_contract(actor=phone_owner.actor, contract_id=contract.id)


def test_a_contract_for_another_name_stays_closed(world: World) -> None:
    employer, worker = employer_with_seal(), verified_worker("李娜")
    contract = world.send(employer, Worker(worker.actor, worker.token, worker.phone, "张伟"))
    with pytest.raises(NameMismatch):
        get_contract(actor=worker.actor, contract_id=contract.id)


def test_a_stranger_finds_nothing(world: World) -> None:
    _employer, _worker, contract = world.sent()
    stranger, other = verified_worker("王芳"), employer_with_seal("长春市其他有限公司")
    for actor in (stranger.actor, other.actor):
        with pytest.raises(ContractNotFound):
            get_contract(actor=actor, contract_id=contract.id)
        with pytest.raises(ContractNotFound):
            terminate_contract(actor=stranger.actor, contract_id=contract.id, reason="不签了")
    with pytest.raises(ContractNotFound):
        withdraw_contract(actor=other.actor, contract_id=contract.id)


def test_the_worker_terminates_with_a_reason(world: World) -> None:
    employer, worker, contract = world.confirmed()
    with pytest.raises(InvalidInput):
        terminate_contract(actor=worker.actor, contract_id=contract.id, reason=" ")
    ended = terminate_contract(actor=worker.actor, contract_id=contract.id, reason="工资与约定不符")
    assert ended.status == Status.TERMINATED
    assert world.reload(employer, contract).end_reason == "工资与约定不符"
    with pytest.raises(ActionNotAllowed):
        terminate_contract(actor=worker.actor, contract_id=contract.id, reason="再一次")
    world.settle()
    world.check()


def test_who_signed_does_not_terminate(world: World) -> None:
    _employer, worker, contract = world.signed()
    with pytest.raises(AlreadySigned):
        terminate_contract(actor=worker.actor, contract_id=contract.id, reason="改变主意")


def test_withdrawing_kills_the_link_and_tells_the_worker(world: World) -> None:
    employer, worker, contract = world.sent()
    world.settle()
    token = world.sms.last(worker.phone).params["link"].rsplit("t=", 1)[1]
    assert preview_link(token=token).organisation_id == contract.organisation_id
    withdraw_contract(actor=employer.actor, contract_id=contract.id, reason="内容有误")
    world.settle()
    assert world.sms.last(worker.phone).template == "SMS_CONTRACT_WITHDRAWN"
    with pytest.raises(LinkExpired):
        preview_link(token=token)
    world.check()


def test_the_deadline_ends_what_nobody_signed(world: World) -> None:
    employer, worker, contract = world.sent()
    world.pass_time(days=29)
    world.settle()
    assert world.reload(employer, contract).status == Status.CONFIRMING
    world.pass_time(days=2)
    world.settle()
    assert world.reload(employer, contract).status == Status.EXPIRED
    with pytest.raises(ActionNotAllowed):
        confirm(worker, contract)
    world.check()


@pytest.mark.parametrize("opened", [True, False])
def test_the_worker_is_told_of_the_deadline(world: World, opened: bool) -> None:
    employer, worker, contract = world.sent()
    if opened:
        record_page_views(actor=worker.actor, contract_id=contract.id, pages=[1])
    world.pass_time(days=31)
    world.settle()
    assert world.reload(employer, contract).status == Status.EXPIRED
    for actor in (worker.actor, employer.actor):
        newest = list_messages(actor=actor)[0]
        assert (newest.kind, newest.target_id) == ("contract.expired", contract.id)
    assert ("SMS_CONTRACT_EXPIRED" in [sms.template for sms in world.sms.sent if sms.phone == worker.phone]) is opened
    world.check()


def test_the_deadline_leaves_a_completed_contract_alone(world: World) -> None:
    employer, _worker, contract = world.completed()
    world.pass_time(days=31)
    world.settle()
    assert world.reload(employer, contract).status == Status.COMPLETED
    world.check()


def test_after_the_deadline_nothing_is_agreed_even_if_no_job_ran(world: World) -> None:
    _employer, worker, contract = world.sent()
    world.read(worker, contract)
    world.pass_time(days=31)
    with pytest.raises(DeadlinePassed):
        confirm(worker, contract)


def test_a_worker_agrees_to_the_electronic_form_first(world: World) -> None:
    _employer, worker, contract = world.sent()
    withdraw_consent(actor=worker.actor, kind="esign_consent")
    world.read(worker, contract)
    with pytest.raises(ConsentRequired) as refused:
        confirm(worker, contract)
    assert refused.value.details["kind"] == "esign_consent"


def test_a_name_that_changes_later_closes_nothing(world: World) -> None:
    _employer, worker, contract = world.completed()
    with transaction() as session:
        session.get_one(Person, worker.actor.person_id).name = "张大伟"
    assert get_contract(actor=worker.actor, contract_id=contract.id).status == Status.COMPLETED
