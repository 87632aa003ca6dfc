"""The operator's own digital certificate and its PIN (E6)."""

import uuid
from typing import Any

import marshmallow as ma
from marshmallow import validate

from app.console.api.verification import face_way
from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import current_actor, providers
from app.http.faces import face_page, face_qr
from app.http.language import language
from app.http.shared.certificates import add_certificate
from app.identity.face_checks import FaceCheckView, refresh_face_check
from app.signing.second_proof import start_certificate_face_check

blueprint = ApiBlueprint(
    "console_certificate", __name__, url_prefix="/api/v1/console", description="用人单位：经办人数字证书"
)


class OperatorFaceStartSchema(WireSchema):
    provider = ma.fields.String(load_default="", validate=validate.Length(max=20))


class OperatorFaceCheckSchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    status = ma.fields.String(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    url = ma.fields.String()
    qr = ma.fields.String(metadata={"description": "the url as a picture, a `data:` address"})
    message = ma.fields.String()


@blueprint.post("/certificate/face-checks")
@blueprint.arguments(OperatorFaceStartSchema)
@blueprint.response(201, OperatorFaceCheckSchema)
def check_face(body: dict[str, Any]) -> Any:
    """Begin a face check, to replace a PIN that I had: the phone scans the QR code."""
    way = face_way(body["provider"])
    return _dump_check(start_certificate_face_check(actor=current_actor(), way=way, faces=providers().faces))


@blueprint.get("/certificate/face-checks/<uuid:face_check_id>")
@blueprint.response(200, OperatorFaceCheckSchema)
def read_check(face_check_id: uuid.UUID) -> Any:
    """Where it stands; the server asks the vendor."""
    return _dump_check(refresh_face_check(actor=current_actor(), face_check_id=face_check_id, faces=providers().faces))


def _dump_check(view: FaceCheckView) -> dict[str, Any]:
    reason = view.reason and (view.reason.text_en if language() == "en" else view.reason.text_zh)
    optional = {"url": face_page(view), "qr": face_qr(view), "message": reason}
    dumped = {"id": view.id, "status": view.status, "expires_at": in_shanghai(view.expires_at)}
    return dumped | {name: value for name, value in optional.items() if value}


add_certificate(blueprint)
