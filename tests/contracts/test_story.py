"""The main job as use cases: from an upload to a PDF with two signatures (G1, G3, H1, H3, H7, H10, I1)."""

import io
import subprocess
import zipfile
from pathlib import Path

import pytest

from app.contracts.documents import read_signed_archive, read_signed_file
from app.contracts.errors import NotDownloadableYet
from app.contracts.lifecycle import Status
from app.contracts.queries import count_boxes, list_contracts
from app.contracts.trail import get_timeline
from app.core.errors import InvalidInput
from app.core.ids import new_id
from app.signing.pades import verify
from tests.contracts.world import World
from tests.factories import verified_worker


def test_both_sign_and_the_document_is_valid(world: World, tmp_path: Path) -> None:
    employer, worker, contract = world.completed()
    assert contract.status == Status.COMPLETED
    world.check()
    _, pdf = read_signed_file(actor=worker.actor, contract_id=contract.id, blobs=world.providers.blobs)
    report = verify(pdf, signing_roots=world.authority.roots(), timestamp_roots=world.timestamper.roots())
    assert report.valid, report.all_problems
    assert [one.signer for one in report.signatures] == [worker.name, employer.organisation]
    assert all(one.level == "B-T" for one in report.signatures)
    path = tmp_path / "signed.pdf"
    path.write_bytes(pdf)
    pdfsig = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout
    assert pdfsig.count("Signature is Valid.") == 2


def test_one_flipped_byte_is_detected(world: World) -> None:
    *_people, contract = world.completed()
    pdf = bytearray(world.stored_pdf(contract))
    pdf[len(pdf) // 2] ^= 1
    report = verify(bytes(pdf), signing_roots=world.authority.roots(), timestamp_roots=world.timestamper.roots())
    assert not report.valid


def test_each_party_signs_with_its_own_certificate(world: World) -> None:
    *_people, contract = world.completed()
    assert sorted(world.authority.issued) == ["organisation", "person-once"]
    report = verify(
        world.stored_pdf(contract),
        signing_roots=world.authority.roots(),
        timestamp_roots=world.timestamper.roots(),
    )
    assert len({one.certificate_sha256 for one in report.signatures}) == 2


def test_everybody_is_told_once(world: World) -> None:
    employer, worker, _contract = world.completed()
    templates = [message.template for message in world.sms.sent if message.phone == worker.phone]
    assert templates.count("SMS_CONTRACT_LINK") == 1
    assert templates.count("SMS_CONTRACT_DONE") == 1
    assert not [message for message in world.sms.sent if message.phone == employer.phone and "link" in message.params]


def test_the_timeline_tells_the_story_to_both(world: World) -> None:
    employer, worker, contract = world.completed()
    story = [entry.action for entry in get_timeline(actor=worker.actor, contract_id=contract.id)]
    assert story == [
        "contract.sent", "contract.opened", "contract.confirmed", "contract.signed", "contract.sealed",
        "contract.signed", "contract.sealed", "contract.completed",
    ]  # fmt: skip
    assert story == [entry.action for entry in get_timeline(actor=employer.actor, contract_id=contract.id)]


def test_lists_follow_the_contract(world: World) -> None:
    employer, worker, contract = world.sent()
    assert count_boxes(actor=worker.actor) == {"all": 1, "waiting": 1, "others": 0, "done": 0}
    assert count_boxes(actor=employer.actor) == {"all": 1, "waiting": 0, "others": 1, "done": 0, "draft": 0}
    world.confirm(worker, contract)
    world.sign(worker, contract)
    assert [card.step for card in list_contracts(actor=worker.actor, box="others").items] == ["sealing"]
    assert world.work() == []
    assert [card.step for card in list_contracts(actor=employer.actor, box="waiting").items] == ["sign"]
    assert list_contracts(actor=worker.actor, box="waiting").items == []
    world.seal(employer, contract)
    assert world.work() == []
    assert [card.step for card in list_contracts(actor=worker.actor, box="done").items] == ["done"]


def test_whose_turn_it_is_does_not_hang_on_other_contracts(world: World) -> None:
    """Somebody else always has something unsigned."""
    employer, _worker, contract = world.signed()
    world.settle()
    world.draft(employer, verified_worker())
    world.sent()
    waiting = list_contracts(actor=employer.actor, box="waiting").items
    assert [card.contract.number for card in waiting] == [contract.number]
    assert count_boxes(actor=employer.actor) == {"all": 1, "waiting": 1, "others": 0, "done": 0, "draft": 1}


def test_many_contracts_come_as_one_zip(world: World) -> None:
    employer, worker, first = world.completed()
    second = world.confirm(worker, world.send(employer, worker))
    with pytest.raises(NotDownloadableYet):
        read_signed_archive(actor=employer.actor, contract_ids=[first.id, second.id], blobs=world.providers.blobs)
    world.sign(worker, second)
    world.settle()
    world.seal(employer, second)
    world.settle()
    data = read_signed_archive(
        actor=employer.actor, contract_ids=[first.id, second.id, first.id], blobs=world.providers.blobs
    )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == [f"{contract.number} {worker.name}.pdf" for contract in (first, second)]
        assert archive.read(archive.namelist()[0]) == world.stored_pdf(first)
    for none_or_too_many in ([], [new_id() for _ in range(51)]):
        with pytest.raises(InvalidInput):
            read_signed_archive(actor=employer.actor, contract_ids=none_or_too_many, blobs=world.providers.blobs)
