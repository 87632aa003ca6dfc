"""What the worker does before signing: read, confirm, or end it (H1, H4)."""

import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contracts.errors import AlreadySigned, ContractNotFound, ReadingNotFinished
from app.contracts.lifecycle import Action, Status
from app.contracts.models import Contract, PageView, Party
from app.contracts.notices import tell_operator
from app.contracts.queries import check_reader, load_contract, lock_contract, own_party
from app.contracts.service.sending import checked_reason, close_contract
from app.contracts.trail import note
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import insert_if_absent, reading, transaction
from app.core.ids import new_id
from app.core.text import normalise_address
from app.identity.consents import require_consent
from app.identity.models import ConsentKind
from app.organisations.service import require_verified_person

MOST_SECONDS = 60


class _Pace:
    seconds_per_page = 5


def set_reading_time(seconds_per_page: int) -> None:
    """How long a page takes to read at least. Said once, at start; tests that drive a whole product say 0."""
    _Pace.seconds_per_page = seconds_per_page


@dataclass(frozen=True, slots=True)
class Reading:
    """How far the worker has read, by the server's clock."""

    required_seconds: int
    seen_pages: tuple[int, ...]
    opened_at: datetime | None
    page_count: int

    @property
    def seconds_left(self) -> int:
        if self.opened_at is None:
            return self.required_seconds
        return max(0, math.ceil(self.required_seconds - (now() - self.opened_at).total_seconds()))

    @property
    def pages_left(self) -> int:
        return self.page_count - len(self.seen_pages)

    @property
    def complete(self) -> bool:
        return self.pages_left == 0 and self.seconds_left == 0


def reading_of(session: Session, contract: Contract, party: Party) -> Reading:
    if contract.status == Status.COMPLETED:  # nothing to be counted any more; a copy reader learns nothing of it
        return Reading(0, tuple(range(1, len(contract.pages) + 1)), None, len(contract.pages))
    seen = session.scalars(select(PageView.page).where(PageView.party_id == party.id).order_by(PageView.page))
    required = min(MOST_SECONDS, _Pace.seconds_per_page * len(contract.pages))
    return Reading(required, tuple(seen), party.opened_at, len(contract.pages))


def open_contract(*, actor: Actor, contract_id: uuid.UUID) -> tuple[Contract, Reading]:
    """A contract to be read, and how far it was read, in one look. Raises as `get_contract` does."""
    with reading() as session:
        contract = load_contract(session, actor, contract_id)
        check_reader(session, actor, contract)
        return contract, reading_of(session, contract, own_party(contract, actor))


def record_page_views(*, actor: Actor, contract_id: uuid.UUID, pages: Sequence[int]) -> Reading:
    """Remember which pages were shown; the first call starts the reading time. Repeating is harmless."""
    with transaction() as session:
        contract = lock_contract(session, actor, contract_id)
        check_reader(session, actor, contract)
        party, moment = own_party(contract, actor), now()
        if not all(1 <= page <= len(contract.pages) for page in pages):
            raise ContractNotFound
        if contract.status == Status.CONFIRMING:
            _open(session, actor, contract, party)
            for page in sorted(set(pages)):
                insert_if_absent(
                    session, PageView, id=new_id(), contract_id=contract.id, party_id=party.id, page=page,
                    content_sha256=contract.content_sha256, seen_at=moment,
                )  # fmt: skip
        return reading_of(session, contract, party)


def _open(session: Session, actor: Actor, contract: Contract, party: Party) -> None:
    if party.opened_at is None:
        party.opened_at = now()
        note(session, actor, "contract.opened", contract, content_sha256=contract.content_sha256)


def confirm_contract(
    *, actor: Actor, contract_id: uuid.UUID, content_sha256: str,
    habitual_residence: Mapping[str, Any], registered_residence: Mapping[str, Any],
) -> Contract:  # fmt: skip
    """The worker has read everything, agrees, and says where they live (H1). Binds the verified person.

    Raises ReadingNotFinished, DocumentChanged, ActionNotAllowed, DeadlinePassed, NameMismatch, ConsentRequired,
    OpeningCheckRequired.
    """
    require_verified_person(actor)
    with transaction() as session:
        contract = lock_contract(session, actor, contract_id)
        check_reader(session, actor, contract)
        party = own_party(contract, actor)
        if party.confirmed_at is not None and contract.status == Status.SIGNING:
            return contract  # the retry of a phone in a tunnel
        contract.apply(Action.CONFIRM)
        contract.check_deadline()
        contract.check_content(content_sha256)
        require_consent(session, actor, ConsentKind.ESIGN_CONSENT)  # 54号 art. 6: told how it goes, before
        _check_read(session, contract, party)
        party.set_addresses(
            {
                "habitual_residence": normalise_address("habitual_residence", habitual_residence),
                "registered_residence": normalise_address("registered_residence", registered_residence),
            }
        )
        party.confirmed_at, party.person_id = now(), actor.person_id
        tell_operator(session, contract, "contract.confirmed")
        note(session, actor, "contract.confirmed", contract, content_sha256=content_sha256, person_id=actor.person_id)
        return contract


def terminate_contract(*, actor: Actor, contract_id: uuid.UUID, reason: str) -> Contract:
    """The worker ends the process before signing, with a reason (H4)."""
    require_verified_person(actor)
    with transaction() as session:
        contract = lock_contract(session, actor, contract_id)
        check_reader(session, actor, contract)
        if own_party(contract, actor).acted_at is not None:
            raise AlreadySigned
        contract.apply(Action.TERMINATE)
        close_contract(session, contract, checked_reason(reason, required=True))
        tell_operator(session, contract, "contract.terminated")
        note(session, actor, "contract.terminated", contract)
        return contract


def _check_read(session: Session, contract: Contract, party: Party) -> None:
    state = reading_of(session, contract, party)
    if not state.complete:
        raise ReadingNotFinished(pages_left=state.pages_left, seconds_left=state.seconds_left)
