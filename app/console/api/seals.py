"""The organisation's seals (E1)."""

import uuid
from typing import Any

from flask import Response

from app.console.api.account_schemas import NewSealSchema, SealImageQuerySchema, SealSchema
from app.http.api import ApiBlueprint
from app.http.context import current_actor
from app.seals.service import create_seal, get_seal_image, list_seals, revoke_seal, set_default_seal

blueprint = ApiBlueprint("console_seals", __name__, url_prefix="/api/v1/console", description="用人单位：印章")


@blueprint.get("/seals")
@blueprint.response(200, SealSchema(many=True))
def find() -> Any:
    """Valid ones first, the default at the top."""
    return list_seals(actor=current_actor())


@blueprint.post("/seals")
@blueprint.arguments(NewSealSchema)
@blueprint.response(201, SealSchema)
def make(body: dict[str, Any]) -> Any:
    """Draw the organisation's round seal."""
    return create_seal(actor=current_actor(), kind=body["kind"])


@blueprint.post("/seals/<uuid:seal_id>/default")
@blueprint.response(200, SealSchema)
def choose_default(seal_id: uuid.UUID) -> Any:
    """The seal that is offered first."""
    return set_default_seal(actor=current_actor(), seal_id=seal_id)


@blueprint.post("/seals/<uuid:seal_id>/revocation")
@blueprint.response(200, SealSchema)
def revoke(seal_id: uuid.UUID) -> Any:
    """A revoked seal signs nothing any more."""
    return revoke_seal(actor=current_actor(), seal_id=seal_id)


@blueprint.get("/seals/<uuid:seal_id>/image")
@blueprint.arguments(SealImageQuerySchema, location="query")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="image/png")
def image(query: dict[str, Any], seal_id: uuid.UUID) -> Any:
    """The imprint as a picture."""
    picture = get_seal_image(actor=current_actor(), seal_id=seal_id, format=query["format"])
    return Response(picture.data, content_type=picture.media_type, headers={"Cache-Control": "private, no-store"})
