"""Prove will, sign by hand (B6, E3, H3)."""

import uuid
from typing import Any

import marshmallow as ma

from app.authorisations.service.responding import resend_authorisation_intent
from app.contracts.service.signing import resend_intent, sign_contract, start_intent
from app.core.actor import Actor
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import current_actor, providers, settings
from app.http.offers import check_offered
from app.http.shared.intents import SHA256, IntentInputSchema, IntentStateSchema, add_intents, dump_intent_state
from app.seals.ink import ink_from_json
from app.seals.signatures import current_signature
from app.signing.intents import IntentView, get_intent_subject
from app.worker_api.contract_schemas import ContractSchema
from app.worker_api.contract_views import dump_page, load_page
from app.worker_api.faces import FaceAnswerSchema, FaceWaySchema, dump_face, take_way

blueprint = ApiBlueprint("worker_signing", __name__, url_prefix="/api/v1/worker", description="劳动者：意愿认证与签署")


class IntentStartSchema(FaceWaySchema, IntentInputSchema):
    """What is to be proved, and how a face would be checked."""


class IntentSchema(FaceAnswerSchema, IntentStateSchema):
    """A challenge, and the page to open while a face check waits."""


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
    """`IntentSchema`."""
    return dump_intent_state(intent) | dump_face(intent.face)


def _resend(*, actor: Actor, intent_id: uuid.UUID) -> IntentView:
    is_letter = get_intent_subject(actor=actor, intent_id=intent_id).startswith("authorisation:")
    return (resend_authorisation_intent if is_letter else resend_intent)(actor=actor, intent_id=intent_id)


add_intents(blueprint, IntentSchema, dump_intent, _resend)
