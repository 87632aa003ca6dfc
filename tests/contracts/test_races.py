"""Who comes first wins, and only once (C-03, C-04, C-05, C-07, C-11; T-14, T-15, T-16).

On PostgreSQL contenders really meet: from a barrier, and queued at the contract's lock in either order.
SQLite lets one writer in at a time; there the same promises hold for double submits and double sealing.
"""

import functools
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from app.accounts.errors import LinkExpired
from app.accounts.links import preview_link
from app.contracts.jobs import expire, seal
from app.contracts.lifecycle import Status
from app.contracts.models import Contract
from app.contracts.service.drafting import update_draft
from app.contracts.service.reminding import resend_link, urge_worker
from app.contracts.service.responding import confirm_contract, terminate_contract
from app.contracts.service.sending import send_contract, withdraw_contract
from app.contracts.service.signing import prove_intent, seal_contract, sign_contract, start_intent
from app.identity.face_checks import FaceWay
from app.seals.service import revoke_seal
from tests.contracts.world import HOME, World
from tests.factories import Employer, Worker, employer_with_seal, last_code, some_ink, verified_worker
from tests.races.contest import at_once, in_order, refusals
from tests.races.pictures import one_picture_for_all

on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
either_first = pytest.mark.parametrize("order", [1, -1], ids=["as_named", "reversed"])
ROUNDS = 3

__all__ = ["one_picture_for_all"]

Act = Callable[[], Any]


def signing(worker: Worker, contract: Contract, challenge: uuid.UUID) -> Act:
    return functools.partial(
        sign_contract, actor=worker.actor, contract_id=contract.id, challenge_id=challenge,
        content_sha256=contract.content_sha256 or "", ink=some_ink(),
    )  # fmt: skip


def sealing(employer: Employer, contract: Contract, challenge: uuid.UUID) -> Act:
    return functools.partial(
        seal_contract, actor=employer.actor, contract_id=contract.id, challenge_id=challenge,
        content_sha256=contract.content_sha256 or "", seal_id=employer.seal_id or uuid.uuid4(),
    )  # fmt: skip


def withdrawing(employer: Employer, contract: Contract) -> Act:
    return functools.partial(withdraw_contract, actor=employer.actor, contract_id=contract.id)


def terminating(worker: Worker, contract: Contract) -> Act:
    return functools.partial(terminate_contract, actor=worker.actor, contract_id=contract.id, reason="工资与约定不符")


def confirming(worker: Worker, contract: Contract) -> Act:
    return functools.partial(
        confirm_contract, actor=worker.actor, contract_id=contract.id, content_sha256=contract.content_sha256 or "",
        habitual_residence=HOME, registered_residence=HOME,
    )  # fmt: skip


def expiring(contract: Contract) -> Act:
    return functools.partial(expire, contract_id=str(contract.id))


def running(world: World, contract: Contract) -> Act:
    """One runner doing the job `contracts.seal`."""
    return functools.partial(seal, contract_id=str(contract.id), ports=world.ports, link_url=world.providers.link_url)


def settled(world: World, person: Employer, contract: Contract) -> Contract:
    """After all work is done and everything has been checked."""
    world.settle()
    world.check()
    return world.reload(person, contract)


# ── The same thing more than once ────────────────────────────────────────────────────────────────


def test_fifty_submits_sign_once(world: World) -> None:
    employer, worker, contract = world.confirmed()
    challenge = world.prove_will(worker, contract)
    answers = at_once(*[signing(worker, contract, challenge)] * 50)
    assert refusals(answers) == []
    assert len({answer.parties[0].acted_at for answer in answers}) == 1
    assert settled(world, employer, contract).revision_number == 1


def test_fifty_submits_seal_once(world: World) -> None:
    employer, worker, contract = world.signed()
    challenge = world.prove_will(employer, contract)
    assert refusals(at_once(*[sealing(employer, contract, challenge)] * 50)) == []
    assert settled(world, employer, contract).status == Status.COMPLETED
    assert [sms.template for sms in world.sms.sent if sms.phone == worker.phone].count("SMS_CONTRACT_DONE") == 1


