"""Append to a chain; check a chain (D5, H11, T-26)."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditChain, AuditEntry
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import insert_if_absent, reading
from app.core.ids import new_id

GENESIS = "0" * 64
PLATFORM = "platform"


def chain_of(organisation_id: uuid.UUID | None) -> str:
    return f"org-{organisation_id}" if organisation_id else PLATFORM


def record(session: Session, actor: Actor, action: str, subject: str, *, chain: str = PLATFORM, **data: Any) -> None:
    """Add one entry in the caller's transaction; a rolled-back change leaves none.

    `subject`: "contract:<id>". `data`: ids, hashes, versions, codes; never names, numbers or texts of people.
    Call it last: it locks the head of the chain until the end of the transaction.
    """
    insert_if_absent(session, AuditChain, name=chain, length=0, head=GENESIS)
    head = session.scalars(select(AuditChain).where(AuditChain.name == chain).with_for_update()).one()
    entry = AuditEntry(
        id=new_id(), chain=chain, number=head.length + 1, at=now(), action=action, subject=subject,
        actor_kind=str(actor.kind), actor_id=str(actor.account_id) if actor.account_id else None,
        channel=actor.channel, ip=actor.ip, device=actor.device[:200], data=_plain(data), previous_hash=head.head,
    )  # fmt: skip
    entry.entry_hash = hash_of(entry)
    session.add(entry)
    head.length, head.head = entry.number, entry.entry_hash
    session.flush()


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over the canonical JSON of an entry, the previous hash included."""
    fields = {
        "chain": entry.chain, "number": entry.number, "at": entry.at.isoformat(), "action": entry.action,
        "subject": entry.subject, "actor_kind": entry.actor_kind, "actor_id": entry.actor_id, "channel": entry.channel,
        "ip": entry.ip, "device": entry.device, "data": entry.data, "previous_hash": entry.previous_hash,
    }  # fmt: skip
    return hashlib.sha256(json.dumps(fields, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """JSON as the database will give it back, so that the hash can be recomputed."""
    plain: dict[str, Any] = json.loads(json.dumps(data, default=str, ensure_ascii=False))
    return plain


@dataclass(frozen=True, slots=True)
class ChainReport:
    """`first_bad` is the number of the first entry that does not fit, or None when the chain is whole."""

    chain: str
    length: int
    first_bad: int | None


def verify_chain(name: str) -> ChainReport:
    """Walk one chain from its start: numbers without gaps, hashes linked, the head where it should be."""
    previous, count = GENESIS, 0
    with reading() as session:
        head = session.get(AuditChain, name)
        for entry in session.scalars(select(AuditEntry).where(AuditEntry.chain == name).order_by(AuditEntry.number)):
            count += 1
            if entry.number != count or entry.previous_hash != previous or hash_of(entry) != entry.entry_hash:
                return ChainReport(name, count, count)
            previous = entry.entry_hash
    whole = head is not None and head.length == count and head.head == previous
    return ChainReport(name, count, None if whole else count + 1)


def verify_all_chains() -> list[ChainReport]:
    with reading() as session:
        heads = session.scalars(select(AuditChain.name)).all()
        used = session.scalars(select(AuditEntry.chain).distinct()).all()
    return [verify_chain(name) for name in sorted({*heads, *used})]


def list_entries(
    session: Session, subject: str, *, action: str = "", actor: Actor | None = None, since: datetime | None = None
) -> list[AuditEntry]:
    """What happened to one subject, oldest first (H11): all of it, or only `action`, by `actor`, after `since`."""
    statement = select(AuditEntry).where(AuditEntry.subject == subject).order_by(AuditEntry.at, AuditEntry.number)
    if action:
        statement = statement.where(AuditEntry.action == action)
    if actor is not None:
        who = str(actor.account_id) if actor.account_id else None
        statement = statement.where(AuditEntry.actor_kind == str(actor.kind), AuditEntry.actor_id == who)
    if since is not None:
        statement = statement.where(AuditEntry.at > since)
    return list(session.scalars(statement))
