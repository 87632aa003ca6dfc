"""Where the employer asks for it, nobody reads before they showed that it is them: by face or by code (B6)."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.contracts.documents import read_page_image, read_signed_file, read_text
from app.contracts.errors import ContractNotFound, OpeningCheckRequired
from app.contracts.models import Contract
from app.contracts.queries import get_contract, list_contracts
from app.contracts.service.drafting import copy_contract, update_draft
from app.contracts.service.opening import (
    start_opening_code,
    start_opening_face_check,
    start_opening_pin,
    unlock_contract,
)
from app.contracts.service.responding import confirm_contract, open_contract, record_page_views, terminate_contract
from app.contracts.service.sending import send_contract
from app.contracts.service.signing import prove_intent, sign_contract
from app.contracts.trail import get_timeline
from app.core.actor import Actor
from app.core.checks import Outcome
from app.core.errors import InvalidInput
from app.identity.errors import FaceCheckNotPassed, FaceCheckUsed, VerificationRequired
from app.identity.face_checks import refresh_face_check, start_face_check
from app.signing.errors import IntentMethodNotAllowed, IntentMismatch, IntentNotProved, IntentUsed
from app.signing.intents import prove_intent_pin
from tests.accounts.password_world import cheap_hashes
from tests.contracts.pin_world import PIN, activate
from tests.contracts.world import HOME, NO_FACE, World
from tests.factories import Employer, Worker, employer_with_seal, last_code, log_in, some_ink, verified_worker

__all__ = ["cheap_hashes"]


def closed(world: World, *more_ways: str) -> tuple[Employer, Worker, Contract]:
    """A contract that was sent and asks before it opens."""
    employer, worker = employer_with_seal(), verified_worker()
    draft = world.draft(employer, worker)
    ways = ["sms", "face", *more_ways]
    update_draft(actor=employer.actor, contract_id=draft.id, open_check=True, intent_methods=ways)
    sent = send_contract(
        actor=employer.actor, contract_id=draft.id, blobs=world.providers.blobs, link_url=world.providers.link_url
    )
    return employer, worker, sent


def by_face(world: World, worker: Worker, contract: Contract) -> uuid.UUID:
    faces: Any = world.providers.faces
    started = start_opening_face_check(actor=worker.actor, contract_id=contract.id, way=NO_FACE, faces=faces)
    refresh_face_check(actor=worker.actor, face_check_id=started.id, faces=faces)
    return started.id


def by_code(worker: Worker, contract: Contract) -> uuid.UUID:
    started = start_opening_code(actor=worker.actor, contract_id=contract.id)
    prove_intent(actor=worker.actor, intent_id=started.id, code=last_code(worker.phone, "SMS_OPEN"))
    return started.id


def unlock(actor: Actor, contract: Contract, check: uuid.UUID | None = None, intent: uuid.UUID | None = None) -> None:
    unlock_contract(actor=actor, contract_id=contract.id, face_check_id=check, intent_id=intent)


def is_open(actor: Actor, contract: Contract) -> bool:
    try:
        return open_contract(actor=actor, contract_id=contract.id)[0].id == contract.id
    except OpeningCheckRequired:
        return False


def test_every_way_to_the_text_is_closed_before_and_lists_show_the_title(world: World) -> None:
    employer, worker, contract = closed(world)
    one, blobs = {"actor": worker.actor, "contract_id": contract.id}, world.providers.blobs
    homes = {"habitual_residence": HOME, "registered_residence": HOME}
    ways: list[Callable[[], object]] = [
        lambda: get_contract(**one), lambda: open_contract(**one), lambda: read_page_image(**one, page=1, blobs=blobs),
        lambda: read_text(**one, blobs=blobs), lambda: record_page_views(**one, pages=[1]),
        lambda: get_timeline(**one), lambda: read_signed_file(**one, blobs=blobs),
        lambda: confirm_contract(**one, content_sha256=contract.content_sha256 or "", **homes),
        lambda: terminate_contract(**one, reason="不签了"),
    ]  # fmt: skip
    told = {
        "contract_id": str(contract.id), "contract_title": "劳动合同", "organisation": employer.organisation,
        "ways": contract.intent_methods,
    }  # fmt: skip
    for read in ways:
        with pytest.raises(OpeningCheckRequired) as refused:
            read()
        assert refused.value.details == told
    assert [card.contract.title for card in list_contracts(actor=worker.actor).items] == ["劳动合同"]
    assert get_contract(actor=employer.actor, contract_id=contract.id).status == "confirming"


@pytest.mark.parametrize("how", ["face", "code"])
def test_a_check_opens_it_to_this_session_for_half_an_hour(world: World, how: str) -> None:
    employer, worker, contract = closed(world)
    with pytest.raises(OpeningCheckRequired):
        unlock(worker.actor, contract)
    proof = {"check": by_face(world, worker, contract)} if how == "face" else {"intent": by_code(worker, contract)}
    world.pass_time(minutes=1)
    other = log_in(worker.phone).actor
    for _ in range(2):
        unlock(worker.actor, contract, **proof)
    assert (is_open(worker.actor, contract), is_open(other, contract)) == (True, False)
    with pytest.raises((FaceCheckUsed, IntentUsed)):
        unlock(other, contract, **proof)
    shown = [entry.action for entry in get_timeline(actor=employer.actor, contract_id=contract.id)]
    assert shown == ["contract.sent", "contract.unlocked"], "once"
    world.pass_time(minutes=30)
    assert not is_open(worker.actor, contract)
    with pytest.raises((FaceCheckUsed, IntentUsed)):
        unlock(worker.actor, contract, **proof)


@pytest.mark.usefixtures("cheap_hashes")
def test_the_certificate_pin_opens_what_may_be_signed_by_it(world: World) -> None:
    _, worker, contract = closed(world, "pin")
    activate(world, worker)
    asked = start_opening_pin(actor=worker.actor, contract_id=contract.id)
    prove_intent_pin(actor=worker.actor, intent_id=asked.id, pin=PIN)
    unlock(worker.actor, contract, intent=asked.id)
    assert is_open(worker.actor, contract)
    _, other, without = closed(world)
    with pytest.raises(IntentMethodNotAllowed):
        start_opening_pin(actor=other.actor, contract_id=without.id)


def test_from_the_check_to_the_end_and_what_is_signed_stays_open(world: World) -> None:
    employer, worker, contract = closed(world)
    unlock(worker.actor, contract, by_face(world, worker, contract))
    world.confirm(worker, contract)
    world.pass_time(minutes=30)
    assert not is_open(worker.actor, contract)
    world.sign(worker, contract)
    assert is_open(worker.actor, contract)
    world.settle()
    world.seal(employer, contract)
    world.settle()
    assert is_open(log_in(worker.phone).actor, contract)
    world.settle()
    world.check()


def test_nothing_but_a_pass_for_this_very_contract_opens_it(world: World) -> None:
    employer, worker, contract = closed(world)
    faces: Any = world.providers.faces
    other = world.send(employer, worker)
    for check in (by_face(world, worker, other), uuid.uuid4()):
        with pytest.raises(FaceCheckNotPassed):
            unlock(worker.actor, contract, check)
    with pytest.raises(IntentMismatch):
        unlock(worker.actor, contract, intent=by_code(worker, other))
    for outcome in (Outcome.PENDING, Outcome.MISMATCH, Outcome.UNAVAILABLE, Outcome.CANCELLED):
        world.face.outcome = outcome
        world.pass_time(minutes=1)
        with pytest.raises(FaceCheckNotPassed):
            unlock(worker.actor, contract, by_face(world, worker, contract))
    world.face.outcome = Outcome.MATCH
    for_signing = start_face_check(
        actor=worker.actor, purpose="intent", subject=contract.subject, way=NO_FACE, faces=faces,
        subject_sha256=contract.content_sha256 or "",
    )  # fmt: skip
    refresh_face_check(actor=worker.actor, face_check_id=for_signing.id, faces=faces)
    with pytest.raises(FaceCheckNotPassed):
        unlock(worker.actor, contract, for_signing.id)
    world.pass_time(minutes=2)
    unproved = start_opening_code(actor=worker.actor, contract_id=contract.id)
    with pytest.raises(IntentNotProved):
        unlock(worker.actor, contract, intent=unproved.id)
    late = by_face(world, worker, contract)
    world.pass_time(minutes=10)
    with pytest.raises(FaceCheckNotPassed):
        unlock(worker.actor, contract, late)
    assert not is_open(worker.actor, contract)


def test_a_pass_to_read_signs_nothing(world: World) -> None:
    _, worker, contract = closed(world)
    intent = by_code(worker, contract)
    unlock(worker.actor, contract, by_face(world, worker, contract))
    world.confirm(worker, contract)
    with pytest.raises(IntentMismatch):
        sign_contract(
            actor=worker.actor, contract_id=contract.id, challenge_id=intent, ink=some_ink(),
            content_sha256=contract.content_sha256 or "",
        )  # fmt: skip


def test_strangers_and_people_who_are_not_verified_begin_nothing(world: World) -> None:
    _, worker, contract = closed(world)
    check = by_face(world, worker, contract)
    stranger = verified_worker("王小丽")
    for begin in (
        lambda: start_opening_code(actor=stranger.actor, contract_id=contract.id),
        lambda: unlock(stranger.actor, contract, check),
    ):
        with pytest.raises(ContractNotFound):
            begin()
    newcomer = replace(worker.actor, person_id=None)
    with pytest.raises(VerificationRequired):
        start_opening_code(actor=newcomer, contract_id=contract.id)


def test_it_is_off_by_default_kept_in_copies_and_needs_the_face_beside_the_code(world: World) -> None:
    employer, worker, contract = closed(world)
    assert copy_contract(actor=employer.actor, contract_id=contract.id).open_check
    draft = world.draft(employer, worker)
    assert not draft.open_check
    change: Any = {"actor": employer.actor, "contract_id": draft.id}
    for refused in ({"open_check": True, "intent_methods": ["sms"]}, {"open_check": True, "intent_methods": ["face"]}):
        with pytest.raises(InvalidInput):
            update_draft(**change, **refused)
    update_draft(**change, open_check=True)
    with pytest.raises(InvalidInput) as wrong:
        update_draft(**change, intent_methods=["sms"])
    assert list(wrong.value.fields) == ["open_check"]
    assert is_open(worker.actor, world.send(employer, worker)), "other contracts open as ever"
