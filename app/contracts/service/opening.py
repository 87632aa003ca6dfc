"""The worker shows that it is them, by face, code or certificate PIN, and reads for half an hour (B6)."""

import uuid

from sqlalchemy.orm import Session

from app.accounts.queries import phone_of
from app.contracts.opening import OPEN_FOR, asks_before_opening, check_opened, is_opened, opening_request
from app.contracts.queries import check_addressee, load_contract, lock_contract
from app.contracts.trail import note
from app.core.actor import Actor
from app.core.db import reading, transaction
from app.identity.face_checks import FaceCheckView, Faces, FaceWay
from app.signing.errors import IntentMethodNotAllowed
from app.signing.intents import IntentRequest, IntentView, start_pin_intent, start_sms_intent
from app.signing.models import IntentMethod
from app.signing.presence import spend_presence, start_presence_check


def start_opening_face_check(*, actor: Actor, contract_id: uuid.UUID, way: FaceWay, faces: Faces) -> FaceCheckView:
    """Begin a face check for this content.

    Raises ContractNotFound, VerificationRequired, NameMismatch, and what `start_face_check` raises.
    """
    with reading() as session:
        request = _request(session, actor, contract_id)
    return start_presence_check(actor=actor, request=request, way=way, faces=faces)


def start_opening_code(*, actor: Actor, contract_id: uuid.UUID) -> IntentView:
    """Send a code that names the contract. Raises ContractNotFound, VerificationRequired, NameMismatch,
    SmsLimitReached."""
    with reading() as session:
        request, phone = _request(session, actor, contract_id), phone_of(session, actor)
    return start_sms_intent(actor=actor, request=request, phone=phone)


def start_opening_pin(*, actor: Actor, contract_id: uuid.UUID) -> IntentView:
    """Ask for the certificate PIN, where the contract allows it. Raises as `start_opening_code` without the code,
    IntentMethodNotAllowed, and what `start_pin_intent` raises."""
    with reading() as session:
        contract = load_contract(session, actor, contract_id)
        check_addressee(session, actor, contract)
    if IntentMethod.PIN not in contract.intent_methods:
        raise IntentMethodNotAllowed
    return start_pin_intent(actor=actor, request=opening_request(contract))


def unlock_contract(
    *, actor: Actor, contract_id: uuid.UUID, face_check_id: uuid.UUID | None = None, intent_id: uuid.UUID | None = None
) -> None:
    """Spend the check: this session reads for OPEN_FOR. Repeating it, or unlocking what is open, changes nothing.

    Raises OpeningCheckRequired without either, FaceCheckNotPassed, FaceCheckUsed, what `consume_intent` raises.
    """
    with transaction() as session:
        contract = lock_contract(session, actor, contract_id)
        check_addressee(session, actor, contract)
        if not asks_before_opening(actor, contract) or is_opened(session, actor, contract):
            return
        request, proof = opening_request(contract), {"face_check_id": face_check_id, "intent_id": intent_id}
        if not spend_presence(session, actor=actor, request=request, again_within=OPEN_FOR, **proof):
            check_opened(session, actor, contract)
        note(session, actor, "contract.unlocked", contract, content_sha256=request.document_sha256, **proof)


def _request(session: Session, actor: Actor, contract_id: uuid.UUID) -> IntentRequest:
    contract = load_contract(session, actor, contract_id)
    check_addressee(session, actor, contract)
    return opening_request(contract)
