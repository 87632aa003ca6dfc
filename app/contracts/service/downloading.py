"""Where configured, who downloads a signed contract shows first that it is them: by face, or by a code (B7, H10)."""

import uuid
from datetime import timedelta

from sqlalchemy.orm import Session

from app.accounts.queries import phone_of
from app.contracts.errors import DownloadCheckRequired, NotDownloadableYet
from app.contracts.lifecycle import Status
from app.contracts.models import Contract
from app.contracts.queries import check_reader, load_contract
from app.core.actor import Actor
from app.core.db import reading, transaction
from app.identity.face_checks import FaceCheckView, Faces, FaceWay
from app.identity.persons import require_verified_person
from app.organisations.queries import organisation_name
from app.signing.intents import IntentRequest, IntentView, start_sms_intent
from app.signing.models import IntentPurpose
from app.signing.presence import spend_presence, start_presence_check

# A browser asks twice, a phone loses its connection: the session that spent a check may repeat the download.
AGAIN = timedelta(minutes=5)


def start_download_face_check(
    *, actor: Actor, contract_id: uuid.UUID, way: FaceWay, faces: Faces
) -> FaceCheckView:  # fmt: skip
    """Begin a face check for this very file.

    Raises ContractNotFound, VerificationRequired, NotDownloadableYet, and what `start_face_check` raises.
    """
    require_verified_person(actor)
    with reading() as session:
        request = _request(session, actor, _completed(session, actor, contract_id))
    return start_presence_check(actor=actor, request=request, way=way, faces=faces)


def start_download_code(*, actor: Actor, contract_id: uuid.UUID) -> IntentView:
    """Send a code that names the file. Raises ContractNotFound, NotDownloadableYet, SmsLimitReached."""
    require_verified_person(actor)
    with reading() as session:
        request = _request(session, actor, _completed(session, actor, contract_id))
        phone = phone_of(session, actor)
    return start_sms_intent(actor=actor, request=request, phone=phone)


def spend_download_check(
    *, actor: Actor, contract_id: uuid.UUID, face_check_id: uuid.UUID | None, intent_id: uuid.UUID | None
) -> None:
    """One download, or its repetition in the same session for five minutes.

    Raises DownloadCheckRequired without either, FaceCheckNotPassed, FaceCheckUsed, and what `consume_intent` raises.
    """
    with transaction() as session:
        request = _request(session, actor, _completed(session, actor, contract_id))
        if not spend_presence(
            session, actor=actor, request=request, face_check_id=face_check_id, intent_id=intent_id, again_within=AGAIN
        ):
            raise DownloadCheckRequired


def _completed(session: Session, actor: Actor, contract_id: uuid.UUID) -> Contract:
    contract = load_contract(session, actor, contract_id)
    check_reader(session, actor, contract)
    if contract.status != Status.COMPLETED or contract.revision_sha256 is None:
        raise NotDownloadableYet
    return contract


def _request(session: Session, actor: Actor, contract: Contract) -> IntentRequest:
    return IntentRequest(
        purpose=IntentPurpose.DOWNLOAD, subject=contract.subject, document_sha256=contract.revision_sha256 or "",
        title=contract.title, organisation=organisation_name(session, contract.organisation_id),
    )  # fmt: skip
