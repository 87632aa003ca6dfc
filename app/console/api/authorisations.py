"""The authorisation letter with which an absent legal representative verifies the organisation (C2, C3)."""

import io
import uuid
from typing import Any

import marshmallow as ma
from flask import Response, send_file
from marshmallow import validate

from app.authorisations.queries import find_latest, get_authorisation, read_picture, read_signed_file
from app.authorisations.service.requesting import (
    copy_link,
    get_link_state,
    request_authorisation,
    resend_link,
    withdraw_authorisation,
)
from app.console.api.account_schemas import OrganisationVerificationSchema
from app.console.api.dumps import shown
from app.console.words import delivery_text, letter_text
from app.core.clock import in_shanghai
from app.core.text import mask_name, mask_phone
from app.http.api import ApiBlueprint
from app.http.context import current_actor, providers
from app.http.idempotency import no_idempotency_key
from app.organisations.permissions import Permission
from app.templates.intake import image_type

blueprint = ApiBlueprint(
    "console_authorisations", __name__, url_prefix="/api/v1/console", description="用人单位：法定代表人授权书"
)


class LetterRequestSchema(OrganisationVerificationSchema):
    legal_representative_phone = ma.fields.String(required=True, validate=validate.Length(1, 30))


class EmployerLetterSchema(ma.Schema):
    """`status`: waiting, sealing, signed, refused, withdrawn, expired, void. `delivery`: of the last SMS.

    `resend_at`: from when the link may be sent again; null while nobody is waited for.
    """

    id = ma.fields.UUID(required=True)
    number = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    status_text = ma.fields.String(required=True)
    representative_masked = ma.fields.String(required=True)
    phone_masked = ma.fields.String(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    deadline_at = ma.fields.AwareDateTime(required=True)
    signed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    reason = ma.fields.String(required=True, allow_none=True)
    delivery = ma.fields.String(required=True)
    delivery_text = ma.fields.String(required=True)
    resend_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    download = ma.fields.Boolean(required=True)


class CopiedLinkSchema(ma.Schema):
    url = ma.fields.String(required=True)


@blueprint.post("/authorisations")
@blueprint.arguments(LetterRequestSchema)
@blueprint.response(201, EmployerLetterSchema)
def create(body: dict[str, Any]) -> Any:
    """Ask the registry for four factors, write the letter, send its link to the legal representative."""
    return _dump(ask_representative(body).id)


@blueprint.get("/authorisations/latest")
@blueprint.response(200, EmployerLetterSchema)
@blueprint.alt_response(204, description="there is none")
def read_latest() -> Any:
    """The newest letter of the organisation that I entered, whatever became of it."""
    actor = current_actor()
    actor.require(Permission.MANAGE_ORGANISATION)
    found = find_latest(actor=actor)
    return _dump(found.id) if found is not None else ("", 204)


@blueprint.get("/authorisations/<uuid:authorisation_id>")
@blueprint.response(200, EmployerLetterSchema)
def read(authorisation_id: uuid.UUID) -> Any:
    """What became of it."""
    return _dump(authorisation_id)


@blueprint.post("/authorisations/<uuid:authorisation_id>/link")
@blueprint.response(200, EmployerLetterSchema)
def resend(authorisation_id: uuid.UUID) -> Any:
    """The SMS again with a new link; 429 `too_soon_to_remind` with `next_at`."""
    resend_link(actor=current_actor(), authorisation_id=authorisation_id, link_url=providers().link_url)
    return _dump(authorisation_id)


@blueprint.post("/authorisations/<uuid:authorisation_id>/copied-link")
@blueprint.response(200, CopiedLinkSchema)
@no_idempotency_key
def copy(authorisation_id: uuid.UUID) -> Any:
    """A link to hand on, for who made the letter. Opens nothing without the representative's phone. Never kept."""
    return {"url": link_to_hand_on(authorisation_id)}


@blueprint.post("/authorisations/<uuid:authorisation_id>/withdrawal")
@blueprint.response(200, EmployerLetterSchema)
def withdraw(authorisation_id: uuid.UUID) -> Any:
    """Take it back, to start again with other data."""
    withdraw_authorisation(actor=current_actor(), authorisation_id=authorisation_id)
    return _dump(authorisation_id)


@blueprint.get("/authorisations/<uuid:authorisation_id>/picture")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="image/png")
def picture(authorisation_id: uuid.UUID) -> Any:
    """The letter's page, with the signature once there is one."""
    data = read_picture(actor=current_actor(), authorisation_id=authorisation_id, blobs=providers().blobs)
    return Response(data, content_type=image_type(data), headers={"Cache-Control": "private, no-store"})


@blueprint.get("/authorisations/<uuid:authorisation_id>/file")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def download(authorisation_id: uuid.UUID) -> Any:
    """The signed PDF."""
    letter, data = read_signed_file(
        actor=current_actor(), authorisation_id=authorisation_id, blobs=providers().blobs
    )  # fmt: skip
    name = f"法定代表人授权书-{letter.number}.pdf"
    response = send_file(io.BytesIO(data), "application/pdf", as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def ask_representative(told: dict[str, Any]) -> Any:
    """For pages and JSON alike. `told`: the fields of LetterRequestSchema."""
    ports = providers()
    return request_authorisation(
        actor=current_actor(), registry=ports.registry, blobs=ports.blobs, link_url=ports.link_url, **told
    )


def link_to_hand_on(authorisation_id: uuid.UUID) -> str:
    """Absolute, as the representative's browser needs it."""
    token = copy_link(actor=current_actor(), authorisation_id=authorisation_id)
    return providers().return_url(f"/{providers().link_url(token)}")


def _dump(authorisation_id: uuid.UUID) -> dict[str, Any]:
    letter = get_authorisation(actor=current_actor(), authorisation_id=authorisation_id)
    sms = get_link_state(actor=current_actor(), authorisation_id=authorisation_id)
    return {
        "id": letter.id, "number": letter.number, "status": letter.status, "status_text": letter_text(letter.status),
        "representative_masked": mask_name(letter.representative), "phone_masked": mask_phone(letter.phone),
        "created_at": in_shanghai(letter.created_at), "deadline_at": in_shanghai(letter.deadline_at),
        "signed_at": shown(letter.acted_at), "ended_at": shown(letter.ended_at), "reason": letter.end_reason or None,
        "delivery": sms.delivery, "delivery_text": delivery_text(sms.delivery), "resend_at": shown(sms.resend_at),
        "download": letter.revision_sha256 is not None,
    }  # fmt: skip
