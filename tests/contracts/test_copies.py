"""Copy recipients read what is completed, and nothing else (G3; T-01)."""

import pytest

from app.contracts.documents import read_signed_file
from app.contracts.errors import ActionNotAllowed, ContractNotFound, NameMismatch
from app.contracts.models import Contract
from app.contracts.queries import get_contract, list_contracts
from app.contracts.service.drafting import copy_contract, update_draft
from app.contracts.service.responding import terminate_contract
from app.contracts.service.sending import send_contract
from app.contracts.service.signing import sign_contract
from app.core.errors import DomainError, InvalidInput
from app.core.ids import new_id
from tests.contracts.world import World
from tests.factories import Employer, Worker, employer_with_seal, some_ink, verified_worker


def completed_with_copy(world: World, name: str = "陈静") -> tuple[Employer, Worker, Worker, Contract]:
    """A completed contract of which 陈静 gets a copy; `name` is what the employer typed."""
    employer, worker, reader = employer_with_seal(), verified_worker(), verified_worker("陈静")
    draft = world.draft(employer, worker)
    update_draft(actor=employer.actor, contract_id=draft.id, copies=[{"name": name, "phone": reader.phone}])
    contract = send_contract(
        actor=employer.actor, contract_id=draft.id, blobs=world.providers.blobs, link_url=world.providers.link_url
    )
    with pytest.raises(ContractNotFound):
        get_contract(actor=reader.actor, contract_id=contract.id)
    world.confirm(worker, contract)
    world.sign(worker, contract)
    world.settle()
    world.seal(employer, contract)
    world.settle()
    return employer, worker, reader, world.reload(employer, contract)


def test_a_reader_is_told_and_reads_the_completed_contract(world: World) -> None:
    _employer, worker, reader, contract = completed_with_copy(world)
    assert world.sms.last(reader.phone).template == "SMS_CONTRACT_COPY"
    assert world.sms.last(worker.phone).template == "SMS_CONTRACT_DONE"
    links = {world.sms.last(person.phone).params["link"] for person in (worker, reader)}
    assert len(links) == 2
    assert [card.step for card in list_contracts(actor=reader.actor).items] == ["copy"]
    _, pdf = read_signed_file(actor=reader.actor, contract_id=contract.id, blobs=world.providers.blobs)
    assert pdf.startswith(b"%PDF")
    world.check()


def test_a_reader_can_do_nothing(world: World) -> None:
    _employer, _worker, reader, contract = completed_with_copy(world)
    with pytest.raises(DomainError):
        terminate_contract(actor=reader.actor, contract_id=contract.id, reason="不同意")
    with pytest.raises(ActionNotAllowed):
        sign_contract(
            actor=reader.actor, contract_id=contract.id, challenge_id=new_id(),
            content_sha256=contract.content_sha256 or "", ink=some_ink(),
        )  # fmt: skip
    world.check()


def test_a_reader_of_another_name_stays_outside(world: World) -> None:
    _employer, _worker, reader, contract = completed_with_copy(world, name="陈晶")
    with pytest.raises(NameMismatch):
        get_contract(actor=reader.actor, contract_id=contract.id)


def test_a_copy_of_the_contract_keeps_its_readers(world: World) -> None:
    employer, _worker, reader, contract = completed_with_copy(world)
    copy = copy_contract(actor=employer.actor, contract_id=contract.id)
    loaded = get_contract(actor=employer.actor, contract_id=copy.id)
    assert [(one.name, one.phone) for one in loaded.copies] == [("陈静", reader.phone)]


@pytest.mark.parametrize(
    "copies",
    [
        [{"name": "陈静", "phone": "12345"}],
        [{"name": "", "phone": "13800138000"}],
        [{"name": "陈静", "phone": "13800138000"}, {"name": "陈晶", "phone": "+8613800138000"}],
        [{"name": "陈静", "phone": f"1380013{number:04d}"} for number in range(11)],
    ],
)
def test_bad_readers_are_refused(world: World, copies: list[dict[str, str]]) -> None:
    employer = employer_with_seal()
    draft = world.draft(employer, verified_worker())
    with pytest.raises(InvalidInput) as refused:
        update_draft(actor=employer.actor, contract_id=draft.id, copies=copies)
    assert all(field.startswith("copies") for field in refused.value.fields)


def test_the_worker_is_no_copy_recipient(world: World) -> None:
    employer, worker = employer_with_seal(), verified_worker()
    draft = world.draft(employer, worker)
    with pytest.raises(InvalidInput):
        update_draft(actor=employer.actor, contract_id=draft.id, copies=[{"name": "张伟", "phone": worker.phone}])
