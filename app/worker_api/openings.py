"""The check that an employer may put before a contract's text (B6)."""

import uuid
from typing import Any

import marshmallow as ma
from marshmallow import validate

from app.contracts.service.opening import (
    start_opening_code,
    start_opening_face_check,
    start_opening_pin,
    unlock_contract,
)
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import current_actor, providers, settings
from app.http.idempotency import no_idempotency_key
from app.http.offers import check_offered
from app.worker_api.downloads import DownloadCheckSchema
from app.worker_api.faces import FaceWaySchema, dump_check, take_way
from app.worker_api.signing import dump_intent

blueprint = ApiBlueprint("worker_openings", __name__, url_prefix="/api/v1/worker", description="劳动者：查看前核对本人")


class OpeningCheckStartSchema(FaceWaySchema):
    """`sms`, `pin`: to be typed at `/intents/{id}/code` or `/intents/{id}/pin`; `pin` where the contract allows it."""

    method = ma.fields.String(load_default="face", validate=validate.OneOf(("face", "sms", "pin")))


class OpeningSchema(WireSchema):
    """One of the two: a passed face check, or a proof by code or PIN."""

    face_check = ma.fields.UUID(load_default=None, allow_none=True)
    intent = ma.fields.UUID(load_default=None, allow_none=True)


@blueprint.post("/contracts/<uuid:contract_id>/opening-checks")
@blueprint.arguments(OpeningCheckStartSchema)
@blueprint.response(201, DownloadCheckSchema)
def check_opening(body: dict[str, Any], contract_id: uuid.UUID) -> Any:
    """Show that it is me, for this very content."""
    check_offered(body["method"], settings().intent_methods)
    actor, way = current_actor(), take_way(body)
    if body["method"] == "sms":
        return dump_intent(start_opening_code(actor=actor, contract_id=contract_id))
    if body["method"] == "pin":
        return dump_intent(start_opening_pin(actor=actor, contract_id=contract_id))
    return dump_check(
        start_opening_face_check(actor=actor, contract_id=contract_id, way=way, faces=providers().faces)
    )  # fmt: skip


@blueprint.post("/contracts/<uuid:contract_id>/opening")
@blueprint.arguments(OpeningSchema)
@blueprint.response(204)
@no_idempotency_key
def unlock(body: dict[str, Any], contract_id: uuid.UUID) -> None:
    """The text is open to this session for half an hour. Repeating it changes nothing."""
    unlock_contract(
        actor=current_actor(), contract_id=contract_id, face_check_id=body["face_check"], intent_id=body["intent"]
    )