@on_postgresql
def test_of_five_proofs_one_is_spent(world: World) -> None:
    """assert_world counts: as many proofs are spent as acts recorded."""
    employer, worker, contract = world.confirmed()
    challenges = [world.prove_will(worker, contract) for _ in range(5)]
    assert refusals(at_once(*[signing(worker, contract, one) for one in challenges] * 2)) == []
    assert settled(world, employer, contract).revision_number == 1


@on_postgresql
def test_one_proof_in_ten_uses_signs_its_own_contract(world: World) -> None:
    employer, worker, contract = world.confirmed()
    others = [world.confirm(worker, world.send(employer, worker)) for _ in range(4)]
    challenge = world.prove_will(worker, contract)
    outcomes = at_once(*[signing(worker, one, challenge) for one in [*others, contract]] * 2)
    assert set(refusals(outcomes)) <= {"intent_mismatch", "intent_used"}
    assert len(refusals(outcomes)) == 8
    assert settled(world, employer, contract).revision_number == 1
    assert {world.reload(employer, one).revision_number for one in others} == {0}


@on_postgresql
def test_a_code_typed_ten_times_at_once_proves_once(world: World) -> None:
    _employer, worker, contract = world.confirmed()
    world.pass_time(seconds=61)
    intent = start_intent(
        actor=worker.actor, contract_id=contract.id, method="sms", content_sha256=contract.content_sha256 or "",
        way=FaceWay(""), faces=world.providers.faces,
    )  # fmt: skip
    code = last_code(worker.phone)
    typed = functools.partial(prove_intent, actor=worker.actor, intent_id=intent.id, code=code)
    assert len(refusals(at_once(*[typed] * 10))) == 9
    world.check(settled=False)


@on_postgresql
def test_ten_confirmations_confirm_once(world: World) -> None:
    employer, worker, contract = world.sent()
    world.read(worker, contract)
    assert refusals(at_once(*[confirming(worker, contract)] * 10)) == []
    assert settled(world, employer, contract).status == Status.SIGNING


@on_postgresql
def test_a_draft_is_sent_once(world: World) -> None:
    employer, worker = employer_with_seal(), verified_worker()
    draft = world.draft(employer, worker)
    sending = functools.partial(
        send_contract, actor=employer.actor, contract_id=draft.id, blobs=world.providers.blobs,
        link_url=world.providers.link_url,
    )  # fmt: skip
    assert refusals(at_once(*[sending] * 4)) == ["action_not_allowed"] * 3
    assert settled(world, employer, draft).status == Status.CONFIRMING
    assert [sms.template for sms in world.sms.sent if sms.phone == worker.phone].count("SMS_CONTRACT_LINK") == 1


@pytest.mark.parametrize("runners", [2, 4])
def test_runners_that_meet_sign_once_per_party(world: World, runners: int) -> None:
    """Both acts recorded, nothing attached yet: two signatures, one completion (C-01, C-02)."""
    employer, worker, contract = world.confirmed()
    world.sign(worker, contract)
    world.seal(employer, contract)
    at_once(*[running(world, contract)] * runners)
    assert settled(world, employer, contract).revision_number == 2
    assert [sms.template for sms in world.sms.sent if sms.phone == worker.phone].count("SMS_CONTRACT_DONE") == 1


# ── One against the other ────────────────────────────────────────────────────────────────────────


@on_postgresql
@either_first
def test_withdrawing_against_the_worker(world: World, order: int) -> None:
    """The worker's signature may still be withdrawn before the seal; a withdrawn contract can't be signed."""
    employer, worker, contract = world.confirmed()
    sign = signing(worker, contract, world.prove_will(worker, contract))
    outcomes = in_order(contract, *[sign, withdrawing(employer, contract)][::order])
    assert refusals(outcomes) == ([] if order == 1 else ["action_not_allowed"])
    ended = settled(world, employer, contract)
    assert (ended.status, bool(ended.parties[0].acted_at)) == (Status.WITHDRAWN, order == 1)


