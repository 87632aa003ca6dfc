"""Authorisation letters on the worker's wire: as cards, as pages, in progress."""

from typing import Any

import marshmallow as ma
from flask_babel import gettext

from app.authorisations.letter import PLACE, TITLE
from app.authorisations.lifecycle import Status
from app.authorisations.service.responding import WAYS
from app.core.clock import in_shanghai, now
from app.http.context import settings
from app.http.shared.contracts import PageSizeSchema
from app.signing.typeset import PAGE
from app.worker_api.contract_schemas import ContractCardSchema, PartySchema, PlaceSchema
from app.worker_api.contract_views import SLOW_SEALING, WAITS_FOR

STATUS_TEXTS = {
    Status.WAITING: "待签署",
    Status.SEALING: "签署中",
    Status.SIGNED: "已签署",
    Status.REFUSED: "已拒绝",
    Status.WITHDRAWN: "已撤回",
    Status.EXPIRED: "已过期",
    Status.VOID: "已作废",
}


class AuthorisationCardSchema(ContractCardSchema):
    """`kind`: always "authorisation"; `organisation`: who asks."""

    kind = ma.fields.String(required=True)


class AuthorisationSchema(AuthorisationCardSchema):
    """One page and one place to sign at, in the shapes that contracts have."""

    content_sha256 = ma.fields.String(required=True)
    page_count = ma.fields.Integer(required=True)
    pages = ma.fields.List(ma.fields.Nested(PageSizeSchema), required=True)
    parties = ma.fields.List(ma.fields.Nested(PartySchema), required=True)
    places = ma.fields.List(ma.fields.Nested(PlaceSchema), required=True)
    intent_methods = ma.fields.List(ma.fields.String(), required=True)
    reason = ma.fields.String(required=True, allow_none=True)
    download = ma.fields.Boolean(required=True)


def dump_letter_card(letter: Any) -> dict[str, Any]:
    """What a link tells too: who asks, and what for."""
    step = _step(letter)
    return {
        "id": letter.id,
        "kind": "authorisation",
        "number": letter.number,
        "title": gettext(TITLE),
        "organisation": letter.organisation_name,
        "status": letter.status,
        "status_text": gettext(STATUS_TEXTS[Status(letter.status)]),
        "my_step": step,
        "waiting_for_me": step == "sign",
        "updated_at": in_shanghai(letter.updated_at),
        "sent_at": in_shanghai(letter.created_at),
        "deadline_at": in_shanghai(letter.deadline_at),
    }


def dump_letter(letter: Any) -> dict[str, Any]:
    left, width, height = PLACE
    state = "sealed" if letter.sealed_at else "signed" if letter.acted_at else "waiting"
    return dump_letter_card(letter) | {
        "content_sha256": letter.content_sha256,
        "page_count": 1,
        "pages": [{"number": 1, "width": PAGE[0], "height": PAGE[1]}],
        "parties": [
            {
                "id": letter.id, "kind": "worker", "name": letter.representative, "is_me": True, "order": 1,
                "state": state, "acted_at": letter.acted_at and in_shanghai(letter.acted_at),
            }
        ],
        "places": [
            {
                "id": letter.id, "page": 1, "x": left, "y": letter.place_top, "width": width, "height": height,
                "kind": "signature", "party_id": letter.id, "mine": True,
            }
        ],
        "intent_methods": [str(way) for way in WAYS if way in settings().intent_methods],
        "reason": letter.end_reason or None,
        "download": letter.revision_sha256 is not None,
    }  # fmt: skip


def dump_progress(letter: Any) -> dict[str, Any]:
    """What a client polls while it waits. `delayed`: sealing takes longer than people should look at it."""
    step = _step(letter)
    is_sealing = step == "sealing" and letter.acted_at is not None
    return {
        "status": letter.status,
        "my_step": step,
        "sealed": letter.sealed_at is not None,
        "waiting_for": WAITS_FOR.get(step),
        "updated_at": in_shanghai(letter.updated_at),
        "delayed": is_sealing and now() - letter.acted_at > SLOW_SEALING,
    }


def _step(letter: Any) -> str:
    if letter.waits:
        return "sign"
    return {Status.SEALING: "sealing", Status.SIGNED: "done"}.get(Status(letter.status), "ended")
