"""Signing: will bound to everything, once; what is recorded is attached later (B6, H3, H7; T-07, T-08, T-12)."""

import itertools
import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.contracts.errors import ActionNotAllowed, DocumentChanged, NotYourTurn, SealNotUsable, SignatureRequired
from app.contracts.lifecycle import Status
from app.contracts.models import Contract
from app.contracts.sealing import SignaturePlan, plan_signature, produce_signature
from app.contracts.service.drafting import update_draft
from app.contracts.service.sending import send_contract, withdraw_contract
from app.contracts.service.signing import get_intent, prove_intent, seal_contract, sign_contract, start_intent
from app.core.actor import Actor
from app.core.checks import Outcome
from app.core.db import reading, transaction
from app.core.errors import DomainError, NotPermitted, ProviderError
from app.identity.face_checks import FaceWay
from app.seals.ink import Ink, InkRefused
from app.seals.service import revoke_seal
from app.signing.errors import (
    IntentExpired,
    IntentMethodNotAllowed,
    IntentNotFound,
    IntentNotProved,
    IntentUsed,
    KeyDestroyed,
)
from app.signing.intents import IntentRequest, consume_intent
from app.signing.models import Certificate, HolderKind, IntentPurpose
from tests.contracts.world import World
from tests.factories import employer_with_seal, last_code, some_ink, verified_worker


def test_a_second_tap_changes_nothing(world: World) -> None:
    _employer, worker, contract = world.confirmed()
    challenge = world.prove_will(worker, contract)
    for _ in range(3):
        answer = sign_contract(
            actor=worker.actor, contract_id=contract.id, challenge_id=challenge,
            content_sha256=contract.content_sha256 or "", ink=some_ink(),
        )  # fmt: skip
        assert answer.parties[0].acted_at is not None
    world.settle()
    world.check()


def test_without_proof_nothing_is_signed(world: World) -> None:
    _employer, worker, contract = world.confirmed()
    content = contract.content_sha256 or ""
    intent = start_intent(
        actor=worker.actor,
        contract_id=contract.id,
        method="sms",
        content_sha256=content,
        way=FaceWay(""),
        faces=world.providers.faces,
    )
    attempt = {"actor": worker.actor, "contract_id": contract.id, "content_sha256": content, "ink": some_ink()}
    with pytest.raises(IntentNotProved):
        sign_contract(challenge_id=intent.id, **attempt)  # type: ignore[arg-type]
    with pytest.raises(IntentNotFound):
        sign_contract(challenge_id=uuid.uuid4(), **attempt)  # type: ignore[arg-type]
    prove_intent(actor=worker.actor, intent_id=intent.id, code=last_code(worker.phone))
    world.pass_time(minutes=11)
    with pytest.raises(IntentExpired):
        sign_contract(challenge_id=intent.id, **attempt)  # type: ignore[arg-type]
    world.check(settled=False)


FIELDS = ("account", "person", "purpose", "subject", "document")
WRONG = [names for size in range(1, 6) for names in itertools.combinations(FIELDS, size)]


def test_a_proof_fits_exactly_one_act(world: World) -> None:
    """All 31 ways to use a proof for something else are refused and leave it unspent (T-08)."""
    _employer, worker, contract = world.confirmed()
    challenge = world.prove_will(worker, contract)
    request = IntentRequest(IntentPurpose.SIGN, contract.subject, contract.content_sha256 or "", "", "")
    for wrong in WRONG:
        actor, asked = _misuse(worker.actor, request, wrong)
        with transaction() as session, pytest.raises(DomainError) as refused:
            consume_intent(session, actor=actor, intent_id=challenge, request=asked)
        assert refused.value.http_status in (404, 409), wrong
    with transaction() as session:
        consume_intent(session, actor=worker.actor, intent_id=challenge, request=request)
    with transaction() as session, pytest.raises(IntentUsed):
        consume_intent(session, actor=worker.actor, intent_id=challenge, request=request)


def _misuse(actor: Actor, request: IntentRequest, wrong: tuple[str, ...]) -> tuple[Actor, IntentRequest]:
    if "account" in wrong:
        actor = replace(actor, account_id=uuid.uuid4())
    if "person" in wrong:
        actor = replace(actor, person_id=uuid.uuid4())
    if "purpose" in wrong:
        request = replace(request, purpose=IntentPurpose.SEAL)
    if "subject" in wrong:
        request = replace(request, subject=f"contract:{uuid.uuid4()}")
    if "document" in wrong:
        request = replace(request, document_sha256="f" * 64)
    return actor, request


