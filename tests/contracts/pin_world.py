"""People with a certificate and a PIN, for the tests of both."""

import uuid

from app.contracts.models import Contract
from app.contracts.service.drafting import update_draft
from app.contracts.service.sending import send_contract
from app.contracts.service.signing import sign_contract, start_intent
from app.signing.intents import IntentView, prove_intent_pin
from app.signing.personal_certificates import activate_certificate, request_certificate_code
from app.signing.second_proof import SecondProof
from tests.contracts.world import NO_FACE, World
from tests.factories import Employer, Worker, consent, last_code, some_ink

PIN, OTHER = "804917", "295036"


def code_for(person: Worker | Employer) -> str:
    request_certificate_code(actor=person.actor)
    return last_code(person.phone, "SMS_CERTIFICATE")


def activate(world: World, person: Worker | Employer, pin: str = PIN, second: SecondProof | None = None) -> None:
    """Agreed, activated, issued."""
    consent(person.actor, "certificate_agreement")
    world.pass_time(seconds=61)
    code = code_for(person)
    activate_certificate(actor=person.actor, pin=pin, code=code, second=second, faces=world.providers.faces)
    world.settle()


def ready_by_pin(world: World, employer: Employer, worker: Worker) -> Contract:
    """Confirmed, to be signed by PIN and nothing else."""
    draft = world.draft(employer, worker)
    update_draft(actor=employer.actor, contract_id=draft.id, intent_methods=["pin"])
    send_contract(
        actor=employer.actor, contract_id=draft.id, blobs=world.providers.blobs, link_url=world.providers.link_url
    )
    return world.confirm(worker, world.reload(worker, draft))


def ask_pin(world: World, person: Worker | Employer, contract: Contract) -> IntentView:
    return start_intent(
        actor=person.actor, contract_id=contract.id, method="pin", content_sha256=contract.content_sha256 or "",
        way=NO_FACE, faces=world.providers.faces,
    )  # fmt: skip


def prove(world: World, person: Worker | Employer, contract: Contract, pin: str = PIN) -> uuid.UUID:
    asked = ask_pin(world, person, contract)
    assert asked.status == "enter_pin"
    proved = prove_intent_pin(actor=person.actor, intent_id=asked.id, pin=pin)
    assert proved.status == "proved"
    return proved.id


def sign(worker: Worker, contract: Contract, challenge_id: uuid.UUID) -> None:
    sign_contract(
        actor=worker.actor, contract_id=contract.id, challenge_id=challenge_id,
        content_sha256=contract.content_sha256 or "", ink=some_ink(),
    )  # fmt: skip