@on_postgresql
@either_first
def test_withdrawing_against_the_seal(world: World, order: int) -> None:
    """Exactly one of them happens (T-16)."""
    employer, _worker, contract = world.signed()
    stamp = sealing(employer, contract, world.prove_will(employer, contract))
    outcomes = in_order(contract, *[stamp, withdrawing(employer, contract)][::order])
    assert refusals(outcomes) == ["action_not_allowed"]
    expected = Status.COMPLETED if order == 1 else Status.WITHDRAWN
    assert settled(world, employer, contract).status == expected


@on_postgresql
def test_withdrawing_against_the_seal_from_a_barrier(world: World) -> None:
    for _ in range(ROUNDS):
        employer, _worker, contract = world.signed()
        stamp = sealing(employer, contract, world.prove_will(employer, contract))
        assert refusals(at_once(stamp, withdrawing(employer, contract), stamp)) in (
            ["action_not_allowed"], ["action_not_allowed"] * 2,
        )  # fmt: skip
        assert settled(world, employer, contract).status in (Status.COMPLETED, Status.WITHDRAWN)


@on_postgresql
@either_first
def test_terminating_against_withdrawing(world: World, order: int) -> None:
    employer, worker, contract = world.confirmed()
    ends = [terminating(worker, contract), withdrawing(employer, contract)]
    assert refusals(in_order(contract, *ends[::order])) == ["action_not_allowed"]
    expected = Status.TERMINATED if order == 1 else Status.WITHDRAWN
    assert settled(world, employer, contract).status == expected


@on_postgresql
@either_first
def test_terminating_against_signing(world: World, order: int) -> None:
    employer, worker, contract = world.confirmed()
    acts = [terminating(worker, contract), signing(worker, contract, world.prove_will(worker, contract))]
    assert refusals(in_order(contract, *acts[::order])) == (
        ["action_not_allowed"] if order == 1 else ["already_signed"]
    )
    expected = Status.TERMINATED if order == 1 else Status.SIGNING
    assert settled(world, employer, contract).status == expected


@on_postgresql
@either_first
def test_confirming_against_withdrawing(world: World, order: int) -> None:
    employer, worker, contract = world.sent()
    world.read(worker, contract)
    acts = [confirming(worker, contract), withdrawing(employer, contract)]
    assert refusals(in_order(contract, *acts[::order])) == ([] if order == 1 else ["action_not_allowed"])
    assert settled(world, employer, contract).status == Status.WITHDRAWN


def _proved_just_before_the_deadline(world: World, person: Worker | Employer, contract: Contract) -> uuid.UUID:
    assert contract.deadline_at is not None
    world.pass_time(seconds=(contract.deadline_at - world.moment).total_seconds() - 120)
    challenge = world.prove_will(person, contract)
    world.pass_time(minutes=2)
    return challenge


@on_postgresql
@either_first
def test_the_deadline_against_the_worker(world: World, order: int) -> None:
    """The deadline counts itself: whoever takes the lock first, it was too late."""
    employer, worker, contract = world.confirmed()
    acts = [signing(worker, contract, _proved_just_before_the_deadline(world, worker, contract)), expiring(contract)]
    refused = ["deadline_passed"] if order == 1 else ["action_not_allowed"]
    assert refusals(in_order(contract, *acts[::order])) == refused
    assert settled(world, employer, contract).status == Status.EXPIRED


@on_postgresql
@either_first
def test_the_deadline_against_the_seal(world: World, order: int) -> None:
    employer, _worker, contract = world.signed()
    challenge = _proved_just_before_the_deadline(world, employer, contract)
    acts = [sealing(employer, contract, challenge), expiring(contract)]
    refused = ["deadline_passed"] if order == 1 else ["action_not_allowed"]
    assert refusals(in_order(contract, *acts[::order])) == refused
    assert settled(world, employer, contract).status == Status.EXPIRED


@on_postgresql
@either_first
def test_the_employer_never_overtakes_the_worker(world: World, order: int) -> None:
    """Whoever calls first, the seal has no proof before it is the employer's turn."""
    employer, worker, contract = world.confirmed()
    sign = signing(worker, contract, world.prove_will(worker, contract))
    acts = [sign, sealing(employer, contract, uuid.uuid4())]
    assert refusals(in_order(contract, *acts[::order])) == (["intent_not_found"] if order == 1 else ["not_your_turn"])
    assert settled(world, employer, contract).status == Status.SIGNING


