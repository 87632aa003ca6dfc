"""Contracts as a worker sees them: from domain objects to the wire."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext

from app.contracts.lifecycle import Action, Status
from app.contracts.queries import ContractCard, get_contract, own_party, step_of
from app.contracts.service.drafting import TERM_KEYS
from app.contracts.service.responding import Reading, open_contract
from app.core.actor import Actor
from app.core.clock import in_shanghai, now
from app.http.context import settings

SLOW_SEALING = timedelta(seconds=10)
STATUS_TEXTS = {
    Status.CONFIRMING: "待确认",
    Status.SIGNING: "签署中",
    Status.SEALING: "签署中",
    Status.COMPLETED: "已完成",
    Status.WITHDRAWN: "已撤回",
    Status.TERMINATED: "已终止",
    Status.EXPIRED: "已过期",
}
WAITS_FOR = {"confirm": "you", "sign": "you", "wait": "organisation", "sealing": "platform"}


@dataclass(frozen=True, slots=True)
class ContractPage:
    """One contract with all that its page shows."""

    actor: Actor
    card: ContractCard
    reading: Reading


def load_page(actor: Actor, contract_id: Any) -> ContractPage:
    """Raises ContractNotFound, VerificationRequired, NameMismatch."""
    contract, reading = open_contract(actor=actor, contract_id=contract_id)
    worker, organisation = contract.parties
    card = ContractCard(contract, organisation.name, worker.name, step_of(actor, contract))
    return ContractPage(actor, card, reading)


def dump_card(card: ContractCard) -> dict[str, Any]:
    contract = card.contract
    return {
        "id": contract.id,
        "number": contract.number,
        "title": contract.title,
        "organisation": card.organisation,
        "status": contract.status,
        "status_text": gettext(STATUS_TEXTS[Status(contract.status)]),
        "my_step": card.step,
        "waiting_for_me": card.waiting_for_me,
        "updated_at": in_shanghai(contract.updated_at),
        "sent_at": contract.sent_at and in_shanghai(contract.sent_at),
        "deadline_at": contract.deadline_at and in_shanghai(contract.deadline_at),
    }


def dump_page(page: ContractPage) -> dict[str, Any]:
    """The whole contract (`ContractSchema`)."""
    contract = page.card.contract
    me = None if page.card.step == "copy" else own_party(contract, page.actor)  # a reader is no party
    ended = {"at": contract.ended_at, "reason": contract.end_reason} if contract.ended_at else None
    return dump_card(page.card) | {
        "kind": contract.kind,
        "content_sha256": contract.content_sha256,
        "page_count": len(contract.pages),
        "pages": [
            {"number": number, "width": size[0], "height": size[1]} for number, size in enumerate(contract.pages, 1)
        ],
        "key_terms": {key: contract.terms.get(key) for key in TERM_KEYS}
        | {"employer": page.card.organisation, "worker": page.card.worker_name},
        "parties": [
            {
                "id": party.id, "kind": party.kind, "name": party.name, "is_me": me is not None and party.id == me.id,
                "order": party.position, "state": _state(party), "acted_at": party.acted_at or party.confirmed_at,
            }
            for party in contract.parties
        ],
        "places": [
            {
                "id": place.id, "page": place.page, "x": place.x, "y": place.y, "width": place.width,
                "height": place.height, "kind": place.kind, "party_id": place.party_id,
                "mine": me is not None and place.party_id == me.id,
            }
            for place in contract.places
        ],
        "reading": dump_reading(page.reading),
        "intent_methods": _ways(contract),
        "signature_rule": "handwriting",
        "confirmation": {"at": me.confirmed_at, **(me.addresses or {})} if me and me.confirmed_at else None,
        "termination": ended if contract.status == Status.TERMINATED else None,
        "withdrawal": ended if contract.status == Status.WITHDRAWN else None,
        "download": page.card.step in ("done", "copy"),
        "download_check": settings().download_face_check,
        "actions": list(_actions(page)),
    }  # fmt: skip


def dump_reading(reading: Reading) -> dict[str, Any]:
    return {
        "required_seconds": reading.required_seconds,
        "seconds_left": reading.seconds_left,
        "seen_pages": list(reading.seen_pages),
        "opened_at": reading.opened_at,
        "complete": reading.complete,
    }


def dump_progress(actor: Actor, contract_id: Any) -> dict[str, Any]:
    """What a client polls while it waits. `delayed`: sealing takes longer than people should look at it."""
    contract = get_contract(actor=actor, contract_id=contract_id)
    step = step_of(actor, contract)
    unsealed = [party.acted_at for party in contract.parties if party.acted_at and not party.sealed_at]
    return {
        "status": contract.status,
        "my_step": step,
        "sealed": own_party(contract, actor).sealed_at is not None,
        "waiting_for": WAITS_FOR.get(step),
        "updated_at": in_shanghai(contract.updated_at),
        "delayed": bool(unsealed) and now() - max(unsealed) > SLOW_SEALING,
    }


def _ways(contract: Any) -> list[str]:
    """Who showed their face to read is asked for it again to sign; the other ways stand below it (B6)."""
    return sorted(contract.intent_methods, key=lambda way: contract.open_check and way != "face")


def _state(party: Any) -> str:
    if party.acted_at:
        return "sealed" if party.sealed_at else "signed"
    return "confirmed" if party.confirmed_at else "waiting"


def _actions(page: ContractPage) -> Any:
    contract, step = page.card.contract, page.card.step
    if step in ("confirm", "sign"):
        yield step
    if contract.allows(Action.TERMINATE) and own_party(contract, page.actor).acted_at is None:
        yield "terminate"
    if step in ("done", "copy"):
        yield "download"