def test_a_proof_for_one_contract_signs_no_other(world: World) -> None:
    employer, worker, first = world.confirmed()
    second = world.confirm(worker, world.send(employer, worker))
    challenge = world.prove_will(worker, first)
    with pytest.raises(DomainError) as refused:
        sign_contract(
            actor=worker.actor, contract_id=second.id, challenge_id=challenge,
            content_sha256=second.content_sha256 or "", ink=some_ink(),
        )  # fmt: skip
    assert refused.value.code == "intent_mismatch"


def test_another_content_than_shown_is_refused(world: World) -> None:
    _employer, worker, contract = world.confirmed()
    with pytest.raises(DocumentChanged):
        sign_contract(
            actor=worker.actor, contract_id=contract.id, challenge_id=world.prove_will(worker, contract),
            content_sha256="0" * 64, ink=some_ink(),
        )  # fmt: skip


def test_a_scribble_is_no_signature(world: World) -> None:
    _employer, worker, contract = world.confirmed()
    challenge = world.prove_will(worker, contract)
    dot = Ink(300, 150, (((10, 10, 0, None), (11, 10, 5, None)),))
    attempt = {
        "actor": worker.actor, "contract_id": contract.id, "challenge_id": challenge,
        "content_sha256": contract.content_sha256 or "",
    }  # fmt: skip
    with pytest.raises(InkRefused):
        sign_contract(ink=dot, **attempt)  # type: ignore[arg-type]
    with pytest.raises(SignatureRequired):
        sign_contract(**attempt)  # type: ignore[arg-type]
    assert sign_contract(ink=some_ink(), **attempt).parties[0].acted_at  # type: ignore[arg-type]


def test_the_current_signature_may_be_used_again(world: World) -> None:
    employer, worker, _first = world.signed()
    contract = world.confirm(worker, world.send(employer, worker))
    with pytest.raises(DomainError):
        sign_contract(
            actor=worker.actor, contract_id=contract.id, challenge_id=world.prove_will(worker, contract),
            content_sha256=contract.content_sha256 or "", signature_id=uuid.uuid4(),
        )  # fmt: skip


def test_face_counts_only_when_the_vendor_says_so(world: World) -> None:
    _employer, worker, contract = world.confirmed()
    content = contract.content_sha256 or ""
    world.face.outcome = Outcome.PENDING
    intent = start_intent(
        actor=worker.actor, contract_id=contract.id, method="face", content_sha256=content,
        way=FaceWay("http://127.0.0.1/h5/"), faces=world.providers.faces,
    )  # fmt: skip
    assert get_intent(actor=worker.actor, intent_id=intent.id, faces=world.providers.faces).status == "waiting"
    attempt = {
        "actor": worker.actor, "contract_id": contract.id, "challenge_id": intent.id, "content_sha256": content,
        "ink": some_ink(),
    }  # fmt: skip
    with pytest.raises(IntentNotProved):
        sign_contract(**attempt)  # type: ignore[arg-type]
    world.face.outcome = Outcome.MATCH
    assert get_intent(actor=worker.actor, intent_id=intent.id, faces=world.providers.faces).status == "proved"
    assert sign_contract(**attempt).parties[0].acted_at  # type: ignore[arg-type]
    world.settle()
    world.check()


@pytest.mark.parametrize(
    ("outcome", "status"),
    [(Outcome.MISMATCH, "failed"), (Outcome.CANCELLED, "cancelled"), (Outcome.EXPIRED, "expired")],
)
def test_a_failed_face_check_proves_nothing(world: World, outcome: Outcome, status: str) -> None:
    _employer, worker, contract = world.confirmed()
    world.face.outcome = outcome
    intent = start_intent(
        actor=worker.actor, contract_id=contract.id, method="face", content_sha256=contract.content_sha256 or "",
        way=FaceWay("http://127.0.0.1/h5/"), faces=world.providers.faces,
    )  # fmt: skip
    assert get_intent(actor=worker.actor, intent_id=intent.id, faces=world.providers.faces).status == status
    world.face.outcome = Outcome.MATCH
    assert get_intent(actor=worker.actor, intent_id=intent.id, faces=world.providers.faces).status == status


def test_the_employer_chooses_the_ways(world: World) -> None:
    employer, worker = employer_with_seal(), verified_worker()
    draft = world.draft(employer, worker)
    update_draft(actor=employer.actor, contract_id=draft.id, intent_methods=["sms"])
    contract = send_contract(
        actor=employer.actor, contract_id=draft.id, blobs=world.providers.blobs, link_url=world.providers.link_url
    )
    contract = world.confirm(worker, contract)
    with pytest.raises(IntentMethodNotAllowed):
        start_intent(
            actor=worker.actor, contract_id=contract.id, method="face", content_sha256=contract.content_sha256 or "",
            way=FaceWay(""), faces=world.providers.faces,
        )  # fmt: skip


