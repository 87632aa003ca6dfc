"""Will proven by certificate PIN: the person's own certificate signs, and what ends it decides cleanly (B6, E6)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from app.contracts.models import SignatureAct
from app.contracts.service.signing import get_intent, seal_contract
from app.core.db import reading
from app.core.errors import DomainError, ProviderError
from app.identity.consents import withdraw_consent
from app.identity.errors import ConsentRequired
from app.signing.errors import (
    CertificateBeingIssued,
    CertificateExpired,
    CertificateRequired,
    IntentNotFound,
    IntentUsed,
    IntentVoid,
    PinWrong,
)
from app.signing.intents import prove_intent_pin
from app.signing.models import Certificate
from app.signing.pades import verify
from app.signing.personal_certificates import (
    activate_certificate,
    change_pin,
    get_own_certificate,
    renew_certificate,
    revoke_certificate,
)
from tests.accounts.password_world import cheap_hashes
from tests.contracts.pin_world import OTHER, PIN, activate, ask_pin, code_for, prove, ready_by_pin, sign
from tests.contracts.world import World
from tests.factories import consent, employer_with_seal, verified_worker

__all__ = ["cheap_hashes"]

pytestmark = pytest.mark.usefixtures("cheap_hashes")
ON_POSTGRES = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def used_for(contract_id: object) -> list[str]:
    """What the certificates of the contract's signatures are for, by their purpose."""
    with reading() as session:
        of_acts = select(Certificate.purpose_key).join(SignatureAct, SignatureAct.certificate_id == Certificate.id)
        found = session.scalars(of_acts.where(SignatureAct.contract_id == contract_id).order_by(SignatureAct.acted_at))
        return [key.split(":")[0] for key in found]


def test_ones_own_certificate_signs_what_its_pin_proved(world: World) -> None:
    employer, worker = employer_with_seal(), verified_worker()
    activate(world, worker)
    contract = ready_by_pin(world, employer, worker)
    sign(worker, contract, prove(world, worker, contract))
    world.settle()
    activate(world, employer)
    challenge = prove(world, employer, contract)
    assert employer.seal_id is not None
    seal_contract(
        actor=employer.actor, contract_id=contract.id, challenge_id=challenge,
        content_sha256=contract.content_sha256 or "", seal_id=employer.seal_id,
    )  # fmt: skip
    world.settle()
    world.check()
    done = world.reload(employer, contract)
    report = verify(
        world.stored_pdf(done), signing_roots=world.authority.roots(), timestamp_roots=world.timestamper.roots()
    )
    assert report.valid, report.all_problems
    assert used_for(contract.id) == ["person", "seal"]
    assert sorted(world.authority.issued) == ["organisation", "person", "person"]


@ON_SQLITE
def test_other_ways_go_on_with_a_certificate_for_one_act(world: World) -> None:
    _employer, worker, contract = world.confirmed()
    activate(world, worker)
    world.sign(worker, contract)
    world.settle()
    world.check()
    assert used_for(contract.id) == ["act"]


@ON_SQLITE
def test_without_a_certificate_that_holds_no_pin_is_asked_for(world: World) -> None:
    employer, worker = employer_with_seal(), verified_worker()
    world.authority.days = 29
    contract = ready_by_pin(world, employer, worker)
    with pytest.raises(CertificateRequired):
        ask_pin(world, worker, contract)
    consent(worker.actor, "certificate_agreement")
    world.authority.error = ProviderError("ca", "http_500")
    activate_certificate(actor=worker.actor, pin=PIN, code=code_for(worker))
    world.work()
    with pytest.raises(CertificateBeingIssued):
        ask_pin(world, worker, contract)
    world.authority.error = None
    world.pass_time(seconds=2)
    world.settle()
    challenge = prove(world, worker, contract)
    withdraw_consent(actor=worker.actor, kind="certificate_agreement")
    with pytest.raises(ConsentRequired):
        ask_pin(world, worker, contract)
    with pytest.raises(ConsentRequired):
        sign(worker, contract, challenge)
    consent(worker.actor, "certificate_agreement")
    world.pass_time(days=29)
    assert get_own_certificate(actor=worker.actor).status == "expired"
    with pytest.raises(CertificateExpired):
        ask_pin(world, worker, ready_by_pin(world, employer, worker))


