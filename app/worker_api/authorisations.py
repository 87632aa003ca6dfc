"""Authorisation letters as a legal representative signs them (C2): the wire of contracts, as far as it goes."""

import io
import uuid
from typing import Any

import marshmallow as ma
from flask import Response, send_file
from marshmallow import validate

from app.authorisations.queries import get_authorisation, read_picture, read_signed_file, read_text
from app.authorisations.service.responding import (
    refuse_authorisation,
    sign_authorisation,
    start_authorisation_intent,
)
from app.core.errors import NotFound
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import current_actor, providers, settings
from app.http.offers import check_offered
from app.seals.ink import ink_from_json
from app.templates.intake import image_type
from app.worker_api.authorisation_views import AuthorisationSchema, dump_letter, dump_progress
from app.worker_api.contract_schemas import ProgressSchema, TextSchema
from app.worker_api.faces import take_way
from app.worker_api.signing import IntentSchema, IntentStartSchema, SignSchema, dump_intent

blueprint = ApiBlueprint("worker_authorisations", __name__, url_prefix="/api/v1/worker", description="劳动者：授权书")


class RefusalSchema(WireSchema):
    reason = ma.fields.String(required=True, validate=validate.Length(2, 200))


@blueprint.get("/authorisations/<uuid:authorisation_id>")
@blueprint.response(200, AuthorisationSchema)
def read(authorisation_id: uuid.UUID) -> Any:
    """Everything that the letter's page shows."""
    return dump_letter(get_authorisation(actor=current_actor(), authorisation_id=authorisation_id))


@blueprint.get("/authorisations/<uuid:authorisation_id>/pages/<int:page>")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="image/png")
def show_page(authorisation_id: uuid.UUID, page: int) -> Any:
    """The picture of its only page, 1."""
    if page != 1:
        raise NotFound
    data = read_picture(actor=current_actor(), authorisation_id=authorisation_id, blobs=providers().blobs)
    return Response(data, content_type=image_type(data), headers={"Cache-Control": "private, no-store"})


@blueprint.get("/authorisations/<uuid:authorisation_id>/text")
@blueprint.response(200, TextSchema)
def show_text(authorisation_id: uuid.UUID) -> Any:
    """The same content as text, for reading in large print."""
    letter, lines = read_text(actor=current_actor(), authorisation_id=authorisation_id, blobs=providers().blobs)
    return {"content_sha256": letter.content_sha256, "pages": [{"number": 1, "paragraphs": lines}]}


@blueprint.post("/authorisations/<uuid:authorisation_id>/intents")
@blueprint.arguments(IntentStartSchema)
@blueprint.response(201, IntentSchema)
def create_intent(body: dict[str, Any], authorisation_id: uuid.UUID) -> Any:
    """Begin to prove that I want to sign exactly this."""
    check_offered(body["method"], settings().intent_methods)
    way = take_way(body)
    return dump_intent(
        start_authorisation_intent(
            actor=current_actor(), authorisation_id=authorisation_id, way=way, faces=providers().faces, **body
        )
    )


@blueprint.post("/authorisations/<uuid:authorisation_id>/signature")
@blueprint.arguments(SignSchema)
@blueprint.response(200, AuthorisationSchema)
def sign(body: dict[str, Any], authorisation_id: uuid.UUID) -> Any:
    """Sign by hand, with what is drawn now. Repeating it changes nothing."""
    ink = body["ink"]
    letter = sign_authorisation(
        actor=current_actor(), authorisation_id=authorisation_id, challenge_id=body["challenge_id"],
        content_sha256=body["content_sha256"], ink=ink_from_json(ink) if ink is not None else None,
    )  # fmt: skip
    return dump_letter(letter)


@blueprint.post("/authorisations/<uuid:authorisation_id>/refusal")
@blueprint.arguments(RefusalSchema)
@blueprint.response(200, AuthorisationSchema)
def refuse(body: dict[str, Any], authorisation_id: uuid.UUID) -> Any:
    """Not with me; the operator reads why."""
    return dump_letter(
        refuse_authorisation(actor=current_actor(), authorisation_id=authorisation_id, reason=body["reason"])
    )


@blueprint.get("/authorisations/<uuid:authorisation_id>/progress")
@blueprint.response(200, ProgressSchema)
def show_progress(authorisation_id: uuid.UUID) -> Any:
    """Cheap enough to be polled."""
    return dump_progress(get_authorisation(actor=current_actor(), authorisation_id=authorisation_id))


@blueprint.get("/authorisations/<uuid:authorisation_id>/file")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def download(authorisation_id: uuid.UUID) -> Any:
    """The signed PDF, once the signature is attached."""
    letter, data = read_signed_file(
        actor=current_actor(), authorisation_id=authorisation_id, blobs=providers().blobs
    )  # fmt: skip
    return signed_letter(letter.number, data)


def signed_letter(number: str, data: bytes) -> Response:
    name = f"法定代表人授权书-{number}.pdf"
    response = send_file(io.BytesIO(data), "application/pdf", as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
