"""What happened to a contract: one way to write it down, one way to tell it (H11)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.service import chain_of, list_entries, record
from app.contracts.models import Contract
from app.contracts.queries import check_reader, load_contract
from app.core.actor import Actor, ActorKind
from app.core.db import reading

# What both parties may read; everything else in the log is for evidence only.
_SHOWN = frozenset(
    {
        "contract.sent", "contract.opened", "contract.confirmed", "contract.signed", "contract.sealed",
        "contract.completed", "contract.withdrawn", "contract.terminated", "contract.expired", "contract.downloaded",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """`action` is a code that channels put into words; `by` is worker, operator or system."""

    at: datetime
    action: str
    by: str
    party: str


def note(session: Session, actor: Actor, action: str, contract: Contract, **data: object) -> None:
    """Append to the log of the contract's organisation. Call it last in a transaction."""
    record(session, actor, action, contract.subject, chain=chain_of(contract.organisation_id), **data)


def get_timeline(*, actor: Actor, contract_id: uuid.UUID) -> list[TimelineEntry]:
    """Oldest first, for all parties alike. Raises as `get_contract` does."""
    with reading() as session:
        contract = load_contract(session, actor, contract_id)
        check_reader(session, actor, contract)
        entries = list_entries(session, contract.subject)
    return [
        TimelineEntry(entry.at, entry.action, _by(entry.actor_kind), str(entry.data.get("party", "")))
        for entry in entries
        if entry.action in _SHOWN
    ]


def _by(actor_kind: str) -> str:
    return "system" if actor_kind == ActorKind.SYSTEM else actor_kind
