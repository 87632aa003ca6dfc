"""The operator's own digital certificate and its PIN (E6)."""

import uuid
from typing import Any

import marshmallow as ma
from marshmallow import validate

from app.console.api.account_schemas import OperatorCodeSentSchema
from app.console.api.verification import face_way
from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint, WireSchema
from app.http.certificates import (
    CertificateActivationSchema,
    CertificateSchema,
    PinChangeSchema,
    PinSchema,
    dump_certificate,
    take_second,
)
from app.http.context import current_actor, providers
from app.http.idempotency import no_idempotency_key
from app.http.language import language
from app.http.qr import qr_picture
from app.identity.face_checks import FaceCheckView, refresh_face_check
from app.signing.personal_certificates import (
    activate_certificate,
    change_pin,
    get_own_certificate,
    renew_certificate,
    request_certificate_code,
    revoke_certificate,
)
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


@blueprint.get("/certificate")
@blueprint.response(200, CertificateSchema)
def read() -> Any:
    """How it stands; `none` before the first."""
    return dump_certificate(get_own_certificate(actor=current_actor()))


@blueprint.post("/certificate/codes")
@blueprint.response(202, OperatorCodeSentSchema)
@no_idempotency_key
def request_code() -> Any:
    """Send a code to my own phone, to set a PIN."""
    return request_certificate_code(actor=current_actor())


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


@blueprint.post("/certificate/activation")
@blueprint.arguments(CertificateActivationSchema)
@blueprint.response(200, CertificateSchema)
def activate(body: dict[str, Any]) -> Any:
    """Set a PIN; a certificate follows within seconds unless one holds (`issuing`)."""
    second = take_second(body)
    return dump_certificate(
        activate_certificate(actor=current_actor(), second=second, faces=providers().faces, **body)
    )  # fmt: skip


@blueprint.post("/certificate/pin")
@blueprint.arguments(PinChangeSchema)
@blueprint.response(200, CertificateSchema)
def change(body: dict[str, Any]) -> Any:
    """Another PIN, by the present one."""
    return dump_certificate(change_pin(actor=current_actor(), **body))


@blueprint.post("/certificate/renewal")
@blueprint.arguments(PinSchema)
@blueprint.response(200, CertificateSchema)
def renew(body: dict[str, Any]) -> Any:
    """Another year, where `renewable`."""
    return dump_certificate(renew_certificate(actor=current_actor(), pin=body["pin"]))


@blueprint.post("/certificate/revocation")
@blueprint.response(200, CertificateSchema)
def revoke() -> Any:
    """End it, at once and for good."""
    return dump_certificate(revoke_certificate(actor=current_actor()))


def _dump_check(view: FaceCheckView) -> dict[str, Any]:
    reason = view.reason and (view.reason.text_en if language() == "en" else view.reason.text_zh)
    optional = {"url": view.url, "qr": qr_picture(view.url) if view.url else None, "message": reason}
    dumped = {"id": view.id, "status": view.status, "expires_at": in_shanghai(view.expires_at)}
    return dumped | {name: value for name, value in optional.items() if value}