@ON_SQLITE
def test_a_proof_by_pin_fits_one_act_and_its_own_way(world: World) -> None:
    employer, worker = employer_with_seal(), verified_worker()
    activate(world, worker)
    first, second = (ready_by_pin(world, employer, worker) for _ in range(2))
    asked = ask_pin(world, worker, first)
    with pytest.raises(PinWrong):
        prove_intent_pin(actor=worker.actor, intent_id=asked.id, pin=OTHER)
    assert get_intent(actor=worker.actor, intent_id=asked.id, faces={}).status == "enter_pin"
    stranger = verified_worker("王芳")
    activate(world, stranger)
    with pytest.raises(IntentNotFound):
        prove_intent_pin(actor=stranger.actor, intent_id=asked.id, pin=PIN)
    challenge = prove(world, worker, first)
    with pytest.raises(DomainError, match="belong to this document"):
        sign(worker, second, challenge)
    sign(worker, first, challenge)
    with pytest.raises(IntentUsed):
        prove_intent_pin(actor=worker.actor, intent_id=challenge, pin=PIN)
    world.settle()
    world.check()


@ON_SQLITE
@pytest.mark.parametrize("end", ["changed", "revoked", "expired", "renewed"])
def test_an_open_proof_is_void_when_pin_or_certificate_went(world: World, end: str) -> None:
    employer, worker = employer_with_seal(), verified_worker()
    world.authority.days = 40
    activate(world, worker)
    world.pass_time(days=39)
    if end == "expired":
        world.pass_time(hours=23, minutes=45)
    contract = ready_by_pin(world, employer, worker)
    challenge = prove(world, worker, contract)
    if end == "changed":
        change_pin(actor=worker.actor, pin=OTHER, current_pin=PIN)
    elif end == "revoked":
        revoke_certificate(actor=worker.actor)
    elif end == "renewed":
        renew_certificate(actor=worker.actor, pin=PIN)
        world.settle()
        sign(worker, contract, challenge)  # the same PIN, the same person: this proof is good
        return
    else:
        world.pass_time(minutes=9)
    with pytest.raises(IntentVoid):
        sign(worker, contract, challenge)
    if end == "changed":
        sign(worker, contract, prove(world, worker, contract, OTHER))
    world.settle()
    world.check(settled=False)


@ON_SQLITE
@pytest.mark.parametrize("end", ["revoked", "expired", "renewed"])
def test_an_act_that_waits_for_its_seal_is_sealed_whatever_becomes_of_the_certificate(world: World, end: str) -> None:
    employer, worker = employer_with_seal(), verified_worker()
    world.authority.days = 40
    activate(world, worker)
    if end != "revoked":
        world.pass_time(days=39)
    contract = ready_by_pin(world, employer, worker)
    sign(worker, contract, prove(world, worker, contract))
    world.timestamper.error = ProviderError("tsa", "http_500")
    world.work()
    if end == "revoked":
        revoke_certificate(actor=worker.actor)
    elif end == "renewed":
        renew_certificate(actor=worker.actor, pin=PIN)
        world.work()
    else:
        world.pass_time(days=2)
    world.timestamper.error = None
    world.pass_time(minutes=5)
    world.settle()
    world.check()
    assert used_for(contract.id) == ["person" if end == "renewed" else "act"]


@ON_SQLITE
def test_a_certificate_that_is_revoked_while_it_signs_is_not_attached(world: World) -> None:
    """The time-stamp comes first, then the end: nobody would believe that signature."""
    employer, worker = employer_with_seal(), verified_worker()
    activate(world, worker)
    contract = ready_by_pin(world, employer, worker)
    sign(worker, contract, prove(world, worker, contract))
    world.timestamper.after = lambda: revoke_certificate(actor=worker.actor)
    world.settle()
    world.check()
    assert used_for(contract.id) == ["act"]


@ON_POSTGRES
def test_revoking_against_signing_is_decided_once(world: World) -> None:
    employer, worker = employer_with_seal(), verified_worker()
    activate(world, worker)
    contract = ready_by_pin(world, employer, worker)
    challenge = prove(world, worker, contract)

    def act(which: int) -> str:
        try:
            if which:
                sign(worker, contract, challenge)
            else:
                revoke_certificate(actor=worker.actor)
        except IntentVoid:
            return "void"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert next(iter(pool.map(act, range(2)))) == "done"
    world.settle()
    world.check()
    assert get_own_certificate(actor=worker.actor).status == "revoked"
