"""Prove will, sign with the organisation's seal (B6, H7)."""

import uuid
from typing import Any

from app.console.api.contract_schemas import (
    EmployerContractSchema,
    EmployerIntentSchema,
    EmployerIntentStartSchema,
    SealingSchema,
)
from app.console.api.dumps import dump_contract, dump_intent
from app.console.api.verification import face_way
from app.contracts.service.signing import seal_contract, start_intent
from app.http.api import ApiBlueprint
from app.http.context import current_actor, providers, settings
from app.http.offers import check_offered
from app.http.shared.intents import add_intents

blueprint = ApiBlueprint("console_signing", __name__, url_prefix="/api/v1/console", description="用人单位：盖章")


@blueprint.post("/contracts/<uuid:contract_id>/intents")
@blueprint.arguments(EmployerIntentStartSchema)
@blueprint.response(201, EmployerIntentSchema)
def start(body: dict[str, Any], contract_id: uuid.UUID) -> Any:
    """Begin to prove that the operator wants to seal exactly this."""
    check_offered(body["method"], settings().intent_methods)
    way = face_way(body.pop("provider"))
    intent = start_intent(actor=current_actor(), contract_id=contract_id, way=way, faces=providers().faces, **body)
    return dump_intent(intent)


@blueprint.post("/contracts/<uuid:contract_id>/seal")
@blueprint.arguments(SealingSchema)
@blueprint.response(200, EmployerContractSchema)
def seal(body: dict[str, Any], contract_id: uuid.UUID) -> Any:
    """Sign for the organisation. Repeating it changes nothing."""
    return dump_contract(current_actor(), seal_contract(actor=current_actor(), contract_id=contract_id, **body))


add_intents(blueprint, EmployerIntentSchema, dump_intent)
