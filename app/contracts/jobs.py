"""What happens to a contract when nobody waits for it: sealing and expiring.

Handlers run outside any transaction, at least once: read, return if done, work, lock, write.
"""

import uuid
from collections.abc import Callable

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.accounts.links import LinkPurpose, issue_link, revoke_links
from app.contracts.copies import tell_copy_recipients
from app.contracts.documents import PDF
from app.contracts.lifecycle import Action, Status
from app.contracts.models import Contract, Revision, SignatureAct
from app.contracts.notices import tell_operator, tell_worker, tell_worker_expired
from app.contracts.queries import signature_acts
from app.contracts.reach import phone_of_worker
from app.contracts.sealing import Sealed, plan_signature, produce_signature
from app.contracts.service.sending import DEFAULT_TIME_TO_SIGN, close_contract
from app.contracts.trail import note
from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.crashpoints import reached
from app.core.db import reading, transaction
from app.core.ids import new_id
from app.jobs.service import enqueue
from app.organisations.queries import organisation_name
from app.signing.certificates import forget_keys, is_revoked
from app.signing.sealing import SealingPorts
from app.storage.service import organisation_scope, record_file

log = structlog.get_logger()
LinkUrl = Callable[[str], str]


def seal(*, contract_id: str, ports: SealingPorts, link_url: LinkUrl) -> None:
    """Job `contracts.seal`: turn recorded acts into PDF signatures, oldest first, until none is left."""
    key = uuid.UUID(contract_id)
    while True:
        with reading() as session:
            plan = plan_signature(session, key)
            spent = [act.id for act in signature_acts(session, key) if act.sealed_at or plan is None]
        forget_keys(spent, ports.key_store)
        if plan is None:
            return
        reached("seal.planned")
        sealed = produce_signature(plan, ports)
        reached("seal.before_attach")
        if _attach(key, sealed, link_url):
            reached("seal.attached")


def _attach(contract_id: uuid.UUID, sealed: Sealed, link_url: LinkUrl) -> bool:
    """Make the new revision the current one if the old one still is, and the certificate was not revoked meanwhile;
    else the next round starts from what is there then.
    """
    with transaction() as session:
        contract = _locked(session, contract_id)
        act = session.get_one(SignatureAct, sealed.act_id)
        if contract.revision_sha256 != sealed.base_sha256 or act.sealed_at or contract.status not in _SEALABLE:
            return False
        moment, revision = now(), sealed.revision
        if is_revoked(session, revision.certificate_id):
            return False
        scope = organisation_scope(contract.organisation_id)
        record_file(session, scope=scope, sha256=revision.sha256, size=revision.size, media_type=PDF)
        contract.revision_number += 1
        contract.revision_sha256, contract.updated_at = revision.sha256, moment
        session.add(
            Revision(
                id=new_id(), contract_id=contract.id, number=contract.revision_number, sha256=revision.sha256,
                size=revision.size, act_id=act.id, created_at=moment,
            )
        )  # fmt: skip
        act.sealed_at, act.certificate_id = moment, revision.certificate_id
        act.certificate_fingerprint = revision.fingerprint
        party = next(party for party in contract.parties if party.id == act.party_id)
        party.sealed_at = moment
        note(
            session, SYSTEM, "contract.sealed", contract, party=party.kind, act_id=act.id,
            revision_sha256=revision.sha256, certificate=revision.fingerprint,
        )  # fmt: skip
        _complete_if_sealed(session, contract, link_url)
        reached("seal.before_commit")
        return True


_SEALABLE = frozenset({Status.SIGNING, Status.SEALING})


def _complete_if_sealed(session: Session, contract: Contract, link_url: LinkUrl) -> None:
    """Completed only when the stored bytes of every signature were verified (T-36, F-05)."""
    if contract.status != Status.SEALING or not all(party.sealed_at for party in contract.parties):
        return
    contract.apply(Action.COMPLETE)
    contract.completed_at = now()
    revoke_links(session, target=("contract", contract.id))
    phone = phone_of_worker(session, contract)
    token = issue_link(
        session, purpose=LinkPurpose.CONTRACT, target=("contract", contract.id), phone=phone,
        organisation_id=contract.organisation_id, expires_at=now() + DEFAULT_TIME_TO_SIGN,
    )  # fmt: skip
    organisation = organisation_name(session, contract.organisation_id)
    tell_worker(session, contract, organisation, template="SMS_CONTRACT_DONE", link=link_url(token))
    tell_copy_recipients(session, contract, organisation, link_url)
    tell_operator(session, contract, "contract.completed")
    note(session, SYSTEM, "contract.completed", contract, revision_sha256=contract.revision_sha256)


def expire(*, contract_id: str) -> None:
    """Job `contracts.expire`: the deadline has come (H9). Against a signature, the row's lock decides."""
    with transaction() as session:
        contract = _locked(session, uuid.UUID(contract_id))
        if not contract.allows(Action.EXPIRE):
            return
        if contract.deadline_at is not None and contract.deadline_at > now():
            again = f"expire:{contract.id}:{contract.deadline_at.isoformat()}"
            enqueue(session, "contracts.expire", key=again, run_at=contract.deadline_at, contract_id=contract_id)
            return
        contract.apply(Action.EXPIRE)
        close_contract(session, contract, "")
        tell_worker_expired(session, contract, organisation_name(session, contract.organisation_id))
        tell_operator(session, contract, "contract.expired")
        note(session, SYSTEM, "contract.expired", contract)


def _locked(session: Session, contract_id: uuid.UUID) -> Contract:
    session.scalars(select(Contract.id).where(Contract.id == contract_id).with_for_update()).one()
    return session.scalars(
        select(Contract).where(Contract.id == contract_id).options(selectinload(Contract.parties))
    ).one()
