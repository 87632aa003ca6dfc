"""Are completed contracts still what was signed (F-08)? A quick look every night, the strict rule on command."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import structlog
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.contracts.lifecycle import Status
from app.contracts.models import Contract
from app.contracts.queries import signature_acts
from app.contracts.sealing import stored_document_is_whole
from app.core.db import reading
from app.signing.integrity import integrity_only
from app.signing.sealing import SealingPorts
from app.storage.ports import BlobStore
from app.storage.service import FileDamaged, organisation_scope, read_file

log = structlog.get_logger()
PAGE = 500


@dataclass(frozen=True, slots=True)
class IntegrityReport:
    """How many completed contracts were looked at, and the numbers of those that are not what the record says."""

    checked: int
    damaged: tuple[str, ...]


def sweep_completed(*, blobs: BlobStore) -> IntegrityReport:
    """Job: the stored bytes are the record's, and every signature is still over them. About 1 ms a contract.

    Says nothing about trust: certificates of a valid contract expire. Alarms by log. Raises ProviderError.
    """
    return _look_at_all(lambda contract: _is_intact(contract, blobs))


def verify_completed(*, ports: SealingPorts) -> IntegrityReport:
    """The strict rule over every completed contract, trust and time-stamps included. About 40 ms a contract."""
    return _look_at_all(lambda contract: _is_valid(contract, ports))


def _look_at_all(is_whole: Callable[[Contract], bool]) -> IntegrityReport:
    checked, damaged = 0, []
    for contract in _completed():
        checked += 1
        if not is_whole(contract):
            log.error("contract_damaged", number=contract.number)
            damaged.append(contract.number)
    return IntegrityReport(checked, tuple(damaged))


def _completed() -> Iterator[Contract]:
    """Page by page, oldest first: an archive does not fit into memory or into one transaction."""
    last = uuid.UUID(int=0)
    while True:
        page = (
            select(Contract)
            .where(Contract.status == Status.COMPLETED, Contract.id > last)
            .order_by(Contract.id)
            .limit(PAGE)
            .options(selectinload(Contract.parties))
        )
        with reading() as session:
            contracts = session.scalars(page).all()
        if not contracts:
            return
        yield from contracts
        last = contracts[-1].id


def _is_intact(contract: Contract, blobs: BlobStore) -> bool:
    scope = organisation_scope(contract.organisation_id)
    try:
        pdf = read_file(blobs, scope=scope, sha256=contract.revision_sha256 or "")
    except FileDamaged:
        return False
    report = integrity_only(pdf)
    return report.sound and report.signatures == len(contract.parties)


def _is_valid(contract: Contract, ports: SealingPorts) -> bool:
    with reading() as session:
        acts = signature_acts(session, contract.id)
    return stored_document_is_whole(contract, acts, ports)