@on_postgresql
@either_first
def test_the_seal_against_the_runner(world: World, order: int) -> None:
    """The employer seals while the worker's signature is being attached: both signatures, in order."""
    employer, worker, contract = world.confirmed()
    world.sign(worker, contract)
    stamp = sealing(employer, contract, world.prove_will(employer, contract))
    assert refusals(in_order(contract, *[running(world, contract), stamp][::order])) == []
    assert settled(world, employer, contract).status == Status.COMPLETED


@on_postgresql
@either_first
def test_withdrawing_against_the_runner(world: World, order: int) -> None:
    """A signature that is produced after the withdrawal is attached to nothing."""
    employer, worker, contract = world.confirmed()
    world.sign(worker, contract)
    acts = [running(world, contract), withdrawing(employer, contract)]
    assert refusals(in_order(contract, *acts[::order])) == []
    ended = settled(world, employer, contract)
    assert (ended.status, ended.revision_number) == (Status.WITHDRAWN, 1 if order == 1 else 0)


@on_postgresql
@either_first
def test_editing_against_sending(world: World, order: int) -> None:
    """What was changed while the content was being frozen is not sent unseen (T-12)."""
    employer, worker = employer_with_seal(), verified_worker()
    draft = world.draft(employer, worker)
    edit = functools.partial(update_draft, actor=employer.actor, contract_id=draft.id, title="另一份合同")
    send = functools.partial(
        send_contract, actor=employer.actor, contract_id=draft.id, blobs=world.providers.blobs,
        link_url=world.providers.link_url,
    )  # fmt: skip
    outcomes = in_order(draft, *[edit, send][::order])
    assert refusals(outcomes) == (["draft_changed"] if order == 1 else ["action_not_allowed"])
    after = settled(world, employer, draft)
    assert (after.status, after.title) == (
        (Status.DRAFT, "另一份合同") if order == 1 else (Status.CONFIRMING, "劳动合同")
    )


@on_postgresql
def test_revoking_the_seal_against_using_it(world: World) -> None:
    """C-11: a seal that was revoked first signs nothing; what it signed first is completed."""
    for number in range(ROUNDS):
        employer, _worker, contract = world.signed()
        assert employer.seal_id is not None
        stamp = sealing(employer, contract, world.prove_will(employer, contract))
        revoke = functools.partial(revoke_seal, actor=employer.actor, seal_id=employer.seal_id)
        refused = refusals(at_once(*[stamp, revoke][:: 1 if number % 2 else -1]))
        assert refused in ([], ["seal_not_usable"])
        expected = Status.SIGNING if refused else Status.COMPLETED
        assert settled(world, employer, contract).status == expected


@on_postgresql
def test_two_colleagues_remind_once(world: World) -> None:
    employer, worker, contract = world.sent()
    world.settle()
    world.pass_time(hours=7)
    arguments = {"actor": employer.actor, "contract_id": contract.id, "link_url": world.providers.link_url}
    tasks = [functools.partial(act, **arguments) for act in (urge_worker, resend_link, urge_worker)]
    outcomes = in_order(contract, *tasks)
    assert refusals(outcomes) == ["too_soon_to_remind"] * 2
    world.settle()
    templates = [sms.template for sms in world.sms.sent if sms.phone == worker.phone]
    assert (templates.count("SMS_CONTRACT_URGE"), templates.count("SMS_CONTRACT_LINK")) == (1, 1)
    world.check()


@on_postgresql
@either_first
def test_no_link_outlives_a_withdrawal(world: World, order: int) -> None:
    employer, worker, contract = world.sent()
    world.pass_time(hours=7)
    urging = functools.partial(
        urge_worker, actor=employer.actor, contract_id=contract.id, link_url=world.providers.link_url
    )
    outcomes = in_order(contract, *[urging, withdrawing(employer, contract)][::order])
    assert refusals(outcomes) == ([] if order == 1 else ["nobody_to_remind"])
    world.settle()
    for sms in world.sms.sent:
        if sms.phone == worker.phone and "link" in sms.params:
            with pytest.raises(LinkExpired):
                preview_link(token=sms.params["link"].rsplit("t=", 1)[1])
    world.check()
