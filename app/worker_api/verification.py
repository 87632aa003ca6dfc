"""Real-name verification: consents, methods, attempts (B2, B3, B5)."""

import uuid
from typing import Any

import marshmallow as ma
from flask_babel import gettext
from marshmallow import validate

from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import current_actor, providers, settings
from app.http.language import language
from app.http.offers import check_offered
from app.identity.face_verification import get_verification, start_face_verification
from app.identity.phone_verification import (
    confirm_verification_code,
    resend_verification_code,
    start_phone_verification,
)  # fmt: skip
from app.identity.verifications import VerificationView
from app.worker_api.contract_schemas import RETURN_PATH
from app.worker_api.signing import CodeSchema

blueprint = ApiBlueprint("worker_verification", __name__, url_prefix="/api/v1/worker", description="劳动者：实名认证")

METHODS = {"phone": "运营商三要素", "face": "支付宝人脸认证"}


class MethodSchema(ma.Schema):
    method = ma.fields.String(required=True)
    available = ma.fields.Boolean(required=True)
    reason = ma.fields.String()
    provider = ma.fields.String(required=True)


class VerificationStartSchema(WireSchema):
    method = ma.fields.String(required=True, validate=validate.OneOf(tuple(METHODS)))
    name = ma.fields.String(required=True, validate=validate.Length(1, 50))
    id_number = ma.fields.String(required=True, validate=validate.Length(1, 30))
    return_path = ma.fields.String(load_default="/h5/", validate=[validate.Length(max=300), RETURN_PATH])


class VerificationSchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    method = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    outcome = ma.fields.String()
    message = ma.fields.String()
    url = ma.fields.String()
    resend_after = ma.fields.Integer()
    expires_at = ma.fields.AwareDateTime(required=True)


@blueprint.get("/verification-methods")
@blueprint.response(200, MethodSchema(many=True))
def list_methods() -> Any:
    """Ways to be verified; nobody has to show a face."""
    offered = settings().verification_methods
    return [
        {"method": method, "available": True, "provider": gettext(provider)}
        if method in offered
        else {
            "method": method,
            "available": False,
            "reason": gettext("平台未开通此方式。"),
            "provider": gettext(provider),
        }
        for method, provider in METHODS.items()
    ]


@blueprint.post("/verifications")
@blueprint.arguments(VerificationStartSchema)
@blueprint.response(201, VerificationSchema)
def start(body: dict[str, Any]) -> Any:
    """By phone: three factors, then a code. By face: a page of the vendor to open."""
    check_offered(body["method"], settings().verification_methods)
    actor, name, id_number = current_actor(), body["name"], body["id_number"]
    if body["method"] == "phone":
        return _dump(start_phone_verification(actor=actor, name=name, id_number=id_number, carrier=providers().carrier))
    return_url = providers().return_url(body["return_path"])
    return _dump(
        start_face_verification(
            actor=actor, name=name, id_number=id_number, return_url=return_url, face=providers().face
        )
    )


@blueprint.get("/verifications/<uuid:verification_id>")
@blueprint.response(200, VerificationSchema)
def read(verification_id: uuid.UUID) -> Any:
    """Where it stands; for a face check the server asks the vendor."""
    return _dump(get_verification(actor=current_actor(), verification_id=verification_id, face=providers().face))


@blueprint.post("/verifications/<uuid:verification_id>/code")
@blueprint.arguments(CodeSchema)
@blueprint.response(200, VerificationSchema)
def confirm(body: dict[str, Any], verification_id: uuid.UUID) -> Any:
    """Type the code back: verified."""
    return _dump(confirm_verification_code(actor=current_actor(), verification_id=verification_id, code=body["code"]))


@blueprint.post("/verifications/<uuid:verification_id>/resend")
@blueprint.response(200, VerificationSchema)
def resend(verification_id: uuid.UUID) -> Any:
    """Another code."""
    return _dump(resend_verification_code(actor=current_actor(), verification_id=verification_id))


def _dump(view: VerificationView) -> dict[str, Any]:
    dumped: dict[str, Any] = {
        "id": view.id,
        "method": view.method,
        "status": "waiting" if view.status == "checking" else view.status,
        "expires_at": in_shanghai(view.expires_at),
    }
    message = view.reason and (view.reason.text_en if language() == "en" else view.reason.text_zh)
    optional = {"outcome": view.outcome, "message": message, "url": view.url, "resend_after": view.resend_after}
    return dumped | {name: value for name, value in optional.items() if value is not None}
