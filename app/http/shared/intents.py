"""Proof of will (B6): how a challenge stands, and proving it. A channel begins it and says how a face is shown."""

import uuid
from collections.abc import Callable
from typing import Any

import marshmallow as ma
from marshmallow import validate

from app.contracts.service.signing import get_intent, prove_intent, resend_intent
from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import current_actor, providers
from app.http.shared.certificates import PinSchema
from app.http.shared.codes import CodeSchema
from app.signing.intents import IntentView, prove_intent_pin

METHODS = ("sms", "face", "pin")
SHA256 = validate.Regexp(r"^[0-9a-f]{64}$", error="校验值格式有误，请重新打开合同。")


class IntentInputSchema(WireSchema):
    method = ma.fields.String(required=True, validate=validate.OneOf(METHODS))
    content_sha256 = ma.fields.String(required=True, validate=SHA256)


class IntentStateSchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    method = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    resend_after = ma.fields.Integer()


def dump_intent_state(intent: IntentView) -> dict[str, Any]:
    """`IntentStateSchema`."""
    dumped: dict[str, Any] = {
        "id": intent.id, "method": intent.method, "status": intent.status, "expires_at": in_shanghai(intent.expires_at),
    }  # fmt: skip
    return dumped if intent.resend_after is None else dumped | {"resend_after": intent.resend_after}


def add_intents(
    blueprint: ApiBlueprint,
    answer: type[IntentStateSchema],
    dump: Callable[[IntentView], dict[str, Any]],
    again: Callable[..., IntentView] = resend_intent,
) -> None:
    """Everything about a challenge but its beginning. `dump` makes an `answer`; `again` sends another code."""

    @blueprint.get("/intents/<uuid:intent_id>")
    @blueprint.response(200, answer)
    def read_intent(intent_id: uuid.UUID) -> Any:
        """Where it stands; for a face check the server asks the vendor."""
        return dump(get_intent(actor=current_actor(), intent_id=intent_id, faces=providers().faces))

    @blueprint.post("/intents/<uuid:intent_id>/code")
    @blueprint.arguments(CodeSchema)
    @blueprint.response(200, answer)
    def prove(body: dict[str, Any], intent_id: uuid.UUID) -> Any:
        """Type the code back."""
        return dump(prove_intent(actor=current_actor(), intent_id=intent_id, code=body["code"]))

    @blueprint.post("/intents/<uuid:intent_id>/pin")
    @blueprint.arguments(PinSchema)
    @blueprint.response(200, answer)
    def prove_by_pin(body: dict[str, Any], intent_id: uuid.UUID) -> Any:
        """Type the certificate PIN."""
        return dump(prove_intent_pin(actor=current_actor(), intent_id=intent_id, pin=body["pin"]))

    @blueprint.post("/intents/<uuid:intent_id>/resend")
    @blueprint.response(200, answer)
    def resend(intent_id: uuid.UUID) -> Any:
        """Another code; the old one is void."""
        return dump(again(actor=current_actor(), intent_id=intent_id))
