"""The signed file, and what comes before it where configured (B7, H10)."""

import io
import uuid
from typing import Any

import marshmallow as ma
from flask import send_file
from marshmallow import validate

from app.contracts.documents import read_signed_file
from app.contracts.service.downloading import spend_download_check, start_download_code, start_download_face_check
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import current_actor, providers, settings
from app.worker_api.faces import FaceAnswerSchema, FaceWaySchema, dump_check, take_way
from app.worker_api.signing import dump_intent

blueprint = ApiBlueprint("worker_downloads", __name__, url_prefix="/api/v1/worker", description="劳动者：下载")


class DownloadCheckStartSchema(FaceWaySchema):
    """`sms`: a code to one's own phone, to be typed back at `/intents/{id}/code`."""

    method = ma.fields.String(load_default="face", validate=validate.OneOf(("face", "sms")))


class DownloadCheckSchema(FaceAnswerSchema):
    """`id`: of a face check (`/face-checks/{id}`), or of a proof by code (`/intents/{id}`)."""

    id = ma.fields.UUID(required=True)
    status = ma.fields.String(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    resend_after = ma.fields.Integer()


class FileQuerySchema(WireSchema):
    """One of the two, where the contract says `download_check`."""

    face_check = ma.fields.UUID(load_default=None)
    intent = ma.fields.UUID(load_default=None)


@blueprint.post("/contracts/<uuid:contract_id>/download-checks")
@blueprint.arguments(DownloadCheckStartSchema)
@blueprint.response(201, DownloadCheckSchema)
def check_download(body: dict[str, Any], contract_id: uuid.UUID) -> Any:
    """Show that it is me, for this very file."""
    actor, way = current_actor(), take_way(body)
    if body["method"] == "sms":
        return dump_intent(start_download_code(actor=actor, contract_id=contract_id))
    return dump_check(
        start_download_face_check(actor=actor, contract_id=contract_id, way=way, faces=providers().faces)
    )  # fmt: skip


@blueprint.get("/contracts/<uuid:contract_id>/file")
@blueprint.arguments(FileQuerySchema, location="query")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def download_file(query: dict[str, Any], contract_id: uuid.UUID) -> Any:
    """The signed PDF, once completed. A check is spent by it; the same session may ask again for five minutes."""
    if settings().download_face_check:
        spend_download_check(
            actor=current_actor(), contract_id=contract_id, face_check_id=query["face_check"], intent_id=query["intent"]
        )
    contract, data = read_signed_file(actor=current_actor(), contract_id=contract_id, blobs=providers().blobs)
    response = send_file(
        io.BytesIO(data), "application/pdf", as_attachment=True, download_name=f"{contract.title}-{contract.number}.pdf"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
