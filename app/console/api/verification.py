"""The operator's own real-name verification (B2, B3)."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from app.console.api.account_schemas import (
    OperatorCodeSchema,
    OperatorMethodSchema,
    OperatorVerificationSchema,
    OperatorVerificationStartSchema,
)
from app.core.clock import in_shanghai
from app.http.api import ApiBlueprint
from app.http.context import current_actor, providers, settings
from app.http.language import language
from app.http.offers import check_offered
from app.http.qr import qr_picture
from app.http.verification_methods import describe_methods
from app.identity.bank_verification import start_bank_verification
from app.identity.code_verification import confirm_verification_code, resend_verification_code
from app.identity.face_checks import FaceWay
from app.identity.face_verification import get_current_verification, get_verification, start_face_verification
from app.identity.manual_verification import start_manual_verification
from app.identity.phone_verification import start_phone_verification
from app.identity.verifications import VerificationView

blueprint = ApiBlueprint(
    "console_verification", __name__, url_prefix="/api/v1/console", description="用人单位：经办人认证"
)
# Says nothing and proves nothing, on whatever device the vendor's page was opened.
RETURN_PATH = "/console/face-done"


@blueprint.get("/verification-methods")
@blueprint.response(200, OperatorMethodSchema(many=True))
def list_methods() -> Any:
    """Ways to be verified, with which documents and vendors; nobody has to show a face."""
    return describe_methods()


@blueprint.post("/verifications")
@blueprint.arguments(OperatorVerificationStartSchema)
@blueprint.response(201, OperatorVerificationSchema)
def start(body: dict[str, Any]) -> Any:
    """Phone: three factors, then a code. Bank: four factors, then a code to the reserved phone. Face: a QR code for the
    phone. Review: pictures of the document, looked at by people.
    """
    return _dump(start_verification(body))


@blueprint.get("/verifications/current")
@blueprint.response(200, OperatorVerificationSchema)
@blueprint.alt_response(204, description="no attempt is open")
def read_current() -> Any:
    """The newest attempt that is open: another window goes on with it."""
    view = get_current_verification(actor=current_actor(), faces=providers().faces)
    return _dump(view) if view is not None else ("", 204)


@blueprint.get("/verifications/<uuid:verification_id>")
@blueprint.response(200, OperatorVerificationSchema)
def read(verification_id: uuid.UUID) -> Any:
    """Where it stands; for a face check the server asks the vendor."""
    return _dump(get_verification(actor=current_actor(), verification_id=verification_id, faces=providers().faces))


@blueprint.post("/verifications/<uuid:verification_id>/code")
@blueprint.arguments(OperatorCodeSchema)
@blueprint.response(200, OperatorVerificationSchema)
def confirm(body: dict[str, Any], verification_id: uuid.UUID) -> Any:
    """Type the code back: verified."""
    return _dump(confirm_verification_code(actor=current_actor(), verification_id=verification_id, code=body["code"]))


@blueprint.post("/verifications/<uuid:verification_id>/resend")
@blueprint.response(200, OperatorVerificationSchema)
def resend(verification_id: uuid.UUID) -> Any:
    """Another code."""
    return _dump(resend_verification_code(actor=current_actor(), verification_id=verification_id))


def start_verification(told: Mapping[str, Any]) -> VerificationView:
    """Begin the way that was chosen; for pages and JSON alike. `told`: the fields of the start's schema."""
    method, ports = told["method"], providers()
    check_offered(method, settings().verification_methods)
    who = {"actor": current_actor()} | {name: told[name] for name in ("name", "id_number", "id_type")}
    if method == "phone":
        return start_phone_verification(**who, carrier=ports.carrier)
    if method == "bank":
        card = {name: told[name] for name in ("card_number", "bank_phone")}
        return start_bank_verification(**who, **card, bank=ports.bank)
    if method == "manual":
        pictures = {name: told[name] for name in ("document_ids", "nationality")}
        return start_manual_verification(**who, **pictures)
    return start_face_verification(**who, way=face_way(told["provider"]), faces=ports.faces)


def face_way(provider: str) -> FaceWay:
    """A computer shows the QR code, a phone does it. `provider`: "" for the preferred one."""
    return FaceWay(providers().return_url(RETURN_PATH), provider=provider, elsewhere=True)


def reason_of(view: VerificationView) -> str | None:
    """Why it did not succeed, for people."""
    if view.review_reason:
        return str(gettext("审核未通过：%(reason)s", reason=view.review_reason))
    if view.reason is None:
        return None
    return view.reason.text_en if language() == "en" else view.reason.text_zh


def _dump(view: VerificationView) -> dict[str, Any]:
    dumped: dict[str, Any] = {
        "id": view.id,
        "method": view.method,
        "status": "waiting" if view.status == "checking" else view.status,
        "expires_at": in_shanghai(view.expires_at),
    }
    optional = {
        "outcome": view.outcome, "message": reason_of(view), "url": view.url, "resend_after": view.resend_after,
        "qr": qr_picture(view.url) if view.url else None, "phone_masked": view.phone_masked,
    }  # fmt: skip
    return dumped | {name: value for name, value in optional.items() if value is not None}
