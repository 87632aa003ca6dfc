"""Who took the signed file, when, and which revision (H10, H11, I3)."""

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.contracts.documents import read_signed_archive, read_signed_file
from app.contracts.errors import NotDownloadableYet
from app.contracts.models import Contract
from app.contracts.trail import get_timeline
from app.core.db import reading
from tests.contracts.test_copies import completed_with_copy
from tests.contracts.world import World
from tests.factories import Employer, Worker


def download(world: World, person: Worker | Employer, contract: Contract) -> None:
    read_signed_file(actor=person.actor, contract_id=contract.id, blobs=world.providers.blobs)


def noted(contract: Contract) -> list[AuditEntry]:
    found = select(AuditEntry).where(
        AuditEntry.action == "contract.downloaded", AuditEntry.subject == f"contract:{contract.id}"
    )
    with reading() as session:
        return list(session.scalars(found.order_by(AuditEntry.number)))


def test_a_download_is_noted_with_who_and_what(world: World) -> None:
    employer, worker, contract = world.completed()
    download(world, worker, contract)
    download(world, employer, contract)
    entries = noted(contract)
    assert [(entry.actor_kind, entry.actor_id) for entry in entries] == [
        ("worker", str(worker.actor.account_id)), ("operator", str(employer.actor.account_id)),
    ]  # fmt: skip
    for entry, party in zip(entries, ("worker", "organisation"), strict=True):
        assert entry.data == {"party": party, "revision_sha256": contract.revision_sha256, "revision_number": 2}
    for person in (worker, employer):
        story = get_timeline(actor=person.actor, contract_id=contract.id)
        assert [(entry.action, entry.party) for entry in story[-2:]] == [
            ("contract.downloaded", "worker"), ("contract.downloaded", "organisation"),
        ]  # fmt: skip
    world.check()


def test_tapping_again_is_one_download(world: World) -> None:
    _employer, worker, contract = world.completed()
    download(world, worker, contract)
    world.pass_time(minutes=9)
    download(world, worker, contract)
    assert len(noted(contract)) == 1
    world.pass_time(minutes=2)
    download(world, worker, contract)
    assert len(noted(contract)) == 2


def test_a_zip_notes_every_contract_or_none(world: World) -> None:
    employer, worker, first = world.completed()
    unfinished = world.send(employer, worker)
    with pytest.raises(NotDownloadableYet):
        read_signed_archive(actor=employer.actor, contract_ids=[first.id, unfinished.id], blobs=world.providers.blobs)
    assert noted(first) == []
    second = world.complete(employer, worker, world.draft(employer, worker))
    read_signed_archive(actor=employer.actor, contract_ids=[first.id, second.id], blobs=world.providers.blobs)
    assert [len(noted(contract)) for contract in (first, second, unfinished)] == [1, 1, 0]


def test_a_readers_download_is_the_employers_and_the_readers_to_know(world: World) -> None:
    employer, worker, reader, contract = completed_with_copy(world)
    download(world, reader, contract)
    assert [entry.data["party"] for entry in noted(contract)] == ["copy"]
    signed = ["contract.opened", "contract.confirmed", "contract.signed"]
    for person, sees, did in (
        (employer, True, []), (reader, True, ["contract.downloaded"]), (worker, False, signed),
    ):  # fmt: skip
        story = get_timeline(actor=person.actor, contract_id=contract.id)
        assert ("copy" in [entry.party for entry in story]) is sees
        assert [entry.action for entry in story if entry.mine] == did, "nobody is told that they did what others did"
