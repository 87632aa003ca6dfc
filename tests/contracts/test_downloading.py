"""Before a download, where configured: the person shows that it is them, for this file, once (B7)."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.accounts.errors import CodeWrong
from app.contracts.errors import ContractNotFound, DownloadCheckRequired, NotDownloadableYet
from app.contracts.models import Contract
from app.contracts.service.downloading import (
    spend_download_check,
    start_download_code,
    start_download_face_check,
)
from app.contracts.service.signing import get_intent, prove_intent, resend_intent
from app.core.actor import Actor
from app.core.checks import Outcome
from app.core.errors import DomainError
from app.identity.errors import FaceCheckNotFound, FaceCheckNotPassed, FaceCheckUsed
from app.identity.face_checks import refresh_face_check, start_face_check
from app.signing.errors import IntentMismatch, IntentNotFound, IntentNotProved, IntentUsed
from tests.contracts.world import NO_FACE, World
from tests.factories import Worker, last_code, log_in


def spend(actor: Actor, contract: Contract, check: uuid.UUID | None = None, intent: uuid.UUID | None = None) -> None:
    spend_download_check(actor=actor, contract_id=contract.id, face_check_id=check, intent_id=intent)


def passed(world: World, worker: Worker, contract: Contract) -> uuid.UUID:
    faces: Any = world.providers.faces
    started = start_download_face_check(actor=worker.actor, contract_id=contract.id, way=NO_FACE, faces=faces)
    assert refresh_face_check(actor=worker.actor, face_check_id=started.id, faces=faces).status == "passed"
    return started.id


def test_a_face_check_opens_one_download_and_its_repetition(world: World) -> None:
    _, worker, contract = world.completed()
    with pytest.raises(DownloadCheckRequired):
        spend(worker.actor, contract)
    check = passed(world, worker, contract)
    spend(worker.actor, contract, check)
    spend(worker.actor, contract, check)
    with pytest.raises(FaceCheckUsed):
        spend(log_in(worker.phone).actor, contract, check)
    world.pass_time(minutes=5)
    with pytest.raises(FaceCheckUsed):
        spend(worker.actor, contract, check)
    world.settle()
    world.check()


def test_a_code_does_it_too(world: World) -> None:
    _, worker, contract = world.completed()
    intent = start_download_code(actor=worker.actor, contract_id=contract.id)
    assert intent.status == "code_sent"
    with pytest.raises(IntentNotProved):
        spend(worker.actor, contract, intent=intent.id)
    with pytest.raises(CodeWrong):
        prove_intent(actor=worker.actor, intent_id=intent.id, code="000000")
    world.pass_time(minutes=2)
    resend_intent(actor=worker.actor, intent_id=intent.id)
    prove_intent(actor=worker.actor, intent_id=intent.id, code=last_code(worker.phone, "SMS_DOWNLOAD"))
    assert get_intent(actor=worker.actor, intent_id=intent.id, faces={}).status == "proved"
    spend(worker.actor, contract, intent=intent.id)
    spend(worker.actor, contract, intent=intent.id)
    with pytest.raises(IntentUsed):
        spend(log_in(worker.phone).actor, contract, intent=intent.id)
    world.pass_time(minutes=5)
    with pytest.raises(IntentUsed):
        spend(worker.actor, contract, intent=intent.id)
    world.settle()
    world.check()


def test_a_check_is_for_one_file_one_purpose_and_one_person(world: World) -> None:
    employer, worker, contract = world.completed()
    other = world.complete(employer, worker, world.draft(employer, worker))
    faces: Any = world.providers.faces
    check = passed(world, worker, contract)
    with pytest.raises(FaceCheckNotPassed):
        spend(worker.actor, other, check)
    signing = start_face_check(
        actor=worker.actor, purpose="intent", subject=contract.subject, faces=faces, way=NO_FACE,
        subject_sha256=world.reload(worker, contract).revision_sha256 or "",
    )  # fmt: skip
    refresh_face_check(actor=worker.actor, face_check_id=signing.id, faces=faces)
    with pytest.raises(FaceCheckNotPassed):
        spend(worker.actor, contract, signing.id)
    with pytest.raises(FaceCheckNotPassed):
        spend(worker.actor, contract, uuid.uuid4())
    _, stranger, strangers = world.completed()
    with pytest.raises(ContractNotFound):
        spend(stranger.actor, contract, check)
    with pytest.raises(FaceCheckNotPassed):
        spend(stranger.actor, strangers, check)
    with pytest.raises(FaceCheckNotFound):
        refresh_face_check(actor=stranger.actor, face_check_id=check, faces=faces)
    spend(worker.actor, contract, check)


def test_a_proof_by_code_is_for_one_file_too(world: World) -> None:
    employer, worker, contract = world.completed()
    other = world.complete(employer, worker, world.draft(employer, worker))
    intent = start_download_code(actor=worker.actor, contract_id=contract.id).id
    prove_intent(actor=worker.actor, intent_id=intent, code=last_code(worker.phone, "SMS_DOWNLOAD"))
    with pytest.raises(IntentMismatch):
        spend(worker.actor, other, intent=intent)
    _, stranger, strangers = world.completed()
    with pytest.raises(IntentNotFound):
        spend(stranger.actor, strangers, intent=intent)
    spend(worker.actor, contract, intent=intent)


@pytest.mark.parametrize("outcome", [Outcome.PENDING, Outcome.MISMATCH, Outcome.UNAVAILABLE, Outcome.CANCELLED])
def test_nothing_but_a_pass_opens_it(world: World, outcome: Outcome) -> None:
    _, worker, contract = world.completed()
    faces: Any = world.providers.faces
    world.face.outcome = outcome
    started = start_download_face_check(actor=worker.actor, contract_id=contract.id, way=NO_FACE, faces=faces)
    refresh_face_check(actor=worker.actor, face_check_id=started.id, faces=faces)
    with pytest.raises(FaceCheckNotPassed):
        spend(worker.actor, contract, started.id)


def test_a_pass_grows_old(world: World) -> None:
    _, worker, contract = world.completed()
    check = passed(world, worker, contract)
    world.pass_time(minutes=10)
    with pytest.raises(FaceCheckNotPassed):
        spend(worker.actor, contract, check)


def test_what_is_not_completed_is_not_asked_for(world: World) -> None:
    _, worker, contract = world.confirmed()
    faces: Any = world.providers.faces
    for begin in (
        lambda: start_download_face_check(actor=worker.actor, contract_id=contract.id, way=NO_FACE, faces=faces),
        lambda: start_download_code(actor=worker.actor, contract_id=contract.id),
        lambda: spend(worker.actor, contract, uuid.uuid4()),
    ):
        with pytest.raises(NotDownloadableYet):
            begin()


def test_of_many_sessions_that_use_one_check_at_once_one_downloads(world: World) -> None:
    _, worker, contract = world.completed()
    check, phones = passed(world, worker, contract), []
    for _ in range(4):
        world.pass_time(minutes=1)
        phones.append(log_in(worker.phone).actor)

    def download(actor: Actor) -> str:
        try:
            spend(actor, contract, check)
        except DomainError as error:
            return error.code
        return "file"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(download, phones)) == ["face_check_used"] * 3 + ["file"]
