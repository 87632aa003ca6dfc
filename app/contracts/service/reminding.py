"""The employer reminds the worker: the link again when the SMS was lost (G6), urging when nothing happens (H6)."""

import uuid

from sqlalchemy.orm import Session

from app.contracts.errors import NobodyToRemind
from app.contracts.models import Contract
from app.contracts.notices import tell_worker, text_worker
from app.contracts.queries import lock_contract
from app.contracts.reminders import next_times, waits_for_worker
from app.contracts.service.sending import LinkUrl, issue_worker_link
from app.contracts.trail import note
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import transaction
from app.notifications.reminding import TooSoonToRemind
from app.organisations.permissions import Permission
from app.organisations.service import require_verified_organisation


def resend_link(*, actor: Actor, contract_id: uuid.UUID, link_url: LinkUrl) -> Contract:
    """A new link by SMS; the old one dies. Raises NobodyToRemind, TooSoonToRemind."""
    actor.require(Permission.SEND_CONTRACT)
    with transaction() as session:
        contract = _remindable(session, actor, contract_id, is_urging=False)
        organisation = require_verified_organisation(session, actor).name
        link = link_url(issue_worker_link(session, contract))
        text_worker(session, contract, organisation, template="SMS_CONTRACT_LINK", link=link)
        note(session, actor, "contract.link_resent", contract)
        return contract


def urge_worker(*, actor: Actor, contract_id: uuid.UUID, link_url: LinkUrl) -> Contract:
    """Ask the worker to go on, by SMS with a new link and in the message centre (H6). Raises as `resend_link`."""
    actor.require(Permission.SEND_CONTRACT)
    with transaction() as session:
        contract = _remindable(session, actor, contract_id, is_urging=True)
        organisation = require_verified_organisation(session, actor).name
        link = link_url(issue_worker_link(session, contract))
        tell_worker(session, contract, organisation, template="SMS_CONTRACT_URGE", link=link)
        note(session, actor, "contract.urged", contract)
        return contract


def _remindable(session: Session, actor: Actor, contract_id: uuid.UUID, *, is_urging: bool) -> Contract:
    """Locked, so that two colleagues remind once."""
    contract = lock_contract(session, actor, contract_id)
    if not waits_for_worker(contract):
        raise NobodyToRemind
    resend_at, urge_at = next_times(session, contract)
    next_at = urge_at if is_urging else resend_at
    if next_at > now():
        raise TooSoonToRemind(next_at=next_at)
    return contract
