"""A party signs: will is spent, the act is recorded at once, a job seals it into the PDF (H3, H7; decision 0003)."""

import uuid

from sqlalchemy.orm import Session

from app.accounts.queries import phone_of
from app.contracts.errors import SealNotUsable, SignatureRequired
from app.contracts.lifecycle import Action
from app.contracts.models import Contract, Party, PartyKind, SignatureAct
from app.contracts.notices import tell_operator
from app.contracts.queries import check_addressee, load_contract, lock_contract, own_party
from app.contracts.trail import note
from app.core.actor import Actor
from app.core.clock import now
from app.core.crashpoints import reached
from app.core.db import reading, transaction
from app.core.ids import new_id
from app.identity.face_checks import Faces, FaceWay
from app.jobs.service import enqueue
from app.organisations.permissions import Permission
from app.organisations.queries import organisation_name
from app.organisations.service import require_verified_organisation, require_verified_person
from app.seals.ink import Ink
from app.seals.service import find_usable_seal, save_signature, use_signature
from app.signing.errors import IntentMethodNotAllowed
from app.signing.intents import (
    IntentRequest,
    IntentView,
    consume_intent,
    intent_subject,
    prove_intent_code,
    refresh_intent,
    resend_intent_code,
    start_face_intent,
    start_pin_intent,
    start_sms_intent,
)  # fmt: skip
from app.signing.models import IntentMethod, IntentPurpose


def start_intent(
    *, actor: Actor, contract_id: uuid.UUID, method: str, content_sha256: str, way: FaceWay, faces: Faces
) -> IntentView:
    """Begin to prove will for this content (B6).

    Raises IntentMethodNotAllowed, NotYourTurn, DocumentChanged, and what the way of proving raises.
    """
    with reading() as session:
        contract = load_contract(session, actor, contract_id)
        _check_may_sign(session, actor, contract, content_sha256)
        request = _request(session, actor, contract)
        phone = phone_of(session, actor)
    if method not in contract.intent_methods:
        raise IntentMethodNotAllowed
    if method == IntentMethod.PIN:
        return start_pin_intent(actor=actor, request=request)
    if method == IntentMethod.FACE:
        return start_face_intent(actor=actor, request=request, way=way, faces=faces)
    return start_sms_intent(actor=actor, request=request, phone=phone)


def resend_intent(*, actor: Actor, intent_id: uuid.UUID) -> IntentView:
    """Send the code again."""
    with reading() as session:
        contract_id = uuid.UUID(intent_subject(session, actor, intent_id).removeprefix("contract:"))
        contract = load_contract(session, actor, contract_id)
        request, phone = _request(session, actor, contract), phone_of(session, actor)
    return resend_intent_code(actor=actor, intent_id=intent_id, phone=phone, request=request)


def prove_intent(*, actor: Actor, intent_id: uuid.UUID, code: str) -> IntentView:
    """Type the code back."""
    with reading() as session:
        phone = phone_of(session, actor)
    return prove_intent_code(actor=actor, intent_id=intent_id, code=code, phone=phone)


def get_intent(*, actor: Actor, intent_id: uuid.UUID, faces: Faces) -> IntentView:
    """Where a proof of will stands; a face check is asked of the vendor."""
    return refresh_intent(actor=actor, intent_id=intent_id, faces=faces)


def sign_contract(
    *, actor: Actor, contract_id: uuid.UUID, challenge_id: uuid.UUID, content_sha256: str,
    ink: Ink | None = None, signature_id: uuid.UUID | None = None,
) -> Contract:  # fmt: skip
    """The worker signs by hand (H3). A repeated submit gets the same answer and changes nothing.

    Raises NotYourTurn, DocumentChanged, ActionNotAllowed, InkRefused, and the errors of `consume_intent`.
    """
    with transaction() as session:
        contract = lock_contract(session, actor, contract_id)
        party = own_party(contract, actor)
        if party.acted_at is not None and party.person_id == actor.person_id:
            return contract  # the retry of a phone in a tunnel
        _check_may_sign(session, actor, contract, content_sha256)
        if ink is not None:
            signature = save_signature(session, actor=actor, ink=ink)
        elif signature_id is not None:
            signature = use_signature(session, actor=actor, signature_id=signature_id)
        else:
            raise SignatureRequired
        act = _act(session, actor, contract, party, challenge_id)
        act.personal_signature_id = signature.id
        _record_act(session, actor, contract, party, act)
        return contract


def seal_contract(
    *, actor: Actor, contract_id: uuid.UUID, challenge_id: uuid.UUID, content_sha256: str, seal_id: uuid.UUID
) -> Contract:
    """The operator signs for the organisation with its seal (H7). Repeating changes nothing."""
    actor.require(Permission.SIGN_CONTRACT)
    with transaction() as session:
        contract = lock_contract(session, actor, contract_id)
        require_verified_organisation(session, actor)
        party = own_party(contract, actor)
        if party.acted_at is not None:
            return contract
        _check_may_sign(session, actor, contract, content_sha256)
        seal = find_usable_seal(session, actor=actor, seal_id=seal_id)
        if seal is None:
            raise SealNotUsable
        act = _act(session, actor, contract, party, challenge_id)
        act.seal_id = seal.id
        _record_act(session, actor, contract, party, act)
        return contract


def _check_may_sign(session: Session, actor: Actor, contract: Contract, content_sha256: str) -> None:
    require_verified_person(actor)
    if actor.is_operator:
        actor.require(Permission.SIGN_CONTRACT)
    check_addressee(session, actor, contract)
    contract.require(Action.SIGN)
    contract.check_deadline()
    contract.check_turn(own_party(contract, actor))
    contract.check_content(content_sha256)


def _request(session: Session, actor: Actor, contract: Contract) -> IntentRequest:
    purpose = IntentPurpose.SIGN if actor.is_worker else IntentPurpose.SEAL
    return IntentRequest(
        purpose=purpose, subject=contract.subject, document_sha256=contract.content_sha256 or "",
        title=contract.title, organisation=organisation_name(session, contract.organisation_id),
    )  # fmt: skip


def _act(session: Session, actor: Actor, contract: Contract, party: Party, challenge_id: uuid.UUID) -> SignatureAct:
    request = _request(session, actor, contract)
    challenge = consume_intent(session, actor=actor, intent_id=challenge_id, request=request)
    return SignatureAct(
        id=new_id(), contract_id=contract.id, party_id=party.id, person_id=challenge.person_id,
        account_id=challenge.account_id, intent_id=challenge.id, content_sha256=challenge.document_sha256,
        acted_at=now(),
    )  # fmt: skip


def _record_act(session: Session, actor: Actor, contract: Contract, party: Party, act: SignatureAct) -> None:
    contract.apply(Action.SIGN)
    party.acted_at, party.person_id = act.acted_at, act.person_id
    session.add(act)
    session.flush()
    if contract.all_acted:
        contract.apply(Action.ALL_SIGNED)
    elif party.kind == PartyKind.WORKER:
        tell_operator(session, contract, "contract.seal_due")
    enqueue(session, "contracts.seal", key=f"seal:{act.id}", contract_id=str(contract.id))
    reached("sign.before_commit")
    note(
        session, actor, "contract.signed", contract,
        party=party.kind, act_id=act.id, content_sha256=act.content_sha256, intent_id=act.intent_id,
        signature_id=act.personal_signature_id, seal_id=act.seal_id,
    )  # fmt: skip
