"""What is bound to my account, unbinding it (A6); my phone (A1)."""

import uuid
from typing import Any

import marshmallow as ma
from flask_babel import gettext
from marshmallow import validate

from app.accounts.bindings import end_binding, list_bindings
from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import current_actor, providers
from app.http.idempotency import no_idempotency_key
from app.http.shared.codes import CodeSentSchema, PhoneSchema
from app.identity.phone_change import (
    change_phone,
    request_new_phone_code,
    request_old_phone_code,
    start_phone_face_check,
)
from app.worker_api.faces import FaceCheckSchema, FaceWaySchema, dump_check, take_way

blueprint = ApiBlueprint("worker_bindings", __name__, url_prefix="/api/v1/worker", description="劳动者：绑定与手机号")

_LABELS = {"weixin": "微信", "alipay": "支付宝", "gov": "政务服务账号", "social_card": "电子社保卡"}


class BindingSchema(ma.Schema):
    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(tuple(_LABELS)))
    label = ma.fields.String(required=True)
    bound_at = ma.fields.AwareDateTime(required=True)


class PhoneProofSchema(WireSchema):
    """Who changes the phone has the old one, or shows the face of the account's person."""

    old_code = ma.fields.String(load_default="", validate=validate.Length(max=12))
    face_check_id = ma.fields.UUID(load_default=None, allow_none=True)


class PhoneChangeSchema(PhoneSchema):
    """`code`: from the new phone."""

    code = ma.fields.String(required=True, validate=validate.Length(4, 12))
    proof = ma.fields.Nested(PhoneProofSchema, required=True)


class PhoneFaceSchema(FaceWaySchema):
    """`phone`: the new one, for which alone the check is good."""

    phone = ma.fields.String(required=True, validate=validate.Length(max=30))


@blueprint.get("/bindings")
@blueprint.response(200, BindingSchema(many=True))
def find_bindings() -> Any:
    """Outside identities by which I can log in."""
    return [
        {"id": one.id, "kind": one.kind, "label": gettext(_LABELS[one.kind]), "bound_at": in_shanghai(one.bound_at)}
        for one in list_bindings(actor=current_actor())
    ]


@blueprint.delete("/bindings/<uuid:binding_id>")
@blueprint.response(204)
def unbind(binding_id: uuid.UUID) -> None:
    """It logs in no more: the platform's sessions end, its messages stop."""
    end_binding(actor=current_actor(), binding_id=binding_id)


@blueprint.post("/phone/codes")
@blueprint.arguments(PhoneSchema)
@blueprint.response(202, CodeSentSchema)
@no_idempotency_key
def request_new_code(body: dict[str, Any]) -> Any:
    """A code to the new phone. Known and unknown numbers get the same answer."""
    return request_new_phone_code(actor=current_actor(), phone=body["phone"])


@blueprint.post("/phone/old-code")
@blueprint.response(202, CodeSentSchema)
@no_idempotency_key
def request_old_code() -> Any:
    """A code to the present phone."""
    return request_old_phone_code(actor=current_actor())


@blueprint.post("/phone/face-checks")
@blueprint.arguments(PhoneFaceSchema)
@blueprint.response(201, FaceCheckSchema)
def start_face(body: dict[str, Any]) -> Any:
    """Instead of the old phone's code. How it stands: `/worker/face-checks/{id}`."""
    way = take_way(body)
    return dump_check(
        start_phone_face_check(actor=current_actor(), phone=body["phone"], way=way, faces=providers().faces)
    )


@blueprint.post("/phone")
@blueprint.arguments(PhoneChangeSchema)
@blueprint.response(204)
def change(body: dict[str, Any]) -> None:
    """Another phone for this account; other devices are logged out, and the old phone is told."""
    change_phone(
        actor=current_actor(), phone=body["phone"], code=body["code"], faces=providers().faces, **body["proof"]
    )
