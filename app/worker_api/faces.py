"""What every face check of a worker has on the wire (B3): how one wants to be checked, where to go, how it stands."""

import uuid
from typing import Any

import marshmallow as ma
from marshmallow import validate

from app.accounts.bindings import bound_subject
from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint, WireSchema
from app.http.context import client_browser, client_device, client_ip, current_actor, find_actor, providers
from app.http.faces import face_page, face_qr
from app.http.language import language
from app.http.verification_methods import face_vendors
from app.identity.face_checks import FaceCheckView, FaceWay, refresh_face_check
from app.worker_api.contract_schemas import RETURN_PATH

blueprint = ApiBlueprint("worker_faces", __name__, url_prefix="/api/v1/worker", description="劳动者：人脸核验")

# Says "done, go back to the computer" and knows nobody: the phone that opened it is logged in nowhere.
ELSEWHERE = "/h5/#/pages/face/elsewhere"


class FaceWaySchema(WireSchema):
    """`where`: "phone" when this is a computer and a phone shall do it; the answer then has a QR code.

    It has one, too, when the vendor's page does not open in the browser that asks (see `FaceWay.browser`).
    """

    provider = ma.fields.String(load_default="", validate=validate.Length(max=20))
    where = ma.fields.String(load_default="here", validate=validate.OneOf(("here", "phone")))
    return_path = ma.fields.String(load_default="/h5/", validate=[validate.Length(max=300), RETURN_PATH])
    openid = ma.fields.String(load_default="", validate=validate.Length(max=128))


class FaceAnswerSchema(ma.Schema):
    """While a face check waits. `url`: where to go; `qr`: the same for a phone, a picture as a `data:` address, and our
    own page first; `app_call`: for the mini-program's platform.

    `message`: why it did not succeed, or why it can't be asked about just now, and what to do.
    """

    url = ma.fields.String()
    qr = ma.fields.String()
    app_call = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String())
    message = ma.fields.String()


class FaceCheckSchema(FaceAnswerSchema):
    id = ma.fields.UUID(required=True)
    status = ma.fields.String(
        required=True,
        validate=validate.OneOf(("waiting", "passed", "failed", "cancelled", "expired", "unavailable")),
    )
    expires_at = ma.fields.AwareDateTime(required=True)


class FaceVendorSchema(ma.Schema):
    id = ma.fields.String(required=True)
    label = ma.fields.String(required=True)


@blueprint.get("/face-vendors")
@blueprint.response(200, FaceVendorSchema(many=True))
def list_vendors() -> Any:
    """Whom one can choose between, wherever a face check begins; the preferred one first."""
    return face_vendors()


@blueprint.get("/face-checks/<uuid:face_check_id>")
@blueprint.response(200, FaceCheckSchema)
def read(face_check_id: uuid.UUID) -> Any:
    """Where one's own check stands; the server asks the vendor."""
    return dump_check(
        refresh_face_check(actor=current_actor(), face_check_id=face_check_id, faces=providers().faces)
    )  # fmt: skip


def take_way(body: dict[str, Any]) -> FaceWay:
    """Takes the fields of FaceWaySchema out of `body`."""
    elsewhere, path = body.pop("where") == "phone", body.pop("return_path")
    provider, openid, actor = body.pop("provider"), body.pop("openid"), find_actor()
    platform = actor.channel if actor is not None and actor.channel in ("weixin", "alipay") else ""
    if actor is not None and not openid and (provider == "wechat" or platform == "weixin"):
        openid = bound_subject(actor=actor, kind="weixin")
    address = providers().return_url
    return FaceWay(
        address(ELSEWHERE if elsewhere else path), provider=provider, openid=openid, elsewhere=elsewhere,
        platform=platform, browser="" if platform else client_browser(), elsewhere_url=address(ELSEWHERE),
        ip=client_ip(), device=client_device(),
    )  # fmt: skip


def dump_check(view: FaceCheckView) -> dict[str, Any]:
    return {"id": view.id, "status": view.status, "expires_at": in_shanghai(view.expires_at)} | dump_face(view)


def dump_face(view: FaceCheckView | None) -> dict[str, Any]:
    """The fields of FaceAnswerSchema that there are."""
    if view is None:
        return {}
    reason = view.reason and (view.reason.text_en if language() == "en" else view.reason.text_zh)
    found = {"url": face_page(view), "qr": face_qr(view), "app_call": dict(view.app_call), "message": reason}
    return {name: value for name, value in found.items() if value}
