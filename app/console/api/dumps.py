"""From domain objects to the console's wire."""

from datetime import datetime
from typing import Any

from app.console.words import status_text, timeline_text
from app.contracts.queries import ContractCard, step_of
from app.contracts.trail import TimelineEntry
from app.core.actor import Actor
from app.core.clock import in_shanghai
from app.core.text import mask_phone
from app.http.faces import face_page, face_qr
from app.http.shared.intents import dump_intent_state
from app.signing.intents import IntentView


def shown(moment: datetime | None) -> datetime | None:
    """As a clock in China has it."""
    return in_shanghai(moment) if moment is not None else None


def dump_card(card: ContractCard) -> dict[str, Any]:
    """`EmployerCardSchema`."""
    contract = card.contract
    times = {name: shown(getattr(contract, name)) for name in ("created_at", "updated_at", "sent_at", "deadline_at")}
    return times | {
        "id": contract.id,
        "number": contract.number,
        "title": contract.title,
        "kind": contract.kind,
        "created_by": contract.created_by,
        "worker_name": card.worker_name,
        "status": contract.status,
        "status_text": status_text(contract.status),
        "step": card.step,
        "waiting_for_me": card.waiting_for_me,
    }


def dump_contract(actor: Actor, contract: Any) -> dict[str, Any]:
    """`EmployerContractSchema`."""
    worker, organisation = contract.parties
    card = ContractCard(contract, organisation.name, worker.name, step_of(actor, contract))
    return dump_card(card) | {
        "version": contract.draft_version,
        "filename": contract.filename,
        "warnings": contract.warnings,
        "content_sha256": contract.content_sha256,
        "page_count": len(contract.pages),
        "pages": [{"number": number, "width": w, "height": h} for number, (w, h) in enumerate(contract.pages, 1)],
        "terms": contract.terms,
        "intent_methods": contract.intent_methods,
        "open_check": contract.open_check,
        "parties": [_dump_party(party) for party in contract.parties],
        "places": [dump_place(place) for place in contract.places],
        "copies": [{"name": one.name, "phone_masked": mask_phone(one.phone)} for one in contract.copies],
        "end_reason": contract.end_reason or None,
        "completed_at": shown(contract.completed_at),
        "ended_at": shown(contract.ended_at),
    }


def _dump_party(party: Any) -> dict[str, Any]:
    return {
        "id": party.id, "kind": party.kind, "position": party.position, "name": party.name,
        "phone_masked": mask_phone(party.phone) if party.phone else "",
        "operator_id": party.operator_id, "seal_id": party.seal_id,
        "confirmed_at": shown(party.confirmed_at), "acted_at": shown(party.acted_at),
        "sealed_at": shown(party.sealed_at),
    }  # fmt: skip


def dump_place(place: Any) -> dict[str, Any]:
    """`EmployerPlaceSchema`."""
    return {name: getattr(place, name) for name in ("kind", "page", "x", "y", "width", "height")}


def dump_timeline(entry: TimelineEntry) -> dict[str, Any]:
    return {
        "at": in_shanghai(entry.at), "action": entry.action, "by": entry.by, "party": entry.party,
        "text": timeline_text(entry.action, entry.party),
    }  # fmt: skip


def dump_intent(intent: IntentView) -> dict[str, Any]:
    """`EmployerIntentSchema`."""
    pages = {"url": face_page(intent.face), "qr": face_qr(intent.face)}
    return dump_intent_state(intent) | {name: value for name, value in pages.items() if value is not None}
