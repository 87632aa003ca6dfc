"""What happened to a contract: one way to write it down, one way to tell it (H11)."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.audit.service import chain_of, list_entries, record
from app.contracts.models import Contract
from app.contracts.queries import check_reader, is_copy, load_contract, lock_contract, own_party
from app.core.actor import Actor, ActorKind
from app.core.clock import now
from app.core.db import reading, transaction

# What both parties may read; everything else in the log is for evidence only.
SHOWN = frozenset(
    {
        "contract.sent", "contract.unlocked", "contract.opened", "contract.confirmed", "contract.signed",
        "contract.sealed", "contract.completed", "contract.withdrawn", "contract.terminated", "contract.expired",
        "contract.downloaded", "contract.link_resent", "contract.urged",
    }
)  # fmt: skip

COPY = "copy"
PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """`action` is a code that channels put into words; `by`: worker, operator or system; `party`: also "copy".

    `mine`: the worker who reads did this: as the one who signs, or as a copy recipient, under whichever account.
    """

    at: datetime
    action: str
    by: str
    party: str
    mine: bool


def note(session: Session, actor: Actor, action: str, contract: Contract, **data: object) -> None:
    """Append to the log of the contract's organisation. Call it last in a transaction."""
    record(session, actor, action, contract.subject, chain=chain_of(contract.organisation_id), **data)


def note_download(*, actor: Actor, contract: Contract) -> None:
    """Who took which revision. A finger that taps again within PAUSE took it once."""
    action, revision = "contract.downloaded", contract.revision_sha256
    with transaction() as session:
        lock_contract(session, actor, contract.id)
        recent = list_entries(session, contract.subject, action=action, actor=actor, since=now() - PAUSE)
        if revision in {entry.data.get("revision_sha256") for entry in recent}:
            return
        party = COPY if is_copy(actor, contract) else own_party(contract, actor).kind
        note(
            session, actor, action, contract,
            party=party, revision_sha256=revision, revision_number=contract.revision_number,
        )  # fmt: skip


def get_timeline(*, actor: Actor, contract_id: uuid.UUID) -> list[TimelineEntry]:
    """Oldest first, for both parties alike; a copy recipient is seen by the employer only. Raises as `get_contract`."""
    with reading() as session:
        contract = load_contract(session, actor, contract_id)
        check_reader(session, actor, contract)
        reads_copy, entries = is_copy(actor, contract), list_entries(session, contract.subject)
    return [
        TimelineEntry(
            entry.at,
            entry.action,
            _by(entry.actor_kind),
            str(entry.data.get("party", "")),
            mine=actor.is_worker and entry.actor_kind == ActorKind.WORKER and reads_copy is _is_copys(entry),
        )
        for entry in entries
        if entry.action in SHOWN and _may_see(actor, entry)
    ]


def _may_see(actor: Actor, entry: AuditEntry) -> bool:
    return actor.is_operator or not _is_copys(entry) or entry.actor_id == str(actor.account_id)


def _is_copys(entry: AuditEntry) -> bool:
    return entry.data.get("party") == COPY


def _by(actor_kind: str) -> str:
    return "system" if actor_kind == ActorKind.SYSTEM else actor_kind
