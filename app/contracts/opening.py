"""Where the employer asks for it, a contract stays closed until the worker shows who it is (B6, Guangdong's way)."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.contracts.errors import OpeningCheckRequired
from app.contracts.lifecycle import Status
from app.contracts.models import Contract, PartyKind
from app.core.actor import Actor
from app.signing.intents import IntentRequest
from app.signing.models import IntentPurpose
from app.signing.presence import has_spent

# How long a session may read after a check.
OPEN_FOR = timedelta(minutes=30)


def opening_request(contract: Contract) -> IntentRequest:
    """What the check is about: this person may read exactly this content."""
    return IntentRequest(
        purpose=IntentPurpose.OPEN, subject=contract.subject, document_sha256=contract.content_sha256 or "",
        title=contract.title, organisation=contract.party_of_kind(PartyKind.ORGANISATION).name,
    )  # fmt: skip


def asks_before_opening(actor: Actor, contract: Contract) -> bool:
    """Until the worker has signed: what they signed is theirs, and what is completed opens as every contract does."""
    if not contract.open_check or not actor.is_worker or contract.status == Status.COMPLETED:
        return False
    return contract.party_of_kind(PartyKind.WORKER).acted_at is None


def is_opened(session: Session, actor: Actor, contract: Contract) -> bool:
    """Whether this session has passed the check, not too long ago."""
    return has_spent(session, actor=actor, request=opening_request(contract), within=OPEN_FOR)


def check_opened(session: Session, actor: Actor, contract: Contract) -> None:
    """Raises OpeningCheckRequired, which says no more than what a list shows."""
    if asks_before_opening(actor, contract) and not is_opened(session, actor, contract):
        organisation = contract.party_of_kind(PartyKind.ORGANISATION).name
        raise OpeningCheckRequired(
            contract_id=str(contract.id),
            contract_title=contract.title,
            organisation=organisation,
            ways=contract.intent_methods,
        )
