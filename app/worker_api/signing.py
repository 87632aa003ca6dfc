"""Prove will, sign by hand (B6, E3, H3)."""

import uuid
from typing import Any

import marshmallow as ma
from marshmallow import validate

from app.authorisations.service.responding import resend_authorisation_intent
from app.contracts.service.signing import get_intent, prove_intent, resend_intent, sign_contract, start_intent
from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint, WireSchema
from app.http.certificates import PinSchema
from app.http.context import current_actor, providers, settings
from app.http.offers import check_offered
from app.seals.ink import ink_from_json
from app.seals.signatures import current_signature
from app.signing.intents import IntentView, get_intent_subject, prove_intent_pin
from app.worker_api.contract_schemas import SHA256, ContractSchema
from app.worker_api.contract_views import dump_page, load_page
from app.worker_api.faces import FaceAnswerSchema, FaceWaySchema, dump_face, take_way

blueprint = ApiBlueprint("worker_signing", __name__, url_prefix="/api/v1/worker", description="劳动者：意愿认证与签署")

METHODS = ("sms", "face", "pin")


class IntentStartSchema(FaceWaySchema):
    method = ma.fields.String(required=True, validate=validate.OneOf(METHODS))
    content_sha256 = ma.fields.String(required=True, validate=SHA256)


class CodeSchema(WireSchema):
    code = ma.fields.String(required=True, validate=validate.Length(4, 12))


class IntentSchema(FaceAnswerSchema):
    id = ma.fields.UUID(required=True)
    method = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    resend_after = ma.fields.Integer()


class InkSchema(WireSchema):
    """Strokes of `[x, y, milliseconds, pressure or null]`, in pixels of the pad."""

    width = ma.fields.Float(required=True)
    height = ma.fields.Float(required=True)
    strokes = ma.fields.List(ma.fields.List(ma.fields.List(ma.fields.Float(allow_none=True))), required=True)


class SignSchema(WireSchema):
    challenge_id = ma.fields.UUID(required=True)
    content_sha256 = ma.fields.String(required=True, validate=SHA256)
    ink = ma.fields.Nested(InkSchema, load_default=None)
    signature_id = ma.fields.UUID(load_default=None)


class SignatureSchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    svg = ma.fields.String(required=True)
    created_at = ma.fields.AwareDateTime(required=True)


@blueprint.post("/contracts/<uuid:contract_id>/intents")
@blueprint.arguments(IntentStartSchema)
@blueprint.response(201, IntentSchema)
def create_intent(body: dict[str, Any], contract_id: uuid.UUID) -> Any:
    """Begin to prove that I want to sign exactly this."""
    check_offered(body["method"], settings().intent_methods)
    way = take_way(body)
    return dump_intent(
        start_intent(actor=current_actor(), contract_id=contract_id, way=way, faces=providers().faces, **body)
    )  # fmt: skip


@blueprint.get("/intents/<uuid:intent_id>")
@blueprint.response(200, IntentSchema)
def read_intent(intent_id: uuid.UUID) -> Any:
    """Where it stands; for a face check the server asks the vendor."""
    return dump_intent(get_intent(actor=current_actor(), intent_id=intent_id, faces=providers().faces))


@blueprint.post("/intents/<uuid:intent_id>/code")
@blueprint.arguments(CodeSchema)
@blueprint.response(200, IntentSchema)
def prove(body: dict[str, Any], intent_id: uuid.UUID) -> Any:
    """Type the code back."""
    return dump_intent(prove_intent(actor=current_actor(), intent_id=intent_id, code=body["code"]))


@blueprint.post("/intents/<uuid:intent_id>/pin")
@blueprint.arguments(PinSchema)
@blueprint.response(200, IntentSchema)
def prove_by_pin(body: dict[str, Any], intent_id: uuid.UUID) -> Any:
    """Type the certificate PIN."""
    return dump_intent(prove_intent_pin(actor=current_actor(), intent_id=intent_id, pin=body["pin"]))


@blueprint.post("/intents/<uuid:intent_id>/resend")
@blueprint.response(200, IntentSchema)
def resend(intent_id: uuid.UUID) -> Any:
    """Another code; the old one is void."""
    actor = current_actor()
    is_letter = get_intent_subject(actor=actor, intent_id=intent_id).startswith("authorisation:")
    again = resend_authorisation_intent if is_letter else resend_intent
    return dump_intent(again(actor=actor, intent_id=intent_id))


@blueprint.post("/contracts/<uuid:contract_id>/signature")
@blueprint.arguments(SignSchema)
@blueprint.response(200, ContractSchema)
def sign(body: dict[str, Any], contract_id: uuid.UUID) -> Any:
    """Sign by hand, or with my current signature. Repeating it changes nothing."""
    ink = body.pop("ink")
    sign_contract(
        actor=current_actor(), contract_id=contract_id, ink=ink_from_json(ink) if ink is not None else None, **body
    )
    return dump_page(load_page(current_actor(), contract_id))


@blueprint.get("/signatures/current")
@blueprint.response(200, SignatureSchema)
def get_signature() -> Any:
    """My latest handwriting; 404 before the first."""
    return current_signature(actor=current_actor())


def dump_intent(intent: IntentView) -> dict[str, Any]:
    dumped: dict[str, Any] = {
        "id": intent.id, "method": intent.method, "status": intent.status, "expires_at": in_shanghai(intent.expires_at),
    }  # fmt: skip
    if intent.resend_after is not None:
        dumped["resend_after"] = intent.resend_after
    return dumped | dump_face(intent.face)