def test_the_employer_waits_for_the_worker(world: World) -> None:
    employer, _worker, contract = world.confirmed()
    with pytest.raises(NotYourTurn):
        world.prove_will(employer, contract)


def test_nobody_signs_before_confirmation(world: World) -> None:
    _employer, worker, contract = world.sent()
    with pytest.raises(ActionNotAllowed):
        world.prove_will(worker, contract)


def test_a_revoked_or_foreign_seal_signs_nothing(world: World) -> None:
    employer, _worker, contract = world.signed()
    other = employer_with_seal("长春市其他有限公司")
    challenge = world.prove_will(employer, contract)
    attempt = {
        "actor": employer.actor, "contract_id": contract.id, "challenge_id": challenge,
        "content_sha256": contract.content_sha256 or "",
    }  # fmt: skip
    with pytest.raises(SealNotUsable):
        seal_contract(seal_id=other.seal_id, **attempt)  # type: ignore[arg-type]
    assert employer.seal_id is not None
    revoke_seal(actor=employer.actor, seal_id=employer.seal_id)
    with pytest.raises(SealNotUsable):
        seal_contract(seal_id=employer.seal_id, **attempt)  # type: ignore[arg-type]
    assert world.reload(employer, contract).status == Status.SIGNING


def test_sealing_needs_the_permission(world: World) -> None:
    employer, _worker, contract = world.signed()
    powerless = replace(employer.actor, permissions=frozenset({"contract.view"}))
    with pytest.raises(NotPermitted):
        seal_contract(
            actor=powerless, contract_id=contract.id, challenge_id=uuid.uuid4(),
            content_sha256=contract.content_sha256 or "", seal_id=employer.seal_id or uuid.uuid4(),
        )  # fmt: skip


def test_withdrawn_before_sealing_nothing_is_attached(world: World) -> None:
    employer, worker, contract = world.confirmed()
    world.sign(worker, contract)
    withdraw_contract(actor=employer.actor, contract_id=contract.id)
    world.settle()
    assert world.reload(employer, contract).revision_sha256 == contract.content_sha256
    world.check()


@pytest.mark.parametrize("vendor", ["authority", "timestamper"])
def test_an_outage_delays_and_loses_nothing(world: World, vendor: str) -> None:
    """T-36: the act is recorded, sealing waits, the contract completes by itself, once."""
    employer, worker, contract = world.signed()
    down = getattr(world, vendor)
    down.error = ProviderError(vendor, "unreachable")
    world.seal(employer, contract)
    assert world.work() == [f"contracts.seal: ProviderError {vendor}:unreachable"]
    assert world.reload(worker, contract).status == Status.SEALING
    world.check(settled=False)
    for _ in range(5):
        world.pass_time(minutes=2)
        assert len(world.work()) == 1
    down.error = None
    world.pass_time(minutes=2)
    world.settle()
    assert world.reload(worker, contract).status == Status.COMPLETED
    assert len(world.authority.issued) == 2
    world.check()


@pytest.mark.parametrize("late", ["plans", "asks the authority"])
def test_a_late_runner_gets_no_certificate_for_what_is_done(world: World, late: str) -> None:
    """The key of the signature was destroyed meanwhile: that is no reason to issue another one (I1)."""
    employer, worker, contract = world.confirmed()
    world.sign(worker, contract)
    plan = _plan(contract)
    if late == "plans":
        world.settle()
    else:
        world.authority.meanwhile = _once(world, world.settle)
    with pytest.raises(KeyDestroyed):
        produce_signature(plan, world.ports)
    with reading() as session:
        of_worker = select(func.count()).where(Certificate.holder_kind == HolderKind.PERSON)
        assert session.scalar(of_worker) == 1
    world.seal(employer, contract)
    world.settle()
    world.check()
    assert world.reload(employer, contract).revision_number == 2


def _plan(contract: Contract) -> SignaturePlan:
    with reading() as session:
        plan = plan_signature(session, contract.id)
    assert plan is not None
    return plan


def _once(world: World, act: Callable[[], None]) -> Callable[[], None]:
    """Later questions to the authority, those of `act` among them, are answered at once."""

    def meanwhile() -> None:
        world.authority.meanwhile = None
        act()

    return meanwhile
